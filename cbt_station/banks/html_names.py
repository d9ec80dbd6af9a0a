"""What each element of foreign HTML is to us, by its name: `html_flow.py` reads by these lists."""

from typing import Final

from cbt_station.banks.html_style import BY_ELEMENT

WITHIN_A_LINE: Final = frozenset(
    [
        "span",
        "abbr",
        "acronym",
        "label",
        "big",
        "small",
        "font",
        "bdi",
        "time",
        "data",
        "nobr",
        "wbr",
        "rb",
        "rt",
        "rp",
        "rtc",
        *BY_ELEMENT,
    ]
)
SIMPLER: Final = frozenset(["details", "summary"])
"""Blocks that open at a click: here they stand open, which is a named loss."""
BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "aside",
        "address",
        "center",
        "figure",
        "figcaption",
        "body",
        "html",
        "dl",
        "li",
        "caption",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "hgroup",
        "search",
        "noscript",
        "picture",
        "fieldset",
        "legend",
        *SIMPLER,
    ]
)
"""What only parts its content from what is around it."""
DROPPED: Final = frozenset(
    [
        "script",
        "style",
        "link",
        "meta",
        "title",
        "head",
        "base",
        "template",
        "stylesheet",
        "col",
        "colgroup",
        "source",
        "track",
        "param",
        "map",
        "area",
    ]
)
SILENT: Final = frozenset({"meta", "head", "col", "colgroup", "source", "track", "param"})
ACTING: Final = frozenset({"refresh", "set-cookie", "content-security-policy"})
"""What a `meta` may do to a page, beside saying something of it."""
REFUSED: Final = frozenset(
    [
        "iframe",
        "frame",
        "frameset",
        "embed",
        "applet",
        "canvas",
        "video",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "option",
        "optgroup",
        "meter",
        "progress",
        "dialog",
        "portal",
        "marquee",
        "bgsound",
        "slot",
    ]
)
"""Without these the question would be another one."""
