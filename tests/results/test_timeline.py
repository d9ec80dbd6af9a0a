"""The readable timeline and the times per item: every fact of a journal in words, on paper that holds all of it.

The arithmetic of dwell is in tests/exam/test_dwell.py; the commands are in test_evidence_commands.py.
"""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.events import ActDone, Event
from cbt_station.results.evidence import Evidence
from cbt_station.results.timeline import Timeline, as_text, countdown, length, pauses, tell
from cbt_station.results.timeline_paper import draw_timeline
from cbt_station.results.timing import COLUMNS, as_csv, as_json, timing_of
from cbt_station.sealing.body import Mode
from cbt_station.words import LANGUAGES, words_in
from tests.results.rich_sitting import rich_sitting, room
from tests.world import sit, world


def opened(mode: Mode = "official", *, more: int = 0, signed: bool = True) -> Evidence:
    (evidence,) = room(rich_sitting(mode, more=more, signed=signed), mode).of("26-0001")
    return evidence


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return opened()


@pytest.fixture(scope="module")
def english(evidence: Evidence) -> Timeline:
    return tell(evidence, words_in("en"))


def line_of(timeline: Timeline, part: str) -> str:
    (found,) = [line.text for line in timeline.lines if part in line.text]
    return found


def fact_of(timeline: Timeline, label: str) -> str:
    (found,) = [fact.value for fact in timeline.facts if fact.label == label]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_the_journal_is_told_in_its_order(evidence: Evidence, lang: str) -> None:
    told = tell(evidence, words_in(lang))
    assert [line.seq for line in told.lines] == [event.seq for event in evidence.events]
    for line in told.lines:
        assert "timeline." not in line.text
        assert "{" not in line.text
    text = as_text(told, words_in(lang))
    assert all(line.text in text for line in told.lines)
    assert "timeline." not in text.replace("timeline-", "")


def test_an_act_says_who_what_why_and_in_which_words(english: Timeline) -> None:
    told = line_of(english, "Paused")
    for part in ("cbt.example/proctor/jkt-07/ani", "environment", "Lampu padam di ruang 3"):
        assert part in told
    assert "Time granted 5 min" in line_of(english, "granted")


def test_an_unsigned_act_of_a_test_says_so() -> None:
    told = tell(opened("test", signed=False), words_in("en"))
    assert line_of(told, "Paused").startswith("Paused, unsigned (test); cause: environment")


def test_gaps_say_their_class_and_length_and_where_no_clock_could_tell(english: Timeline) -> None:
    stopped = "Program stopped for 42 s; it cost the candidate no time"
    assert line_of(english, "Program stopped").partition("; recording")[0] == stopped
    told = line_of(english, "Power cut")
    assert "cannot be measured" in told
    assert "from 08:15:38 to 08:25:38" in told
    assert fact_of(english, "Power cuts, restarts") == "1, length not measurable"
    assert fact_of(english, "Program stopped") == "1, 42 s in all"
    assert fact_of(english, "Computer slept") == "none"


def test_answers_changes_and_lateness_are_told_as_the_candidate_saw_them(english: Timeline) -> None:
    item = world("official").form("26-0001").items[0]
    letters = {option: "ABCDE"[place] for place, option in enumerate(item.options)}
    told = line_of(english, f"Item 1 ({item.item}) changed")
    assert f"from a (shown as {letters['a']}) to b (shown as {letters['b']})" in told
    assert line_of(english, "taken back")
    assert "recorded 0.4 s after the end, given before it; it counts" in line_of(english, "after the end")


def test_a_play_is_told_and_what_cut_it_off_says_that_it_is_given_back(english: Timeline) -> None:
    played = line_of(english, "dialog.ogg begins to play")
    assert played.endswith("play 1 (1 min 1 s)")
    told = line_of(english, "given back")
    assert told.startswith("Program stopped for 42 s")
    assert told.endswith("; recording dialog.ogg was playing, and that play is given back")


def test_a_play_that_was_refused_when_the_disk_failed_is_told_as_one_that_never_was(
    english: Timeline,
) -> None:
    told = line_of(english, "lagu.ogg did not play after all")
    assert told.endswith("this play does not count")


def test_the_summary_adds_up(english: Timeline) -> None:
    assert fact_of(english, "Time allotted") == "1 h 40 min"
    assert fact_of(english, "Time granted") == "5 min"
    assert fact_of(english, "Time used") == "1 h 45 min"
    assert fact_of(english, "Pauses by proctors") == "1, 3 min 3.4 s in all"
    assert fact_of(english, "Answers") == "2 of 5 items answered; 3 changes"
    assert "two places" in fact_of(english, "Kept")


def test_a_day_is_said_where_it_changes(english: Timeline) -> None:
    assert [line.day for line in english.lines if line.day] == ["1 December 2026 (WIB)"]


@pytest.mark.parametrize(
    ("ms", "indonesian", "english"),
    [
        (0, "0 detik", "0 s"),
        (99, "0 detik", "0 s"),
        (12_345, "12,3 detik", "12.3 s"),
        (60_000, "1 menit", "1 min"),
        (6_000_000, "1 jam 40 menit", "1 h 40 min"),
        (3_601_500, "1 jam 1,5 detik", "1 h 1.5 s"),
    ],
)
def test_lengths_are_written_for_people(ms: int, indonesian: str, english: str) -> None:
    assert (length(ms, words_in("id")), length(ms, words_in("en"))) == (indonesian, english)


@pytest.mark.parametrize(("ms", "shown"), [(0, "0:00:00"), (1, "0:00:01"), (6_000_000, "1:40:00")])
def test_the_time_left_is_what_the_candidates_screen_showed(ms: int, shown: str) -> None:
    assert countdown(ms) == shown


def test_a_pause_over_a_restart_has_no_length(evidence: Evidence) -> None:
    events = [replace(event, boot="b9") if event.seq == 7 else event for event in evidence.events]
    assert list(pauses(events)) == [None]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_long_journal_fills_pages_and_every_line_is_on_one_of_them(tmp_path: Path, lang: str) -> None:
    long = tell(opened(more=400), words_in(lang))
    path = tmp_path / "timeline.pdf"
    path.write_bytes(draw_timeline(long, words_in(lang)))
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
    ).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) > 5
    for page in pages:
        assert "26-0001" in page
        assert words_in(lang)("timeline.column.what") in page
    flat = " ".join(text.split())
    for number, page in enumerate(pages, start=1):
        assert words_in(lang)("results.sheet.page", number=number, count=len(pages)) in page
    numbers = [row.split()[0] for row in text.splitlines() if row.split()]
    assert {str(line.seq) for line in long.lines} <= set(numbers)
    assert long.result in flat


def test_the_same_timeline_gives_the_same_paper(english: Timeline) -> None:
    assert draw_timeline(english, words_in("en")) == draw_timeline(english, words_in("en"))


def test_times_per_item_stand_in_the_forms_order_and_add_up(evidence: Evidence) -> None:
    told = timing_of(evidence)
    rows = list(csv.DictReader(io.StringIO(as_csv([told]).decode())))
    form = evidence.bundle.form.items
    assert tuple(rows[0]) == COLUMNS
    assert [(row["place"], row["item"], row["section"]) for row in rows] == [
        (str(place), entry.item, entry.section) for place, entry in enumerate(form, start=1)
    ]
    assert sum(int(row["dwell_ms"]) for row in rows) + told.nothing_shown_ms == told.consumed_ms == 6_300_000
    assert [int(row["changes"]) for row in rows] == [1, 1, 1, 0, 0]
    assert [int(row["plays"]) for row in rows] == [0, 1, 0, 0, 0]
    assert rows[0]["answer"] == "b"
    assert (rows[4]["shown"], rows[4]["first_shown_ms"], rows[4]["answer"]) == ("0", "", "")
    document = json.loads(as_json("skd-2026-1", [told]))
    assert document["sittings"][0]["items"][1]["timing"]["first_answer_ms"] == int(rows[1]["first_answer_ms"])


def test_no_name_leaves_with_the_times(evidence: Evidence) -> None:
    told = as_csv([timing_of(evidence)]) + as_json("s", [timing_of(evidence)])
    for word in (evidence.bundle.candidate.name, evidence.bundle.candidate.birth_date):
        assert word.encode() not in told


def test_who_has_no_result_and_who_is_nobody() -> None:
    here = room(rich_sitting())
    for number, code in (("26-0002", "number-without-result"), ("nobody", "number-unknown")):
        with pytest.raises(Refusal) as caught:
            here.of(number)
        assert caught.value.code == code


def test_two_results_of_one_sitting_are_both_told_of() -> None:
    one, two = rich_sitting(), sit(world("official"))
    here = room(one)
    here._tree = {**one.tree(), **two.tree()}
    assert len(here.of("26-0001")) == 2
    assert len(list(here.every())) == 2


def test_false_evidence_is_not_told_about() -> None:
    false = sit(world("official"), bundle_changes={"answers": {}})
    with pytest.raises(Tampered) as caught:
        room(false).of("26-0001")
    assert caught.value.code == "answers-differ"


def test_a_bare_act_counts_in_a_test_only_and_says_what_its_line_says() -> None:
    with pytest.raises(Tampered):
        room(rich_sitting("official", signed=False)).of("26-0001")

    def lie(events: list[Event]) -> list[Event]:
        return [
            replace(event, note=event.note.replace("minutes 5", "minutes 4"))
            if isinstance(event, ActDone)
            else event
            for event in events
        ]

    false = rich_sitting("test", signed=False, change=lie)
    with pytest.raises(Tampered) as caught:
        room(false, "test").of("26-0001")
    assert caught.value.code == "act-differs"
