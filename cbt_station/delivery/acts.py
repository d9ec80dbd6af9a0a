"""A proctor's acts at a station: checked, or made here with the proctor's key and PIN. Nothing of it needs a network."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Final

from cbt_station.artefacts.act import ActNote, check_act, require_counts
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.key_file import read_key_file
from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import Signed, read, read_under, sign
from cbt_station.delivery.clock import wall_instant
from cbt_station.delivery.journal import Journal, SittingFacts
from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.exam.clock import Reading
from cbt_station.exam.events import ActDone
from cbt_station.sealing.body import Mode, read_body, write_body
from cbt_station.sealing.notes import Note, SigningKey
from cbt_station.sealing.trust import Trust

SECOND_LOST: Final = "second-place-lost"


def unlock_signing_key(
    data: bytes, secret: str, trust: Trust, role: str, venue: str | None, now: Reading
) -> SigningKey:
    """A signing key from its file: it is in the trust list in that role (and at that venue).

    Refusal("passphrase-wrong"), ("key-not-trusted"); Tampered("key-revoked").
    """
    key = read_key_file(data, secret).require_signing()
    known = {verifier.text for verifier in trust.verifiers(role)}
    if key.verifier.text not in known or (venue and not belongs_to_venue(key.name, role, venue)):
        raise Refusal("key-not-trusted", role=role, name=key.name)
    trust.require_unrevoked(key.verifier, wall_instant(now))
    return key


def checked_act(data: bytes, trust: Trust, journal: Journal) -> Signed[ActNote]:
    """An act for this sitting that its proctors signed, at a head that this journal really had, and that counts.

    What is taken here is true to whoever checks the result: else a proctor could spoil it with two acts of one nonce.

    In test mode an unsigned one (the note's text alone) passes, so that robots need no proctor.
    """
    unsigned = _unsigned(data, trust) if trust.mode == "test" else None
    if unsigned is not None:
        if unsigned.body.sitting != journal.facts.sitting:
            raise Tampered("act-of-another-sitting")
        return unsigned
    signed = check_act(data, trust, journal.facts.venue, journal.facts.sitting)
    if signed.body.head not in journal.roots:
        raise Tampered("act-of-another-journal")
    try:
        require_counts(signed, _done(journal))
    except Tampered as failure:
        if failure.code == "act-twice":  # who types or sends it again has done nothing false
            raise Refusal("act-twice") from failure
        raise
    return signed


def _done(journal: Journal) -> Iterator[Signed[ActNote]]:
    """The acts in the journal, checked when they were done; in test mode one may be a bare text, or none at all."""
    for record in journal.records:
        event = read_line(record.line) if '"acted"' in record.line else None
        if isinstance(event, ActDone) and "\n\n" in event.note:
            yield read(event.note.encode(), ActNote)
        elif isinstance(event, ActDone) and event.note:
            body, mode = read_body(event.note, ActNote)
            yield Signed(body, mode, Note(event.note, ()))


def make_act(body: ActNote, mode: Mode, *proctors: SigningKey) -> bytes:
    return sign(body, mode, *proctors)


def in_trust_order(keys: Sequence[SigningKey], trust: Trust) -> list[SigningKey]:
    """Proctors' keys in the order in which their lines must stand; Refusal("signer-twice")."""
    listed = [verifier.text for verifier in trust.verifiers("proctor")]
    for key in keys:
        if key.verifier.text not in listed:
            raise Refusal("key-not-trusted", role="proctor", name=key.name)
    if len({key.verifier.text for key in keys}) != len(keys):
        raise Refusal("signer-twice")
    return sorted(keys, key=lambda key: listed.index(key.verifier.text))


def unsigned_act(body: ActNote) -> bytes:
    """The text alone, for test mode."""
    return write_body(body, "test").encode()


def words_of(note: str) -> str:
    """The words of an act that was checked when it was done."""
    text = note if "\n\n" not in note else note.rpartition("\n\n")[0] + "\n"
    return read_body(text, ActNote)[0].words


def act_for(facts: SittingFacts, head: str, act: str, minutes: int, words: str, now: Reading) -> ActNote:
    """An act for this sitting at this head, made now at its station."""
    return ActNote(
        trust=facts.trust,
        session=facts.session,
        venue=facts.venue,
        sitting=facts.sitting,
        head=head,
        act=act,  # type: ignore[arg-type]  # the note's reader refuses any other word
        minutes=minutes,
        cause="technical",
        words=words,
        nonce=secrets.token_hex(16),
        at=now.wall,
    )


def _unsigned(data: bytes, trust: Trust) -> Signed[ActNote] | None:
    """The act in a bare text, or None if these bytes are a note."""
    try:
        read_under(data, ActNote, trust)
    except Failure:
        try:
            body, mode = read_body(data.decode(), ActNote)
        except (UnicodeDecodeError, Tampered):
            return None
        return Signed(body, mode, Note(data.decode(), ())) if mode == "test" else None
    return None
