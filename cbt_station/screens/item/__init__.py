"""One item as a candidate sees and answers it: what it is about, and the ways of answering.

What the station's window and the committee's preview share, so that a committee judges the candidate's own question. It
draws, and asks by callables that are handed in; it knows no page and no role. Beside it: `rich` (the content).
"""
