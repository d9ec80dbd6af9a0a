"""What we export is valid QTI 3, by the standard's model as data (`qti3_model.py`), and any item of ours is.

The checker proves itself first: it finds each planted fault, has none to find in what the standard's own examples and
other programs wrote, and finds what is wrong in the few that are. Another program reads our packages in test_qti3_peer.py.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbt_station.banks.exporting import export_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.qti.writing.item import item_xml
from tests.banks import any_bank
from tests.banks.packages import BANKS, exported, package
from tests.banks.qti.items import CHOICE_3
from tests.banks.qti3_check import file_faults, package_faults, unknown_elements
from tests.banks.small_bank import files, put
from tests.banks.test_any_item import bank_item
from tests.shared import shared

SAMPLES = sorted(path.parent.name for path in BANKS.glob("*/bank.yaml"))
BROKEN = {
    "AssessmentTest.xml": "qti-assessment-test: without title",
    "test-scoring-buttons.xml": "extended-text: a response that is single identifier",
    "graphic-gap-match-qti3.xml": "object: attribute alt",
    "number-comparison-expressions.xml": "qti-text-entry-interaction: holds qti-prompt",
    "qti3-match-interaction.xml": "qti-response-declaration: base-type='directed-pair' is no base-type",
}
"""Files of other programs that are not valid, and a fault of each."""
LEAST_VALID = 110


@pytest.mark.parametrize("bank", SAMPLES)
def test_the_package_of_a_sample_bank_is_valid(bank: str) -> None:
    assert package_faults(exported(BANKS / bank)) == []


def test_a_package_in_two_languages_with_a_shared_text_is_valid(tmp_path: Path) -> None:
    put(tmp_path / "bank", files())
    assert package_faults(export_bank(tmp_path / "bank", "qti3")[0]) == []


@pytest.mark.parametrize(
    "folder", ["1edtech-qti-examples/qtiv3-examples", "1edtech-qti-examples/qtiv2p2-examples"]
)
def test_the_examples_of_the_standard_go_in_and_out_as_a_valid_package(folder: str, tmp_path: Path) -> None:
    import_bank(shared(f"data/{folder}"), tmp_path / "bank")
    assert package_faults(export_bank(tmp_path / "bank", "qti3")[0]) == []


@pytest.mark.parametrize("kind", [*KINDS, "composite"])
@given(data=st.data())
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_item_is_valid(kind: str, data: st.DataObject) -> None:
    item = bank_item({"id": data.draw(any_bank.shown(kind))}, data.draw(st.sampled_from(["i", "1-a"])))
    assert file_faults(item_xml(item, "id", item.id)) == []


def real_files() -> Iterator[tuple[Path, bytes]]:
    """Every file of QTI 3 beside the checkout that holds nothing which the model does not cover."""
    for path in sorted(shared("data").rglob("*.xml")):
        data = path.read_bytes()
        roots = (b"<qti-assessment-item", b"<qti-assessment-test", b"<qti-assessment-stimulus")
        if (
            b"imsqtiasi_v3p0" in data[:3000]
            and any(root in data for root in roots)
            and not unknown_elements(data)
        ):
            yield path, data


def test_real_files_are_valid_but_for_those_that_are_not() -> None:
    found = {path: file_faults(data) for path, data in real_files()}
    faulty = {path.name: faults for path, faults in found.items() if faults}
    assert set(faulty) == set(BROKEN)
    assert all(fault in faulty[name] for name, fault in BROKEN.items())
    assert len(found) - len(faulty) >= LEAST_VALID
    assert Counter(path.parts[path.parts.index("data") + 1] for path in found)["1edtech-qti-examples"] > 50


CHOICE = '<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (' time-dependent="false"', "", "qti-assessment-item: without time-dependent"),
        ('time-dependent="false"', 'time-dependent="no"', "qti-assessment-item: time-dependent='no' is no boolean"),
        ('identifier="satu"', 'identifier="1"', "qti-assessment-item: identifier='1' is no identifier"),
        ("imsqtiasi_v3p0", "imsqtiasi_v3", "namespace http://www.imsglobal.org/xsd/imsqtiasi_v3"),
        ("qti-item-body", "qti-body", "qti-body: no such element"),
        ("<p>Ibu kota Jawa Barat?</p>", "Ibu kota?", "qti-item-body: text"),
        ("<qti-prompt>Pilih satu.</qti-prompt>", "<qti-prompt/><qti-prompt/>", "qti-choice-interaction: holds"),
        (CHOICE, CHOICE.replace('max-choices="1"', 'max-choices="-1"'), "max-choices='-1' is no count"),
        (CHOICE, CHOICE.replace("shuffle", "mix"), "qti-choice-interaction: attribute mix"),
        (CHOICE, CHOICE.replace("RESPONSE", "LAIN"), "choice: LAIN is not declared"),
        ('identifier="C"', 'identifier="B"', "choice: an identifier twice"),
        ("<qti-value>B</qti-value>", "<qti-value>X</qti-value>", "RESPONSE: 'X' is no identifier of its choices"),
        ('cardinality="single" base-type="identifier"', 'cardinality="ordered" base-type="identifier"', "choice: a response that is ordered identifier"),
        ('base-type="float"', 'base-type="number"', "base-type='number' is no base-type"),
        ("</qti-item-body>", "</qti-item-body><qti-outcome-declaration identifier='X' cardinality='single'/>", "qti-assessment-item: holds"),
        ("<qti-prompt>", "<qti-prompt><table/>", "table: holds nothing"),
        ("</qti-assessment-item>", "", "no XML"),
    ],
)  # fmt: skip
def test_a_planted_fault_of_an_item_is_found(old: str, new: str, fault: str) -> None:
    assert file_faults(CHOICE_3.encode()) == []
    assert old in CHOICE_3
    assert any(fault in one for one in file_faults(CHOICE_3.replace(old, new).encode()))


RULES = """<qti-response-processing><qti-response-condition><qti-response-if>{}
<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
</qti-response-if></qti-response-condition></qti-response-processing>"""


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ('<qti-is-null><qti-variable identifier="LAIN"/></qti-is-null>', "variable names LAIN"),
        ('<qti-match><qti-variable identifier="RESPONSE"/></qti-match>', "qti-match: holds qti-variable"),
        ("<qti-is-not-null/>", "qti-is-not-null: no such element"),
        ('<qti-pattern-match><qti-variable identifier="RESPONSE"/></qti-pattern-match>', "without pattern"),
        ("", "qti-response-if: holds qti-set-outcome-value"),
    ],
)
def test_a_planted_fault_of_a_rule_is_found(test: str, fault: str) -> None:
    before, _, _ = CHOICE_3.partition("<qti-response-processing")
    good = RULES.format('<qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>')
    assert file_faults(f"{before}{good}</qti-assessment-item>".encode()) == []
    bad = file_faults(f"{before}{RULES.format(test)}</qti-assessment-item>".encode())
    assert any(fault in one for one in bad)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("imsmanifest.xml", b"3.0.0", b"2.2", "imsmanifest.xml: metadata"),
        ("imsmanifest.xml", b'identifier="r.2"', b'identifier="r.1"', "imsmanifest.xml: identifiers"),
        ("imsmanifest.xml", b"imsqti_test_xmlv3p0", b"imsqti_item_xmlv3p0", "listed as imsqti_item_xmlv3p0"),
        ("items/hotspot-1.xml", b"../media/", b"../../media/", "is not in the package"),
        ("media/nada.wav", None, b"", "media/nada.wav: not in the package"),
        (
            "tests/every-interaction.xml",
            b"../items/choice-1.xml",
            b"../items/none.xml",
            "is not in the package",
        ),
    ],
)
def test_a_planted_fault_of_a_package_is_found(
    tmp_path: Path, file: str, old: bytes | None, new: bytes, fault: str
) -> None:
    def change(name: str, data: bytes) -> bytes | None:
        if name != file:
            return data
        if old is None:
            return None
        assert old in data
        return data.replace(old, new)

    faults = package_faults(package(BANKS / "interactions", tmp_path, change).read_bytes())
    assert any(fault in one for one in faults), faults


def test_a_file_that_no_manifest_lists_is_found(tmp_path: Path) -> None:
    data = package(BANKS / "interactions", tmp_path, more={"lain.txt": b"x"}).read_bytes()
    assert package_faults(data) == ["lain.txt: not in the manifest"]


def test_a_name_that_stands_in_a_package_twice_is_found(tmp_path: Path) -> None:
    path = package(BANKS / "interactions", tmp_path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("imsmanifest.xml", archive.read("imsmanifest.xml"))
    assert package_faults(path.read_bytes()) == ["a name twice"]


@pytest.mark.parametrize("name", ["r1", "R1", "1"])
def test_a_bank_may_be_called_anything_that_a_bank_may(tmp_path: Path, name: str) -> None:
    head = {"bank.yaml": files()["bank.yaml"].replace(b"id: kecil", f"id: {name}".encode())}
    put(tmp_path / "bank", files() | head)
    assert package_faults(export_bank(tmp_path / "bank", "qti3")[0]) == []
