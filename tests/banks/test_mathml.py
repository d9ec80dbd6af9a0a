"""MathML of foreign questions: one canonical form, the same ink as the LaTeX it says it was made from, or a fault."""

import pytest
from lxml import etree

from cbt_station.banks import formulas, mathml, safe_xml
from cbt_station.banks.faults import Faulty
from tests.shared import shared

M = 'xmlns="http://www.w3.org/1998/Math/MathML"'


def parse(inside: str) -> etree._Element:
    return etree.fromstring(f"<math {M}>{inside}</math>")


@pytest.mark.parametrize(
    ("inside", "canonical"),
    [
        pytest.param("\n <mi> x </mi>\n", "<mi>x</mi>", id="white space"),
        pytest.param(
            "<mstyle><mi>x</mi></mstyle>", "<mrow><mi>x</mi></mrow>", id="a style that says nothing"
        ),
        pytest.param(
            "<semantics><mi>x</mi><annotation encoding='StarMath 5.0'>x</annotation></semantics>",
            "<mi>x</mi>",
            id="annotation",
        ),
        pytest.param(
            "<mfenced open='['><mi>a</mi><mi>b</mi></mfenced>",
            '<mrow><mo fence="true">[</mo><mrow><mi>a</mi><mo separator="true">,</mo><mi>b</mi></mrow>'
            '<mo fence="true">)</mo></mrow>',
            id="fences written out",
        ),
        pytest.param("<mo>|</mo><mi>$</mi>", "<mo>&#124;</mo><mi>&#36;</mi>", id="marks of our own text"),
        pytest.param('<mi id="a" class="b" onclick="c">x</mi>', "<mi>x</mi>", id="attributes"),
    ],
)
def test_the_canonical_form(inside, canonical):
    source = mathml.canonical(parse(inside))
    assert source == f"<math>{canonical}</math>"
    formula, svg = formulas.draw(source)
    assert formula.latex == source
    assert svg.startswith(b"<svg")


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<maction><mi>x</mi></maction>", "formula-command"),
        ("<mfrac><mi>x</mi></mfrac>", "formula-bad"),
        ("<mrow>x</mrow>", "formula-bad"),
        ("<mi>x<mi>y</mi></mi>", "formula-command"),
        ("<mrow>" * 70 + "</mrow>" * 70, "formula-too-long"),
        ("<mi>x</mi>" * 2_000, "formula-too-long"),
    ],
)
def test_what_cannot_be_drawn_is_a_fault(inside, code):
    with pytest.raises(Faulty) as caught:
        mathml.canonical(parse(inside))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "latex", [r"\frac{1}{2}", r"\sqrt{x^2+1}", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "x<y"]
)
def test_latex_comes_back_from_the_mathml_that_is_made_of_it(latex):
    source = formulas.as_mathml(latex)
    assert formulas.draw(source)[1] == formulas.draw(latex)[1]
    note = etree.Element("annotation", encoding="application/x-tex")
    note.text = latex
    inner = source.removeprefix("<math>").removesuffix("</math>")
    element = parse(f"<semantics>{inner}{etree.tostring(note, encoding='unicode')}</semantics>")
    assert formulas.from_mathml(element) == latex


def test_an_annotation_that_is_another_formula_is_not_believed():
    element = parse(
        "<semantics><mi>x</mi><annotation encoding='application/x-tex'>y</annotation></semantics>"
    )
    assert formulas.from_mathml(element) == "<math><mi>x</mi></math>"


def test_an_entity_that_would_be_missing_is_a_fault():
    formula = safe_xml.parse(f"<!DOCTYPE math [<!ENTITY gone 'y'>]><math {M}><mi>&gone;</mi></math>")
    with pytest.raises(Faulty) as caught:
        mathml.canonical(formula)
    assert caught.value.code == "formula-character"


def test_a_colour_is_named():
    dropped: set[str] = set()
    mathml.canonical(parse('<mi mathcolor="red">x</mi>'), dropped)
    assert dropped == {"mathcolor"}


@pytest.mark.parametrize("source", ["<math> <mi>x</mi></math>", "<math><mi>x</mi>", "<mathx/>", "<math/>"])
def test_a_source_that_is_not_canonical_is_a_fault(source):
    with pytest.raises(Faulty):
        formulas.draw(source)


def test_nearly_every_real_formula_is_drawn():
    """One of them is empty; every other has ink."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found: dict[bytes, etree._Element] = {}
    for path in sorted(shared("data").rglob("*.xml")):
        try:
            root = etree.parse(str(path), parser).getroot()
        except etree.XMLSyntaxError:
            continue
        for element in root.iter("{http://www.w3.org/1998/Math/MathML}math"):
            found[etree.tostring(element, with_tail=False)] = element
    assert len(found) > 150
    drawn = [source for source in map(formulas.from_mathml, found.values()) if source != mathml.EMPTY]
    assert len(drawn) >= len(found) - 1
    for source in drawn:
        formulas.draw(source)
