"""Starting a sitting: admission, form, start note, the sitting's folder. The first answer comes after all of it.

1. The start window is open and the draw is here.
2. The station is admitted: by a proctor's signature, in test mode by itself.
3. The candidate's commitment is one of those that the committee published.
4. The form is drawn from share, draw and commitment: any station draws the same.
5. Disk space for eight hours of answers is there.
6. A fresh sitting key, and the start note that names it: signed by station and venue.
7. The folder with the journal's first event; it exists whole or not at all.
"""

import platform

from cbt_station import __version__
from cbt_station.artefacts.admit import AdmitNote, check_admit
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.manifest import require_window
from cbt_station.artefacts.names import journal_origin
from cbt_station.artefacts.result import form_hash
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import Signed, sign
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.delivery.clock import wall_instant
from cbt_station.delivery.journal import SittingFacts
from cbt_station.delivery.session_folder import SessionFolder
from cbt_station.delivery.sitting_folder import SittingFolder, create_sitting, new_database_key
from cbt_station.delivery.station_store import StationKeys, StationStore
from cbt_station.delivery.unlocking import Unlocked
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.clock import Reading, started
from cbt_station.exam.events import SittingStarted
from cbt_station.sealing.age import HybridRecipient, parse_recipient
from cbt_station.sealing.notes import SigningKey


def admit_station(
    folder: SessionFolder, store: StationStore, venue: str, now: Reading, proctor: SigningKey | None
) -> Signed[AdmitNote]:
    """Step 2: the admission that is there, or a new one; without a proctor only in test mode."""
    keys = store.keys(venue)
    kept = store.admission(folder.session)
    if kept is not None:
        admit = check_admit(kept, folder.trust)
        if (admit.body.venue, admit.body.station_key) == (venue, keys.signing.verifier.text):
            return admit
    if proctor is None and folder.mode != "test":
        raise Refusal("station-not-admitted", station=keys.signing.name)
    body = AdmitNote(
        trust=folder.trust.number,
        session=folder.session,
        venue=venue,
        station=keys.signing.name,
        station_key=keys.signing.verifier.text,
        program=f"cbt-station {__version__}",
        facts={"python": platform.python_version(), "system": platform.system()},
        at=now.wall,
    )
    signers = [keys.signing] if proctor is None else [keys.signing, proctor]
    note = sign(body, folder.mode, *signers)
    store.keep_admission(folder.session, note)
    return check_admit(note, folder.trust)


def start_sitting(
    folder: SessionFolder,
    store: StationStore,
    unlocked: Unlocked,
    candidate: RosterEntry,
    language: str,
    now: Reading,
) -> SittingFolder:
    """Steps 1 to 7."""
    venue, pool = unlocked.key.venue, unlocked.content.pool
    if language not in pool.blueprint.languages:
        raise Refusal("language-unknown", language=language)
    # 1
    require_window(folder.manifest.body, wall_instant(now))
    draw = folder.draw()
    # 2
    admit = admit_station(folder, store, venue, now, None)
    station = store.keys(venue)
    # 3
    if candidate.commitment not in folder.commitments:
        raise Tampered("candidate-not-committed", number=candidate.number)
    # 4
    form = form_of(pool, unlocked.content.share, draw.body.value, candidate.commitment)
    # 6
    sitting = sitting_id(folder.session, candidate.commitment)
    sitting_key = SigningKey.generate(journal_origin(folder.mode, sitting))
    start = sign(
        StartNote(
            trust=folder.trust.number,
            session=folder.session,
            venue=venue,
            station=station.signing.name,
            admit=admit.id,
            sitting=sitting,
            sitting_key=sitting_key.verifier.text,
            commitment=candidate.commitment,
            form=form_hash(form),
            manifest=folder.manifest.id,
            fence=1,
            at=now.wall,
        ),
        folder.mode,
        station.signing,
        unlocked.key.signing,
    )
    checked = check_start(start, folder.trust, admit)
    facts = SittingFacts(
        mode=folder.mode,
        session=folder.session,
        venue=venue,
        station=station.signing.name,
        sitting=sitting,
        trust=folder.trust.number,
        engine=__version__,
        edition=folder.manifest.body.edition,
        scoring=folder.manifest.body.scoring,
        recipients=(*folder.manifest.body.results_recipients, *folder.manifest.body.escrow_recipients),
        candidate=candidate,
        identity=unlocked.identity.text,
        blueprint=pool.blueprint,
        form=form,
        admit=admit.raw.decode(),
        start=start.decode(),
        started_at=now.wall,
    )
    # 7
    return _create(
        folder, store, facts, checked, sitting_key, station, unlocked.key.identity.recipient, language, now
    )


def _create(
    folder: SessionFolder,
    store: StationStore,
    facts: SittingFacts,
    start: Signed[StartNote],
    sitting_key: SigningKey,
    station: StationKeys,
    venue: HybridRecipient,
    language: str,
    now: Reading,
) -> SittingFolder:
    allotted_ms = facts.blueprint.allotted_for(facts.candidate.accommodations)
    first = SittingStarted(
        seq=1,
        mono_ms=now.mono_ms,
        boot=now.boot,
        wall=now.wall,
        left_ms=allotted_ms,
        sitting=facts.sitting,
        start=start.id,
        form=start.body.form,
        allotted_ms=allotted_ms,
        language=language,
        fence=start.body.fence,
    )
    return create_sitting(
        store.sittings,
        facts,
        sitting_key,
        first,
        started(allotted_ms, now),
        station,
        venue,
        [parse_recipient(text) for text in folder.manifest.body.results_recipients],
        new_database_key(),
    )
