r"""The dialect in which items are written: CommonMark with tables, `$LaTeX$`, `~sub~` and `^sup^`.

Parsing only; what of it an item may hold is decided in `body.py`. Everything CommonMark knows stays switched on, also
what we refuse: a link or raw HTML must be *seen* to be refused with its line, and must not pass as plain text.
"""

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ESCAPED: Final = re.compile(rf"\\([{re.escape(PUNCTUATION)}])")
_DOLLAR_END: Final = re.compile(r"(?:[^$\\]|\\.)*\$", re.DOTALL)
_SMALL: Final = {mark: re.compile(rf"(?:[^\\\s{mark}]|\\\S)+[{mark}]") for mark in "~"} | {
    "^": re.compile(r"(?:[^\\\s^]|\\\S)+\^")
}
_KINDS: Final = {"~": "sub", "^": "sup"}


def _formula(state: StateInline, silent: bool) -> bool:
    """`$…$`; a dollar that closes nowhere becomes a token of its own, so that it can be refused."""
    if state.src[state.pos] != "$":
        return False
    end = _DOLLAR_END.match(state.src, state.pos + 1, state.posMax)
    if not silent:
        token = state.push("formula" if end else "stray_dollar", "", 0)
        token.content = " ".join(end.group()[:-1].split("\n")).strip() if end else "$"
    state.pos = end.end() if end else state.pos + 1
    return True


def _small(state: StateInline, silent: bool) -> bool:
    """`~sub~` and `^sup^`, without spaces inside."""
    mark = state.src[state.pos]
    if mark not in _KINDS:
        return False
    found = _SMALL[mark].match(state.src, state.pos + 1, state.posMax)
    if not found:
        return False
    if not silent:
        state.push(_KINDS[mark], "", 0).content = _ESCAPED.sub(r"\1", found.group()[:-1])
    state.pos = found.end()
    return True


@cache
def parser() -> MarkdownIt:
    """The parser; it keeps nothing between two texts."""
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable("table")
    markdown.inline.ruler.before("escape", "formula", _formula)
    markdown.inline.ruler.after("escape", "small", _small)
    # Addresses are neither cleaned nor dropped here: whatever stands there is refused by name.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005 # the library's documented hook
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign] # the library's documented hook
    return markdown
