"""The workshop's own rules of the style sheet: what a candidate's screen has no part of.

Tabs, tables, choices, splitters, long texts in a typewriter's font. Colours are the same tokens as everywhere.
"""

from PySide6.QtWidgets import QWidget

from cbt_station.screens.fonts import CODE, EVERY_SCRIPT
from cbt_station.screens.look import Look
from cbt_station.screens.tokens import TEXT_PX, Tokens, style_sheet


class WorkshopLook(Look):
    """The look of the workshop's window."""

    def sheet(self) -> str:
        return super().sheet() + workshop_sheet(self.tokens, self.zoom)


class PaneLook(Look):
    """The look of one pane alone, whatever the window around it looks like: as a candidate's screen would be."""

    def __init__(self, pane: QWidget, theme: str = "light", zoom: int = 100, language: str = "id") -> None:
        self._pane = pane
        super().__init__(theme, zoom, language)

    def _begin(self) -> None:
        """The application has its style already."""

    def _dress(self) -> None:
        self._pane.setFont(self.font())
        self._pane.setPalette(self._palette())
        self._pane.setStyleSheet(style_sheet(self.tokens, self.zoom))


def workshop_sheet(t: Tokens, zoom: int) -> str:
    """The rules beyond `tokens.style_sheet` for a theme at a text size (percent)."""

    def px(size: float) -> str:
        return f"{max(1, round(size * zoom / 100))}px"

    families = ", ".join(f'"{family}"' for family in EVERY_SCRIPT)
    return f"""
QLineEdit, QPlainTextEdit, QTableView, QListView {{ font-family: {families}; }}
QWidget#panel {{ background: {t.card}; }}
QWidget#status {{ background: {t.card}; }}
QLabel[role="fault"] {{ color: {t.warn}; font-weight: 600; }}
QLabel[role="advice"] {{ color: {t.doubt}; }}
QLabel[role="code"] {{ font-family: "{CODE}"; font-size: {px(14)}; color: {t.muted}; }}

QLineEdit {{ font-size: {px(TEXT_PX)}; padding: {px(5)} {px(9)}; min-height: {px(24)}; border-radius: {px(8)}; }}
QLineEdit:focus {{ padding: {px(3.6)} {px(7.6)}; }}
QPlainTextEdit {{ font-size: {px(TEXT_PX)}; }}
QPlainTextEdit[role="code"] {{ font-family: "{CODE}", {families}; font-size: {px(15)}; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t.background}; }}

QComboBox {{ background: {t.card}; border: {px(1.6)} solid {t.line}; border-radius: {px(8)}; padding: {px(4)} {px(8)};
  padding-right: {px(28)}; min-height: {px(26)}; min-width: {px(40)}; }}
QComboBox:hover {{ border-color: {t.accent}; }}
QComboBox:focus {{ border: {px(3)} solid {t.focus}; padding: {px(2.6)} {px(6.6)}; padding-right: {px(26.6)}; }}
QComboBox:disabled {{ color: {t.muted}; background: {t.background}; border-style: dashed; }}
QComboBox::drop-down {{ border: none; width: {px(24)}; background: transparent; }}
QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox QAbstractItemView {{ background: {t.card}; color: {t.ink}; border: {px(1.6)} solid {t.line}; border-radius: 0;
  padding: {px(4)}; selection-background-color: {t.accent_soft}; selection-color: {t.ink}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {px(32)}; padding: 0 {px(8)}; border: {px(2)} solid transparent; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.accent_soft}; border-color: {t.accent}; color: {t.ink}; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {t.hair}; background: {t.background}; }}
QTabBar {{ background: {t.card}; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; padding: {px(8)} {px(9)}; min-height: {px(24)}; font-weight: 600;
  border: {px(3)} solid transparent; }}
QTabBar::tab:hover {{ background: {t.accent_soft}; color: {t.ink}; }}
QTabBar::tab:selected {{ color: {t.ink}; border-bottom: {px(3)} solid {t.accent}; }}
QTabBar::tab:focus {{ border: {px(3)} solid {t.focus}; border-radius: {px(6)}; color: {t.ink}; }}
QTabBar::scroller {{ width: {px(28)}; }}
QTabBar QToolButton {{ background: {t.card}; border: {px(1.6)} solid {t.line}; border-radius: 0; padding: 0; min-width: 0; min-height: 0; }}

QTableView {{ background: {t.card}; border: {px(3)} solid transparent;
  outline: none; selection-background-color: {t.accent_soft}; selection-color: {t.ink}; }}
QTableView:focus {{ border-color: {t.focus}; }}
QTableView::item {{ padding: 0 {px(6)}; border-bottom: 1px solid {t.hair}; }}
QTableView::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QHeaderView {{ background: {t.card}; border: none; }}
QHeaderView::section {{ background: {t.card}; color: {t.muted}; font-weight: 600; font-size: {px(14)}; border: none;
  border-bottom: {px(1.6)} solid {t.line}; padding: {px(4)} {px(6)}; min-height: {px(24)}; }}
QListView[role="lines"] {{ background: {t.card}; border: {px(3)} solid {t.hair}; padding: 0 {px(4)}; }}
QListView[role="lines"]:focus {{ border-color: {t.focus}; }}
QListView[role="lines"]::item {{ padding: {px(6)} 0; min-height: {px(26)}; border-bottom: 1px solid {t.hair}; }}
QListView[role="lines"]::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}

QMenu::item:disabled {{ color: {t.muted}; }}

QSplitter::handle {{ background: {t.hair}; }}
QSplitter::handle:hover {{ background: {t.accent}; }}
QSplitter::handle:horizontal {{ width: {px(6)}; }}
QSplitter::handle:vertical {{ height: {px(6)}; }}

QPushButton {{ padding: {px(5)} {px(12)}; border-radius: {px(8)}; }}
QPushButton:focus {{ padding: {px(3.6)} {px(10.6)}; }}
QToolButton {{ border-radius: {px(8)}; }}
QToolButton[worded="true"] {{ padding: {px(5)} {px(10)}; }}
QToolButton[worded="true"]:focus {{ padding: {px(3.6)} {px(8.6)}; }}
QCheckBox {{ padding: {px(3)}; spacing: {px(8)}; }}
QScrollArea#pane {{ border: {px(1.6)} solid {t.line}; background: {t.background}; }}
"""
