"""What people see: the candidate's, the proctor's and the committee's windows, and what they share.

The only room that knows Qt (PySide6-Essentials, plain widgets, Fusion). It decides nothing: it asks the rooms below
and draws the frozen view that comes back. From the top: the windows of the roles (`station`, `committee`, which never import
each other), `item` (one question and the ways of answering it), `rich` (an item's content), and plain parts, `Look` (theme,
text size, language), fonts and the token table that becomes the one style sheet.

Absent on purpose: HTML (text widgets open local files named in it), animation, and anything heavy: a station must be up
within a second.
"""

from cbt_station.screens.immortal import make_immortal

make_immortal()
