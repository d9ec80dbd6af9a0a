"""What people see: the candidate's, the proctor's and the committee's windows, and what they share.

The only room that knows Qt (PySide6-Essentials, plain widgets, Fusion). It decides nothing: it asks the rooms below
and draws the frozen view that comes back. Shared here: assets and fonts, the token table that becomes the one style
sheet, `Look` (theme, text size, language), `RichView` for item content, the one background helper.

Screens of different roles never import each other. Absent on purpose: HTML (text widgets open local files named in
it), animation, sound, and anything heavy: a station must be up within a second.
"""

from cbt_station.screens.immortal import make_immortal

make_immortal()
