"""`start-SITTING.note`: the sitting's key, before the first answer.

Result and closing cite the start note, so no later key can speak for the sitting but one that a `handover` names.
"""

from typing import ClassVar

from cbt_station.artefacts.admit import AdmitNote, require_station_and_authority
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.names import journal_origin, require_ids
from cbt_station.artefacts.signed import Signed, read_under
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import Verifier
from cbt_station.sealing.trust import Trust


class StartNote(NoteBody, frozen=True, kw_only=True):
    """`commitment`, `form`, `manifest`, `admit`: SHA-256 in hex. `fence` is 1 at the first seat."""

    KIND: ClassVar[str] = "start"

    session: str
    venue: str
    station: str
    admit: str
    sitting: str
    sitting_key: str
    commitment: str
    form: str
    manifest: str
    fence: int
    at: str


def check_start(data: bytes, trust: Trust, admit: Signed[AdmitNote]) -> Signed[StartNote]:
    """The admitted station signed it, then hub, venue or proctor (test mode: the station alone)."""
    signed = read_under(data, StartNote, trust)
    start = signed.body
    if (start.admit, start.session, start.venue, start.station) != (
        admit.id,
        admit.body.session,
        admit.body.venue,
        admit.body.station,
    ):
        raise Tampered("start-of-another-station", station=start.station)
    if start.sitting != sitting_id(start.session, start.commitment):
        raise Tampered("start-of-another-candidate")
    require_ids("start", start.commitment, start.form, start.manifest)
    # A key named for one sitting can speak for no other, whoever kept it.
    if (
        Verifier.parse(start.sitting_key).name != journal_origin(signed.mode, start.sitting)
        or start.fence < 1
    ):
        raise Tampered("sitting-key-foreign")
    require_station_and_authority(signed, trust, Verifier.parse(admit.body.station_key), start.venue)
    return signed
