"""QTI 3's information model as data, for the part of it that our packages use: elements, attributes, children, types.

Children are a pattern over names, each followed by a space; text is allowed where `text` says so. It knows nothing of our
exporter. Sources: 1EdTech, QTI 3.0 "Assessment, Section and Item Information Model" and its XML binding; "Best Practices
and Implementation Guide" for packages.
"""

import re
from dataclasses import dataclass, field
from typing import Final

IDENTIFIER: Final = r"[^\W\d][\w.-]*"
NUMBER: Final = r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
TYPES: Final = {
    "identifier": IDENTIFIER,
    "identifiers": rf"{IDENTIFIER}( +{IDENTIFIER})*",
    "boolean": "true|false|1|0",
    "count": "[0-9]+",
    "positive": "0*[1-9][0-9]*",
    "number": NUMBER,
    "least-0": r"[0-9]+(\.[0-9]+)?",
    "figures": rf"[0-9]+|{IDENTIFIER}|\{{{IDENTIFIER}\}}",
    "tolerance": rf"({NUMBER}|\{{{IDENTIFIER}\}})( +({NUMBER}|\{{{IDENTIFIER}\}}))?",
    "file": r"[^\s<>\"{}|\\^`]+",
    "text": r"[^\r]*",
    "title": r"[^\t\r\n]*",
    "language": "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    "coords": r"([0-9.]+%?( *, *[0-9.]+%?)*)?",
    "direction": "ltr|rtl|auto",
    "shape": "circle|default|ellipse|poly|rect",
    "cardinality": "single|multiple|ordered|record",
    "base-type": "boolean|directedPair|duration|file|float|identifier|integer|pair|point|string|uri",
    "show-hide": "show|hide",
}
"""The lexical form of each type of attribute."""


@dataclass(frozen=True)
class Shape:
    """One element: `must` and `may` are its attributes by type."""

    children: str = ""
    must: dict[str, str] = field(default_factory=dict)
    may: dict[str, str] = field(default_factory=dict)
    text: bool = False
    anything: bool = False
    """Its inside belongs to another standard."""


def _any(names: str) -> str:
    return "(?:(?:" + "|".join(names.split()) + ") )*"


def _some(names: str) -> str:
    return "(?:(?:" + "|".join(names.split()) + ") )+"


def _shape(children: str = "", must: str = "", may: str = "", *, text: bool = False) -> Shape:
    """Attributes as `name:type`."""
    both = [dict(one.split(":") for one in said.split()) for said in (must, may)]
    return Shape(children, both[0], both[1], text)


_INLINE = """qti-text-entry-interaction qti-inline-choice-interaction qti-hottext qti-gap qti-printed-variable
 qti-feedback-inline math img br object em a code span sub sup strong b i q cite abbr small kbd var samp dfn label bdo ruby
 picture tt big acronym bdi u"""
_BLOCKS = """qti-choice-interaction qti-order-interaction qti-match-interaction qti-associate-interaction
 qti-gap-match-interaction qti-hottext-interaction qti-hotspot-interaction qti-graphic-gap-match-interaction
 qti-slider-interaction qti-select-point-interaction qti-extended-text-interaction qti-media-interaction
 qti-rubric-block qti-feedback-block pre h1 h2 h3 h4 h5 h6 p ol ul dl hr blockquote table div figure audio video section
 article aside header footer details"""
_STATIC = """pre h1 h2 h3 h4 h5 h6 p ol ul dl hr blockquote table div figure audio video section article aside header
 footer"""
LINE: Final = _any(_INLINE)
FLOW: Final = _any(_INLINE + " " + _BLOCKS)
BLOCKS: Final = _any(_BLOCKS + " img object math")
_RULES = """qti-response-condition qti-set-outcome-value qti-lookup-outcome-value qti-exit-response
 qti-response-processing-fragment"""
_ONE = """qti-and qti-or qti-any-n qti-not qti-gt qti-gte qti-lt qti-lte qti-sum qti-product qti-subtract qti-divide
 qti-duration-lt qti-duration-gte qti-multiple qti-ordered qti-random qti-substring qti-equal qti-equal-rounded qti-null
 qti-delete qti-match qti-index qti-power qti-contains qti-container-size qti-correct qti-default qti-integer-divide
 qti-integer-modulus qti-is-null qti-member qti-round qti-truncate qti-field-value qti-variable qti-test-variables
 qti-integer-to-float qti-inside qti-base-value qti-pattern-match qti-map-response qti-map-response-point qti-string-match
 qti-repeat qti-round-to qti-lcm qti-gcd qti-min qti-max qti-math-constant qti-stats-operator qti-math-operator"""
_EXPRESSION = "(?:(?:" + "|".join(_ONE.split()) + ") )"
ACTS: Final = _any(_RULES)
_HTML = "id:identifier class:text lang:language dir:direction label:title role:text title:text"
_PROMPT = "(?:qti-prompt )?"
_ASKS = "response-identifier:identifier"
_SHUFFLED = f"{_HTML} shuffle:boolean orientation:text"
_CHOSEN = "max-choices:count min-choices:count"
_JOINED = "max-associations:count min-associations:count"
_CHOICE = f"{_HTML} fixed:boolean template-identifier:identifier show-hide:show-hide"
_MATCHED = f"{_CHOICE} match-min:count match-group:identifiers"
_IMAGE = "(?:img|object|picture) "
_VALUED = "qti-default-value )?"

ELEMENTS: Final[dict[str, Shape]] = {
    # an item, a shared text, a test
    "qti-assessment-item": _shape(
        "(?:qti-context-declaration )*(?:qti-response-declaration )*(?:qti-outcome-declaration )*"
        "(?:qti-template-declaration )*(?:qti-template-processing )?(?:qti-assessment-stimulus-ref )*"
        "(?:qti-companion-materials-info )?(?:qti-stylesheet )*(?:qti-item-body )?(?:qti-catalog-info )?"
        "(?:qti-response-processing )?(?:qti-modal-feedback )*",
        "identifier:identifier title:title time-dependent:boolean",
        "label:title adaptive:boolean tool-name:title tool-version:title",
    ),
    "qti-assessment-stimulus": _shape(
        "(?:qti-stylesheet )*qti-stimulus-body (?:qti-catalog-info )?",
        "identifier:identifier title:title",
        "label:title tool-name:title tool-version:title",
    ),
    "qti-assessment-test": _shape(
        "(?:qti-context-declaration )*(?:qti-outcome-declaration )*(?:qti-time-limits )?(?:qti-stylesheet )*"
        "(?:qti-rubric-block )*(?:qti-test-part )+(?:qti-outcome-processing )?(?:qti-test-feedback )*",
        "identifier:identifier title:title",
        "class:text tool-name:title tool-version:title",
    ),
    "qti-time-limits": _shape("", "", "min-time:least-0 max-time:least-0 allow-late-submission:boolean"),
    "qti-test-part": _shape(
        "(?:qti-item-session-control )?(?:qti-time-limits )?(?:qti-rubric-block )*"
        "(?:(?:qti-assessment-section|qti-assessment-section-ref) )+(?:qti-test-feedback )*",
        "identifier:identifier navigation-mode:text submission-mode:text",
        "class:text title:title",
    ),
    "qti-item-session-control": _shape(
        "",
        "",
        "max-attempts:count show-feedback:boolean allow-review:boolean show-solution:boolean"
        " allow-comment:boolean allow-skipping:boolean validate-responses:boolean",
    ),
    "qti-assessment-section": _shape(
        "(?:qti-item-session-control )?(?:qti-time-limits )?(?:qti-selection )?(?:qti-ordering )?(?:qti-rubric-block )*"
        "(?:(?:qti-assessment-item-ref|qti-assessment-section|qti-assessment-section-ref) )*",
        "identifier:identifier title:title visible:boolean",
        "required:boolean fixed:boolean class:text keep-together:boolean",
    ),
    "qti-selection": _shape("", "select:count", "with-replacement:boolean"),
    "qti-ordering": _shape("", "", "shuffle:boolean"),
    "qti-assessment-item-ref": _shape(
        "(?:qti-item-session-control )?(?:qti-time-limits )?(?:qti-weight )*",
        "identifier:identifier href:file",
        "required:boolean fixed:boolean class:text category:identifiers",
    ),
    "qti-weight": _shape("", "identifier:identifier value:number"),
    "qti-outcome-processing": _shape(_any("qti-set-outcome-value qti-lookup-outcome-value")),
    "qti-test-variables": _shape(
        "",
        "variable-identifier:identifier",
        "section-identifier:identifier weight-identifier:identifier base-type:base-type include-category:identifiers"
        " exclude-category:identifiers",
    ),
    "qti-assessment-stimulus-ref": _shape("", "identifier:identifier href:file", "title:title"),
    "qti-stylesheet": _shape("", "href:file type:text", "media:text title:text"),
    # variables
    "qti-response-declaration": _shape(
        "(?:qti-default-value )?(?:qti-correct-response )?(?:qti-mapping )?(?:qti-area-mapping )?",
        "identifier:identifier cardinality:cardinality",
        "base-type:base-type",
    ),
    "qti-outcome-declaration": _shape(
        "(?:qti-default-value )?(?:(?:qti-match-table|qti-interpolation-table) )?",
        "identifier:identifier cardinality:cardinality",
        "base-type:base-type view:text interpretation:text long-interpretation:file normal-maximum:least-0"
        " normal-minimum:number mastery-value:number external-scored:text",
    ),
    "qti-default-value": _shape("(?:qti-value )+", "", "interpretation:text"),
    "qti-correct-response": _shape("(?:qti-value )+", "", "interpretation:text"),
    "qti-value": _shape("", "", "field-identifier:identifier base-type:base-type", text=True),
    "qti-mapping": _shape(
        "(?:qti-map-entry )+", "", "lower-bound:number upper-bound:number default-value:number"
    ),
    "qti-map-entry": _shape("", "map-key:text mapped-value:number", "case-sensitive:boolean"),
    "qti-area-mapping": _shape(
        "(?:qti-area-map-entry )+", "", "lower-bound:number upper-bound:number default-value:number"
    ),
    "qti-area-map-entry": _shape("", "shape:shape coords:coords mapped-value:number"),
    "qti-match-table": _shape("(?:qti-match-table-entry )+", "", "default-value:text"),
    "qti-match-table-entry": _shape("", "source-value:number target-value:text"),
    "qti-interpolation-table": _shape("(?:qti-interpolation-table-entry )+", "", "default-value:text"),
    "qti-interpolation-table-entry": _shape(
        "", "source-value:number target-value:text", "include-boundary:boolean"
    ),
    # bodies and interactions
    "qti-item-body": _shape(BLOCKS, "", _HTML),
    "qti-stimulus-body": _shape(_some(_STATIC + " math"), "", _HTML),
    "qti-prompt": _shape(FLOW, "", _HTML, text=True),
    "qti-rubric-block": _shape("(?:qti-stylesheet )*qti-content-body ", "view:text", f"{_HTML} use:text"),
    "qti-content-body": _shape(FLOW, "", _HTML, text=True),
    "qti-modal-feedback": _shape(
        "(?:qti-stylesheet )*qti-content-body ",
        "outcome-identifier:identifier identifier:identifier",
        "show-hide:show-hide title:text",
    ),
    "qti-choice-interaction": _shape(_PROMPT + "(?:qti-simple-choice )+", _ASKS, f"{_SHUFFLED} {_CHOSEN}"),
    "qti-order-interaction": _shape(
        _PROMPT + "(?:qti-simple-choice )+", _ASKS, f"{_SHUFFLED} max-choices:positive min-choices:positive"
    ),
    "qti-simple-choice": _shape(FLOW, "identifier:identifier", _CHOICE, text=True),
    "qti-inline-choice-interaction": _shape(
        "(?:qti-label )?(?:qti-inline-choice )+", _ASKS, f"{_SHUFFLED} required:boolean min-choices:count"
    ),
    "qti-inline-choice": _shape(LINE, "identifier:identifier", _CHOICE, text=True),
    "qti-text-entry-interaction": _shape(
        "",
        _ASKS,
        f"{_HTML} base:count string-identifier:identifier expected-length:count pattern-mask:text"
        " placeholder-text:text format:text",
    ),
    "qti-extended-text-interaction": _shape(
        _PROMPT,
        _ASKS,
        f"{_HTML} base:count string-identifier:identifier expected-length:count pattern-mask:text"
        " placeholder-text:text max-strings:positive min-strings:count expected-lines:count format:text",
    ),
    "qti-match-interaction": _shape(
        _PROMPT + "qti-simple-match-set qti-simple-match-set ", _ASKS, f"{_SHUFFLED} {_JOINED}"
    ),
    "qti-simple-match-set": _shape("(?:qti-simple-associable-choice )*", "", _HTML),
    "qti-associate-interaction": _shape(
        _PROMPT + "(?:qti-simple-associable-choice )+", _ASKS, f"{_SHUFFLED} {_JOINED}"
    ),
    "qti-simple-associable-choice": _shape(
        FLOW, "identifier:identifier match-max:count", _MATCHED, text=True
    ),
    "qti-gap-match-interaction": _shape(
        _PROMPT + "(?:(?:qti-gap-text|qti-gap-img) )+" + _some(_BLOCKS),
        _ASKS,
        f"{_SHUFFLED} {_JOINED}",
    ),
    "qti-gap-text": _shape(LINE, "identifier:identifier match-max:count", _MATCHED, text=True),
    "qti-gap-img": _shape(_IMAGE, "identifier:identifier match-max:count", f"{_MATCHED} object-label:text"),
    "qti-gap": _shape("", "identifier:identifier", f"{_HTML} required:boolean match-group:identifiers"),
    "qti-hottext-interaction": _shape(_PROMPT + _some(_BLOCKS), _ASKS, f"{_HTML} {_CHOSEN}"),
    "qti-hottext": _shape(LINE, "identifier:identifier", _CHOICE, text=True),
    "qti-hotspot-interaction": _shape(
        _PROMPT + _IMAGE + "(?:qti-hotspot-choice )+", _ASKS, f"{_HTML} {_CHOSEN}"
    ),
    "qti-hotspot-choice": _shape(
        "", "identifier:identifier shape:shape coords:coords", f"{_CHOICE} hotspot-label:text"
    ),
    "qti-graphic-gap-match-interaction": _shape(
        _PROMPT + _IMAGE + "(?:(?:qti-gap-img|qti-gap-text) )+(?:qti-associable-hotspot )+",
        _ASKS,
        f"{_HTML} {_JOINED}",
    ),
    "qti-associable-hotspot": _shape(
        "",
        "identifier:identifier shape:shape coords:coords match-max:count",
        f"{_MATCHED} hotspot-label:text",
    ),
    "qti-slider-interaction": _shape(
        _PROMPT,
        f"{_ASKS} lower-bound:number upper-bound:number",
        f"{_HTML} step:count step-label:boolean orientation:text reverse:boolean",
    ),
    "qti-select-point-interaction": _shape(_PROMPT + _IMAGE, _ASKS, f"{_HTML} {_CHOSEN}"),
    "qti-media-interaction": _shape(
        _PROMPT + "(?:object|audio|video) ",
        f"{_ASKS} autostart:boolean",
        f"{_HTML} min-plays:count max-plays:count loop:boolean coords:coords",
    ),
    # rules
    "qti-response-processing": _shape(ACTS, "", "template:file template-location:file"),
    "qti-response-condition": _shape("qti-response-if (?:qti-response-else-if )*(?:qti-response-else )?"),
    "qti-response-if": _shape(_EXPRESSION + ACTS),
    "qti-response-else-if": _shape(_EXPRESSION + ACTS),
    "qti-response-else": _shape(ACTS),
    "qti-response-processing-fragment": _shape(ACTS),
    "qti-exit-response": _shape(),
    "qti-set-outcome-value": _shape(_EXPRESSION, "identifier:identifier"),
    "qti-lookup-outcome-value": _shape(_EXPRESSION, "identifier:identifier"),
    "qti-base-value": _shape("", "base-type:base-type", text=True),
    **{
        f"qti-{name}": _shape("", "identifier:identifier", "weight-identifier:identifier")
        for name in ("variable", "correct", "default", "map-response", "map-response-point")
    },
    **{
        f"qti-{name}": _shape(_EXPRESSION + "{2}")
        for name in [
            "gt",
            "gte",
            "lt",
            "lte",
            "match",
            "delete",
            "contains",
            "member",
            "power",
            "divide",
            "subtract",
            "integer-divide",
            "integer-modulus",
            "duration-lt",
            "duration-gte",
        ]
    },
    **{
        f"qti-{name}": _shape(_EXPRESSION)
        for name in ["not", "is-null", "round", "truncate", "integer-to-float", "container-size"]
    },
    **{f"qti-{name}": _shape(_EXPRESSION + "+") for name in "and or sum product lcm gcd min max".split()},  # noqa: SIM905
    **{f"qti-{name}": _shape(_EXPRESSION + "*") for name in ("multiple", "ordered")},
    "qti-null": _shape(),
    "qti-any-n": _shape(_EXPRESSION + "+", "min:figures max:figures"),
    "qti-equal": _shape(
        _EXPRESSION + "{2}",
        "",
        "tolerance-mode:text tolerance:tolerance include-lower-bound:boolean include-upper-bound:boolean",
    ),
    "qti-equal-rounded": _shape(_EXPRESSION + "{2}", "figures:figures", "rounding-mode:text"),
    "qti-round-to": _shape(_EXPRESSION, "figures:figures", "rounding-mode:text"),
    "qti-index": _shape(_EXPRESSION, "n:figures"),
    "qti-field-value": _shape(_EXPRESSION, "field-identifier:identifier"),
    "qti-inside": _shape(_EXPRESSION, "shape:shape coords:coords"),
    "qti-pattern-match": _shape(_EXPRESSION, "pattern:text"),
    "qti-string-match": _shape(_EXPRESSION + "{2}", "case-sensitive:boolean", "substring:boolean"),
    "qti-substring": _shape(_EXPRESSION + "{2}", "case-sensitive:boolean"),
    "qti-repeat": _shape(_EXPRESSION + "+", "number-repeats:figures"),
    "qti-math-constant": _shape("", "name:text"),
    "qti-math-operator": _shape(_EXPRESSION + "+", "name:text"),
    "qti-stats-operator": _shape(_EXPRESSION, "name:text"),
    # XHTML and MathML
    **{
        name: _shape(LINE, "", _HTML, text=True)
        for name in [
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "em",
            "strong",
            "code",
            "sub",
            "sup",
            "span",
            "b",
            "i",
            "u",
            "cite",
            "small",
            "kbd",
            "var",
            "samp",
            "dfn",
            "abbr",
            "pre",
            "tt",
            "big",
        ]
    },
    **{
        name: _shape(FLOW, "", _HTML, text=True)
        for name in ("div", "li", "td", "th", "dd", "dt", "caption", "section")
    },
    "blockquote": _shape(BLOCKS, "", f"{_HTML} cite:file"),
    "ul": _shape("(?:li )*", "", _HTML),
    "ol": _shape("(?:li )*", "", f"{_HTML} start:count type:text"),
    "dl": _shape("(?:(?:dt|dd) )*", "", _HTML),
    "br": _shape("", "", _HTML),
    "hr": _shape("", "", _HTML),
    "table": _shape(
        "(?:caption )?(?:col )*(?:colgroup )*(?:thead )?(?:tfoot )?(?:tbody )+", "", f"{_HTML} summary:text"
    ),
    **{name: _shape("(?:tr )+", "", _HTML) for name in ("thead", "tfoot", "tbody")},
    "tr": _shape("(?:(?:td|th) )*", "", _HTML),
    "img": _shape("", "src:file alt:text", f"{_HTML} width:text height:text longdesc:file"),
    "object": _shape(FLOW, "data:file type:text", f"{_HTML} width:text height:text name:text", text=True),
    "audio": _shape("(?:source )*", "", f"{_HTML} src:file controls:text loop:text preload:text"),
    "source": _shape("", "src:file", "type:text"),
    "math": Shape(anything=True),
}
CELLS: Final = frozenset(["td", "th"])
"""Have also colspan, rowspan, headers, scope."""
CELL: Final = {
    "colspan": "positive",
    "rowspan": "positive",
    "headers": "text",
    "scope": "text",
    "abbr": "text",
}
ANY_PREFIX: Final = ("data-", "aria-")
FOREIGN: Final = re.compile(r"\{http://www\.w3\.org/(XML/1998/namespace|2001/XMLSchema-instance)\}")
KINDS: Final[dict[str, tuple[str, str]]] = {
    "choice": ("single|multiple", "identifier"),
    "order": ("ordered", "identifier"),
    "inline-choice": ("single", "identifier"),
    "text-entry": ("single|record", "string|integer|float"),
    "extended-text": ("single|multiple|ordered|record", "string|integer|float"),
    "match": ("single|multiple", "directedPair"),
    "associate": ("single|multiple", "pair"),
    "gap-match": ("single|multiple", "directedPair"),
    "hottext": ("single|multiple", "identifier"),
    "hotspot": ("single|multiple", "identifier"),
    "graphic-gap-match": ("single|multiple", "directedPair"),
    "slider": ("single", "integer|float"),
    "select-point": ("single|multiple", "point"),
    "media": ("single", "integer"),
}
"""What the response of an interaction may be: cardinality and base type."""
