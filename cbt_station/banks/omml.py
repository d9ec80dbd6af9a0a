r"""Formulas of a word processor (OMML, ECMA-376 part 1, chapter 22.1) as LaTeX, or refused by the element's name.

Only structure is translated; what a formula looks like beyond that (sizes, alignment, manual breaks) is the converter's
business when the bank is compiled. An element that is not known here raises: a formula is never changed in silence.
"""

from collections.abc import Callable, Iterable
from typing import Final

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.safe_xml import Element

MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INSERTED: Final = (f"{_WORD}ins", f"{_WORD}moveTo")
_DELETED: Final = (f"{_WORD}del", f"{_WORD}moveFrom")
"""What a tracked change took away: it is left out of the text around a formula too."""
MOST_DEPTH: Final = 40

_CHARACTERS: Final = {
    "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "∓": r"\mp ", "·": r"\cdot ", "∙": r"\cdot ", "≤": r"\le ",
    "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ", "∞": r"\infty ", "→": r"\to ", "⇒": r"\Rightarrow ",
    "⇔": r"\Leftrightarrow ", "∈": r"\in ", "∉": r"\notin ", "⊂": r"\subset ", "⊆": r"\subseteq ", "∪": r"\cup ",
    "∩": r"\cap ", "∀": r"\forall ", "∃": r"\exists ", "∂": r"\partial ", "∇": r"\nabla ", "∠": r"\angle ",
    "°": r"^{\circ}", "′": "'", "…": r"\ldots ", "⋯": r"\cdots ", "−": "-", "∗": "*",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\varepsilon ", "θ": r"\theta ",
    "λ": r"\lambda ", "μ": r"\mu ", "π": r"\pi ", "ρ": r"\rho ", "σ": r"\sigma ", "τ": r"\tau ", "φ": r"\varphi ",
    "ω": r"\omega ", "Γ": r"\Gamma ", "Δ": r"\Delta ", "Θ": r"\Theta ", "Λ": r"\Lambda ", "Σ": r"\Sigma ",
    "Φ": r"\Phi ", "Ω": r"\Omega ",
}  # fmt: skip
_ESCAPED: Final = {ch: f"\\{ch}" for ch in "%#&_$"} | {
    "{": r"\{", "}": r"\}", "\\": r"\backslash ", "~": r"\sim ", "^": r"\wedge ",
}  # fmt: skip
_NARY: Final = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap",
}  # fmt: skip
_ACCENTS: Final = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline", "\u0307": r"\dot",
    "\u0308": r"\ddot", "\u20d7": r"\vec",
}  # fmt: skip
_FUNCTIONS: Final = frozenset(
    {"sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "lim", "min", "max", "exp", "det", "gcd"}
)
_FENCES: Final = {
    "{": r"\{",
    "}": r"\}",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
    "": ".",
}


def as_latex(formula: Element) -> str:
    """The LaTeX of an `m:oMath` element. Raises QuestionRefused("word-part") by the name of what it cannot say."""
    return _content(formula, 0).strip()


def _content(element: Element | None, depth: int) -> str:
    if depth > MOST_DEPTH:
        raise QuestionRefused(remark("word-part", element="depth"))
    if element is None:
        return ""
    return "".join(_element(child, depth + 1) for child in element if isinstance(child.tag, str))


def _element(element: Element, depth: int) -> str:
    name = str(element.tag)
    if name in _INSERTED:
        return _content(element, depth)
    if not name.startswith(MATH):
        if name not in _DELETED and next(element.iter(f"{MATH}t", f"{_WORD}t"), None) is not None:
            raise QuestionRefused(remark("word-part", element=name.rpartition("}")[2]))
        return ""  # bookmarks and proofing marks of the text around it
    kind = name.removeprefix(MATH)
    if kind.endswith("Pr"):
        return ""
    write = _WRITERS.get(kind)
    if write is None:
        raise QuestionRefused(remark("word-part", element=kind))
    return write(element, depth)


def _run(element: Element, _depth: int) -> str:
    text = "".join(part.text or "" for part in element.iter(f"{MATH}t"))
    upright = _value(element, "rPr", "sty") == "p" or element.find(f"{MATH}rPr/{MATH}nor") is not None
    if upright and text.strip() in _FUNCTIONS:
        return f"\\{text.strip()} "
    latex = "".join(_ESCAPED.get(ch) or _CHARACTERS.get(ch, ch) for ch in text)
    words = upright and len(text.strip()) > 1 and any(ch.isalpha() for ch in text)
    return rf"\text{{{latex}}}" if words else latex


def _part(element: Element, name: str, depth: int) -> str:
    return _content(element.find(f"{MATH}{name}"), depth)


def _value(element: Element, properties: str, name: str) -> str | None:
    found = element.find(f"{MATH}{properties}/{MATH}{name}")
    return None if found is None else str(found.get(f"{MATH}val", ""))


def _fraction(element: Element, depth: int) -> str:
    above, below = _part(element, "num", depth), _part(element, "den", depth)
    kind = _value(element, "fPr", "type")
    if kind in ("lin", "skw"):
        return f"{{{above}}}/{{{below}}}"
    if kind == "noBar":
        return rf"\binom{{{above}}}{{{below}}}"
    return rf"\frac{{{above}}}{{{below}}}"


def _scripts(element: Element, depth: int) -> str:
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    base = _part(element, "e", depth)
    return f"{{{base}}}" + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _radical(element: Element, depth: int) -> str:
    degree = _part(element, "deg", depth)
    return (rf"\sqrt[{degree}]" if degree else r"\sqrt") + f"{{{_part(element, 'e', depth)}}}"


def _nary(element: Element, depth: int) -> str:
    sign = _value(element, "naryPr", "chr") or "∫"
    if sign not in _NARY:
        raise QuestionRefused(remark("word-part", element=f"nary {sign}"))
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    limits = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{_NARY[sign]}{limits} {_part(element, 'e', depth)}"


def _fenced(element: Element, depth: int) -> str:
    begin, end, between = (_value(element, "dPr", name) for name in ("begChr", "endChr", "sepChr"))
    begin, end = "(" if begin is None else begin, ")" if end is None else end
    inner = (between or "|").join(_content(part, depth) for part in element.findall(f"{MATH}e"))
    return rf"\left{_FENCES.get(begin, begin)} {inner} \right{_FENCES.get(end, end)}"


def _function(element: Element, depth: int) -> str:
    return f"{_part(element, 'fName', depth)}{{{_part(element, 'e', depth)}}}"


def _accent(element: Element, depth: int) -> str:
    mark = _value(element, "accPr", "chr") or "\u0302"
    if mark not in _ACCENTS:
        raise QuestionRefused(remark("word-part", element=f"acc U+{ord(mark[0]):04X}"))
    return f"{_ACCENTS[mark]}{{{_part(element, 'e', depth)}}}"


def _bar(element: Element, depth: int) -> str:
    over = _value(element, "barPr", "pos") == "top"
    return (r"\overline" if over else r"\underline") + f"{{{_part(element, 'e', depth)}}}"


def _limit(element: Element, depth: int) -> str:
    mark = "_" if str(element.tag).endswith("limLow") else "^"
    return f"{_part(element, 'e', depth).strip()}{mark}{{{_part(element, 'lim', depth)}}}"


def _matrix(element: Element, depth: int) -> str:
    return _table(
        " & ".join(_content(cell, depth) for cell in row.findall(f"{MATH}e"))
        for row in element.findall(f"{MATH}mr")
    )


def _lines(element: Element, depth: int) -> str:
    return _table(_content(row, depth) for row in element.findall(f"{MATH}e"))


def _table(rows: Iterable[str]) -> str:
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _inner(element: Element, depth: int) -> str:
    return _part(element, "e", depth)


_WRITERS: Final[dict[str, Callable[[Element, int], str]]] = {
    "r": _run,
    "f": _fraction,
    "sSub": _scripts,
    "sSup": _scripts,
    "sSubSup": _scripts,
    "rad": _radical,
    "nary": _nary,
    "d": _fenced,
    "func": _function,
    "acc": _accent,
    "bar": _bar,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _matrix,
    "eqArr": _lines,
    "box": _inner,
    "oMath": _content,
}
