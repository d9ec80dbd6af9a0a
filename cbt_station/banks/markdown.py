r"""The dialect in which items are written: CommonMark with tables, `$LaTeX$`, `~sub~` and `^sup^`, and what items need.

    {{gap-1}}                  a slot: where an answer is given
    [[hot-1|words]]            words that can be chosen
    [words]{lang=ar dir=rtl}   a span: words in another language, direction or style
    ![alt](media/a.png){…}     a picture or recording with its size or plays
    ::: name argument … :::    a block that holds blocks
    | << | ^^ | # a | b {end} |  cells that belong to the left or upper one, heading cells, a cell's own alignment

Parsing only; what of it an item may hold is decided in `body.py`. Everything CommonMark knows stays switched on, also
what we refuse: a link or raw HTML must be *seen* to be refused with its line, and must not pass as plain text.
"""

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image

PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
NAME_PATTERN: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}"
"""Names of options, gaps, spots and responses: what QTI calls an identifier, in ASCII."""
MOST_NOT_CLOSED: Final = 5
"""Each is searched to the end of the text; after so many faults of this kind nothing more is searched for."""
_ESCAPED: Final = re.compile(rf"\\([{re.escape(PUNCTUATION)}])")
_DOLLAR_END: Final = re.compile(r"(?:[^$\\]|\\.)*\$", re.DOTALL)
_SMALL: Final = {"~": re.compile(r"(?:[^\\\s~]|\\\S)+~"), "^": re.compile(r"(?:[^\\\s^]|\\\S)+\^")}
_KINDS: Final = {"~": "sub", "^": "sup"}
_SLOT: Final = re.compile(rf"\{{\{{({NAME_PATTERN})\}}\}}")
_HOT: Final = re.compile(rf"\[\[({NAME_PATTERN})\|")
_ATTRIBUTES: Final = re.compile(r"\{([^{}\n]*)\}")
_OPEN: Final = re.compile(rf":::[ ]+([a-z]+)(?:[ ]+({NAME_PATTERN}))?[ ]*")
_CLOSE: Final = re.compile(r":::[ ]*")
_FENCE: Final = re.compile(r"(`{3,})[^`]*")
_CELL_HEADING: Final = re.compile(r"#(?: +|$)")
_CELL_ALIGN: Final = re.compile(r"(?:^| +)\{(start|center|end)\}$")
_CELL_MERGED: Final = {"<<": "left", "^^": "up"}


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


def _slot(state: StateInline, silent: bool) -> bool:
    found = _SLOT.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "{" else None
    if not found:
        return False
    if not silent:
        state.push("slot", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _hot(state: StateInline, silent: bool) -> bool:
    found = _HOT.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    end = state.md.helpers.parseLinkLabel(state, state.pos) if found else -1
    if not found or end < found.end() + 1 or state.src[end - 1] != "]":
        return False
    if not silent:
        _nested(state, "hot", found[1], found.end(), end - 1)
    state.pos = end + 1
    return True


def _span(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    found = _ATTRIBUTES.match(state.src, end + 1, state.posMax) if end > state.pos else None
    if not found:
        return False
    if not silent:
        _nested(state, "span", found[1], state.pos + 1, end)
    state.pos = found.end()
    return True


def _nested(state: StateInline, kind: str, info: str, start: int, end: int) -> None:
    """A token pair around what stands from `start` to `end`."""
    most = state.posMax
    state.pos, state.posMax = start, end
    state.push(f"{kind}_open", "", 1).info = info
    state.md.inline.tokenize(state)
    state.push(f"{kind}_close", "", -1)
    state.posMax = most


def _image(state: StateInline, silent: bool) -> bool:
    """CommonMark's image, and the attributes right after it."""
    if not image(state, silent):
        return False
    found = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    if found:
        if not silent:
            state.tokens[-1].info = found[1]
            state.tokens[-1].meta["attributes"] = True
        state.pos = found.end()
    return True


def _line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`::: name argument`, blocks, and `:::`."""
    if state.is_code_block(start) or not _line_of(state, start).startswith(":::"):
        return False
    if silent:
        return True
    opened = _OPEN.fullmatch(_line_of(state, start))
    tried = state.env.get("not_closed", 0)
    close = _closing(state, start, end) if opened and tried < MOST_NOT_CLOSED else None
    if not opened or close is None:
        state.env["not_closed"] = tried + 1
        token = state.push("block_not_closed" if opened else "block_malformed", "", 0)
        token.map = [start, start + 1]
        state.line = start + 1
        return True
    parent, most = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", close
    token = state.push("block_open", "", 1)
    token.info, token.map, token.meta = opened[1], [start, close + 1], {"argument": opened[2] or ""}
    state.md.block.tokenize(state, start + 1, close)
    state.push("block_close", "", -1)
    state.parentType, state.lineMax, state.line = parent, most, close + 1
    return True


def _closing(state: StateBlock, start: int, end: int) -> int | None:
    """The line that closes the block opened on line `start`.

    Only lines that begin where it begins: what stands in a list within it begins further right. Blocks within it
    count, what stands within a code fence does not.
    """
    depth, fence = 1, ""
    for number in range(start + 1, end):
        line = _line_of(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return None
        if state.sCount[number] != state.sCount[start]:
            continue
        mark = _FENCE.fullmatch(line)
        if fence:
            fence = "" if mark and len(mark[1]) >= len(fence) and line.strip() == mark[1] else fence
        elif mark:
            fence = mark[1]
        elif _CLOSE.fullmatch(line):
            depth -= 1
            if depth == 0:
                return number
        elif line.startswith(":::"):
            depth += 1
    return None


def _cells(state: StateCore) -> None:
    """What a cell says of itself is taken off its text before that is parsed."""
    for token, inner in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type not in ("th_open", "td_open") or inner.type != "inline":
            continue
        text = inner.content.strip()
        if text in _CELL_MERGED:
            token.meta["merged"], text = _CELL_MERGED[text], ""
        heading = _CELL_HEADING.match(text)
        if heading:
            token.meta["heading"], text = True, text[heading.end() :]
        align = _CELL_ALIGN.search(text)
        if align:
            token.meta["align"], text = align[1], text[: align.start()]
        inner.content = text


@cache
def parser() -> MarkdownIt:
    """The parser; it keeps nothing between two texts."""
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable("table")
    markdown.inline.ruler.before("escape", "formula", _formula)
    markdown.inline.ruler.after("escape", "small", _small)
    for name, rule in (("slot", _slot), ("hot", _hot), ("span", _span)):
        markdown.inline.ruler.before("link", name, rule)
    markdown.inline.ruler.at("image", _image)
    markdown.block.ruler.before(
        "fence", "block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.core.ruler.before("inline", "cells", _cells)
    # Addresses are neither cleaned nor dropped here: whatever stands there is refused by name.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005 # the library's documented hook
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign] # the library's documented hook
    return markdown
