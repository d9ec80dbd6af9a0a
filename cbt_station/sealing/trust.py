"""The trust list: who may sign what, and to whom is sealed. Everything that is believed is believed through it.

A list is a note. Number 1 is pinned by its hash at installation. Number N names number N-1 by its id and is signed by
a quorum of the roots of N *and* a quorum of the roots of N-1 (the rule of TUF's root role), with no line to spare: the
roots of N in its order, then those of N-1 that are roots no longer. Revocations are never taken back.

A list that is past its date, and a key that was revoked, are questions with a date handed in: the station's clock may
lie, so the caller decides whose date counts. Dates are RFC 3339 with an offset.

Not here: disk (which list is the newest that was seen), and what an exam is.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias, get_args

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing.body import Mode, NoteBody, is_plain, read_body, write_body
from cbt_station.sealing.cosignature import COSIGNATURE, ML_DSA_44, Cosigner
from cbt_station.sealing.notes import (
    ED25519,
    Note,
    SigningKey,
    Verifier,
    parse_note,
    require_signatures,
    sign_note,
    split_key,
)

Role: TypeAlias = Literal[
    "root", "committee", "release", "venue", "hub", "standby", "proctor", "log", "witness", "score"
]
RecipientRole: TypeAlias = Literal["venue", "results", "escrow"]
ROLES: tuple[str, ...] = get_args(Role)
MUST_HAVE_QUORUM = ("root", "committee", "release")
MAY_COSIGN = ("hub", "standby", "proctor", "log", "witness")
MOST_BYTES = 16 << 20
"""A post-quantum recipient has 2,000 characters, and a country has thousands of venues."""

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class TrustedKey(Struct, frozen=True, forbid_unknown_fields=True):
    """A key in a role. `name` is how people call its holder; the key's own name stands in its signature lines."""

    role: Role
    name: str
    vkey: str


class TrustedRecipient(Struct, frozen=True, forbid_unknown_fields=True):
    role: RecipientRole
    name: str
    recipient: str


class Revoked(Struct, frozen=True, forbid_unknown_fields=True):
    """From `since` on, nothing that this key signs counts. The order of the log says what came before."""

    vkey: str
    since: str


class TrustList(NoteBody, frozen=True, kw_only=True):
    """The text of `trust-N.note`; the field `trust` is its own number N."""

    KIND: ClassVar[str] = "trust"
    MOST_BYTES: ClassVar[int] = MOST_BYTES

    issued: str
    expires: str
    previous: str
    """The id of list N-1, or `none`."""
    log_origin: str
    keys: tuple[TrustedKey, ...]
    recipients: tuple[TrustedRecipient, ...]
    quorums: dict[Role, int]
    pdf: tuple[str, ...]
    """SHA-256 of the certificates that sign papers, in lower-case hex."""
    revoked: tuple[Revoked, ...]


@dataclass(frozen=True)
class Trust:
    """A trust list that was checked back to the pinned one. Made by `open_trust` only."""

    body: TrustList
    mode: Mode
    note: Note
    revoked: tuple[Revoked, ...]
    """Of the newest list known, even where this is an older one."""
    chain: tuple[tuple[TrustList, Note], ...]

    @property
    def number(self) -> int:
        return self.body.trust

    @property
    def id(self) -> str:
        return self.note.id

    @property
    def log_origin(self) -> str:
        return self.body.log_origin

    @property
    def pdf(self) -> tuple[str, ...]:
        return self.body.pdf

    def at(self, number: int) -> "Trust":
        """The list of that number, under which a note says it was signed; with the newest revocations."""
        if not 1 <= number <= len(self.chain):
            raise Trouble("trust-number-unknown", number=number, newest=self.chain[-1][0].trust)
        body, note = self.chain[number - 1]
        return Trust(body, self.mode, note, self.revoked, self.chain)

    def verifiers(self, role: str) -> tuple[Verifier, ...]:
        """The role's keys that sign notes, in the list's order."""
        return _verifiers(self.body, role)

    def cosigners(self, role: str) -> tuple[Cosigner, ...]:
        """The role's keys that cosign checkpoints, in the list's order."""
        return tuple(
            Cosigner.parse(key.vkey) for key in self.body.keys if key.role == role and not _signs(key.vkey)
        )

    def verifier(self, role: str, name: str) -> Verifier:
        """The note-signing key of one holder, or Refusal("trust-unknown-key")."""
        for key in self.body.keys:
            if (key.role, key.name) == (role, name) and _signs(key.vkey):
                return Verifier.parse(key.vkey)
        raise Refusal("trust-unknown-key", role=role, name=name)

    def cosigner(self, role: str, name: str) -> Cosigner:
        """The cosigning key of one holder, or Refusal("trust-unknown-key")."""
        for key in self.body.keys:
            if (key.role, key.name) == (role, name) and not _signs(key.vkey):
                return Cosigner.parse(key.vkey)
        raise Refusal("trust-unknown-key", role=role, name=name)

    def name_of(self, role: str, verifier: Verifier) -> str:
        """The holder of a key, or Refusal("trust-unknown-key")."""
        for key in self.body.keys:
            if key.role == role and key.vkey == verifier.text:
                return key.name
        raise Refusal("trust-unknown-key", role=role, name=verifier.name)

    def recipient(self, role: str, name: str) -> str:
        """The age recipient of one holder, or Refusal("trust-unknown-recipient")."""
        for one in self.body.recipients:
            if (one.role, one.name) == (role, name):
                return one.recipient
        raise Refusal("trust-unknown-recipient", role=role, name=name)

    def recipients(self, role: str) -> tuple[str, ...]:
        """The age recipients of a role, in the list's order."""
        return tuple(one.recipient for one in self.body.recipients if one.role == role)

    def quorum(self, role: str) -> int:
        """How many of a role must sign, or Refusal("trust-no-quorum") where the list sets none."""
        for one, quorum in self.body.quorums.items():
            if one == role:
                return quorum
        raise Refusal("trust-no-quorum", role=role)

    def is_revoked(self, vkey: str, at: datetime) -> bool:
        """Whether a key was revoked at that time, by the newest list known."""
        return any(one.vkey == vkey and _instant(one.since) <= at for one in self.revoked)

    def require_unrevoked(self, key: Verifier | Cosigner, at: datetime) -> None:
        if self.is_revoked(key.text, at):
            raise Tampered("key-revoked", name=key.name)

    def require_current(self, at: datetime) -> None:
        """Raise Refusal("trust-expired" or "trust-not-yet") where the list does not hold at that time."""
        if at < _instant(self.body.issued):
            raise Refusal("trust-not-yet", issued=self.body.issued, number=self.number)
        if at >= _instant(self.body.expires):
            raise Refusal("trust-expired", expires=self.body.expires, number=self.number)


def sign_trust(body: TrustList, mode: Mode, *root_keys: SigningKey) -> bytes:
    """The bytes of a trust list, its lines in the order that `open_trust` asks for.

    Roots that are no longer in the list come last, in the order given. Refusal("trust-unfit") where the list itself
    would be refused.
    """
    try:
        _check_content(body)
    except Tampered as error:
        raise Refusal("trust-unfit", reason=error.facts.get("reason", error.code)) from error
    order = [verifier.text for verifier in _verifiers(body, "root")]
    placed = sorted(
        root_keys,
        key=lambda key: order.index(key.verifier.text) if key.verifier.text in order else len(order),
    )
    return sign_note(write_body(body, mode), *placed)


def open_trust(chain: Sequence[bytes], pinned: str | None) -> Trust:
    """The newest list of a chain from number 1 on, every step checked.

    1. The first list has the pinned id (where one is pinned), is number 1 and follows nothing.
    2. Every list is well-formed in itself: distinct good keys, quorums that can be met, dates in order.
    3. Every list follows the one before it: number, id, mode, date, revocations kept, no revoked key back in a role.
    4. Every list is signed by a quorum of its own roots and of the roots before it, in order, with no line to spare.
    """
    if not chain:
        raise Trouble("trust-missing")
    read: list[tuple[TrustList, Note]] = []
    mode: Mode | None = None
    for data in chain:
        note = parse_note(data, most_bytes=MOST_BYTES)
        body, own_mode = read_body(note.text, TrustList)
        if not read and pinned is not None and note.id != pinned:  # 1
            raise Tampered("trust-pin", id=note.id, pinned=pinned)
        if mode is not None and own_mode != mode:
            raise Tampered("mode-mixed", where=f"trust {body.trust}", mode=own_mode, expected=mode)
        _check_content(body)  # 2
        _check_follows(body, read[-1] if read else None)  # 3
        _check_roots(body, note, read[-1][0] if read else body)  # 4
        mode = own_mode
        read.append((body, note))
    body, note = read[-1]
    return Trust(body, own_mode, note, body.revoked, tuple(read))


def require_quorum(note: Note, trust: Trust, role: str) -> tuple[Verifier, ...]:
    """Exactly the quorum of a role signed, distinct keys in the list's order, and nobody else. Returns who."""
    known = {(one.name, one.key_id): one for one in trust.verifiers(role)}
    lines = [(line.name, line.key_id) for line in note.signatures]
    for line in lines:
        if line not in known:
            raise Tampered("signature-extra", name=line[0])
    quorum = trust.quorum(role)
    count = len(set(lines))
    if count < quorum:
        raise Tampered("quorum-missed", role=role, count=count, quorum=quorum)
    if len(lines) > quorum:
        raise Tampered("signature-extra", name=lines[-1][0])
    signers = tuple(one for key, one in known.items() if key in lines)
    require_signatures(note, *signers)
    return signers


# --- the steps of open_trust ------------------------------------------------------------------------------------


def _check_content(body: TrustList) -> None:
    """Step 2: what can be said of one list alone."""
    parsed = [(key, _parse_key(key)) for key in body.keys]
    _require(body.trust >= 1, "number")
    _require(_instant(body.issued) < _instant(body.expires), "dates")
    _require(body.previous == "none" or _is_sha256(body.previous), "previous")
    _require(body.log_origin.strip() == body.log_origin != "", "log-origin")
    _require_distinct([one.public for _, one in parsed], "keys")
    _require_distinct([(one.name, one.key_id) for _, one in parsed], "keys")
    _require_distinct([(key.role, key.name, isinstance(one, Verifier)) for key, one in parsed], "holders")
    _require_distinct([(one.role, one.name) for one in body.recipients], "recipients")
    _require_distinct([one.recipient for one in body.recipients if one.role != "venue"], "recipients")
    _require(all(_is_recipient(one.recipient) for one in body.recipients), "recipients")
    _require(all(_is_name(one.name) for one in body.keys), "names")
    _require(all(_is_name(one.name) for one in body.recipients), "names")
    _require_distinct(body.pdf, "pdf")
    _require(all(_is_sha256(one) for one in body.pdf), "pdf")
    _require_distinct([one.vkey for one in body.revoked], "revoked")
    for one in body.revoked:
        _instant(one.since)
    _check_quorums(body)


def _check_quorums(body: TrustList) -> None:
    for role in MUST_HAVE_QUORUM:
        _require(role in body.quorums, "quorums")
    for role, quorum in body.quorums.items():
        # Witnesses only cosign; everyone else's quorum counts keys that sign notes.
        holders = [key for key in body.keys if key.role == role and _signs(key.vkey) is (role != "witness")]
        _require(1 <= quorum <= len(holders), "quorums")


def _check_follows(body: TrustList, before: tuple[TrustList, Note] | None) -> None:
    """Step 3, and the start of it: what a list says of the one before."""
    if before is None:
        if body.trust != 1 or body.previous != "none":
            raise Tampered("trust-order", number=body.trust, expected=1)
    else:
        last, last_note = before
        if body.trust != last.trust + 1:
            raise Tampered("trust-order", number=body.trust, expected=last.trust + 1)
        if body.previous != last_note.id:
            raise Tampered("trust-previous", number=body.trust)
        if _instant(body.issued) < _instant(last.issued):
            raise Tampered("trust-malformed", number=body.trust, reason="dates")
        if not set(last.revoked) <= set(body.revoked):
            raise Tampered("trust-unrevoked", number=body.trust)
    revoked = {one.vkey for one in body.revoked}
    for key in body.keys:
        if key.vkey in revoked:
            raise Tampered("key-revoked", name=key.name)


def _check_roots(body: TrustList, note: Note, before: TrustList) -> None:
    """Step 4: both quorums of roots, in order, no line to spare."""
    new, old = _verifiers(body, "root"), _verifiers(before, "root")
    known = {(one.name, one.key_id): one for one in (*new, *old)}
    signers = [known[key] for line in note.signatures if (key := (line.name, line.key_id)) in known]
    counts = Counter({"new": len({*signers} & {*new}), "old": len({*signers} & {*old})})
    quorums = {"new": body.quorums["root"], "old": before.quorums["root"]}
    for which, quorum in quorums.items():
        if counts[which] < quorum:
            raise Tampered("quorum-missed", role="root", count=counts[which], quorum=quorum, which=which)
    for one in signers:
        spare_new = one not in new or counts["new"] > quorums["new"]
        spare_old = one not in old or counts["old"] > quorums["old"]
        if spare_new and spare_old:
            raise Tampered("signature-extra", name=one.name)
    require_signatures(note, *(one for one in known.values() if one in signers))


# --- small questions --------------------------------------------------------------------------------------------


def _verifiers(body: TrustList, role: str) -> tuple[Verifier, ...]:
    return tuple(Verifier.parse(key.vkey) for key in body.keys if key.role == role and _signs(key.vkey))


def _signs(vkey: str) -> bool:
    return split_key(vkey)[2] == ED25519


def _parse_key(key: TrustedKey) -> Verifier | Cosigner:
    kind = split_key(key.vkey)[2]
    if kind in (COSIGNATURE, ML_DSA_44) and key.role in MAY_COSIGN:
        return Cosigner.parse(key.vkey)
    _require(key.role != "witness", "keys")
    return Verifier.parse(key.vkey)


def _instant(text: str) -> datetime:
    """A point in time from RFC 3339 with an offset."""
    _require(_RFC_3339.fullmatch(text) is not None, "dates")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Tampered("trust-malformed", reason="dates") from error


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(ch in "0123456789abcdef" for ch in text)


def _is_recipient(text: str) -> bool:
    return (
        text.startswith("age1")
        and text.isascii()
        and text.isalnum()
        and text == text.lower()
        and len(text) < 4096
    )


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 200 and name == name.strip() and is_plain(name) and "\n" not in name


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise Tampered("trust-malformed", reason=reason)


def _require_distinct(values: Sequence[object], reason: str) -> None:
    _require(len(set(values)) == len(values), reason)
