"""A bank on paper: every item in every way of answering as A4 pages to fill in by hand, with or without its key.

`pages.py` is the whole, `item.py` one item, `blocks.py`, `tables.py` and `lines.py` content, `answers*.py` the ways of
answering, `key.py` the pages with the right answers, `faces.py`, `shaping.py` and `bidi.py` letters of every script
that travels with the station, `ink.py` the drawing. Lengths are points, y grows downwards.

What the pages without key are drawn from has no key in it: `ShownItem`, never a rule. So two banks that differ in keys,
points, notes or sources alone give the same bytes.
"""
