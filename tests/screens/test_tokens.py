"""The token table keeps WCAG 2.2 AA in every theme: the widgets only ever paint from it.

Whether a widget asks for the right token is looked at in the pictures.
"""

from itertools import product

import pytest

from cbt_station.screens.tokens import THEMES, ZOOMS, Tokens, contrast, style_sheet

TEXT_ON_GROUND = [
    *product(("ink", "muted"), ("background", "card")),
    *product(("ink",), ("accent_soft", "ok_soft", "doubt_soft", "warn_soft")),
    *product(("ok", "doubt", "warn"), ("card",)),
    ("on_accent", "accent"),
    ("on_doubt", "doubt"),
    ("on_warn", "warn"),
]
BORDER_ON_GROUND = [
    *product(("line", "accent", "focus"), ("background", "card")),
    *product(("accent", "focus"), ("accent_soft",)),
    ("doubt", "doubt_soft"),
    ("warn", "warn_soft"),
    ("ok", "ok_soft"),
    ("ok", "background"),
    ("doubt", "background"),
]
STATES = ("unseen", "seen", "begun", "answered", "doubtful", "doubtful_answered")
EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@EVERY_THEME
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_text_reaches_four_and_a_half(theme: Tokens, ink: str, ground: str):
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@EVERY_THEME
@pytest.mark.parametrize(("border", "ground"), BORDER_ON_GROUND)
def test_borders_icons_and_focus_reach_three(theme: Tokens, border: str, ground: str):
    assert contrast(getattr(theme, border), getattr(theme, ground)) >= 3


@EVERY_THEME
@pytest.mark.parametrize("state", STATES)
def test_a_cell_can_be_read_and_told_from_the_ground(theme: Tokens, state: str):
    cell = getattr(theme, state)
    assert contrast(cell.ink, cell.ground) >= 4.5
    assert max(contrast(cell.border, theme.background), contrast(cell.ground, theme.background)) >= 3


def test_the_familiar_theme_shows_open_in_red_and_answered_in_green():
    def channels(colour: str) -> tuple[int, int, int]:
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

    red, green = channels(THEMES["bkn"].unseen.ground), channels(THEMES["bkn"].answered.ground)
    assert red[0] > 2 * red[1]
    assert green[1] > 2 * green[0]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_the_sheet_names_only_colours_of_its_theme(zoom: int):
    import re

    theme = THEMES["contrast"]
    known = {
        value for value in (getattr(theme, f) for f in theme.__struct_fields__) if isinstance(value, str)
    }
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", style_sheet(theme, zoom))) <= known


def test_the_formula_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *TEXT_ON_GROUND,
        *BORDER_ON_GROUND,
        *product(("accent", "ok", "doubt", "warn"), ("background", "card")),
        ("muted", "accent_soft"),
    ],
)
def test_high_contrast_reaches_seven_for_letters_borders_and_focus(ink: str, ground: str):
    theme = THEMES["contrast"]
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 7


@EVERY_THEME
@pytest.mark.parametrize("ink", ["accent", "ok", "doubt", "warn"])
def test_what_a_hint_or_state_says_beside_a_question_reaches_four_and_a_half(theme: Tokens, ink: str):
    assert contrast(getattr(theme, ink), theme.background) >= 4.5
