"""The trust list: from one list to the next, who counts, and what no list may say.

The table of rotations follows the cases that TUF's clients are tested with. Single signature lines are in
test_notes.py, weak keys in test_good_key.py.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing.body import Mode, write_body
from cbt_station.sealing.cosignature import COSIGNATURE, Cosigner, CosigningKey
from cbt_station.sealing.notes import Note, SigningKey, Verifier, parse_note, sign_note
from cbt_station.sealing.trust import (
    Revoked,
    Trust,
    TrustedKey,
    TrustedRecipient,
    TrustList,
    open_trust,
    require_quorum,
    sign_trust,
)

A, B, C, D, E, F = (
    SigningKey.from_seed(f"example.id/root/{name}", bytes([at]) * 32) for at, name in enumerate("abcdef", 1)
)
CHAIR, CLERK, THIRD = (
    SigningKey.from_seed(f"example.id/committee/{at}", bytes([10 + at]) * 32) for at in range(3)
)
OFFICER = SigningKey.from_seed("example.id/release", b"\x20" * 32)
VENUE = SigningKey.from_seed("example.id/venue/jkt-07", b"\x21" * 32)
HUB = SigningKey.from_seed("example.id/hub/1", b"\x22" * 32)
HUB_COSIGN = CosigningKey.from_seed("example.id/hub/1", b"\x23" * 32)
WITNESS = CosigningKey.from_seed("example.id/witness", b"\x24" * 32)
SINCE = Revoked(A.verifier.text, "2026-12-01T00:00:00Z")


def roots(*keys: SigningKey) -> tuple[TrustedKey, ...]:
    return tuple(TrustedKey("root", key.name.rpartition("/")[2], key.verifier.text) for key in keys)


OTHERS = (
    TrustedKey("committee", "chair", CHAIR.verifier.text),
    TrustedKey("committee", "clerk", CLERK.verifier.text),
    TrustedKey("committee", "third", THIRD.verifier.text),
    TrustedKey("release", "officer", OFFICER.verifier.text),
    TrustedKey("venue", "jkt-07", VENUE.verifier.text),
    TrustedKey("hub", "hub-1", HUB.verifier.text),
    TrustedKey("hub", "hub-1", HUB_COSIGN.verifier.text),
    TrustedKey("witness", "press", WITNESS.verifier.text),
)
QUORUMS: Any = {"root": 1, "committee": 2, "release": 1, "witness": 1}


def trust_list(*root_keys: SigningKey, quorum: int = 1, **changes: Any) -> TrustList:
    body = TrustList(
        trust=1,
        issued="2026-11-24T08:00:00+07:00",
        expires="2027-11-24T08:00:00+07:00",
        previous="none",
        log_origin="example.id/log/test",
        keys=(*roots(*root_keys), *OTHERS),
        recipients=(
            TrustedRecipient("venue", "jkt-07", "age1pq1venue"),
            TrustedRecipient("results", "committee", "age1pq1results"),
            TrustedRecipient("escrow", "agency", "age1pq1escrow"),
        ),
        quorums={**QUORUMS, "root": quorum},
        pdf=("ab" * 32,),
        revoked=(),
    )
    return replace(body, **changes)


def signed(body: TrustList, *keys: SigningKey, mode: Mode = "test") -> bytes:
    """Signed in exactly the order given: `sign_trust` would put it right."""
    return sign_note(write_body(body, mode), *keys)


def following(first: bytes, *root_keys: SigningKey, quorum: int = 1, **changes: Any) -> TrustList:
    changes = {"trust": 2, "previous": parse_note(first).id, **changes}
    return trust_list(*root_keys, quorum=quorum, **changes)


def doubled(data: bytes) -> bytes:
    note = parse_note(data)
    return Note(note.text, note.signatures * 2).raw


# --- rotations ---


class Rotation:
    """List 1 and list 2, and what is to come of the chain."""

    def __init__(
        self,
        name: str,
        old: Sequence[SigningKey],
        new: Sequence[SigningKey],
        signers: Sequence[SigningKey],
        code: str | None = None,
        *,
        quorums: tuple[int, int] = (1, 1),
        change: Callable[[bytes], bytes] = lambda data: data,
        **changes: Any,
    ) -> None:
        self.name, self.code, self.change = name, code, change
        self.old, self.new, self.signers, self.quorums, self.changes = old, new, signers, quorums, changes

    def chain(self) -> list[bytes]:
        first = signed(trust_list(*self.old, quorum=self.quorums[0]), *self.old[: self.quorums[0]])
        second = following(first, *self.new, quorum=self.quorums[1], **self.changes)
        return [first, self.change(signed(second, *self.signers))]


ROTATIONS = [
    Rotation("1-of-1, the same root", [A], [A], [A]),
    Rotation("1-of-1 rotation", [A], [B], [B, A]),
    Rotation("1-of-1, unsigned by the new root", [A], [B], [A], "quorum-missed"),
    Rotation("1-of-1, unsigned by the old root", [A], [B], [B], "quorum-missed"),
    Rotation("1-of-1, old before new", [A], [B], [A, B], "signature-order"),
    Rotation("1-of-1, signed by a stranger", [A], [B], [C], "quorum-missed"),
    Rotation("1-of-1, a stranger too", [A], [B], [B, A, C], "signature-extra"),
    Rotation("1-of-1, one key's line twice", [A], [A], [A], "signature-extra", change=doubled),
    Rotation("2-of-3 to 2-of-3, one root replaced, the two that stay sign", [A, B, C], [A, B, D], [A, B], quorums=(2, 2)),
    Rotation("2-of-3 to 2-of-3, one stays, one comes, one goes", [A, B, C], [A, D, E], [A, D, B], quorums=(2, 2)),
    Rotation("2-of-3, all replaced", [A, B, C], [D, E, F], [D, E, A, B], quorums=(2, 2)),
    Rotation("2-of-3, all replaced, one old short", [A, B, C], [D, E, F], [D, E, A], "quorum-missed", quorums=(2, 2)),
    Rotation("2-of-3, all replaced, one new short", [A, B, C], [D, E, F], [D, A, B], "quorum-missed", quorums=(2, 2)),
    Rotation("2-of-3, all replaced, one old too many", [A, B, C], [D, E, F], [D, E, A, B, C], "signature-extra", quorums=(2, 2)),
    Rotation("2-of-3, all replaced, one new too many", [A, B, C], [D, E, F], [D, E, F, A, B], "signature-extra", quorums=(2, 2)),
    Rotation("2-of-3, three of the same sign", [A, B, C], [A, B, C], [A, B, C], "signature-extra", quorums=(2, 2)),
    Rotation("2-of-3, one of the same signs", [A, B, C], [A, B, C], [A], "quorum-missed", quorums=(2, 2)),
    Rotation("2-of-3, one signs twice", [A, B, C], [A, B, C], [A], "quorum-missed", quorums=(2, 2), change=doubled),
    Rotation("2-of-3, wrong order", [A, B, C], [A, B, C], [B, A], "signature-order", quorums=(2, 2)),
    Rotation("2-of-3, the new list's order counts", [A, B, C], [C, B, A], [C, A], quorums=(2, 2)),
    Rotation("quorum raised from 2 to 3", [A, B, C], [A, B, C], [A, B, C], quorums=(2, 3)),
    Rotation("quorum raised from 2 to 3, two sign", [A, B, C], [A, B, C], [A, B], "quorum-missed", quorums=(2, 3)),
    Rotation("quorum lowered from 3 to 2", [A, B, C], [A, B, C], [A, B, C], quorums=(3, 2)),
    Rotation("quorum lowered from 3 to 2, two sign", [A, B, C], [A, B, C], [A, B], "quorum-missed", quorums=(3, 2)),
    Rotation("a committee member signs for a root", [A], [A], [A, CHAIR], "signature-extra"),
    Rotation("a skipped number", [A], [A], [A], "trust-order", trust=3),
    Rotation("the same number again", [A], [A], [A], "trust-order", trust=1),
    Rotation("a list that follows another one", [A], [A], [A], "trust-previous", previous="00" * 32),
    Rotation("a list that follows nothing", [A], [A], [A], "trust-previous", previous="none"),
    Rotation("issued before the one before", [A], [A], [A], "trust-malformed", issued="2026-11-24T00:59:59Z"),
    Rotation("issued at the same moment elsewhere", [A], [A], [A], issued="2026-11-24T01:00:00Z"),
    Rotation("the old root revoked as it leaves", [A], [B], [B, A], revoked=(SINCE,)),
    Rotation("a revoked root that stays", [A], [A], [A], "key-revoked", revoked=(SINCE,)),
]  # fmt: skip


@pytest.mark.parametrize("rotation", [pytest.param(one, id=one.name) for one in ROTATIONS])
def test_rotation(rotation: Rotation) -> None:
    chain = rotation.chain()
    if rotation.code is None:
        trust = open_trust(chain, parse_note(chain[0]).id)
        assert (trust.number, trust.id) == (2, parse_note(chain[1]).id)
    else:
        with pytest.raises(Tampered) as caught:
            open_trust(chain, parse_note(chain[0]).id)
        assert caught.value.code == rotation.code


@pytest.mark.parametrize(
    "rotation", [pytest.param(one, id=one.name) for one in ROTATIONS if one.code is None]
)
def test_signing_puts_the_lines_in_order(rotation: Rotation) -> None:
    first, second = rotation.chain()
    body = open_trust([first, second], None).body
    keys = sorted(
        rotation.signers, key=lambda key: key.name in {one.name for one in rotation.old}, reverse=True
    )
    assert parse_note(sign_trust(body, "test", *keys)).raw == second


def test_a_chain_of_three_needs_every_step() -> None:
    first = signed(trust_list(A), A)
    second = signed(following(first, B), B, A)
    third = signed(following(second, C, trust=3), C, B)
    pinned = parse_note(first).id
    assert open_trust([first, second, third], pinned).number == 3
    for broken in (
        [first, third],
        [second, third],
        [third],
        [second, first],
        [first, first],
        [first, second, second],
    ):
        with pytest.raises(Tampered):
            open_trust(broken, pinned)


def test_a_list_that_only_the_root_before_last_signed_is_refused() -> None:
    first = signed(trust_list(A), A)
    second = signed(following(first, B), B, A)
    third = signed(following(second, C, trust=3), C, A)
    with pytest.raises(Tampered, match="quorum-missed"):
        open_trust([first, second, third], None)


# --- the first list ---


def test_the_first_list_is_the_pinned_one_or_none() -> None:
    first = signed(trust_list(A), A)
    assert open_trust([first], parse_note(first).id).number == 1
    assert open_trust([first], None).number == 1
    other = signed(trust_list(B), B)
    with pytest.raises(Tampered, match="trust-pin"):
        open_trust([other], parse_note(first).id)


def test_without_a_list_nothing_is_checkable() -> None:
    with pytest.raises(Trouble, match="trust-missing"):
        open_trust([], None)


@pytest.mark.parametrize(
    ("changes", "signers", "code"),
    [
        pytest.param({"trust": 2}, [A], "trust-order", id="number two"),
        pytest.param({"trust": 0}, [A], "trust-malformed", id="number zero"),
        pytest.param({"previous": "00" * 32}, [A], "trust-order", id="follows something"),
        pytest.param({}, [B], "quorum-missed", id="signed by a stranger"),
        pytest.param({}, [A, B], "signature-extra", id="a stranger too"),
    ],
)
def test_is_not_a_first_list(changes: Any, signers: list[SigningKey], code: str) -> None:
    with pytest.raises(Tampered, match=code):
        open_trust([signed(trust_list(A, **changes), *signers)], None)


def test_official_and_test_are_never_mixed() -> None:
    first = signed(trust_list(A), A)
    with pytest.raises(Tampered, match="mode-mixed"):
        open_trust([first, signed(following(first, A), A, mode="official")], None)
    assert open_trust([signed(trust_list(A), A, mode="official")], None).mode == "official"


def test_every_flipped_byte_of_a_chain_is_refused() -> None:
    first = signed(trust_list(A), A)
    second = signed(following(first, B), B, A)
    pinned = parse_note(first).id
    for at in range(0, len(second), 3):
        changed = second[:at] + bytes([second[at] ^ 0x01]) + second[at + 1 :]
        with pytest.raises(Tampered):
            open_trust([first, changed], pinned)
    for at in range(0, len(first), 3):
        with pytest.raises(Tampered):
            open_trust([first[:at] + bytes([first[at] ^ 0x20]) + first[at + 1 :], second], pinned)


def test_another_kind_of_note_is_no_trust_list() -> None:
    text = write_body(trust_list(A), "test").replace("cbt-station/trust/", "cbt-station/release/")
    with pytest.raises(Tampered, match="note-type"):
        open_trust([sign_note(text, A)], None)


# --- what no list may say ---

WEAK = Verifier("example.id/weak", b"\x01" + bytes(31))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"keys": (*roots(A), *OTHERS, *roots(A))}, "trust-malformed", id="a key twice"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "a", A.verifier.text))}, "trust-malformed", id="a key in two roles"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "x", SigningKey("other", A.seed).verifier.text))}, "trust-malformed", id="a key under two names"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("witness", "x", CosigningKey("other", A.seed).verifier.text))}, "trust-malformed", id="a key of two types"),
        pytest.param({"keys": (*roots(A, B), *OTHERS, TrustedKey("root", "a", C.verifier.text))}, "trust-malformed", id="two keys of one holder"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "weak", WEAK.text))}, "key-weak", id="a weak key"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("witness", "weak", Cosigner("w", COSIGNATURE, WEAK.public).text))}, "key-weak", id="a weak witness"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "x", "nonsense"))}, "key-malformed", id="a key that is none"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "x", CosigningKey("w", b"\x09" * 32).verifier.text))}, "key-malformed", id="a cosigner where notes are signed"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("witness", "x", B.verifier.text))}, "trust-malformed", id="a witness that signs notes"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", " x", B.verifier.text))}, "trust-malformed", id="a name with a space before"),
        pytest.param({"keys": (*roots(A), *OTHERS, TrustedKey("score", "", B.verifier.text))}, "trust-malformed", id="no name"),
        pytest.param({"quorums": {**QUORUMS, "root": 2}}, "trust-malformed", id="more roots needed than there are"),
        pytest.param({"quorums": {**QUORUMS, "root": 0}}, "trust-malformed", id="a quorum of nobody"),
        pytest.param({"quorums": {**QUORUMS, "committee": -1}}, "trust-malformed", id="a negative quorum"),
        pytest.param({"quorums": {**QUORUMS, "witness": 2}}, "trust-malformed", id="more witnesses needed than there are"),
        pytest.param({"quorums": {**QUORUMS, "hub": 2}}, "trust-malformed", id="a cosigning key counted as signing"),
        pytest.param({"quorums": {"root": 1, "committee": 1}}, "trust-malformed", id="no quorum of release officers"),
        pytest.param({"issued": "2027-11-24T08:00:00+07:00"}, "trust-malformed", id="expires as it is issued"),
        pytest.param({"issued": "2026-11-24"}, "trust-malformed", id="a date without a time"),
        pytest.param({"issued": "2026-11-24T08:00:00"}, "trust-malformed", id="a time without an offset"),
        pytest.param({"issued": "2026-13-24T08:00:00Z"}, "trust-malformed", id="a thirteenth month"),
        pytest.param({"expires": "tomorrow"}, "trust-malformed", id="no date"),
        pytest.param({"pdf": ("AB" * 32,)}, "trust-malformed", id="a hash in upper case"),
        pytest.param({"pdf": ("ab" * 32, "ab" * 32)}, "trust-malformed", id="a certificate twice"),
        pytest.param({"previous": "nothing"}, "trust-malformed", id="no id before"),
        pytest.param({"recipients": (TrustedRecipient("results", "x", "AGE1PQ1X"),)}, "trust-malformed", id="a recipient in upper case"),
        pytest.param({"recipients": (TrustedRecipient("results", "x", "AGE-SECRET-KEY-1"),)}, "trust-malformed", id="a private key as recipient"),
        pytest.param({"recipients": (TrustedRecipient("results", "x", "age1a"), TrustedRecipient("results", "x", "age1b"))}, "trust-malformed", id="a recipient's name twice"),
        pytest.param({"recipients": (TrustedRecipient("results", "x", "age1a"), TrustedRecipient("escrow", "y", "age1a"))}, "trust-malformed", id="results and escrow the same"),
        pytest.param({"revoked": (SINCE, SINCE)}, "trust-malformed", id="revoked twice"),
        pytest.param({"revoked": (SINCE,)}, "key-revoked", id="trusted and revoked"),
        pytest.param({"revoked": (Revoked(F.verifier.text, "soon"),)}, "trust-malformed", id="revoked without a date"),
    ],
)  # fmt: skip
def test_no_list_says(changes: Any, code: str) -> None:
    with pytest.raises(Tampered) as caught:
        open_trust([signed(trust_list(A, **changes), A)], None)
    assert caught.value.code == code


def test_a_draft_that_would_be_refused_is_not_signed() -> None:
    with pytest.raises(Refusal, match="trust-unfit"):
        sign_trust(trust_list(A, quorum=2), "test", A)


@pytest.mark.parametrize("role", ["Root", "admin", ""])
def test_an_unknown_role_is_no_line_of_a_list(role: str) -> None:
    text = write_body(trust_list(A), "test").replace('"role":"root"', f'"role":"{role}"')
    with pytest.raises(Tampered, match="note-body"):
        open_trust([sign_note(text, A)], None)


# --- revocation and dates ---


def test_a_revocation_is_never_taken_back() -> None:
    first = signed(trust_list(A), A)
    second = signed(following(first, B, revoked=(SINCE,)), B, A)
    for revoked in ((), (replace(SINCE, since="2027-01-01T00:00:00Z"),)):
        with pytest.raises(Tampered, match="trust-unrevoked"):
            open_trust([first, second, signed(following(second, B, trust=3, revoked=revoked), B)], None)
    with pytest.raises(Tampered, match="key-revoked"):
        open_trust([first, second, signed(following(second, B, A, trust=3, revoked=(SINCE,)), B)], None)


def test_a_revoked_key_is_so_from_its_moment_on_under_every_list() -> None:
    first = signed(trust_list(A), A)
    trust = open_trust([first, signed(following(first, B, revoked=(SINCE,)), B, A)], None)
    moment = datetime(2026, 12, 1, 7, 0, tzinfo=timezone(timedelta(hours=7)))
    for under in (trust, trust.at(1)):
        assert under.is_revoked(A.verifier.text, moment)
        assert not under.is_revoked(A.verifier.text, moment - timedelta(microseconds=1))
        assert not under.is_revoked(B.verifier.text, moment)
        under.require_unrevoked(B.verifier, moment)
        with pytest.raises(Tampered, match="key-revoked"):
            under.require_unrevoked(A.verifier, moment)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        pytest.param(datetime(2026, 11, 24, 0, 59, 59, tzinfo=UTC), "trust-not-yet", id="a second early"),
        pytest.param(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), None, id="the first moment"),
        pytest.param(datetime(2027, 11, 24, 0, 59, 59, tzinfo=UTC), None, id="the last second"),
        pytest.param(datetime(2027, 11, 24, 1, 0, tzinfo=UTC), "trust-expired", id="the end is too late"),
    ],
)
def test_a_list_holds_between_its_dates(at: datetime, code: str | None) -> None:
    trust = open_trust([signed(trust_list(A), A)], None)
    if code is None:
        trust.require_current(at)
    else:
        with pytest.raises(Refusal, match=code):
            trust.require_current(at)


# --- asking ---


def trust() -> Trust:
    return open_trust([signed(trust_list(A), A)], None)


def test_who_holds_what() -> None:
    asked = trust()
    assert asked.verifiers("committee") == (CHAIR.verifier, CLERK.verifier, THIRD.verifier)
    assert asked.verifiers("hub") == (HUB.verifier,)
    assert asked.cosigners("hub") == (HUB_COSIGN.verifier,)
    assert asked.cosigners("witness") == (WITNESS.verifier,)
    assert asked.verifiers("witness") == asked.cosigners("committee") == asked.verifiers("proctor") == ()
    assert asked.verifier("venue", "jkt-07") == VENUE.verifier
    assert asked.verifier("hub", "hub-1") == HUB.verifier
    assert asked.cosigner("hub", "hub-1") == HUB_COSIGN.verifier
    assert asked.name_of("committee", CLERK.verifier) == "clerk"
    assert asked.recipient("venue", "jkt-07") == "age1pq1venue"
    assert asked.recipients("results") == ("age1pq1results",)
    assert (asked.quorum("committee"), asked.log_origin, asked.pdf) == (
        2,
        "example.id/log/test",
        ("ab" * 32,),
    )


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        pytest.param(lambda asked: asked.verifier("venue", "jkt-08"), "trust-unknown-key", id="no such venue"),
        pytest.param(lambda asked: asked.verifier("hub", "jkt-07"), "trust-unknown-key", id="another role's holder"),
        pytest.param(lambda asked: asked.verifier("witness", "press"), "trust-unknown-key", id="a witness signs no notes"),
        pytest.param(lambda asked: asked.cosigner("venue", "jkt-07"), "trust-unknown-key", id="a venue does not cosign"),
        pytest.param(lambda asked: asked.name_of("root", CLERK.verifier), "trust-unknown-key", id="the clerk is no root"),
        pytest.param(lambda asked: asked.recipient("venue", "jkt-08"), "trust-unknown-recipient", id="no such recipient"),
        pytest.param(lambda asked: asked.quorum("proctor"), "trust-no-quorum", id="no quorum set"),
    ],
)  # fmt: skip
def test_the_list_does_not_know(ask: Callable[[Trust], object], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        ask(trust())


def test_an_older_list_answers_for_what_was_signed_under_it() -> None:
    first = signed(trust_list(A), A)
    second = following(first, B, keys=(*roots(B), *OTHERS[1:]), quorums=QUORUMS)
    newest = open_trust([first, signed(second, B, A)], None)
    assert CHAIR.verifier not in newest.verifiers("committee")
    assert CHAIR.verifier in newest.at(1).verifiers("committee")
    assert newest.at(2).id == newest.at(1).at(2).id == newest.id
    for number in (0, 3, -1):
        with pytest.raises(Trouble, match="trust-number-unknown"):
            newest.at(number)


# --- quorums over other notes ---


@pytest.mark.parametrize(
    ("signers", "code"),
    [
        pytest.param([CHAIR, CLERK], None, id="two of three"),
        pytest.param([CHAIR, THIRD], None, id="another two of three"),
        pytest.param([CHAIR], "quorum-missed", id="one of three"),
        pytest.param([CHAIR, CLERK, THIRD], "signature-extra", id="three of three"),
        pytest.param([CLERK, CHAIR], "signature-order", id="wrong order"),
        pytest.param([CHAIR, CLERK, A], "signature-extra", id="a root too"),
        pytest.param([CHAIR, A], "signature-extra", id="a root instead"),
        pytest.param([OFFICER], "signature-extra", id="another role"),
    ],
)
def test_a_quorum_of_the_committee(signers: list[SigningKey], code: str | None) -> None:
    note = parse_note(sign_note("text\n", *signers))
    if code is None:
        assert require_quorum(note, trust(), "committee") == tuple(key.verifier for key in signers)
    else:
        with pytest.raises(Tampered, match=code):
            require_quorum(note, trust(), "committee")


def test_one_member_twice_is_one_member() -> None:
    with pytest.raises(Tampered, match="quorum-missed"):
        require_quorum(parse_note(doubled(sign_note("text\n", CHAIR))), trust(), "committee")


def test_a_false_signature_of_a_member_is_bad() -> None:
    note = parse_note(sign_note("text\n", CHAIR, CLERK))
    with pytest.raises(Tampered, match="signature-bad"):
        require_quorum(Note("other\n", note.signatures), trust(), "committee")


def test_a_country_s_list_is_opened() -> None:
    venues = [SigningKey.from_seed(f"v/{number}", number.to_bytes(32, "big")) for number in range(1, 301)]
    body = trust_list(
        A,
        keys=(*roots(A), *OTHERS[:4], *(TrustedKey("venue", key.name, key.verifier.text) for key in venues)),
        recipients=tuple(TrustedRecipient("venue", key.name, "age1pq1" + "q" * 1950) for key in venues) * 1,
        quorums={"root": 1, "committee": 2, "release": 1},
    )
    assert len(open_trust([signed(body, A)], None).verifiers("venue")) == 300
