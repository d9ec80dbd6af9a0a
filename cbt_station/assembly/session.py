"""Sealing a session: package, scoring, rosters, unlock files, files list, manifest.

1. The blueprint can be followed, the pool can never fail a draw, every option is scored, the printed maxima hold, and
   everybody gets their time whatever goes wrong (`timing_check`).
2. Master M, and from it R, S and each venue's codes; the seed share; every candidate's salt.
3. Package (pool as shown, no keys), scoring file, rosters, commitments, positions, unlock files.
4. The files list, and the manifest over it, signed by the committee's quorum.

Nothing is written here: the result is bytes by name, apart for the venues, for the committee, and for the officers.
"""

import io
import os
from collections.abc import Callable, Sequence

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import commitment, write_commitments
from cbt_station.artefacts.files import FileEntry, sha256_hex, write_files
from cbt_station.artefacts.manifest import Manifest, check_manifest, version_of
from cbt_station.artefacts.package import PackageHead, write_package
from cbt_station.artefacts.pool import Pool, Position, Positions, write_pool, write_positions
from cbt_station.artefacts.release import share_commitment
from cbt_station.artefacts.roster import Roster, write_roster
from cbt_station.artefacts.scoring import ScoringFile, write_scoring
from cbt_station.artefacts.signed import instant
from cbt_station.artefacts.unlock import write_unlock
from cbt_station.assembly.signing import in_order, sign_by_quorum
from cbt_station.assembly.timing_check import check_timing
from cbt_station.banks.compiling import CompiledBank, pool_items, require_languages
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam import blueprint as blueprints
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import media_in
from cbt_station.exam.form import PoolItem, check_pool
from cbt_station.exam.item import ScoringRule, ShownItem, Stimulus, contents
from cbt_station.exam.rules.fitting import require_fit
from cbt_station.exam.scoring import check_scoring
from cbt_station.sealing import quorum, release
from cbt_station.sealing.age import HybridRecipient, encrypt, opening_hash
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import Trust


class SessionPlan(Struct, frozen=True):
    """What a committee decides about a session. Times are RFC 3339 with an offset."""

    session: str
    opens: str
    closes: str
    coming_draw: str
    engine: str
    officers: int = 3
    """How many cards the master is split into; the trust list's release quorum says how many are needed."""


class SealedSession(Struct, frozen=True):
    """Bytes by file name. `cards` are the officers' SLIP-39 cards of the master."""

    public: dict[str, bytes]
    """The session's folder: what every venue gets."""
    committee: dict[str, bytes]
    """Pool and scoring file: they stay with the committee."""
    cards: tuple[str, ...]
    manifest_id: str


def seal_session(
    plan: SessionPlan,
    bank: CompiledBank,
    blueprint: Blueprint,
    rosters: Sequence[Roster],
    positions: Sequence[Position],
    trust: Trust,
    committee: Sequence[SigningKey],
    *,
    chance: Callable[[int], bytes] = os.urandom,
    log_n: int = 18,
) -> SealedSession:
    """Seal a session; see the module's numbered steps. A Refusal names the part of the input that is wrong."""
    # (1) what could fail later fails now
    _require_plan(plan, trust)
    needed = trust.quorum("committee")
    in_order(committee, trust, "committee", least=needed, most=needed)
    blueprints.check(blueprint)
    require_languages(bank, blueprint)
    chosen = choose(bank, blueprint)
    check_pool(blueprint, chosen.items)
    check_scoring(blueprint, chosen.items, chosen.rules)
    _require_fits(chosen)
    _require_positions(positions)
    _require_rosters(plan, trust, blueprint, rosters, positions)
    check_timing(
        blueprint,
        {entry.accommodations for roster in rosters for entry in roster.candidates},
        instant(plan.opens),
        instant(plan.closes),
        instant(trust.body.expires),
    )
    # (2) secrets
    master, share = chance(32), chance(32)
    opener, scorer = release.identity(master), release.scoring_identity(master)
    # (3) the files
    results = [HybridRecipient.parse(text) for text in trust.recipients("results")]
    pool = write_pool(Pool(trust.mode, plan.session, chance(16).hex(), bank.edition, blueprint, chosen.items))
    head = PackageHead(trust.mode, plan.session, share.hex())
    package = encrypt(write_package(head, pool, chosen.shown, chosen.stimuli, chosen.media), opener.recipient)
    scoring = write_scoring(ScoringFile(trust.mode, plan.session, 1, bank.edition, chosen.rules))
    sealed_scoring = encrypt(scoring, *results, *([scorer.recipient] if blueprint.show_score else []))
    public = {
        names.package(plan.session): package,
        names.positions(plan.session): write_positions(Positions(trust.mode, plan.session, tuple(positions))),
        names.commitments(plan.session): write_commitments(_all_commitments(rosters), trust.mode),
    }
    for roster in rosters:
        venue = venue_recipient(trust, roster.venue)
        code = release.read_code(release.code(master, plan.session, roster.venue))
        public[names.roster(plan.session, roster.venue)] = encrypt(write_roster(roster), venue, *results)
        public[names.unlock(plan.session, roster.venue)] = write_unlock(opener, code, venue, log_n=log_n)
        if blueprint.show_score:
            score_code = release.read_code(release.score_code(master, plan.session, roster.venue))
            sealed = write_unlock(scorer, score_code, venue, log_n=log_n)
            public[names.scoring_unlock(plan.session, roster.venue)] = sealed
    committee_files = {names.pool(plan.session): pool, names.scoring(plan.session, 1): sealed_scoring}
    if blueprint.show_score:  # useless without S; a venue that shows scores needs it at hand
        public[names.scoring(plan.session, 1)] = sealed_scoring
    # (4) the list over the files, and the manifest over the list
    listed = write_files(
        (
            FileEntry(name, len(data), sha256_hex(data))
            for name, data in {**committee_files, **public}.items()
        ),
        trust.mode,
    )
    manifest = Manifest(
        trust=trust.number,
        session=plan.session,
        exam=blueprint.id,
        files=sha256_hex(listed),
        package_opening=opening_hash(io.BytesIO(package)),
        package_size=len(package),
        package_recipient=opener.recipient.text,
        scoring_recipient=scorer.recipient.text if blueprint.show_score else None,
        results_recipients=trust.recipients("results"),
        escrow_recipients=trust.recipients("escrow"),
        edition=bank.edition,
        pool=sha256_hex(pool),
        positions=sha256_hex(public[names.positions(plan.session)]),
        commitments=sha256_hex(public[names.commitments(plan.session)]),
        scoring=sha256_hex(sealed_scoring),
        opens=plan.opens,
        closes=plan.closes,
        seed_commitment=share_commitment(share),
        coming_draw=plan.coming_draw,
        engine=plan.engine,
    )
    signed = check_manifest(sign_by_quorum(manifest, trust, "committee", committee), trust)
    public |= {names.files(plan.session): listed, names.manifest(plan.session): signed.raw}
    cards = quorum.split(master, trust.quorum("release"), plan.officers)
    return SealedSession(public, committee_files, cards, signed.id)


class Chosen(Struct, frozen=True):
    """The part of a bank that a blueprint can draw from: nothing else is sealed into its package."""

    items: tuple[PoolItem, ...]
    rules: dict[str, ScoringRule]
    shown: dict[str, ShownItem]
    stimuli: dict[str, Stimulus]
    media: dict[str, bytes]


def choose(bank: CompiledBank, blueprint: Blueprint) -> Chosen:
    """The items of the blueprint's sections, with the stimuli and media that they show."""
    sections = {section.id for section in blueprint.sections}
    items = [item for item in bank.items if item.section in sections]
    shown = {item.id: item.shown for item in items}
    stimuli = {one.id: one for one in bank.stimuli if one.id in {item.stimulus for item in items}}
    seen = [blocks for one in stimuli.values() for blocks in one.content.values()]
    for item in items:
        for part in item.shown.languages.values():
            seen += contents(part)
    media = {name: bank.media[name] for name in sorted(set().union(*(media_in(blocks) for blocks in seen)))}
    pool = tuple(item for item in pool_items(bank) if item.section in sections)
    return Chosen(pool, {item.id: item.rule for item in items}, shown, stimuli, media)


def _require_fits(chosen: Chosen) -> None:
    """Whatever a candidate can answer, in whichever language, the item's rule can score."""
    for name, item in chosen.shown.items():
        for shown in item.languages.values():
            try:
                require_fit(chosen.rules[name], shown.interaction)
            except Refusal as refusal:
                raise refusal.at(name) from None


def venue_recipient(trust: Trust, venue: str) -> HybridRecipient:
    """The age recipient of a venue in the trust list, or Refusal("venue-unknown")."""
    for listed in trust.body.recipients:
        if listed.role == "venue" and names.belongs_to_venue(listed.name, "venue", venue):
            return HybridRecipient.parse(listed.recipient)
    raise Refusal("venue-unknown", venue=venue)


def _require_plan(plan: SessionPlan, trust: Trust) -> None:
    names.require_word(plan.session, "session")
    try:
        opens, closes = instant(plan.opens), instant(plan.closes)
    except Tampered as error:
        raise Refusal("time-malformed", where="opens, closes") from error
    if opens >= closes:
        raise Refusal("window-empty", opens=plan.opens, closes=plan.closes)
    if not plan.coming_draw.strip():
        raise Refusal("draw-unannounced")
    try:
        version_of(plan.engine)
    except Tampered as error:
        raise Refusal("engine-malformed", engine=plan.engine[:40]) from error
    trust.require_current(opens)
    if not trust.quorum("release") <= plan.officers <= quorum.MOST_CARDS:
        raise Refusal("quorum-impossible", k=trust.quorum("release"), n=plan.officers, most=quorum.MOST_CARDS)
    if not trust.recipients("results"):
        raise Refusal("trust-no-results-key")


def _require_positions(positions: Sequence[Position]) -> None:
    ids = [position.id for position in positions]
    if len(set(ids)) != len(ids) or any(position.quota < 0 for position in positions):
        raise Refusal("position-unfit")


def _require_rosters(
    plan: SessionPlan,
    trust: Trust,
    blueprint: Blueprint,
    rosters: Sequence[Roster],
    positions: Sequence[Position],
) -> None:
    """Each number once in the session; categories and positions that somebody defined."""
    known, seen = {position.id for position in positions}, set[str]()
    if not any(roster.candidates or roster.spare for roster in rosters):
        raise Refusal("roster-empty")
    if len({roster.venue for roster in rosters}) != len(rosters):
        raise Refusal("venue-twice")
    for roster in rosters:
        names.require_word(roster.venue, "venue")
        if (roster.mode, roster.session) != (trust.mode, plan.session):
            raise Refusal("roster-of-another-plan", where=roster.venue, session=roster.session)
        for entry in roster.candidates:
            where = f"{roster.venue}: {entry.number}"
            if entry.number in seen:
                raise Refusal("number-twice", where=where)
            if entry.category not in blueprint.thresholds:
                raise Refusal("category-unknown", where=where, category=entry.category)
            if entry.position not in known:
                raise Refusal("position-unknown", where=where, position=entry.position)
            seen.add(entry.number)


def _all_commitments(rosters: Sequence[Roster]) -> list[str]:
    candidates = [entry.commitment for roster in rosters for entry in roster.candidates]
    return candidates + [commitment(spare.salt, spare.slot) for roster in rosters for spare in roster.spare]
