"""Tests into blueprints, and what of a test a blueprint cannot say."""

from pathlib import Path

import pytest

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.foreign import ForeignBank
from cbt_station.banks.import_report import ImportReport
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import faults
from cbt_station.banks.qti.assessment import Plan, PlannedSection
from cbt_station.banks.qti.blueprints import with_own_sections
from cbt_station.banks.qti.reading import read
from cbt_station.exam.blueprint import Blueprint, check
from tests.banks.qti.items import CHOICE, zipped

ITEMS = {f"soal/{name}.xml": CHOICE.replace('identifier="satu"', f'identifier="{name}"') for name in "abcd"}


def section(name: str, items: str, before: str = "") -> str:
    inside = "".join(f'<assessmentItemRef identifier="r-{one}" href="soal/{one}.xml"/>' for one in items)
    return f'<assessmentSection identifier="{name}" title="Bagian {name}" visible="true">{before}{inside}</assessmentSection>'


def exam_of(sections: str, *, mode: str = "nonlinear", before: str = "", after: str = "") -> str:
    return f"""<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="ujian" title="Ujian">
      {before}<testPart identifier="p" navigationMode="{mode}" submissionMode="simultaneous">{sections}</testPart>
      {after}</assessmentTest>"""


def bank_of(folder: Path, test: str, **more: str) -> ForeignBank:
    files: dict[str, bytes | str] = {"ujian.xml": test, **ITEMS}
    files |= {name.replace("__", "."): text for name, text in more.items()}
    bank = read(zipped(folder / "paket.zip", files))
    assert bank is not None
    return bank


def dropped(bank: ForeignBank) -> list[str]:
    return [one.facts.get("what", one.code) for one in bank.losses]


def test_a_test_becomes_a_blueprint_with_its_sections_and_its_time(tmp_path: Path) -> None:
    shuffled = '<ordering shuffle="true"/>'
    limit = '<timeLimits maxTime="5400"/>'
    bank = bank_of(tmp_path, exam_of(section("S1", "ba") + section("S2", "cd", shuffled), before=limit))
    (blueprint,) = bank.blueprints
    check(blueprint)
    assert (blueprint.id, blueprint.title, blueprint.allotted_ms) == ("ujian", {"id": "Ujian"}, 5_400_000)
    assert [(one.id, one.title["id"], one.order, one.cells[0].items) for one in blueprint.sections] == [
        ("S1", "Bagian S1", "fixed", ("b", "a")),
        ("S2", "Bagian S2", "shuffled", ("c", "d")),
    ]
    assert [(one.section, one.item.id) for one in bank.questions if one.item] == [
        ("S1", "b"),
        ("S1", "a"),
        ("S2", "c"),
        ("S2", "d"),
    ]
    assert bank.losses == ()


def test_an_exam_that_lost_an_item_is_dropped_by_name_and_one_is_fitted_to_what_is_there(
    tmp_path: Path,
) -> None:
    """All items are the same question, so those of the second section are refused."""
    test = exam_of(section("S1", "a") + section("S2", "b"))
    report = import_bank(zipped(tmp_path / "paket.zip", {"ujian.xml": test} | ITEMS), tmp_path / "bank")
    assert "blueprint-dropped" in [loss.code for loss in report.losses]
    blueprint = read_blueprint(tmp_path / "bank" / "blueprints" / "form-1.yaml")
    assert ([one.id for one in blueprint.sections], blueprint.count) == (["s1"], 1)


def test_what_nobody_sees_in_a_title_does_not_make_the_imported_blueprint_unreadable(tmp_path: Path) -> None:
    items = {name: text.replace("Ibu kota", f"{name} Ibu kota") for name, text in ITEMS.items()}
    test = exam_of(section("S1", "ab") + section("S2", "cd"))
    test = test.replace('title="Ujian"', 'title="Uji\u202ean"').replace("Bagian S2", "Bagian\u2028S2")
    import_bank(zipped(tmp_path / "paket.zip", {"ujian.xml": test} | items), tmp_path / "bank")
    blueprint = read_blueprint(tmp_path / "bank" / "blueprints" / "ujian.yaml")
    assert (blueprint.id, blueprint.title) == ("ujian", {"id": "Uji an"})
    assert [one.title["id"] for one in blueprint.sections] == ["Bagian S1", "Bagian S2"]


TIME = '<timeLimits maxTime="5400"/>'


def two_exams(folder: Path, second: str) -> tuple[ImportReport, dict[str, Blueprint]]:
    """A package with the exam `ujian` of a and b in its section S1, and a second one."""
    items = {name: text.replace("Ibu kota", f"{name} Ibu kota") for name, text in ITEMS.items()}
    tests = {
        "t1.xml": exam_of(section("S1", "ab"), before=TIME),
        "t2.xml": second.replace('"ujian"', '"Susulan 2"').replace("<testPart", f"{TIME}<testPart"),
    }
    report = import_bank(zipped(folder / "paket.zip", tests | items), folder / "bank")
    assert faults(folder / "bank") == ()
    paths = sorted((folder / "bank" / "blueprints").iterdir())
    return report, {path.name: read_blueprint(path) for path in paths}


@pytest.mark.parametrize(
    ("second", "sections"),
    [
        pytest.param(
            exam_of(section("S1", "cd")), ["susulan-2-s1"], id="other items of a section of the same name"
        ),
        pytest.param(exam_of(section("S2", "cd")), ["s2"], id="other sections"),
        pytest.param(exam_of(section("S1", "ab")), ["s1"], id="the same items"),
    ],
)
def test_every_test_of_a_package_is_a_blueprint_named_by_it(
    tmp_path: Path, second: str, sections: list[str]
) -> None:
    report, found = two_exams(tmp_path, second)
    assert report.blueprints == {"blueprints/ujian.yaml": 2, "blueprints/susulan-2.yaml": 2}
    assert report.losses == ()
    assert [one.id for one in found["susulan-2.yaml"].sections] == sections
    assert [one.id for one in found["ujian.yaml"].sections] == ["s1"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        pytest.param(
            exam_of(section("S2", "ac")), "blueprint-dropped", id="an item that stands in another section"
        ),
        pytest.param(
            exam_of(section("S1", "ac", '<selection select="1"/><ordering shuffle="true"/>')),
            "qti-test-refused",
            id="a draw from such items",
        ),
    ],
)
def test_a_second_test_that_cannot_be_said_of_the_same_bank_is_named(
    tmp_path: Path, second: str, code: str
) -> None:
    report, found = two_exams(tmp_path, second)
    assert list(found) == ["ujian.yaml"]
    assert [one.code for one in report.losses] == [code]


def test_sections_of_one_name_are_told_apart_and_those_with_the_same_items_are_one() -> None:
    held = [["a"], ["b"], ["c"], ["b"], ["a"]]
    plans = [Plan("ujian", "", [PlannedSection("S1", "", items)]) for items in held]
    with_own_sections(plans)
    names = [section.id for plan in plans for section in plan.sections]
    assert names == ["S1", "ujian S1", "ujian S1 2", "ujian S1", "S1"]


def test_a_selection_draws_so_many_of_its_section(tmp_path: Path) -> None:
    before = '<selection select="2"/><ordering shuffle="true"/>'
    bank = bank_of(tmp_path, exam_of(section("S1", "abc", before)))
    (cell,) = bank.blueprints[0].sections[0].cells
    assert (cell.count, cell.items) == (2, ())
    assert [one.section for one in bank.questions] == ["S1", "S1", "S1", "soal"]


def test_a_section_in_a_file_of_its_own_is_followed(tmp_path: Path) -> None:
    own = section("S9", "cd").replace(
        "<assessmentSection", '<assessmentSection xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'
    )
    reference = '<assessmentSectionRef identifier="S9" href="bagian.xml"/>'
    bank = bank_of(tmp_path, exam_of(reference), bagian__xml=own)
    assert [one.id for one in bank.blueprints[0].sections] == ["S9"]


@pytest.mark.parametrize(
    ("test", "what"),
    [
        pytest.param(
            exam_of(section("S", "ab"), mode="linear"), "testPart navigationMode=linear", id="one way"
        ),
        pytest.param(
            exam_of(section("S", "ab")).replace("simultaneous", "individual"),
            "testPart submissionMode=individual",
            id="one by one",
        ),
        pytest.param(
            exam_of(section("S", "ab", '<itemSessionControl maxAttempts="3"/>')),
            "itemSessionControl maxAttempts=3",
            id="attempts",
        ),
        pytest.param(
            exam_of(section("S", "ab", '<timeLimits maxTime="60"/>')),
            "assessmentSection timeLimits",
            id="a section's time",
        ),
        pytest.param(
            exam_of(section("S", "ab"), after="<outcomeProcessing/>"), "outcomeProcessing", id="its own sums"
        ),
        pytest.param(
            exam_of(section("S", "ab", '<rubricBlock view="candidate"><p>Baca</p></rubricBlock>')),
            "rubricBlock Baca",
            id="instructions of a section",
        ),
        pytest.param(exam_of(section("S", "aab")), "assessmentItemRef r-a", id="one item twice"),
        pytest.param(
            exam_of(
                section("S", "ab").replace(
                    '"soal/a.xml"/>', '"soal/a.xml"><weight identifier="W" value="2"/></assessmentItemRef>'
                )
            ),
            "weight",
            id="weights",
        ),
    ],
)
def test_what_a_blueprint_cannot_say_is_named(tmp_path: Path, test: str, what: str) -> None:
    bank = bank_of(tmp_path, test)
    assert what in dropped(bank)


def test_the_plain_sum_of_scores_is_our_total(tmp_path: Path) -> None:
    total = """<outcomeProcessing><setOutcomeValue identifier="T"><sum><testVariables variableIdentifier="SCORE"/></sum>
      </setOutcomeValue></outcomeProcessing>"""
    bank = bank_of(tmp_path, exam_of(section("S", "ab"), before='<timeLimits maxTime="60"/>', after=total))
    assert bank.losses == ()


@pytest.mark.parametrize(
    "narrower", ["includeCategory", "excludeCategory", "sectionIdentifier", "weightIdentifier"]
)
def test_a_sum_over_some_of_the_items_is_not_our_total(tmp_path: Path, narrower: str) -> None:
    part = f"""<outcomeProcessing><setOutcomeValue identifier="T"><sum>
      <testVariables variableIdentifier="SCORE" {narrower}="x"/></sum></setOutcomeValue></outcomeProcessing>"""
    assert "outcomeProcessing" in dropped(bank_of(tmp_path, exam_of(section("S", "ab"), after=part)))


def nested(times: int) -> str:
    start = '<assessmentSection identifier="x" title="x" visible="true">'
    return start * times + section("S", "ab") + "</assessmentSection>" * times


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        pytest.param(
            exam_of(section("S", "ab"), before='<timeLimits maxTime="lama"/>'), "qti-attribute", id="no time"
        ),
        pytest.param(
            exam_of(section("S", "ab", '<ordering shuffle="mungkin"/>')), "qti-attribute", id="no truth"
        ),
        pytest.param(exam_of(section("S", "ab", '<selection select="-1"/>')), "qti-attribute", id="no count"),
        pytest.param(exam_of(nested(20)), "xml-too-deep", id="sections without end"),
        pytest.param(
            exam_of("".join(section(f"S{number}", "a") for number in range(501))),
            "xml-too-much",
            id="too many sections",
        ),
    ],
)
def test_a_test_that_says_what_cannot_be_meant_has_no_blueprint_and_its_items_come_in(
    tmp_path: Path, test: str, reason: str
) -> None:
    bank = bank_of(tmp_path, test)
    assert bank.blueprints == ()
    assert {reason, "qti-test-refused"} <= {one.code for one in bank.losses}
    assert [one.fault for one in bank.questions] == [None] * 4


@pytest.mark.parametrize("rule", ["branchRule", "preCondition"])
def test_a_way_that_depends_on_answers_is_no_blueprint_and_its_items_come_in(
    tmp_path: Path, rule: str
) -> None:
    inside = f"<{rule}><baseValue baseType='boolean'>true</baseValue></{rule}>"
    bank = bank_of(tmp_path, exam_of(section("S", "ab", inside)))
    assert bank.blueprints == ()
    assert [(one.code, one.facts) for one in bank.losses] == [("qti-test-refused", {"what": rule})]
    assert [one.fault for one in bank.questions] == [None] * 4


def test_a_test_with_an_item_that_is_refused_has_no_blueprint(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, exam_of(section("S", "az")))
    assert bank.blueprints == ()
    assert dropped(bank) == ["soal/z.xml"]
    assert [one.fault.code for one in bank.questions if one.fault] == ["file-missing"]


def test_a_test_without_a_limit_gets_time_by_its_items_and_says_so(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, exam_of(section("S", "ab")))
    assert bank.blueprints[0].allotted_ms == 120_000
    assert [(one.code, one.facts) for one in bank.losses] == [
        ("qti-time-assumed", {"exam": "ujian", "minutes": "2"})
    ]
