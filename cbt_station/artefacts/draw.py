"""`draw-SESSION.note`: the public draw's value, and which logged manifest it completes."""

from typing import ClassVar

from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.signed import Signed, check_by_quorum
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust


class DrawNote(NoteBody, frozen=True, kw_only=True):
    """`value` is the draw in lower-case hex; `checkpoint` proves (with its proof) that the manifest was logged before."""

    KIND: ClassVar[str] = "draw"

    session: str
    manifest: str
    source: str
    """Which draw: the manifest's `coming_draw`."""
    value: str
    at: str
    checkpoint: str | None = None
    """The log's checkpoint that holds the manifest, as base64; absent where there is no log yet ("not checkable")."""


def require_value(value: str) -> str:
    """A draw's value: 16 to 128 lower-case hex digits."""
    if not (16 <= len(value) <= 128 and all(ch in "0123456789abcdef" for ch in value)):
        raise Refusal("draw-malformed")
    return value


def check_draw(data: bytes, trust: Trust, manifest: Signed[Manifest]) -> Signed[DrawNote]:
    """The committee's quorum signed it, for this very manifest and the draw that the manifest named."""
    signed = check_by_quorum(data, DrawNote, trust, "committee")
    draw = signed.body
    if draw.session != manifest.body.session or draw.manifest != manifest.id:
        raise Tampered("draw-of-another-session", session=draw.session)
    if draw.source != manifest.body.coming_draw:
        raise Tampered("draw-not-announced", source=draw.source)
    try:
        require_value(draw.value)
    except Refusal as error:
        raise Tampered("malformed", where="draw: value") from error
    return signed
