"""The venue's closing as it is made: exactly what is sealed, of this venue and session, by its own people.

What a finished closing may look like is in tests/artefacts/test_signers.py, its place in a tree in
tests/verify/test_trees.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import pairs_hash
from cbt_station.artefacts.result import AbortedNote
from cbt_station.artefacts.signed import sign
from cbt_station.errors import Failure
from cbt_station.proctoring.closing import count, last_closing, tree_name, write_closing
from cbt_station.sealing.notes import parse_note
from cbt_station.verify.session import CheckedSession, check_session
from tests.world import (
    AFTER,
    OTHER_VENUE,
    SESSION,
    VENUE,
    closing_note,
    proctor,
    sat,
    signing,
    sit,
    tree_of,
    world,
)

HERE = world("official")


def session() -> CheckedSession:
    checked, _ = check_session(HERE.files, HERE.trust)
    assert checked is not None
    return checked


def tree(*numbers: str) -> dict[str, bytes]:
    return tree_of(HERE, [sat("official", number) for number in numbers], logged=False)


def close(files: dict[str, bytes], **changes: Any) -> Any:
    kept: dict[str, Any] = {
        "roster": HERE.roster, "venue": signing("venue", VENUE), "proctors": [proctor("bayu"), proctor()],
        "leaves_unfinished": False, **changes,
    }  # fmt: skip
    roster, venue, proctors = kept["roster"], kept["venue"], kept["proctors"]
    leaves = kept["leaves_unfinished"]
    return write_closing(files, session(), roster, venue, proctors, AFTER, leaves_unfinished=leaves)


def aborted_note(number: str) -> dict[str, bytes]:
    one = sat("official", number)
    body = AbortedNote(
        trust=1,
        session=SESSION,
        venue=VENUE,
        sitting=one.note.sitting,
        start=one.note.start,
        commitment=one.note.commitment,
        size=1,
        root=one.note.root,
        sealed=one.note.sealed,
        sealed_size=1,
        cause="mati",
        at=AFTER,
    )
    data = sign(body, "official", signing("venue", VENUE), proctor(), proctor("bayu"))
    return {names.tree_note("aborted", parse_note(data).id): data}


def without_result(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if "result" not in name}


def test_present_and_absent_are_everybody_on_the_roster() -> None:
    closing = close({**tree("26-0001"), **without_result(tree("26-0002")), **aborted_note("26-0002")}).body
    one, two = sat("official"), sat("official", "26-0002")
    assert (closing.count, closing.present, closing.absent, closing.aborted) == (2, 2, 1, 1)
    assert (closing.spare_unused, closing.number, closing.cites) == (1, 1, None)
    assert closing.pairs == pairs_hash(
        [(one.note.start, parse_note(one.result).id), (two.note.start, "aborted")]
    )


def test_a_sitting_that_was_begun_and_has_no_end_here_is_not_passed_off_as_absent() -> None:
    files = {**tree("26-0001"), **without_result(tree("26-0002"))}
    with pytest.raises(Failure) as caught:
        close(files)
    assert caught.value.code == "sittings-unfinished"
    assert caught.value.facts == {"count": 1, "numbers": "26-0002"}
    left = close(files, leaves_unfinished=True)
    assert (left.body.count, left.body.present, left.body.absent) == (1, 1, 2)
    files[tree_name(left)] = left.raw
    files |= tree("26-0002")  # its result comes later
    later = close(files)
    assert (later.body.number, later.body.count, later.body.absent) == (2, 2, 1)


def test_a_start_of_another_venue_keeps_nobody_from_closing() -> None:
    here = without_result(tree("26-0002"))
    counted = count({**tree("26-0001"), **here}, session(), OTHER_VENUE)
    assert counted.unfinished == frozenset()


def test_an_empty_venue_closes_too() -> None:
    closing = close({}).body
    assert (closing.count, closing.absent) == (0, 3)


def test_a_late_result_makes_the_next_closing_and_nothing_new_makes_none() -> None:
    files = tree("26-0001")
    first = close(files)
    files[tree_name(first)] = first.raw
    with pytest.raises(Failure, match="closing-same"):
        close(files)
    files |= tree("26-0002")
    second = close(files)
    assert (second.body.number, second.body.cites) == (2, first.id)
    files[tree_name(second)] = second.raw
    newest = last_closing(files, session(), VENUE)
    assert newest is not None
    assert newest.id == second.id
    assert last_closing(files, session(), OTHER_VENUE) is None
    # The newest stands on the one before: without it nothing is closed on top.
    del files[tree_name(first)]
    with pytest.raises(Failure, match="evidence-missing"):
        last_closing(files, session(), VENUE)


@pytest.mark.parametrize(
    ("files", "changes", "code"),
    [
        pytest.param(
            lambda: {**tree("26-0001"), **sit(HERE, note_changes={"level": "station"}).tree()},
            {},
            "twin-results",
            id="two results of one sitting",
        ),
        pytest.param(
            lambda: {**tree("26-0001"), **aborted_note("26-0001")},
            {},
            "twin-results",
            id="sealed and aborted",
        ),
        pytest.param(
            lambda: {name: data for name, data in tree("26-0001").items() if "start" not in name},
            {},
            "evidence-missing",
            id="a start note missing",
        ),
        pytest.param(
            lambda: {
                **tree("26-0001"),
                **{name: data[:-3] + b"A\n" for name, data in aborted_note("26-0002").items()},
            },
            {},
            "note-malformed",
            id="an aborted note that nobody signed so",
        ),
        pytest.param(
            lambda: {**tree(), **aborted_note("26-0002")},
            {},
            "evidence-missing",
            id="an aborted note without its start",
        ),
        pytest.param(
            lambda: tree("26-0001"),
            {"roster": replace(HERE.roster, candidates=HERE.roster.candidates[1:])},
            "commitment-unknown",
            id="somebody who is not on this venue's roster",
        ),
        pytest.param(
            lambda: tree("26-0001"),
            {"roster": replace(HERE.roster, session="other")},
            "file-of-another-session",
            id="the roster of another session",
        ),
        pytest.param(lambda: tree("26-0001"), {"proctors": []}, "signers-wrong", id="no proctor"),
        pytest.param(
            lambda: tree("26-0001"),
            {"proctors": [proctor("ani", OTHER_VENUE)]},
            "signers-wrong",
            id="a stranger",
        ),
        pytest.param(
            lambda: tree("26-0001"),
            {"venue": signing("venue", OTHER_VENUE)},
            "signers-wrong",
            id="another venue's key",
        ),
        pytest.param(
            lambda: tree("26-0001"), {"venue": proctor()}, "signers-wrong", id="a proctor as the venue"
        ),
        pytest.param(
            lambda: put_closing(tree("26-0001"), number=2, cites="0" * 64),
            {},
            "evidence-missing",
            id="a hole in the chain",
        ),
        pytest.param(
            lambda: put_closing(put_closing(tree("26-0001")), incidents=1),
            {},
            "twin-closings",
            id="two first closings",
        ),
    ],
)
def test_what_cannot_be_closed_is_refused(
    files: Callable[[], dict[str, bytes]], changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Failure) as caught:
        close(files(), **changes)
    assert caught.value.code == code


def put_closing(files: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    data = closing_note(HERE, [sat("official")], **changes)
    return {**files, names.tree_note("closing", parse_note(data).id): data}


def test_results_of_other_venues_and_sessions_are_not_counted() -> None:
    counted = count(tree("26-0001", "26-0002"), session(), OTHER_VENUE)
    assert (counted.pairs, counted.aborted, counted.granted_ms) == ((), 0, 0)
    with pytest.raises(Failure, match="mode-mixed"):
        count(sat("test").tree(), session(), VENUE)


def test_a_renamed_result_is_counted_by_what_it_is() -> None:
    files = tree("26-0001")
    (name,) = (name for name in files if "result-" in name)
    renamed = {**{other: data for other, data in files.items() if other != name}}
    renamed[names.tree_note("result", "0" * 64)] = files[name]
    assert count(renamed, session(), VENUE).pairs == count(files, session(), VENUE).pairs
