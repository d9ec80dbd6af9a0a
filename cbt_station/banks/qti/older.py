"""QTI 1.2 as Canvas, Blackboard and Common Cartridge write it: choice, short answer, numbers, essay, matching, blanks.

Anything else (formulas, uploads, hot spots, categories, orders) is refused by the name that the file gives it, or by its
element. Feedback goes into the item's note. A document may hold one item, or an assessment with sections; how its items
are drawn from banks, its attempts and its limits are named losses.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import (
    ForeignItem,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    markup_kept,
    remark,
)
from cbt_station.banks.html import fragment
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children, first, words
from cbt_station.banks.qti.names import local
from cbt_station.banks.qti.older_blanks import DROPPED, FILLED, with_blanks
from cbt_station.banks.qti.older_rules import read_rules
from cbt_station.banks.qti.options import with_options_apart
from cbt_station.banks.qti.page import Page
from cbt_station.banks.qti.scoring import hand_marked, named_response, plain_choice
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Paragraph, Slot
from cbt_station.exam.interactions import (
    RESPONSE,
    Associable,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    Simple,
    TextEntryInteraction,
)
from cbt_station.exam.item import ScoringRule, Shown
from cbt_station.exam.processing import BaseType, Cardinality, Node, Processing, ResponseDeclaration
from cbt_station.exam.rules.response import check_processing
from cbt_station.exam.rules.trees import variable

MOST_ITEMS: Final = 2_000
_TYPES: Final = ("question_type", "cc_profile", "bbmd_questiontype", "qmd_itemtype")
_SUPPORTED: Final = frozenset(
    [
        "",
        "multiple_choice_question",
        "multiple_answers_question",
        "true_false_question",
        "short_answer_question",
        "numerical_question",
        "essay_question",
        "matching_question",
        FILLED,
        DROPPED,
        "cc.multiple_choice.v0p1",
        "cc.multiple_response.v0p1",
        "cc.true_false.v0p1",
        "cc.fib.v0p1",
        "cc.essay.v0p1",
        "multiple choice",
        "multiple answer",
        "multiple response",
        "true/false",
        "fib-string",
        "fill in the blank",
        "essay",
        "short response",
    ]
)
_ESSAYS: Final = frozenset(["essay_question", "cc.essay.v0p1", "essay", "short response"])
_OWN_SCORING: Final = {"bbmd_partialcredit": ("", "false"), "bbmd_negative_points_ind": ("", "n", "false")}
"""Settings of Blackboard that score an item otherwise than its conditions say, and what they are where they do not."""
_MATCHING: Final = frozenset(["matching_question"])
_RESPONSES: Final = (
    "response_lid",
    "response_str",
    "response_num",
    "response_xy",
    "response_grp",
    "response_extension",
)
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\s][^\[\]]{0,80}\]")
CARTRIDGE_FILES: Final = "web_resources/"
BASE_FOLDER: Final = re.compile(r"(?:\$|%24)IMS[-_]CC[-_]FILEBASE(?:\$|%24)/?", re.IGNORECASE)


@dataclass
class Document:
    """What a document holds: its questions, the titles of their sections, what was lost of it as a whole."""

    file: str
    ident: str
    title: str
    questions: list[ForeignQuestion] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    losses: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Around:
    """Where a document lies and what its readers share."""

    file: str
    lookup: Callable[[str], bytes | None]
    media: dict[str, bytes]
    language: str


def read_document(root: Element, around: Around) -> Document:
    """The document at `root`; each item has its own outcome."""
    holder = next(children(root, "assessment", "objectbank"), root)
    title = of.text(holder, "title") or around.file.rpartition("/")[2].partition(".")[0]
    document = Document(around.file, of.text(holder, "ident") or around.file, title)
    _assessment_losses(holder, document)
    for number, (item, section) in enumerate(_items(holder, None)):
        if number >= MOST_ITEMS:
            raise Refusal("source-too-much", where=around.file, what="items", most=MOST_ITEMS)
        name = document.ident if section is None else f"{document.ident}/{of.text(section, 'ident')}"
        said = of.text(section, "title") if section is not None else ""
        document.sections.setdefault(name, said or title)
        document.questions.append(_question(item, name, around, number + 1))
    return document


def _items(holder: Element, section: Element | None) -> Iterator[tuple[Element, Element | None]]:
    for child in children(holder, "item", "section"):
        if local(child) == "item":
            yield child, section
        else:
            yield from _items(child, child)


def _assessment_losses(holder: Element, document: Document) -> None:
    for name, value in _fields(holder, "qtimetadata").items():
        unlike = (name == "cc_maxattempts" and value != "1") or name in ("qmd_timelimit", "cc_timelimit")
        if unlike:
            document.losses.append(remark("qti-test-dropped", what=f"{name}={value[:20]}"))
    for name in ("selection_ordering", "duration", "assessfeedback", "outcomes_processing"):
        if next(below(holder, name), None) is not None:
            document.losses.append(remark("qti-test-dropped", what=name))


def _fields(holder: Element, *within: str) -> dict[str, str]:
    """The metadata of an item or an assessment by its labels."""
    found: dict[str, str] = {}
    for metadata in children(holder, *within):
        for one in below(metadata, "qtimetadatafield"):
            label, entry = first(one, "fieldlabel"), first(one, "fieldentry")
            if label is not None and entry is not None:
                found.setdefault(words(label).lower(), words(entry))
        for name in ("bbmd_questiontype", "qmd_itemtype", "qmd_absolutescore_max", *_OWN_SCORING):
            for one in below(metadata, name):
                found.setdefault(name, words(one))
    return found


def _question(item: Element, section: str, around: Around, number: int) -> ForeignQuestion:
    name = of.text(item, "ident")[:60] or str(number)
    place = f"{around.file}#{name}"
    page = Page(around.lookup, around.media, around.language, latex=True)
    try:
        read = _item(item, page, around)
    except QuestionRefused as refused:
        return ForeignQuestion(place, section, fault=refused.reason)
    return ForeignQuestion(place, section, losses=page.losses, item=read, remarks=page.remarks)


def _item(item: Element, page: Page, around: Around) -> ForeignItem:
    fields = _fields(item, "itemmetadata", "qtimetadata")
    kind = next((fields[name].lower() for name in _TYPES if name in fields), "")
    if kind not in _SUPPORTED:
        raise QuestionRefused(remark("qti-unsupported", what=kind[:60]))
    for name, plain in _OWN_SCORING.items():
        if fields.get(name, "").lower() not in plain:
            raise QuestionRefused(remark("qti-unsupported", what=f"{name}={fields[name][:20]}"))
    presentation = first(item, "presentation")
    if presentation is None:
        raise QuestionRefused(remark("qti-missing", element="presentation", within="item"))
    _keep_feedback(item, page)
    responses = list(below(presentation, *_RESPONSES))
    if not responses:
        raise QuestionRefused(remark("qti-no-interaction"))
    stem = _material(presentation, page)
    points = _points(fields)
    rule: ScoringRule
    if kind in (FILLED, DROPPED):
        shown, rule = with_blanks(item, kind, _offered(responses, page), stem, points)
    elif len(responses) > 1:
        shown, rule = _matching(item, kind, responses, stem, page, points)
    else:
        shown, rule = _single(item, kind, responses[0], stem, page, points)
    shown, rule = with_options_apart(shown, rule, page)
    return ForeignItem(
        languages={around.language: shown},
        rule=rule,
        id=of.text(item, "ident") or None,
        title=of.text(item, "title") or None,
        note=page.note,
    )


def _points(fields: dict[str, str]) -> Decimal | None:
    for name in ("points_possible", "cc_weighting", "qmd_absolutescore_max"):
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}0{0,20})?", fields.get(name, "")):
            return Decimal(fields[name]).quantize(Decimal("0.000001")).normalize() + 0
    return None


def _single(
    item: Element,
    kind: str,
    response: Element,
    stem: Blocks,
    page: Page,
    points: Decimal | None,
) -> tuple[Shown, ScoringRule]:
    interaction, declared = _interaction(item, kind, response, page)
    if isinstance(interaction, ExtendedTextInteraction):
        return Shown(stem, interaction), hand_marked(points, page)
    name = of.identifier(response, "ident")
    rules = named_response(read_rules(item, {name: declared}, points), name)
    if isinstance(interaction, TextEntryInteraction | NumberEntryInteraction):
        stem = (*stem, Paragraph((Slot(RESPONSE),)))
    if not rules.rules:
        page.remark(remark("qti-unscored"))
    plain = plain_choice(interaction, rules)
    return Shown(stem, interaction), rules if plain is None else plain


def _interaction(
    item: Element, kind: str, response: Element, page: Page
) -> tuple[Simple, ResponseDeclaration]:
    several = of.text(response, "rcardinality", "Single").lower() == "multiple"
    choice, typed = next(below(response, "render_choice"), None), next(below(response, "render_fib"), None)
    if local(response) == "response_lid" and choice is not None:
        shuffle = of.text(choice, "shuffle").lower() == "yes"
        kept = {of.text(one, "ident") for one in below(choice, "response_label") if _keeps_its_place(one)}
        options = tuple(Option(*one, fixed=shuffle and one[0] in kept) for one in _labels(choice, page))
        if several:
            most = of.count(choice, "maxnumber", 0)
            made: Simple = ChoicesInteraction(options, shuffle, of.count(choice, "minnumber", 0), most)
        else:
            made = ChoiceInteraction(options, shuffle)
        return made, _declared("identifier", "multiple" if several else "single")
    if local(response) not in ("response_str", "response_num") or typed is None or several:
        what = local(next(children(response), response))
        raise QuestionRefused(remark("qti-unsupported", what=f"{local(response)} {what}"[:60]))
    if len(list(below(typed, "response_label"))) > 1:
        raise QuestionRefused(remark("qti-unsupported", what="render_fib with several blanks"))
    if _is_number(kind, response, typed):
        return NumberEntryInteraction(), _declared("float", "single")
    if kind in _ESSAYS or not any(True for _ in below(item, "varequal", "varsubstring")):
        lines = of.size(typed, "rows", 6, 60)
        return ExtendedTextInteraction(lines=lines), _declared("string", "single")
    return TextEntryInteraction(), _declared("string", "single")


def _keeps_its_place(label: Element) -> bool:
    return of.text(label, "rshuffle").lower() == "no"


def _is_number(kind: str, response: Element, typed: Element) -> bool:
    said = of.text(typed, "fibtype").lower()
    return kind == "numerical_question" or local(response) == "response_num" or said in ("decimal", "integer")


def _declared(base: BaseType, cardinality: Cardinality) -> ResponseDeclaration:
    return ResponseDeclaration(cardinality, base)


def _matching(
    item: Element,
    kind: str,
    responses: list[Element],
    stem: Blocks,
    page: Page,
    points: Decimal | None,
) -> tuple[Shown, ScoringRule]:
    """Each response is a row of its own with the same columns: one match, its rules over the pairs."""
    offered = [[name for name, _ in _labels(one, page)] for one in _choices_of(responses)]
    same = all(set(one) == set(offered[0]) for one in offered)
    if kind not in _MATCHING and (kind or not same or _PLACEHOLDER.search(_plain(item))):
        raise QuestionRefused(
            remark("qti-unsupported", what=f"{kind or 'response_lid'} × {len(responses)}"[:60])
        )
    rows: list[Associable] = []
    columns: dict[str, Blocks] = {}
    for response, choice in zip(responses, _choices_of(responses), strict=True):
        content = _material(response, page)
        rows.append(Associable(of.identifier(response, "ident"), content, most=1))
        columns |= dict(_labels(choice, page))
    if not same:
        page.lose("response_label", "not for every row")
    shown = MatchInteraction(
        tuple(rows),
        tuple(Associable(name, content, most=0) for name, content in columns.items()),
        shuffle=False,
    )
    separate = {row.id: _declared("identifier", "single") for row in rows}
    rules = _over_pairs(read_rules(item, separate, points), {row.id for row in rows})
    return Shown(stem, shown), rules


def _choices_of(responses: list[Element]) -> list[Element]:
    found = []
    for one in responses:
        choice = next(below(one, "render_choice"), None)
        if (
            local(one) != "response_lid"
            or choice is None
            or of.text(one, "rcardinality").lower() == "multiple"
        ):
            raise QuestionRefused(remark("qti-unsupported", what=f"{local(one)} × {len(responses)}"[:60]))
        found.append(choice)
    return found


def _offered(responses: list[Element], page: Page) -> dict[str, list[tuple[str, Blocks]]]:
    """The labels of each response by its ident."""
    found: dict[str, list[tuple[str, Blocks]]] = {}
    for one, choice in zip(responses, _choices_of(responses), strict=True):
        name = of.identifier(one, "ident")
        if name in found:
            raise QuestionRefused(remark("qti-identifier-twice", identifier=name[:60], within="presentation"))
        found[name] = _labels(choice, page)
    return found


def _over_pairs(processing: Processing, rows: set[str]) -> Processing:
    """Where the rules compare a row's own response with a column, that pair must be among the match's."""
    declared = ResponseDeclaration("multiple", "directedPair")
    rules = tuple(_paired(rule, rows) for rule in processing.rules)
    made = Processing({RESPONSE: declared}, processing.outcomes, rules, processing.most)
    check_processing(made)
    return made


def _paired(node: Node, rows: set[str]) -> Node:
    if node.op == "match" and node.of[0].args.get("identifier") in rows:
        pair = f"{node.of[0].args['identifier']} {node.of[1].value}"
        wanted = Node("base-value", args={"base-type": "directedPair"}, value=pair)
        return Node("member", (wanted, variable(RESPONSE)))
    if node.op == "variable" and node.args.get("identifier") in rows:
        raise QuestionRefused(remark("qti-unsupported", what="response_lid × respcondition"))
    return Node(node.op, tuple(_paired(one, rows) for one in node.of), node.args, node.value)


def _plain(item: Element) -> str:
    presentation = first(item, "presentation")
    material = first(presentation, "material") if presentation is not None else None
    return words(material) if material is not None else ""


def _labels(choice: Element, page: Page) -> list[tuple[str, Blocks]]:
    found = [(of.identifier(one, "ident"), _material(one, page)) for one in below(choice, "response_label")]
    names = [name for name, _ in found]
    if not found or len(set(names)) != len(names):
        raise QuestionRefused(remark("qti-missing", element="response_label", within="render_choice"))
    return found


def _keep_feedback(item: Element, page: Page) -> None:
    for one in children(item, "itemfeedback", "itemrubric"):
        said, is_whole = _words_of_html(one)
        if not is_whole:
            page.lose_as(remark("feedback-in-note"))
        if said:
            page.keep(f"{local(one)} {of.text(one, 'ident')}".strip(), said)
            page.remark(remark("feedback-kept"))


def _words_of_html(element: Element) -> tuple[str, bool]:
    """What feedback says, and whether words are all of it."""
    texts = []
    more = any(True for _ in below(element, *_MORE_THAN_WORDS))
    for one in below(element, "mattext", "matemtext", "mat_formattedtext"):
        if _is_html(one) and not len(one):
            inside = fragment(one.text or "")
            more = more or any(True for _ in inside.iter(*_MORE_THAN_WORDS))
            texts.append(words(inside))
        else:
            texts.append(words(one))
    return " ".join(text for text in texts if text), not more


_MORE_THAN_WORDS: Final = (
    "matimage",
    "mataudio",
    "matvideo",
    "img",
    "audio",
    "video",
    "object",
    "svg",
    "math",
)


_SKIPPED: Final = frozenset([*_RESPONSES, "render_choice", "render_fib", "response_label"])


def _material(holder: Element, page: Page) -> Blocks:
    """What an element shows by itself: its material, without what its responses show."""
    body = etree.Element("div")
    _gather(holder, body, page)
    return page.blocks(body)


def _gather(holder: Element, body: Element, page: Page) -> None:
    for child in children(holder):
        match local(child):
            case "material" | "flow" | "flow_mat" | "flow_label" | "material_ref" | "mat_extension":
                _gather(child, body, page)
            case "mattext" | "matemtext" | "mat_formattedtext":
                body.append(_text_of(child, page))
            case "matimage":
                body.append(_image_of(child))
            case "matbreak":
                etree.SubElement(body, "br")
            case name if name in _SKIPPED or not name.startswith("mat"):
                continue
            case other:
                raise QuestionRefused(remark("qti-unsupported", what=other[:60]))


def _image_of(element: Element) -> Element:
    """A picture by its name, or one that stands in the file itself."""
    picture = etree.Element("img")
    if of.text(element, "embedded").lower() == "base64":
        data = "".join(str(element.text or "").split())
        picture.set("src", f"data:{of.text(element, 'imagtype', 'image/png')};base64,{data}")
        picture.set("alt", of.text(element, "label"))
    else:
        picture.set("src", _inside(of.text(element, "uri")))
        picture.set("alt", of.text(element, "label") or words(element))
    for side in ("width", "height"):
        if of.text(element, side):
            picture.set(side, of.text(element, side))
    return picture


def _is_html(element: Element) -> bool:
    kind = of.text(element, "texttype") or of.text(element, "type")
    return kind.lower() in ("text/html", "html", "smart_text")


def _text_of(element: Element, page: Page) -> Element:
    """A text as elements: HTML in it is escaped, in a CDATA section, or stands there as elements."""
    if of.text(element, "uri"):
        page.lose_as(remark("link-dropped", address=of.text(element, "uri")[:80]))
    if len(element):
        made = etree.Element("div")
        made.text = element.text
        made.extend(list(element))
    elif _is_html(element):
        made = fragment(element.text or "")
        made.tag = "div"
    else:
        made = etree.Element("div")
        made.text = element.text
        for one in markup_kept(element.text or ""):
            page.remark(one)
    for picture in made.iter("img", "audio", "source", "object"):
        for attribute in ("src", "data"):
            if picture.get(attribute):
                picture.set(attribute, _inside(str(picture.get(attribute))))
    return made


def _inside(reference: str) -> str:
    """A cartridge names its files by a word for its own folder."""
    return BASE_FOLDER.sub(CARTRIDGE_FILES, reference, count=1) if BASE_FOLDER.match(reference) else reference
