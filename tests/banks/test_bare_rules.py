"""The second reader names the rule of QTI that an item breaks, and none for an item that breaks none.

It decides what docs/import-counts.md calls "not valid", so each rule has an item here that breaks it and nothing else.
"""

import pytest

from tests.banks.bare_qti import Bare, bare_item
from tests.banks.bare_rules import RULES_OF_QTI
from tests.banks.corpus import Outcome, Row, count
from tests.banks.qti.items import CHOICE, CHOICE_3, MATCH_CORRECT, SCORE, declaration, item

TEXT = '<p>Ibu kota <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
ESSAY = '<extendedTextInteraction responseIdentifier="RESPONSE"/>'
STRING = declaration("single string", "x")
SETS = '<setOutcomeValue identifier="SCORE">{}</setOutcomeValue>'


def rules(inside: str) -> str:
    return f"<responseProcessing>{inside}</responseProcessing>"


def asked(condition: str) -> str:
    one = SETS.format('<baseValue baseType="float">1</baseValue>')
    return rules(f"<responseCondition><responseIf>{condition}{one}</responseIf></responseCondition>")


VARIABLE = '<variable identifier="RESPONSE"/>'
SOME = declaration("multiple float")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            CHOICE.replace(
                '<responseDeclaration identifier="RESPONSE"', '<responseDeclaration identifier="R"'
            ),
            "response-undeclared",
        ),
        (CHOICE.replace('identifier="A"', 'identifier="B"'), "identifier-twice"),
        (item(declaration("single strong"), TEXT), "base-type"),
        (item(STRING, TEXT, asked("<isNotNull>" + VARIABLE + "</isNotNull>")), "no-such-rule"),
        (item(STRING, TEXT, "<outcomeProcessing/>"), "outcome-processing"),
        (item(STRING, TEXT, asked('<isNull><variable identifier="LAIN"/></isNull>')), "variable-undeclared"),
        (item(declaration("single string", name="A"), TEXT.replace("RESPONSE", "A")), "variable-undeclared"),
        (
            item(
                declaration("multiple string"),
                TEXT,
                asked(f'<match>{VARIABLE}<baseValue baseType="string">x</baseValue></match>'),
            ),
            "match-kinds",
        ),
        (
            item(SOME, TEXT, asked(f'<gte>{VARIABLE}<baseValue baseType="float">1</baseValue></gte>')),
            "comparison-kinds",
        ),
        (item(STRING, TEXT, asked('<baseValue baseType="boolean">True</baseValue>')), "boolean-value"),
        (item(STRING, TEXT, asked(f"<patternMatch>{VARIABLE}</patternMatch>")), "pattern-missing"),
        (
            item(
                SOME, TEXT, rules(SETS.format('<roundTo><baseValue baseType="float">1</baseValue></roundTo>'))
            ),
            "figures-missing",
        ),
        (
            item(SOME, TEXT, rules(SETS.format(f'<index n="1"><multiple>{VARIABLE}</multiple></index>'))),
            "index-kind",
        ),
        (item(declaration("single identifier"), ESSAY), "extended-text-kind"),
    ],
)
def test_an_item_that_breaks_a_rule_is_named_by_it(text: str, rule: str) -> None:
    assert rule in RULES_OF_QTI
    found = bare_item(text.encode())
    assert found is not None
    assert (found.inside, found.broken) == (True, rule)


@pytest.mark.parametrize(
    "text",
    [
        CHOICE,
        CHOICE_3,
        item(STRING, TEXT),
        item(STRING, ESSAY, ""),
        item(declaration("ordered float"), TEXT, rules(SETS.format(f'<index n="1">{VARIABLE}</index>'))),
        item(STRING, TEXT, asked(f'<patternMatch pattern="x">{VARIABLE}</patternMatch>')),
        CHOICE.replace(SCORE, "").replace(
            MATCH_CORRECT, asked(f'<match>{VARIABLE}<correct identifier="RESPONSE"/></match>')
        ),
    ],
)
def test_an_item_that_breaks_none_is_valid(text: str) -> None:
    found = bare_item(text.encode())
    assert found is not None
    assert found.broken == ""


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        pytest.param(("qti-rules", "variable"), "not valid", id="for what it breaks"),
        pytest.param(("qti-unsupported", "isNotNull"), "not valid", id="for a rule that QTI has not"),
        pytest.param(("qti-unsupported", "random"), "refused", id="for one that QTI has and we have not"),
    ],
)
def test_what_is_not_valid_counts_as_refused_where_something_of_qti_is_missing_here(
    reason: tuple[str, str], kind: str
) -> None:
    row = Row()
    count(row, Outcome("a.xml", "refused", (reason,), frozenset()), Bare((), True, "variable-undeclared"))
    assert row.counts == {"items": 1, kind: 1}
