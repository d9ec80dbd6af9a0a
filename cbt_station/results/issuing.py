"""Score notes and score sheets, one for every candidate of a session, also the absent and the disqualified.

A note is signed once: when sheets are printed again (because the log has its proof by now), it is the same note in a
new paper. When what it says has changed, a new note supersedes it. Who prints hands in the notes issued so far, looks
after the files, and sends new notes to the log.
"""

import base64
import binascii
import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.score import ScoreNote, check_score
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import TOTAL, Outcome
from cbt_station.exam.ranking import Placing
from cbt_station.results.opening import Candidate, OpenedSession
from cbt_station.results.placing import outcome_title, reason
from cbt_station.results.score_notes import salt_text, write_score_note
from cbt_station.results.sheet import ScoreRow, SheetContent, draw_sheet
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.pades import PdfSigner
from cbt_station.sealing.trust import Trust
from cbt_station.verify.session import Files
from cbt_station.verify.sheet import ADMIT, RESULT, RESULT_PROOF, SCORE, SCORE_PROOF, START, move_names
from cbt_station.verify.tree import notes_in
from cbt_station.words import LANGUAGES, words_in

_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class Look(Struct, frozen=True):
    """How sheets look: who issues them, in which language, with which emblem (JPEG or PNG, may be empty)."""

    issuer: str
    lang: str = "id"
    emblem: bytes = b""


class Sheet(Struct, frozen=True):
    """One paper. `new`: its note was signed just now and is not in the log yet."""

    number: str
    file: str
    pdf: bytes
    note: bytes
    note_id: str
    new: bool

    @property
    def note_file(self) -> str:
        return names.tree_note("score", self.note_id)


class Issuer:
    """Signs and draws sheets of one session. Keys that the trust list does not name are refused at once."""

    def __init__(
        self,
        opened: OpenedSession,
        placings: Mapping[str, Placing],
        score_key: SigningKey,
        signer: PdfSigner,
        look: Look,
        now: dt.datetime,
        chance: Callable[[int], bytes] = os.urandom,
    ) -> None:
        trust = opened.session.trust
        if score_key.verifier not in trust.verifiers("score"):
            raise Refusal("score-key-unlisted", name=score_key.name)
        if signer.certificate not in trust.pdf:
            raise Refusal("pdf-certificate-unlisted", certificate=signer.certificate)
        self._opened, self._placings = opened, placings
        self._key, self._signer, self._look = score_key, signer, look
        self._now, self._chance = now, chance
        self._titles = {one.id: one.title for one in opened.session.positions.positions}

    def issue_all(self, issued: Files, tree: Files) -> Iterator[Sheet]:
        """Every candidate's sheet, by number. `issued`: earlier `notes/` and `proofs/`; `tree`: the results' proofs."""
        before = newest_notes(issued, self._opened.session.trust)
        for candidate in self._opened.candidates:
            yield self.issue(candidate, before.get(candidate.entry.number), issued, tree)

    def issue(
        self, candidate: Candidate, before: Signed[ScoreNote] | None, issued: Files, tree: Files
    ) -> Sheet:
        """One candidate's sheet, with the note that was issued `before` if it still says the same."""
        note = self._note(candidate, before)
        pdf = draw_sheet(self._content(candidate, note), self._look.lang)
        attached = _attachments(candidate, note, {**_proofs(tree, candidate), **_score_proof(issued, note)})
        return Sheet(
            number=candidate.entry.number,
            file=file_name(self._opened.session.manifest.body, note),
            pdf=self._signer.sign(pdf, attached, self._now),
            note=note.raw,
            note_id=note.id,
            new=before is None or before.id != note.id,
        )

    def _note(self, candidate: Candidate, before: Signed[ScoreNote] | None) -> Signed[ScoreNote]:
        body = self._body(candidate)
        scores = scores_that_count(candidate)
        trust = self._opened.session.trust
        if before is not None:
            old = before.body
            same = replace(body, trust=old.trust, date=old.date, salt=old.salt, supersedes=old.supersedes)
            again = check_score(write_score_note(same, scores, trust.mode, self._key), trust)
            if again.id == before.id:
                return before
            body = replace(body, supersedes=before.id)
        return check_score(write_score_note(body, scores, trust.mode, self._key), trust)

    def _body(self, candidate: Candidate) -> ScoreNote:
        result = candidate.result if scores_that_count(candidate) is not None else None
        return ScoreNote(
            trust=self._opened.session.trust.number,
            exam=self._opened.blueprint.id,
            session=self._opened.name,
            number=candidate.entry.number,
            name=candidate.entry.name,
            verdict=self._placings[candidate.entry.number].status,
            result=result.notes.result.id if result else None,
            scoring=self._opened.decided.scoring.revision,
            date=self._now.date().isoformat(),
            salt=salt_text(self._chance(16)),
        )

    def _content(self, candidate: Candidate, note: Signed[ScoreNote]) -> SheetContent:
        opened, entry = self._opened, candidate.entry
        placing = self._placings[entry.number]
        result = candidate.result.notes.result.body if candidate.result and note.body.result else None
        words = words_in(self._look.lang)
        return SheetContent(
            mode=note.mode,
            issuer=self._look.issuer,
            emblem=self._look.emblem,
            exam=opened.blueprint.title,
            session=opened.name,
            source=opened.blueprint.source,
            name=entry.name,
            number=entry.number,
            position=self._titles.get(entry.position, entry.position),
            category=entry.category,
            venue=candidate.venue_title or candidate.venue,
            photo=photo_bytes(entry.photo),
            rows=self._rows(candidate),
            status=placing.status,
            rank=placing.rank,
            cut=placing.cut,
            why=reason(opened.blueprint, placing, words, with_numbers=False),
            issued=dt.date.fromisoformat(note.body.date),
            note=note.raw,
            note_id=note.id,
            supersedes=note.body.supersedes,
            scoring=note.body.scoring,
            trust=opened.session.trust.id,
            score_key=note.note.signatures[0].name,
            started=result.started_at if result else None,
            ended=result.ended_at if result else None,
            result=note.body.result,
            form=result.form if result else None,
            edition=result.edition if result else None,
            engine=result.engine if result else None,
        )

    def _rows(self, candidate: Candidate) -> tuple[ScoreRow, ...]:
        scores = scores_that_count(candidate)
        if scores is None or candidate.scores is None:
            return ()
        blueprint = self._opened.blueprint
        least = {need.outcome: need.least for need in blueprint.thresholds[candidate.entry.category]}
        titles = {section.id: section.title for section in blueprint.sections}
        titles[TOTAL] = {lang: outcome_title(blueprint, TOTAL, words_in(lang)) for lang in LANGUAGES}
        return tuple(
            ScoreRow(titles[outcome], scores[outcome], candidate.scores.most[outcome], least.get(outcome))
            for outcome in blueprint.outcomes
        )


def scores_that_count(candidate: Candidate) -> dict[Outcome, Decimal] | None:
    """The scores of who is present; a disqualified candidate's count for nothing and are not printed."""
    counts = candidate.standing == "present" and candidate.scores is not None
    return candidate.scores.outcomes if counts and candidate.scores else None


def newest_notes(issued: Files, trust: Trust) -> dict[str, Signed[ScoreNote]]:
    """For each number the score note that no other one supersedes, among the notes issued so far."""
    notes = [
        check_score(issued[name], trust) for name, (kind, _) in notes_in(issued).items() if kind == "score"
    ]
    superseded = {note.body.supersedes for note in notes}
    newest: dict[str, Signed[ScoreNote]] = {}
    for note in sorted(notes, key=lambda note: note.id):
        if note.id in superseded:
            continue
        if note.body.number in newest:
            raise Refusal("score-note-twice", where=note.body.number)
        newest[note.body.number] = note
    return newest


def file_name(manifest: Manifest, note: Signed[ScoreNote]) -> str:
    """`SESSION-NUMBER.pdf`; a test sheet says so, and a number that is no file name gets the note's first digits."""
    number = _UNSAFE.sub("-", note.body.number)
    distinct = "" if number == note.body.number else f"-{note.id[:8]}"
    mode = "" if note.mode == "official" else "-test"
    return f"{manifest.session}{mode}-{number}{distinct}.pdf"


def photo_bytes(photo: str) -> bytes:
    """A roster's photo; one that is no base64 is left out, as one that is missing."""
    try:
        return base64.b64decode(photo, validate=True)
    except binascii.Error:
        return b""


def _attachments(
    candidate: Candidate, note: Signed[ScoreNote], proofs: Mapping[str, bytes]
) -> dict[str, bytes]:
    attached = {SCORE: note.raw}
    if note.body.result is not None and candidate.result is not None:
        notes = candidate.result.notes
        attached |= {RESULT: notes.result.raw, START: notes.start.raw, ADMIT: notes.admit.raw}
        for number, seat in enumerate(notes.seats, start=2):
            attached |= dict(zip(move_names(number), (seat.handover.raw, seat.admit.raw), strict=True))
    return {**attached, **proofs}


def _proofs(tree: Files, candidate: Candidate) -> dict[str, bytes]:
    if candidate.result is None or scores_that_count(candidate) is None:
        return {}
    proof = tree.get(names.tree_proof(candidate.result.notes.result.id))
    return {RESULT_PROOF: proof} if proof else {}


def _score_proof(issued: Files, note: Signed[ScoreNote]) -> dict[str, bytes]:
    proof = issued.get(names.tree_proof(note.id))
    return {SCORE_PROOF: proof} if proof else {}
