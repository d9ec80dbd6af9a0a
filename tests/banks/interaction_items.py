"""One small item of each way to answer, as its file: what the format's page shows, and what tests break one thing of."""

HEAD = """\
id: cara
title: {id: Semua cara}
licence: CC0-1.0
author: Penguji
languages: [id]
sections:
  S:
    title: {id: S}
    right: 5
    wrong: 0
    topics: [t]
    levels: [l]
  MINUS:
    title: {id: Minus}
    right: 4
    wrong: -1
    topics: [t]
    levels: [l]
  KOSONG:
    title: {id: Tanpa nilai}
    topics: [t]
    levels: [l]
"""

_LISTS = {"options": "- [a] satu\n- [b] dua\n- [c] tiga\n", "targets": "\n+ [x] kiri\n+ [y] kanan\n"}
PICTURE = "![Persegi hitam](media/persegi.png){width=400}\n"

BODIES = {
    "choice": "Apa?\n\n" + _LISTS["options"],
    "choices": "Apa?\n\n" + _LISTS["options"],
    "inline-choice": "Apa {{RESPONSE}}?\n\n" + _LISTS["options"],
    "text": "Apa {{RESPONSE}}?\n",
    "number": "Berapa {{RESPONSE}}?\n",
    "extended-text": "Uraikan.\n",
    "match": "Apa?\n\n" + _LISTS["options"] + _LISTS["targets"],
    "associate": "Apa?\n\n" + _LISTS["options"],
    "order": "Apa?\n\n" + _LISTS["options"],
    "gap-match": "Apa?\n\n::: text\nIni {{x}} dan {{y}}.\n:::\n\n" + _LISTS["options"],
    "hottext": "Apa?\n\n::: text\nIni [[a|satu]], [[b|dua]] dan [[c|tiga]].\n:::\n",
    "hotspot": "Apa?\n\n" + PICTURE + "\n" + _LISTS["options"],
    "graphic-gap-match": "Apa?\n\n" + PICTURE + "\n" + _LISTS["options"] + _LISTS["targets"],
    "slider": "Apa?\n",
    "select-point": "Apa?\n\n" + PICTURE,
    "composite": "Apa {{p}} dan {{q}}?\n\n{{r}}\n\n::: response p\n"
    + _LISTS["options"]
    + ":::\n\n::: response r\n"
    + _LISTS["options"]
    + ":::\n",
}
"""By kind; composite: an inline choice `p`, a number `q`, an order `r`."""

SPOTS = {
    "hotspot": "spots: {a: rect 0 0 10 10, b: circle 60 50 20, c: default}\n",
    "graphic-gap-match": "spots: {x: rect 0 0 10 10, y: circle 60 50 20}\n",
}
SETTINGS = {"slider": "low: 0\nhigh: 100\n"}


def item(kind: str, scoring: str, *, settings: str = "", section: str = "S", body: str | None = None) -> str:
    """An item's file: `scoring` and `settings` are lines of its head."""
    interaction = "" if kind in ("choice", "composite") else f"interaction: {kind}\n"
    own = SPOTS.get(kind, "") + (settings or SETTINGS.get(kind, ""))
    head = f"id: i\nsection: {section}\ntopic: t\nlevel: l\n{interaction}{own}{scoring}\n"
    return f"---\n{head}---\n{BODIES[kind] if body is None else body}"
