"""Foreign question files: every question ends as exact, lossy or refused, and nothing is lost or changed in silence.

The real file is `../shared/data/id-p3k-bank-soal`; planted dirt is added to copies of questions of our own.
"""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import compile_bank, pool_items, require_languages
from cbt_station.banks.foreign import ForeignBank, ForeignItem, ForeignQuestion
from cbt_station.banks.import_blueprint import spread
from cbt_station.banks.import_names import Ids
from cbt_station.banks.import_report import REPORT
from cbt_station.banks.importing import import_bank, judged
from cbt_station.banks.native import faults, read_bank
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.content import InlinePicture, Paragraph, Text, as_text
from cbt_station.exam.form import check_pool, draw_form
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown
from cbt_station.words import LANGUAGES, words_in
from tests.banks.qti.items import CHOICE, zipped
from tests.banks.small_bank import square
from tests.shared import shared


def question(
    stem: str = "Berapa?",
    options: tuple[object, ...] = ("satu", "dua", "tiga", "empat"),
    key: object = 0,
    **more,
):
    """A question as the file has it."""
    return {"pertanyaan": stem, "pilihan": list(options), "jawaban": key, **more}


def source(directory: Path, subjects: object) -> Path:
    """A source file."""
    path = directory / "soal.json"
    path.write_text(subjects if isinstance(subjects, str) else json.dumps(subjects), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The real file: its questions in order, the report and the folder of the import."""
    path = shared("data/id-p3k-bank-soal") / "soal.json"
    target = tmp_path_factory.mktemp("import") / "bank"
    report = import_bank(path, target)
    subjects = json.loads(path.read_text(encoding="utf-8"))
    return [(subject, one) for subject, many in subjects.items() for one in many], report, target


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("soal", "Bank soal"),
        ("p3k_2024", "Bank soal p3k 2024"),
        ("bank-soal-guru", "bank soal guru"),
        ("-", "Bank soal"),
    ],
)
def test_a_bank_is_called_by_its_file_without_saying_it_twice(tmp_path, name, title):
    path = source(tmp_path, {"teknis": [question()]}).rename(tmp_path / f"{name}.json")
    import_bank(path, tmp_path / "bank")
    assert f"title: {{id: {title}}}" in (tmp_path / "bank" / "bank.yaml").read_text()


def test_every_real_question_is_accounted_for(real):
    questions, report, _ = real
    assert len(report.questions) == sum(report.counts.values()) == len(questions)
    assert [row.place.partition("[")[0] for row in report.questions] == [subject for subject, _ in questions]
    expected_refused = [
        not 0 <= one["jawaban"] < len(one["pilihan"]) or not one["pertanyaan"].strip() for _, one in questions
    ]
    assert [row.outcome == "refused" for row in report.questions] == expected_refused
    assert dict(Counter(row.outcome for row in report.questions)).items() <= report.counts.items()


def test_every_real_text_and_key_is_unchanged(real):
    questions, report, target = real
    items = {item.id: item for item in read_bank(target).items}
    for (_, one), row in zip(questions, report.questions, strict=True):
        if row.outcome == "refused":
            continue
        text = items[row.item].languages["id"]
        assert as_text(text.stem) == one["pertanyaan"].strip()
        options = {option.id: as_text(option.content) for option in text.interaction.options}
        assert list(options.values()) == [option.strip() for option in one["pilihan"]]
        right = [option for option, score in items[row.item].rule.scores.items() if score]
        assert [options[option] for option in right] == [one["pilihan"][one["jawaban"]].strip()]
        stripped = any(part != part.strip() for part in (one["pertanyaan"], *one["pilihan"]))
        assert row.outcome == "exact"
        assert ("outer-spaces" in [note.code for note in row.remarks]) == stripped


def test_real_repeats_never_meet_and_odd_counts_are_named(real):
    questions, report, target = real
    items = {item.id: item for item in read_bank(target).items}
    by_stem: dict[tuple[str, str], list[str]] = {}
    for (subject, one), row in zip(questions, report.questions, strict=True):
        if row.item:
            by_stem.setdefault((subject, " ".join(one["pertanyaan"].split())), []).append(row.item)
    repeated = [names for names in by_stem.values() if len(names) > 1]
    assert repeated
    for names in repeated:
        assert len({items[name].enemies for name in names}) == 1
        assert items[names[0]].enemies is not None
    counts = Counter(len(one["pilihan"]) for _, one in questions)
    usual = counts.most_common(1)[0][0]
    odd = [
        row for row in report.questions if any(note.code == "option-count-unusual" for note in row.remarks)
    ]
    assert len(odd) == len(questions) - counts[usual]


def test_the_real_bank_yields_a_form_of_110_items(real):
    _, report, target = real
    assert faults(target) == ()
    compiled = compile_bank(read_bank(target))
    blueprint = read_blueprint(target / "blueprints" / "form-110.yaml")
    require_languages(compiled, blueprint)
    check_pool(blueprint, pool_items(compiled))
    form = draw_form(blueprint, pool_items(compiled), lambda n: n - 1)
    assert len({item.item for item in form.items}) == blueprint.count == 110
    assert report.blueprints == {"blueprints/form-110.yaml": 110}
    assert {section.id for section in blueprint.sections} == {item.section for item in compiled.items}


def test_the_same_file_imports_to_the_same_edition(real, tmp_path):
    path = shared("data/id-p3k-bank-soal") / "soal.json"
    import_bank(path, tmp_path / "again")
    assert compile_bank(read_bank(tmp_path / "again")).edition == compile_bank(read_bank(real[2])).edition


def test_a_planted_key_out_of_range_refuses_that_question_alone(real, tmp_path):
    path = shared("data/id-p3k-bank-soal") / "soal.json"
    subjects = json.loads(path.read_text(encoding="utf-8"))
    subjects["manajerial"][3]["jawaban"] = len(subjects["manajerial"][3]["pilihan"])
    report = import_bank(source(tmp_path, subjects), tmp_path / "bank")
    before = real[1]
    assert report.counts["refused"] == before.counts["refused"] + 1
    row = next(row for row in report.questions if row.place == "manajerial[3]")
    assert (row.outcome, row.item, [reason.code for reason in row.reasons]) == (
        "refused",
        None,
        ["key-out-of-range"],
    )
    assert len(read_bank(tmp_path / "bank").items) == len(real[0]) - report.counts["refused"]


GOOD = question("Soal baik?")


@pytest.mark.parametrize(
    ("bad", "outcome", "code"),
    [
        pytest.param(question(key=4), "refused", "key-out-of-range", id="key past the end"),
        pytest.param(question(key=-1), "refused", "key-out-of-range", id="negative key"),
        pytest.param(question(key="1"), "refused", "field-kind", id="key as text"),
        pytest.param(question(key=True), "refused", "field-kind", id="key as truth"),
        pytest.param(question(key=1.0), "refused", "field-kind", id="key with a point"),
        pytest.param(question(" \n "), "refused", "stem-empty", id="empty stem"),
        pytest.param(question(options=("a", " ", "c")), "refused", "option-empty", id="empty option"),
        pytest.param(question(options=("a",)), "refused", "options-few", id="one option"),
        pytest.param(question(options=tuple("abcdefghijklm")), "refused", "options-many", id="13 options"),
        pytest.param(question(options=("a", "b", "a ", "c")), "refused", "option-equals-key", id="key twice"),
        pytest.param(
            question(options=("a", "b", "b", "c")), "lossy", "option-repeated", id="wrong option twice"
        ),
        pytest.param(question(options=("a", 2)), "refused", "field-kind", id="option is a number"),
        pytest.param({"pertanyaan": "x", "jawaban": 0}, "refused", "field-missing", id="no options"),
        pytest.param("teks", "refused", "not-a-question", id="not an object"),
        pytest.param(question("Simbol \uf0b7?"), "refused", "character-unreadable", id="symbol font"),
        pytest.param(question("Pasangan \ud800?"), "refused", "character-unreadable", id="half a surrogate"),
        pytest.param(question("x" * 9_000), "refused", "too-long", id="too long"),
        pytest.param(question("Ten\u00adtang?"), "lossy", "hidden-removed", id="soft hyphen"),
        pytest.param(question("\u202eApa?"), "lossy", "hidden-removed", id="bidi override"),
        pytest.param(question("Apa\titu?"), "lossy", "tab-as-space", id="tab"),
        pytest.param(question("Apa?\n    ini"), "lossy", "indent-dropped", id="spaces that indent"),
        pytest.param(question(pembahasan="x"), "lossy", "field-dropped", id="unknown field"),
    ],
)
def test_dirt_is_named_and_costs_its_own_question_only(tmp_path, bad, outcome, code):
    report = import_bank(source(tmp_path, {"umum": [bad, GOOD]}), tmp_path / "bank")
    row, good = report.questions
    assert (row.place, row.outcome) == ("umum[0]", outcome)
    assert [reason.code for reason in row.reasons] == [code]
    assert good.outcome == "exact"
    assert len(read_bank(tmp_path / "bank").items) == (1 if outcome == "refused" else 2)
    for lang in LANGUAGES:
        assert words_in(lang).knows(f"import.{code}")
        assert "{" not in row.reasons[0].sentence(words_in(lang))
    assert "`umum[0]`" in (tmp_path / "bank" / REPORT).read_text(encoding="utf-8")


def whole(**changes) -> ForeignQuestion:
    """A whole item as a reader brings it, that shows a picture."""
    picture = Paragraph((Text("Apa?"), InlinePicture("gambar.png", 9, 9, "gambar")))
    options = (Option("a", (Paragraph((Text("1"),)),)), Option("b", (Paragraph((Text("2"),)),)))
    rule = OptionScores({"a": Decimal(1), "b": Decimal(0)})
    item = ForeignItem({"id": Shown((picture,), ChoiceInteraction(options))}, rule, **changes)
    return ForeignQuestion("1", "umum", item=item)


@pytest.mark.parametrize(
    ("item", "media", "code"),
    [
        pytest.param(whole(), {}, "media-missing", id="a picture that is not there"),
        pytest.param(whole(), {"gambar.png": b"x"}, "media-refused", id="a picture that is none"),
        pytest.param(
            whole(stimulus="teks"), {"gambar.png": square()}, "stimulus-missing", id="a shared text"
        ),
        pytest.param(whole(), {"gambar.png": square()}, None, id="all there"),
    ],
)
def test_an_item_whose_parts_are_not_all_there_is_refused(item, media, code):
    (row,) = judged(ForeignBank("f", "n", "t", "id", {"umum": "Umum"}, (item,), media))
    assert [one.code for one in row.reasons] == ([code] if code else [])


def test_names_that_differ_in_capital_letters_only_are_two_files():
    ids = Ids()
    assert [ids.of(name, "lain") for name in ("Soal", "soal", "SOAL", None)] == [
        "Soal",
        "soal-2",
        "SOAL-3",
        "lain",
    ]


def test_the_report_calls_points_an_assumption_only_where_the_source_says_nothing_of_them(tmp_path):
    assumed = import_bank(source(tmp_path, {"umum": [GOOD]}), tmp_path / "one")
    assert assumed.points_assumed == 1
    package = zipped(tmp_path / "paket.zip", {"soal.xml": CHOICE})
    said = import_bank(package, tmp_path / "two")
    assert said.points_assumed == 0
    sentence = words_in("id")("import.report-points", count=1, points=5)
    assert sentence in (tmp_path / "one" / REPORT).read_text(encoding="utf-8")
    assert "anggapan" not in (tmp_path / "two" / REPORT).read_text(encoding="utf-8")


def test_a_field_that_stands_twice_refuses_its_question(tmp_path):
    text = json.dumps({"umum": [question(key=1), GOOD]}).replace('"jawaban": 1', '"jawaban": 0, "jawaban": 1')
    report = import_bank(source(tmp_path, text), tmp_path / "bank")
    assert [reason.code for reason in report.questions[0].reasons] == ["field-twice"]


def test_text_that_looks_like_markdown_stays_text(tmp_path):
    stem = "# 1. *a* _b_ [c](d) <i>e</i> &amp; $5 | 10% ~f~ ^g^ `h` \\ ![i](j)\n- k\n\n> l"
    report = import_bank(source(tmp_path, {"umum": [question(stem)]}), tmp_path / "bank")
    assert report.questions[0].outcome == "exact"
    assert as_text(read_bank(tmp_path / "bank").items[0].languages["id"].stem) == stem.replace("\n\n", "\n")


@pytest.mark.parametrize(
    "last", ["Semua di atas", "Semua jawaban benar.", "a dan b benar", "All of the above"]
)
def test_options_that_speak_of_others_keep_their_order(tmp_path, last):
    report = import_bank(source(tmp_path, {"umum": [question(options=("x", "y", last))]}), tmp_path / "bank")
    assert [note.code for note in report.questions[0].remarks] == ["options-kept-in-order", "points-assumed"]
    assert not read_bank(tmp_path / "bank").items[0].shuffle


def test_the_whole_question_in_another_section_is_refused_and_the_stem_alone_is_not(tmp_path):
    other = question("Berapa?", ("lima", "enam"))
    report = import_bank(source(tmp_path, {"a": [question()], "b": [question(), other]}), tmp_path / "bank")
    assert [row.outcome for row in report.questions] == ["exact", "refused", "exact"]
    assert report.questions[1].reasons[0].code == "repeated-in-other-section"
    assert [note.code for note in report.questions[2].remarks][-1] == "stem-repeated-elsewhere"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        pytest.param('{"a": [}', "import-malformed", "soal.json:1", id="broken JSON"),
        pytest.param('{\n"a": [\n', "import-malformed", "soal.json:3", id="cut JSON"),
        pytest.param("[" * 100_000, "import-malformed", "soal.json:0", id="deep JSON"),
        pytest.param("{}", "import-format-unknown", "soal.json", id="empty"),
        pytest.param('{"a": [1, 2]}', "import-format-unknown", "soal.json", id="another JSON"),
        pytest.param('{"a": [{"pertanyaan": ""}]}', "import-nothing", "soal.json", id="nothing good"),
    ],
)
def test_a_file_that_is_no_bank_is_refused_and_writes_nothing(tmp_path, text, code, where):
    with pytest.raises(Refusal) as refused:
        import_bank(source(tmp_path, text), tmp_path / "bank")
    assert (refused.value.code, refused.value.where) == (code, where)
    assert not (tmp_path / "bank").exists()


def test_a_folder_that_is_a_bank_already_is_called_so(tmp_path):
    import_bank(source(tmp_path, {"a": [question()]}), tmp_path / "bank")
    with pytest.raises(Refusal, match="import-is-a-bank"):
        import_bank(tmp_path / "bank", tmp_path / "again")


def test_a_text_that_no_question_names_comes_in_as_the_report_says(tmp_path):
    """A passage before its questions: GIFT and Moodle do not say which questions are about it."""
    path = tmp_path / "bacaan.gift"
    path.write_text("::Bacaan:: Dua anak pergi ke pasar.\n\n::S1:: Apa judulnya? {=a ~b}\n", "utf-8")
    report = import_bank(path, tmp_path / "out")
    assert [reason.code for row in report.questions for reason in row.reasons] == ["not-a-question-text"]
    (text,) = read_bank(tmp_path / "out").stimuli
    assert as_text(text.content["id"]) == "Dua anak pergi ke pasar."


def test_a_text_that_no_question_names_and_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    text = {"id": (Paragraph((InlinePicture("tiada.png", 9, 9, "gambar"),)),)}
    media = {"gambar.png": square()}
    foreign = ForeignBank("f", "n", "t", "id", {"umum": "Umum"}, (whole(),), media, {"Bacaan": text})
    monkeypatch.setattr("cbt_station.banks.importing.recognised", lambda _source: foreign)
    report = import_bank(tmp_path / "x.gift", tmp_path / "out")
    assert [(loss.code, loss.facts["stimulus"]) for loss in report.losses] == [
        ("stimulus-not-writable", "Bacaan")
    ]
    assert read_bank(tmp_path / "out").stimuli == ()


def test_other_files_and_no_file(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(Refusal, match="import-format-unknown"):
        import_bank(tmp_path / "a.txt", tmp_path / "bank")
    with pytest.raises(Trouble, match="import-source-not-there"):
        import_bank(tmp_path / "none.json", tmp_path / "bank")


def test_a_target_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "x").write_text("penting")
    with pytest.raises(Refusal, match="bank-folder-not-empty"):
        import_bank(source(tmp_path, {"a": [GOOD]}), tmp_path / "bank")
    assert [path.name for path in (tmp_path / "bank").iterdir()] == ["x"]


@given(
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 400), min_size=1),
    st.integers(1, 300),
)
@settings(max_examples=200, deadline=None)
def test_a_form_is_spread_within_what_each_section_has(units, most):
    counts = spread(units, most)
    assert all(1 <= counts[name] <= units[name] for name in units)
    assert sum(counts.values()) == max(len(units), min(most, sum(units.values())))


GIVEN = {
    "soal.json": json.dumps({"umum": [question()]}),
    "soal.txt": "Berapa?\nA. satu\nB. dua\nANSWER: A\n",
    "soal.gift": "Berapa?{=satu ~dua}\n",
    "soal.csv": "Soal,Pilihan A,Pilihan B,Kunci\nBerapa?,satu,dua,A\n",
}


@pytest.mark.parametrize("name", GIVEN)
def test_whatever_says_nothing_of_points_gets_the_usual_ones_by_name(tmp_path, name):
    (tmp_path / name).write_text(GIVEN[name], encoding="utf-8")
    report = import_bank(tmp_path / name, tmp_path / "bank")
    (row,) = report.questions
    assert [(note.code, note.facts) for note in row.remarks] == [("points-assumed", {"points": "5"})]
