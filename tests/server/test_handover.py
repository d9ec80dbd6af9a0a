"""A result that moved to another seat at the centre: its hand-over is registered before it, one for each seat.

What makes a hand-over true is in tests/verify/test_handover.py.
"""

import pytest

from cbt_station.artefacts.signed import sign
from cbt_station.errors import Tampered, Trouble
from cbt_station.server.checking import Known, check
from tests.verify.honest import session_of
from tests.verify.test_handover import move_body, moved_tree
from tests.world import proctor, sat, signing, world


def known(without: str = "nothing") -> Known:
    here = world("official")
    files = {name: data for name, data in moved_tree().items() if not name.startswith(f"notes/{without}-")}
    return Known(here.trust, files, lambda _: session_of(here))


def of_kind(kind: str) -> bytes:
    return next(data for name, data in moved_tree().items() if name.startswith(f"notes/{kind}-"))


def test_a_hand_over_and_the_result_that_cites_it_are_registered() -> None:
    move = check("handover", of_kind("handover"), known())
    assert move.slot.startswith("seat ")
    assert move.slot.endswith(" 2")
    assert move.refers == sat("official").note.start
    assert check("result", of_kind("result"), known()).refers == move.refers


@pytest.mark.parametrize("kind", ["handover", "result"])
def test_what_a_hand_over_cites_comes_before_it(kind: str) -> None:
    with pytest.raises(Trouble, match="evidence-missing"):
        check(kind, of_kind(kind), known(without="start" if kind == "handover" else "handover"))


def test_a_second_hand_over_to_the_same_seat_stands_in_the_same_slot() -> None:
    here = world("official")
    twin = sign(
        move_body(sat("official"), "official", cause="staff"),
        here.mode,
        signing("venue", "jkt-07"),
        proctor(),
    )
    assert check("handover", twin, known()).slot == check("handover", of_kind("handover"), known()).slot


def test_a_hand_over_that_a_proctor_signed_alone_is_kept_out() -> None:
    with pytest.raises(Tampered, match="authority-missing"):
        check("handover", sign(move_body(sat("official"), "official"), "official", proctor()), known())
