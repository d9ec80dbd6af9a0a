"""Blueprints as people write them: strict YAML, units beside times, and every refusal with its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.writing import blueprint_text
from cbt_station.errors import Failure, Trouble
from cbt_station.exam.blueprint import ExtraTime

TEXT = """\
id: coba
title: {id: Coba}
languages: [id]
allotted: 90 s
extra_time:
  - {accommodation: additionalTestingTime, allotted_ms: 117000}
warnings: [1 min, 30 s]
sections:
  - id: TIU
    title: {id: Inteligensia}
    most: 10
    cells:
      - {topic: deret, count: 1}
      - {items: [tiu-001], count: 1}
thresholds:
  general: [{outcome: TIU, least: 2.5}]
ranking: {quota_multiple: 3, order: [total, TIU]}
"""


def test_a_blueprint_reads_as_it_was_written(tmp_path):
    (tmp_path / "a.yaml").write_text(TEXT)
    blueprint = read_blueprint(tmp_path / "a.yaml")
    assert blueprint.allotted_ms == 90_000
    assert blueprint.extra_time == (ExtraTime("additionalTestingTime", 117_000),)
    assert blueprint.warnings_ms == (60_000, 30_000)
    assert blueprint.sections[0].most == 10
    assert blueprint.thresholds["general"][0].least == Decimal("2.5")
    (tmp_path / "b.yaml").write_text(blueprint_text(blueprint))
    assert read_blueprint(tmp_path / "b.yaml") == blueprint


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        pytest.param(
            "allotted: 90 s", "allotted: 90", "blueprint-file-faulty", "a.yaml:4", id="time without unit"
        ),
        pytest.param(
            "allotted: 90 s", "allotted: 1.5 min", "blueprint-file-faulty", "a.yaml:4", id="broken minutes"
        ),
        pytest.param("allotted: 90 s", "allotted: 0 s", "blueprint-file-faulty", "a.yaml:4", id="no time"),
        pytest.param(
            "allotted: 90 s",
            "allotted: 90 s\nallotted_ms: 1",
            "blueprint-file-faulty",
            "a.yaml:5",
            id="twice",
        ),
        pytest.param("[1 min, 30 s]", "[1 min, soon]", "blueprint-file-faulty", "a.yaml:7", id="warning"),
        pytest.param(
            "count: 1}\n      - {i",
            "count: one}\n      - {i",
            "blueprint-file-faulty",
            "a.yaml:13",
            id="no number",
        ),
        pytest.param(
            "count: 1}\n      - {i", "count: -1}\n      - {i", "blueprint-count", "a.yaml: TIU", id="negative"
        ),
        pytest.param("topic: deret", "topik: deret", "blueprint-file-faulty", "a.yaml:13", id="misspelt key"),
        pytest.param("least: 2.5", "least: much", "blueprint-file-faulty", "a.yaml:16", id="threshold"),
        pytest.param("least: 2.5", "least: NaN", "blueprint-file-faulty", "a.yaml:16", id="not a number"),
        pytest.param(
            "[total, TIU]", "[total, TWK]", "blueprint-outcome-unknown", "a.yaml: coba", id="unknown outcome"
        ),
        pytest.param("id: coba", "id: &x coba", "blueprint-file-faulty", "a.yaml:1", id="anchor"),
        pytest.param("languages: [id]\n", "", "blueprint-file-faulty", "a.yaml:1", id="no languages"),
        pytest.param(
            "title: {id: Coba}", "title: Coba", "blueprint-file-faulty", "a.yaml:2", id="text for a mapping"
        ),
    ],
)
def test_a_fault_is_refused_with_its_line(tmp_path, old, new, code, where):
    assert old in TEXT
    (tmp_path / "a.yaml").write_text(TEXT.replace(old, new, 1))
    with pytest.raises(Failure) as refused:
        read_blueprint(tmp_path / "a.yaml")
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_file_that_is_not_there_is_trouble(tmp_path):
    with pytest.raises(Trouble, match="bank-unreadable"):
        read_blueprint(Path(tmp_path / "none.yaml"))
