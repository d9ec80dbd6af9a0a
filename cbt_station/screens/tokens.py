"""The token table: every colour that a screen may use, by theme, and the one style sheet made from it.

A widget never names a colour of its own. Texts reach 4.5 : 1 on every ground they stand on, borders, icons and focus
3 : 1 (WCAG 2.2 AA, 1.4.3 and 1.4.11); `contrast` is WCAG's formula, and a test holds the table to it.
Sizes are pixels at 100 % text and grow with it.
"""

from typing import Final

from msgspec import Struct

from cbt_station.screens.fonts import CODE, FALLBACK, TEXT

TEXT_PX: Final = 16
"""The height of plain text at 100 %."""
ZOOMS: Final = (100, 125, 150, 175, 200)


class CellColours(Struct, frozen=True):
    """How one state of a palette cell is painted."""

    ground: str
    ink: str
    border: str


class Tokens(Struct, frozen=True, kw_only=True):
    """One theme. `*_soft` is the ground of a region that speaks in that colour."""

    name: str
    dark: bool
    background: str
    card: str
    ink: str
    muted: str
    line: str
    hair: str
    """Decorative dividers: no meaning hangs on them, so no contrast is asked of them."""
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    doubt: str
    on_doubt: str
    doubt_soft: str
    warn: str
    on_warn: str
    warn_soft: str
    focus: str
    paper: str = "#FFFFFF"
    """Behind pictures of an item, which were drawn for white paper."""
    unseen: CellColours
    seen: CellColours
    begun: CellColours
    answered: CellColours
    doubtful: CellColours
    doubtful_answered: CellColours


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours `#RRGGBB`, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _cells(tokens: dict[str, str]) -> dict[str, CellColours]:
    """The calm palette: an open item is no alarm, an answered one is filled, a doubtful one carries the flag's colour."""
    return {
        "unseen": CellColours(tokens["card"], tokens["muted"], tokens["line"]),
        "seen": CellColours(tokens["card"], tokens["ink"], tokens["ink"]),
        "begun": CellColours(tokens["accent_soft"], tokens["ink"], tokens["accent"]),
        "answered": CellColours(tokens["accent"], tokens["on_accent"], tokens["accent"]),
        "doubtful": CellColours(tokens["doubt_soft"], tokens["ink"], tokens["doubt"]),
        "doubtful_answered": CellColours(tokens["doubt"], tokens["on_doubt"], tokens["doubt"]),
    }


_LIGHT: Final = {
    "background": "#F3F5F8",
    "card": "#FFFFFF",
    "ink": "#18212B",
    "muted": "#4B5867",
    "line": "#76838F",
    "hair": "#DCE2E8",
    "accent": "#0A5A9C",
    "on_accent": "#FFFFFF",
    "accent_soft": "#E6F0F9",
    "ok": "#1A6B3A",
    "ok_soft": "#E4F3E9",
    "doubt": "#8A5300",
    "on_doubt": "#FFFFFF",
    "doubt_soft": "#FFF1D6",
    "warn": "#B0261D",
    "on_warn": "#FFFFFF",
    "warn_soft": "#FDE9E7",
    "focus": "#18212B",
}
_DARK: Final = {
    "background": "#12161B",
    "card": "#1C222A",
    "ink": "#EEF2F6",
    "muted": "#B4BFCA",
    "line": "#7F8C99",
    "hair": "#2D3640",
    "accent": "#7EBBF2",
    "on_accent": "#0B1420",
    "accent_soft": "#1E3246",
    "ok": "#7DD69B",
    "ok_soft": "#17301F",
    "doubt": "#F2BE5C",
    "on_doubt": "#1F1500",
    "doubt_soft": "#39290C",
    "warn": "#FF9C92",
    "on_warn": "#2A0603",
    "warn_soft": "#43191A",
    "focus": "#FFFFFF",
}
_CONTRAST: Final = {
    "background": "#000000",
    "card": "#000000",
    "ink": "#FFFFFF",
    "muted": "#FFFFFF",
    "line": "#FFFFFF",
    "hair": "#FFFFFF",
    "accent": "#FFE600",
    "on_accent": "#000000",
    "accent_soft": "#26230A",
    "ok": "#8CFF9E",
    "ok_soft": "#06240B",
    "doubt": "#FFB347",
    "on_doubt": "#000000",
    "doubt_soft": "#2B1A00",
    "warn": "#FF9A9A",
    "on_warn": "#000000",
    "warn_soft": "#330808",
    "focus": "#00E5FF",
}
_CREAM: Final = _LIGHT | {
    "background": "#F3EAD7",
    "card": "#FCF6E8",
    "ink": "#2A2217",
    "muted": "#5A4E3C",
    "line": "#857760",
    "hair": "#E3D7BF",
    "accent": "#1F5F63",
    "accent_soft": "#E4EBDD",
    "doubt_soft": "#F9E3B4",
    "ok_soft": "#E2EED3",
    "warn_soft": "#F9DDD2",
    "focus": "#2A2217",
}
_NIGHT: Final = _DARK | {
    "background": "#04123A",
    "card": "#0A1C50",
    "ink": "#FFF07A",
    "muted": "#F1E8A6",
    "line": "#8F9BC7",
    "hair": "#22356F",
    "accent": "#FFF07A",
    "on_accent": "#04123A",
    "accent_soft": "#1D2F6C",
    "ok_soft": "#0B3A3C",
    "doubt": "#FFC66B",
    "doubt_soft": "#3A2F3A",
    "warn_soft": "#4A1D45",
    "focus": "#FFFFFF",
}

_FAMILIAR_CELLS: Final = {
    "unseen": CellColours("#C2281F", "#FFFFFF", "#C2281F"),
    "seen": CellColours("#C2281F", "#FFFFFF", "#18212B"),
    "begun": CellColours("#FFFFFF", "#18212B", "#1A6B3A"),
    "answered": CellColours("#1A6B3A", "#FFFFFF", "#1A6B3A"),
    "doubtful": CellColours("#FFD84D", "#18212B", "#8A5300"),
    "doubtful_answered": CellColours("#FFD84D", "#18212B", "#1A6B3A"),
}


def _theme(
    name: str, colours: dict[str, str], *, dark: bool, cells: dict[str, CellColours] | None = None
) -> Tokens:
    return Tokens(name=name, dark=dark, **colours, **(cells or _cells(colours)))  # type: ignore[arg-type]  # one dict of str


THEMES: Final[dict[str, Tokens]] = {
    theme.name: theme
    for theme in (
        _theme("light", _LIGHT, dark=False),
        _theme("dark", _DARK, dark=True),
        _theme("contrast", _CONTRAST, dark=True),
        _theme("bkn", _LIGHT, dark=False, cells=_FAMILIAR_CELLS),
        _theme("cream", _CREAM, dark=False),
        _theme("night", _NIGHT, dark=True),
    )
}
"""`bkn` is the light theme with the red and green that candidates of the national tests know."""


def style_sheet(t: Tokens, zoom: int) -> str:
    """The application's one style sheet for a theme at a text size (percent)."""

    def px(size: float) -> str:
        return f"{max(1, round(size * zoom / 100))}px"

    return f"""
* {{ font-family: "{TEXT}", "{FALLBACK}"; font-size: {px(TEXT_PX)}; color: {t.ink}; }}
QWidget#ground, QScrollArea, QWidget#page {{ background: {t.background}; border: none; }}
QWidget#bar, QWidget#acts {{ background: {t.card}; }}
QFrame#card {{ background: {t.card}; border: 1px solid {t.hair}; border-radius: {px(12)}; }}
QFrame#divider {{ background: {t.hair}; border: none; }}
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {px(28)}; font-weight: 700; }}
QLabel[role="heading"] {{ font-size: {px(20)}; font-weight: 700; }}
QLabel[role="strong"] {{ font-weight: 700; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="small"] {{ color: {t.muted}; font-size: {px(14)}; }}
QLabel[role="saved"] {{ color: {t.ok}; font-weight: 600; }}
QLabel[role="next"] {{ color: {t.accent}; font-weight: 600; }}
QLabel[role="waiting"] {{ color: {t.doubt}; font-weight: 600; }}
QLabel[role="failing"] {{ color: {t.warn}; font-weight: 700; }}
QLabel[role="clock"] {{ font-size: {px(24)}; font-weight: 700; }}
QLabel[role="slip"] {{ font-family: "{CODE}"; font-size: {px(28)}; font-weight: 700; }}
QLabel[role="figure"] {{ font-size: {px(28)}; font-weight: 700; }}
QLabel[role="pill"] {{ background: {t.accent_soft}; color: {t.ink}; border-radius: {px(8)};
  font-size: {px(14)}; font-weight: 600; }}

QPushButton, QToolButton {{ background: {t.card}; border: {px(1.6)} solid {t.line}; border-radius: {px(10)};
  padding: {px(8)} {px(16)}; min-height: {px(26)}; font-weight: 600; outline: none; }}
QToolButton {{ padding: {px(6)}; min-width: {px(26)}; }}
QToolButton[bare="true"] {{ border-color: transparent; background: transparent; padding: {px(2)}; }}
QWidget#acts QPushButton {{ padding: {px(8)} {px(11)}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton:hover, QToolButton:hover {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.hair if t.hair != t.ink else t.accent_soft}; }}
QPushButton:checked, QToolButton:checked {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 700; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent}; border-color: {t.ink}; }}
QPushButton[kind="doubt"]:checked {{ background: {t.doubt}; color: {t.on_doubt}; border-color: {t.doubt}; }}
QPushButton[kind="final"] {{ background: {t.warn}; color: {t.on_warn}; border-color: {t.warn}; font-weight: 700; }}
QPushButton[kind="chip"] {{ padding: {px(4)} {px(10)}; min-height: {px(24)}; border-radius: {px(8)}; font-size: {px(14)}; }}
QPushButton[kind="choice"] {{ text-align: left; padding: {px(14)} {px(20)}; font-size: {px(18)}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; background: {t.background}; border: {px(1.6)} dashed {t.line}; }}
QPushButton:focus, QToolButton:focus {{ border: {px(3)} solid {t.focus}; }}
QPushButton:focus {{ padding: {px(6.6)} {px(14.6)}; }}
QPushButton[kind="chip"]:focus {{ padding: {px(2.6)} {px(8.6)}; }}
QPushButton[kind="choice"]:focus {{ padding: {px(12.6)} {px(18.6)}; }}
QToolButton:focus {{ padding: {px(4.6)}; }}
QToolButton[bare="true"]:focus {{ padding: {px(0.6)}; border-color: {t.focus}; }}
QWidget#acts QPushButton:focus {{ padding: {px(6.6)} {px(9.6)}; }}

QLineEdit {{ background: {t.card}; border: {px(1.6)} solid {t.line}; border-radius: {px(10)}; padding: {px(8)} {px(12)};
  min-height: {px(28)}; font-size: {px(20)}; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit[role="code"] {{ font-family: "{CODE}"; font-size: {px(26)}; font-weight: 700; padding: {px(8)} {px(4)}; }}
QLineEdit:focus {{ border: {px(3)} solid {t.focus}; padding: {px(6.6)} {px(10.6)}; }}
QLineEdit[role="code"]:focus {{ padding: {px(6.6)} {px(2.6)}; }}
QLineEdit:disabled {{ color: {t.muted}; background: {t.background}; border-style: dashed; }}

QLineEdit[role="entry"] {{ padding: {px(3)} {px(9)}; min-height: {px(26)}; border-radius: {px(8)}; }}
QLineEdit[role="entry"]:focus {{ padding: {px(1.6)} {px(7.6)}; }}
QPlainTextEdit {{ background: {t.card}; border: {px(1.6)} solid {t.line}; border-radius: {px(10)}; padding: {px(6)};
  font-size: {px(18)}; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit[state="unsaved"], QPlainTextEdit[state="unsaved"] {{ border-color: {t.doubt}; border-style: dashed; }}
QLineEdit[state="wrong"], QPlainTextEdit[state="wrong"] {{ border-color: {t.warn}; }}
QPlainTextEdit:focus {{ border: {px(3)} solid {t.focus}; padding: {px(4.6)}; }}
QLineEdit[state="unsaved"]:focus, QPlainTextEdit[state="unsaved"]:focus {{ border-style: dashed; }}

QCheckBox {{ background: transparent; spacing: {px(12)}; padding: {px(8)}; border: {px(3)} solid transparent; border-radius: {px(8)}; }}
QCheckBox::indicator {{ width: {px(24)}; height: {px(24)}; border: {px(2)} solid {t.line}; border-radius: {px(6)}; background: {t.card}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
QCheckBox:focus {{ border-color: {t.focus}; }}

QListView {{ background: transparent; border: {px(3)} solid transparent; border-radius: {px(8)}; outline: none; }}
QListView:focus {{ border-color: {t.focus}; }}
QScrollBar:vertical {{ background: transparent; width: {px(14)}; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.line}; border-radius: {px(5)}; min-height: {px(36)}; margin: {px(2)}; }}
QScrollBar::handle:vertical:hover {{ background: {t.muted}; }}
QScrollBar:horizontal {{ background: transparent; height: {px(14)}; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.line}; border-radius: {px(5)}; min-width: {px(36)}; margin: {px(2)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {t.card}; border: {px(1.6)} solid {t.line}; padding: {px(6)}; }}
QMenu::item {{ padding: {px(9)} {px(24)} {px(9)} {px(12)}; border-radius: {px(6)}; border: {px(2)} solid transparent; }}
QMenu::item:selected {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QMenu::item:checked {{ font-weight: 700; }}
QToolTip {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; padding: {px(6)}; }}

QFrame#banner {{ border-radius: {px(10)}; border: {px(1.6)} solid {t.accent}; background: {t.accent_soft}; }}
QFrame#banner[tone="doubt"] {{ border-color: {t.doubt}; background: {t.doubt_soft}; }}
QFrame#banner[tone="warn"] {{ border-color: {t.warn}; background: {t.warn_soft}; }}
QFrame#banner[tone="ok"] {{ border-color: {t.ok}; background: {t.ok_soft}; }}
"""
