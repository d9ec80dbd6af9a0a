"""The whole way by the commands alone: from keys to a published session that a stranger finds true.

The ceremony with all its refusals is in test_ceremony.py, in one process; here every command is a process, keys and
codes take their real work, one station dies by kill -9, and what a command prints is all that the next one is given.
"""

import datetime as dt
import itertools
import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from cbt_station.cli.keys import TrustDraft
from cbt_station.cli.session import SessionDraft
from cbt_station.results.deciding import Draft
from tests.cli import journey
from tests.cli.journey import (
    ABSENT,
    BANK,
    BLUEPRINT,
    CANDIDATES,
    ORG,
    ROOT,
    SESSION,
    VENUE,
    Drive,
    Place,
    centre,
)

TRUST = ("--trust", "trust")
SEALED = ("--session", "sealed/session")
KILLED_AT = 6
DRAW = "3FA955C101D2A0B4"


PAGE = ROOT / "docs" / "commands.md"


def test_the_drafts_on_the_page_are_what_the_commands_read() -> None:
    drafts = re.findall(r"```toml\n# (\w+)\.toml.*?\n(.*?)```", PAGE.read_text(), re.DOTALL)
    shapes = {"trust": TrustDraft, "session": SessionDraft, "decision": Draft}
    assert [name for name, _ in drafts] == list(shapes)
    for name, text in drafts:
        msgspec.convert(tomllib.loads(text), shapes[name])


@pytest.mark.timeout(600)
def test_an_organisation_holds_an_exam_with_nothing_but_the_commands(tmp_path: Path) -> None:
    place, now = Place(tmp_path), dt.datetime.now().astimezone()
    make_the_trust_list(place, now)
    restore_a_key_from_its_cards(place)
    seal_the_session(place, now)
    start, score = draw_and_release(place)
    results = [sit(place, number, start, score) for number in CANDIDATES]
    close_the_venue(place, results)
    send_to_the_centre(place, results)
    sheets = open_rank_and_print(place)
    check_as_a_stranger(place, sheets, results)
    decide_afterwards(place)
    reveal_and_check_everything(place)


def make_the_trust_list(place: Place, now: dt.datetime) -> None:
    journey.make_keys(place)
    assert place.bad("keys", "new", "root", "--name", f"{ORG}/root/a", "--out", "keys") == (1, "file-exists")
    (place / "trust.toml").write_text(journey.trust_draft(now))
    assert place.bad("trust", "sign", "trust.toml", "--key", place.key("root", "a"), "--out", "trust")[0] == 1
    signed = place.good("trust", "sign", "trust.toml", *place.keys("root"), "--out", "trust")
    assert signed["trust"] == "trust-1.note"
    assert len(signed["id"]) == 64


def restore_a_key_from_its_cards(place: Place) -> None:
    name, key = f"{ORG}/venue/{VENUE}", place.key("venue", VENUE)
    written = place.good("keys", "backup", key, "--cards", 3, "--needed", 2, "--out", "cards")["cards"]
    drill = ("keys", "restore", "venue", "--name", name, "--drill", key.with_suffix(".pub"))
    assert place.good(*drill, *written[1:])["drill"] == "passed"
    assert place.bad(*drill, written[0]) == (1, "cards-too-few")
    restored = place.good("keys", "restore", "venue", *written[:2], "--name", name, "--out", "restored")
    public = (place / "restored" / restored["public"]).read_bytes()
    assert public == key.with_suffix(".pub").read_bytes()


def seal_the_session(place: Place, now: dt.datetime) -> None:
    (place / "session.toml").write_text(journey.session_draft(now))
    template = place.good("roster", "template", "roster.csv")["template"]
    (place / "filled.csv").write_text(journey.roster_rows((place / template).read_text()))
    checked = ("filled.csv", "--blueprint", BLUEPRINT, "--plan", "session.toml")
    assert place.good("roster", "check", *checked)["candidates"] == len(CANDIDATES) + 1
    assert place.good("bank", "check", BANK)["faults"] == []
    sealed = place.good(
        "seal", "session.toml", "--bank", BANK, "--blueprint", BLUEPRINT, "--roster", "filled.csv", *TRUST,
        *place.keys("committee"), "--out", "sealed",
    )  # fmt: skip
    assert sealed["session"] == "sealed/session"


def draw_and_release(place: Place) -> tuple[str, str]:
    server = ("server", "--data", "centre", *TRUST, "--log-key", place.log_key, *SEALED, "--no-serve")
    assert place.bad(*server) == (4, "centre-missing")
    assert (
        place.good(*server, "--init")["size"] == 2
    )  # trust list and manifest: the log holds them before the draw
    drawn = place.good("draw", *SEALED, "--value", DRAW, *place.keys("committee"))
    assert drawn["logged"] is True
    assert place.bad("draw", *SEALED, "--value", DRAW[::-1], *place.keys("committee")) == (1, "draw-done")
    cards = ("--card", "sealed/officers/card-1.txt", "--card", "sealed/officers/card-3.txt")
    released = place.good("release", *SEALED, *cards, *place.keys("release"))
    assert [row["venue"] for row in released["codes"]] == [VENUE]
    assert place.good("release", *SEALED, *cards, *place.keys("release"))["codes"] == released["codes"]
    return released["codes"][0]["start"], released["codes"][0]["score"]


def sit(place: Place, number: str, start: str, score: str) -> str:
    """One candidate's sitting; the second's machine loses power in the middle. Gives the result's id."""
    drive = Drive(place, number, start, score)
    begun = drive.ask(do="start")
    assert begun["state"] == "running", begun
    chosen: dict[str, str] = {}
    for at, item in enumerate(begun["items"]):
        if number == CANDIDATES[1] and at == KILLED_AT:
            drive.kill()
            _require_recovered(place, drive.data, number, chosen)
            drive = Drive(place, number, start, score)
            assert drive.ask(do="start")["answers"] == chosen
        option = item["options"][int(number[-1]) % len(item["options"])]
        said = drive.ask(do="choose", item=item["id"], answer=option)
        assert said.get("saved") in ("station", "second"), said
        chosen[item["id"]] = option
    assert drive.ask(do="choose", item="no-such-item", answer="a")["code"] == "item-unknown"
    sealed = drive.ask(do="finish")
    assert (sealed["state"], sealed["answered"]) == ("sealed", len(chosen))
    assert sealed["score"]["outcomes"].keys() == {"VERBAL", "NUMERIC", "SITUATIONAL", "total"}
    assert drive.end() == 0
    told = place.good("recover", drive.data)
    assert (told["state"], told["result"], told["slip"]) == ("sealed", sealed["result"], sealed["slip"])
    return str(sealed["result"])


def _require_recovered(place: Place, data: Path, number: str, chosen: dict[str, str]) -> None:
    """Every answer that was acknowledged is there after kill -9."""
    found = place.good("recover", data)
    assert (found["state"], found["number"], found["answers"]) == ("running", number, chosen)
    assert len(found["acknowledged"]) == found["seq"] > len(chosen)


def close_the_venue(place: Place, results: Sequence[str]) -> None:
    (place / "stick").mkdir()
    for number in CANDIDATES:
        assert place.good("sync", f"stations/{number}/tree", "--to", "stick", *TRUST)["sent"] == 4
    assert place.good("sync", f"stations/{CANDIDATES[0]}/tree", "--to", "stick", *TRUST)["sent"] == 0
    proctors = [
        word for who in ("ani", "bayu") for word in ("--proctor-key", place.key("proctor", VENUE, who))
    ]
    closed = place.good("close", "stick", *SEALED, "--venue-key", place.key("venue", VENUE), *proctors)
    assert (closed["count"], closed["present"], closed["absent"]) == (len(results), 3, 1)


def send_to_the_centre(place: Place, results: Sequence[str]) -> None:
    with centre(place) as url:
        first = place.good("sync", "stick", "--to", url, *TRUST)
        again = place.good("sync", "stick", "--to", url, *TRUST)
    assert (first["sent"], first["receipts"], first["unproven"]) == (13, 10, 0)
    assert (again["sent"], again["receipts"]) == (0, 0)
    assert all((place / "stick" / "proofs" / f"{result}.tlog-proof").is_file() for result in results)


def _sheets(place: Place) -> tuple[object, ...]:
    return (
        "results", "sheets", *_opening(place), "--out", "out", "--issuer", "Panitia",
        "--score-key", place.key("score", "1"), "--pdf-key", place.key("pdf", "1"),
    )  # fmt: skip


def _opening(place: Place) -> tuple[object, ...]:
    return ("stick", *SEALED, "--committee", "sealed/committee", "--results-key", place.key("results", "1"))


def open_rank_and_print(place: Place) -> list[str]:
    opened = place.good("results", "open", *_opening(place), "--out", "out")
    assert (opened["candidates"], opened["results"], opened["problems"]) == (4, 3, 0)
    ranked = place.good("results", "rank", *_opening(place), "--out", "out")
    assert sum(ranked["counts"].values()) == 4
    assert ranked["counts"]["TH"] == 1  # who was absent
    assert ABSENT in (place / ranked["csv"]).read_text()
    first = place.good(*_sheets(place))
    assert len(first["sheets"]) == len(first["new_notes"]) == 4
    with centre(place) as url:
        assert place.good("sync", "out", "--to", url, *TRUST)["receipts"] == 4
    second = place.good(*_sheets(place))  # the same notes in new papers, now with the log's proof
    assert (second["sheets"], second["new_notes"]) == (first["sheets"], [])
    return [str(sheet) for sheet in second["sheets"]]


def check_as_a_stranger(place: Place, sheets: Sequence[str], results: Sequence[str]) -> None:
    note = next((place / "out" / "notes").glob("score-*.note"))
    proof = f"stick/proofs/{results[0]}.tlog-proof"
    for what in (sheets, ["stick"], ["sealed/session"], ["sealed/session", "stick"], [note], [proof]):
        checked = place.good("verify", *what, *TRUST)
        assert checked["verdict"] == "true", what
    logged = place.good("verify", sheets[0], *TRUST)["steps"]
    assert [step["verdict"] for step in logged if step["name"] == "logged"] == ["true", "true"]
    single = place.good("verify", f"stick/notes/result-{results[0]}.note", *TRUST, code=4)
    assert single["verdict"] == "not-checkable"  # a result is nothing without the start that it cites
    assert place.good("verify", sheets[0], code=4)["verdict"] == "not-checkable"  # trust comes from who asks
    changed = bytearray((place / sheets[0]).read_bytes())
    changed[len(changed) // 3] ^= 1
    (place / "changed.pdf").write_bytes(changed)
    assert place.good("verify", "changed.pdf", *TRUST, code=3)["verdict"] == "false"


def decide_afterwards(place: Place) -> None:
    item = "verbal-002"
    (place / "decision.toml").write_text(
        f'what = "drop-item"\nwhy = "Two of its options were right."\nitem = "{item}"\n'
    )
    _, *opening = _opening(place)
    decided = place.good(
        "results", "decide", "decision.toml", "--tree", "stick", *opening, *place.keys("committee")
    )
    assert decided["decision"] == 1
    assert (place / "sealed" / "committee" / f"scoring-{SESSION}-2.age").is_file()
    with centre(place) as url:
        assert place.good("sync", "stick", "--to", url, *TRUST)["sent"] == 1  # the decision itself is logged
        printed = place.good(*_sheets(place))
        assert len(printed["new_notes"]) == 4  # every note names the scoring that it was made by
        assert place.good("sync", "out", "--to", url, *TRUST)["receipts"] == 4
    assert place.good(*_sheets(place))["new_notes"] == []


def reveal_and_check_everything(place: Place) -> None:
    revealed = place.good("results", "reveal", *_opening(place), *place.keys("committee"))
    assert (place / "sealed" / "session" / revealed["pool"]).is_file()
    place.good(
        "server", "--no-serve", "--data", "centre", *TRUST, "--log-key", place.log_key, *SEALED
    )  # the reveal is registered as well
    published = place / "published"
    shutil.copytree(place / "sealed" / "session", published / "session")
    shutil.copytree(place / "stick", published / "tree")
    told = place.good("verify", "published/session", "published/tree", *TRUST)
    assert told["verdict"] == "true"
    by_name = itertools.groupby(
        sorted(told["steps"], key=lambda step: step["name"]), lambda step: step["name"]
    )
    verdicts = {name: {step["verdict"] for step in steps} for name, steps in by_name}
    assert verdicts["form"] == verdicts["logged"] == {"true"}  # anybody draws every form again
    assert set().union(*verdicts.values()) == {"true"}, verdicts
