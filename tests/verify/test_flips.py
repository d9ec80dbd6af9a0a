"""A byte is flipped in everything that is written: it is refused with a code, or it carries the same content.

Every byte of small artefacts, a thousand seeded places of large ones. No other exception ever leaves. What a refusal may
be: Tampered; for a file that only a key or a code opens also "it does not open", because age cannot tell the two apart;
for a note that names a trust list also that this list is not known.

Bytes of PDF papers are flipped in tests/sealing/test_pades.py, of packages' containers in tests/artefacts/test_package.py.
"""

import io
import random
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.act import check_act
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import check_closing
from cbt_station.artefacts.commitments import read_commitments
from cbt_station.artefacts.draw import check_draw
from cbt_station.artefacts.files import read_files
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.release import check_release, check_reveal
from cbt_station.artefacts.result import check_result, read_bundle
from cbt_station.artefacts.roster import read_roster
from cbt_station.artefacts.score import check_score
from cbt_station.artefacts.signed import sign
from cbt_station.artefacts.start import check_start
from cbt_station.artefacts.unlock import open_unlock
from cbt_station.errors import Failure, Tampered
from cbt_station.sealing import release, tiles
from cbt_station.sealing.age import SealedFile, decrypt
from cbt_station.sealing.keyfile import lock, unlock
from cbt_station.sealing.merkle import leaf_hash
from cbt_station.sealing.trust import open_trust
from cbt_station.verify.session import check_pool, check_proof, check_session
from tests.artefacts.test_signers import score_body
from tests.world import (
    LOG_N,
    SESSION,
    VENUE,
    act_body,
    closing_note,
    identity,
    keys,
    proctor,
    sat,
    signing,
    start_body,
    world,
)

HERE = world("official")
Read = Callable[[bytes], Any]

NOT_OPENED = {"age-no-match", "venue-key-wrong", "code-wrong", "passphrase-wrong", "age-work-factor"}
UNKNOWN = {"trust-number-unknown"}


def flips(data: bytes, at_most: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Every byte with one bit flipped and with another letter, or `at_most` seeded places with one bit."""
    places = list(range(len(data)))
    if at_most is not None:
        random.Random(7).shuffle(places)  # noqa: S311 (places of a test, the same every time)
        places = places[:at_most]
    for place in places:
        for mask in (0x01, 0x20) if at_most is None else (1 << place % 8,):
            yield place, data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def campaign(data: bytes, read: Read, *, at_most: int | None = None, allowed: Collection[str] = ()) -> int:
    """Flip, read, judge; how many flips changed nothing that is read."""
    true, outcomes = read(data), [(place, outcome(read, flipped)) for place, flipped in flips(data, at_most)]
    for place, (failure, found) in outcomes:
        if failure is None:
            assert found == true, place
        else:
            assert isinstance(failure, Tampered) or failure.code in allowed, (place, failure)
            assert failure.code
    return sum(failure is None for _, (failure, _) in outcomes)


def outcome(read: Read, data: bytes) -> tuple[Failure | None, Any]:
    """How it was refused, or what was read; any other exception is the test's failure."""
    try:
        return None, read(data)
    except Failure as failure:
        return failure, None


def content(signed: Any) -> Any:
    """What a note says and who signed it: not how a line is spelt."""
    return signed.body, signed.mode, signed.note.signatures


# --- notes ------------------------------------------------------------------------------------------------------


def note_cases() -> dict[str, tuple[bytes, Read]]:
    trust, one = HERE.trust, sat("official")
    admit = check_admit(one.admit, trust)
    start = check_start(one.start, trust, admit)
    score = sign(score_body(), "official", signing("score", "1"))
    act = sign(act_body(HERE, act="end"), "official", proctor(), proctor("bayu"))
    sitting = start_body(HERE).sitting
    revealed = HERE.revealed[names.reveal(SESSION)]
    return {
        "manifest": (HERE.manifest.raw, lambda data: content(check_manifest(data, trust))),
        "draw": (
            HERE.files[names.draw(SESSION)],
            lambda data: content(check_draw(data, trust, HERE.manifest)),
        ),
        "release": (
            HERE.files[names.release(SESSION)],
            lambda data: content(check_release(data, trust, HERE.manifest)),
        ),
        "reveal": (revealed, lambda data: content(check_reveal(data, trust, HERE.manifest))),
        "admit": (one.admit, lambda data: content(check_admit(data, trust))),
        "start": (one.start, lambda data: content(check_start(data, trust, admit))),
        "result": (one.result, lambda data: content(check_result(data, trust, admit, start))),
        "closing": (closing_note(HERE, [one]), lambda data: content(check_closing(data, trust))),
        "act": (act, lambda data: content(check_act(data, trust, VENUE, sitting))),
        "score": (score, lambda data: content(check_score(data, trust))),
    }


@pytest.mark.parametrize("kind", note_cases())
def test_no_byte_of_a_note_can_change(kind: str) -> None:
    data, read = note_cases()[kind]
    assert campaign(data, read, at_most=None if len(data) < 4000 else 1000, allowed=UNKNOWN) == 0


def test_no_byte_of_a_trust_list_can_change() -> None:
    data = HERE.files[names.trust(1)]
    assert campaign(data, lambda changed: open_trust([changed], HERE.trust.id).body, at_most=1000) == 0


def test_unpinned_a_trust_list_is_still_signed_whole() -> None:
    data = HERE.files[names.trust(1)]
    assert campaign(data, lambda changed: open_trust([changed], None).body, at_most=300) == 0


# --- the log ----------------------------------------------------------------------------------------------------


def test_no_byte_of_a_proof_can_change() -> None:
    data = HERE.files[names.tree_proof(HERE.manifest.id)]
    assert campaign(data, lambda changed: check_proof(changed, HERE.trust, "exam", HERE.manifest.id)) == 0


def test_no_byte_of_a_tile_or_an_entry_bundle_can_change_unseen() -> None:
    entries = [*HERE.log.entries, b"x" * 40]
    bundle = tiles.encode_entries(entries)
    hashes = [leaf_hash(entry) for entry in entries]
    tile = b"".join(hashes)
    same = campaign(tile, lambda data: _matching(tiles.parse_tile(data, 3), hashes))
    same += campaign(
        bundle, lambda data: _matching(list(map(leaf_hash, tiles.parse_entries(data, 3))), hashes)
    )
    assert same == 0


def _matching(found: list[bytes], expected: list[bytes]) -> list[bytes]:
    """What a reader of a log does: entries must hash to the tile, the tile to the root."""
    if found != expected:
        raise Tampered("inclusion", index=0, size=3)
    return found


# --- files of a session -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at_most"),
    [
        pytest.param(names.files(SESSION), None, id="files list"),
        pytest.param(names.commitments(SESSION), None, id="commitments"),
        pytest.param(names.positions(SESSION), None, id="positions"),
        pytest.param(names.pool(SESSION), None, id="pool"),
        pytest.param(names.manifest(SESSION), 60, id="manifest"),
        pytest.param(names.draw(SESSION), 60, id="draw"),
        pytest.param(names.unlock(SESSION, VENUE), 60, id="unlock"),
        pytest.param(names.package(SESSION), 60, id="package"),
        pytest.param(names.roster(SESSION, VENUE), 60, id="roster"),
        pytest.param(names.scoring(SESSION, 1), 60, id="scoring"),
    ],
)
def test_a_session_with_one_changed_byte_is_never_true(name: str, at_most: int | None) -> None:
    files = {**HERE.files, **HERE.revealed}
    data = files[name]
    for place, changed in flips(data, at_most or min(len(data), 150)):
        _, steps = check_session({**files, name: changed}, HERE.trust)
        assert steps.verdict in {"false", "not-checkable"}, place
        assert steps.verdict == "false" or all(
            step.code in UNKNOWN or step.verdict == "true" for step in steps.done
        )


@pytest.mark.parametrize("name", [names.files(SESSION), names.commitments(SESSION)])
def test_lists_are_read_strictly_even_without_their_hash(name: str) -> None:
    read: Read = read_files if name.endswith("files") else read_commitments
    data = HERE.files[name]
    true = read(data)
    for _, changed in flips(data):
        try:
            assert read(changed) != true  # another content, which another hash names
        except Tampered:
            continue


def test_no_byte_of_a_pool_can_change() -> None:
    data = HERE.revealed[names.pool(SESSION)]
    assert campaign(data, lambda changed: check_pool(changed, HERE.manifest), at_most=1000) == 0


# --- what is sealed ---------------------------------------------------------------------------------------------


def test_no_byte_of_an_unlock_file_can_change() -> None:
    data, venue = HERE.files[names.unlock(SESSION, VENUE)], identity("venue", VENUE)
    code, recipient = release.read_code(HERE.codes[0].start), HERE.manifest.body.package_recipient
    same = campaign(
        data, lambda changed: open_unlock(changed, venue, code, recipient), at_most=1000, allowed=NOT_OPENED
    )
    assert same == 0


def test_no_byte_of_a_roster_or_a_result_can_change() -> None:
    venue, results = identity("venue", VENUE), identity("results", "1")
    roster = HERE.files[names.roster(SESSION, VENUE)]
    sealed = sat("official").sealed
    assert (
        campaign(roster, lambda data: read_roster(decrypt(data, venue)), at_most=1000, allowed=NOT_OPENED)
        == 0
    )
    assert (
        campaign(sealed, lambda data: read_bundle(decrypt(data, results)), at_most=1000, allowed=NOT_OPENED)
        == 0
    )


def test_no_byte_of_a_package_can_change_where_its_opening_is_signed() -> None:
    data, opening = HERE.files[names.package(SESSION)], HERE.manifest.body.package_opening
    opener = open_unlock(
        HERE.files[names.unlock(SESSION, VENUE)],
        identity("venue", VENUE),
        release.read_code(HERE.codes[0].start),
        HERE.manifest.body.package_recipient,
    )

    def read(changed: bytes) -> dict[str, bytes]:
        package = Package(SealedFile(io.BytesIO(changed), opener, opening=opening))
        return {name: package.read(name) for name in package.members}

    assert campaign(data, read, at_most=1000) == 0


def test_no_byte_of_a_key_file_can_change() -> None:
    one = keys()["cbt.example/committee/a"].require_signing()
    data = lock(one.text, "empat kata rahasia", LOG_N)
    same = campaign(
        data,
        lambda changed: unlock(changed, "empat kata rahasia"),
        at_most=250,
        allowed={*NOT_OPENED, "memory-short"},
    )
    assert same == 0


def test_the_campaign_itself_finds_a_reader_that_does_not_look() -> None:
    data = b"cbt-station/x/v1 test\n"
    with pytest.raises(AssertionError):
        campaign(data, lambda changed: changed)  # believes whatever it reads
    with pytest.raises(UnicodeDecodeError):
        campaign("é".encode(), lambda changed: changed.decode() and 1)  # another exception leaks
    assert campaign(data, lambda _: 1) == 2 * len(data)  # never notices: counted as the same
