"""A sitting that cannot go on, sealed from its second copy: the answers are the committee's to judge, and nobody goes on.

1. What the place proves, with the venue's key (`found_copy`), signed by whom it must be, of this session's manifest.
2. It is not over: no result, no aborted note.
3. Journal, candidate, start and moves are sealed to the results and escrow keys. Form and R are not in a copy; whoever has
   R draws the form again.
4. The note that there will be no result: signed by the venue and two proctors. It goes into the place's tree first, so
   that no seat goes on from there, and then into the tree that leaves the venue.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.result import AbortedBundle, AbortedNote, check_aborted, write_bundle
from cbt_station.artefacts.signed import Signed, sign
from cbt_station.delivery.acts import in_trust_order
from cbt_station.delivery.fencing import require_place_not_over
from cbt_station.delivery.found_copy import find_sitting, require_signed
from cbt_station.delivery.sealing_result import put_notes, write_tree_note
from cbt_station.delivery.session_folder import SessionFolder
from cbt_station.delivery.unlocking import VenueKey
from cbt_station.errors import Tampered
from cbt_station.sealing.age import encrypt, parse_recipient
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.files import make_folder, write_durably


def abort_sitting(
    folder: SessionFolder,
    key: VenueKey,
    proctors: Sequence[SigningKey],
    sitting: str,
    place: Path,
    tree: Path,
    cause: str,
    at: str,
) -> Signed[AbortedNote]:
    """Steps 1 to 4. Tampered("authority-missing") where two proctors of the venue did not sign (test mode: the venue alone)."""
    found = find_sitting(place, sitting, key.identity)  # 1
    signed = require_signed(found, folder.trust)
    start = signed.start.body
    if (found.head.mode, start.session, start.venue, start.manifest) != (
        folder.mode,
        folder.session,
        key.venue,
        folder.manifest.id,
    ):
        raise Tampered("sitting-of-another-manifest", where=sitting)
    require_place_not_over(place, folder.session, sitting, key.venue, folder.trust, has_ended=True)  # 2
    bundle = AbortedBundle(
        mode=folder.mode,
        session=folder.session,
        sitting=sitting,
        start=found.head.start,
        admit=found.head.admit,
        moves=found.moves,
        candidate=found.candidate,
        journal=found.records,
        answers=found.state.answers,
    )
    manifest = folder.manifest.body
    recipients = (*manifest.results_recipients, *manifest.escrow_recipients)
    sealed = encrypt(write_bundle(bundle), *(parse_recipient(text) for text in recipients))  # 3
    note = sign(
        AbortedNote(
            trust=folder.trust.number,
            session=folder.session,
            venue=key.venue,
            sitting=sitting,
            start=signed.start.id,
            commitment=start.commitment,
            size=found.tree.size,
            root=found.tree.root,
            sealed=hashlib.sha256(sealed).hexdigest(),
            sealed_size=len(sealed),
            cause=cause,
            at=at,
        ),
        folder.mode,
        key.signing,
        *in_trust_order(proctors, folder.trust),
    )
    checked = check_aborted(note, folder.trust)
    for target in dict.fromkeys((place / "tree", tree)):  # 4
        put_notes(target, found.head.admit, found.head.start, found.moves)
        path = target / names.tree_sealed(checked.body.sealed)
        make_folder(path.parent)
        write_durably(path, sealed)
        write_tree_note(target, "aborted", checked.id, note)
    return checked
