"""Makes the golden files: `python -m tests.golden`. Fixed seeds, fixed dates; see README.md beside it.

`good/` is one whole session. Every file in `faults/` has one fault, which its name tells; `index.json` says of each file
what it is and what a correct checker says of it.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import commitment, write_commitments
from cbt_station.artefacts.files import FileEntry, read_files, sha256_hex, write_files
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.package import INDEX, Member, PackageIndex
from cbt_station.artefacts.pool import Pool, read_pool, require_drawable, write_pool
from cbt_station.artefacts.roster import write_roster
from cbt_station.artefacts.signed import sign
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Ranking, Section
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing import release, strict_json
from cbt_station.sealing.age import decrypt, encrypt
from cbt_station.sealing.body import write_body
from cbt_station.sealing.notes import Note, SigningKey, parse_note, sign_note
from cbt_station.sealing.release import read_code
from tests import world as worlds
from tests.artefacts.test_signers import decision_body, draw_body, release_body, reveal_body, score_body
from tests.golden.kept import keeping
from tests.world import (
    DRAW,
    OTHER_VENUE,
    SESSION,
    VENUE,
    Log,
    World,
    act_body,
    admit_body,
    chance_of,
    closing_body,
    closing_note,
    identity,
    proctor,
    quorum,
    sat,
    signing,
    sit,
    start_body,
    station_key,
    trust_body,
)

HERE = Path(__file__).parent
OPENERS = ("results/1", "escrow/1", f"venue/{VENUE}", f"venue/{OTHER_VENUE}")
HEX = sha256_hex(b"another")


class Entry(Struct, frozen=True, omit_defaults=True):
    """One file: what it is, and what is right to say of it. `about`: the note that a proof is of."""

    file: str
    kind: str
    verdict: str
    code: str = ""
    about: str = ""


class Golden:
    """The files made so far, and their index."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.index: list[Entry] = []

    def good(self, name: str, data: bytes, kind: str, about: str = "") -> None:
        self._add(f"good/{name}", data, kind, "true", "", about)

    def fault(
        self, name: str, data: bytes, kind: str, code: str, verdict: str = "tampered", about: str = ""
    ) -> None:
        self._add(f"faults/{name}", data, kind, verdict, code, about)

    def _add(self, file: str, data: bytes, kind: str, verdict: str, code: str, about: str) -> None:
        assert file not in self.files, file
        self.files[file] = data
        self.index.append(Entry(file, kind, verdict, code, about))


def made() -> dict[str, bytes]:
    """Every golden file by its name below this folder."""
    identities = [identity(*name.split("/")) for name in OPENERS] + _masters_identities()
    with keeping(HERE, identities, _codes()), _world_of_its_own():
        golden = Golden()
        here = worlds.world("official")
        _good(golden, here)
        for part in (_notes, _people, _results, _closings, _lists, _logs, _sealed):
            part(golden, here)
    files = dict(golden.files)
    files["index.json"] = _json(
        {"openings": _openings(here), "files": [to_builtins(one) for one in golden.index]}
    )
    files["form-v1.json"] = form_vector()
    return files


@contextmanager
def _world_of_its_own() -> Iterator[None]:
    """What is sealed with kept chance is nobody else's: other tests hold on to the world that they were given."""
    others = {name: getattr(worlds, name) for name in ("world", "_sat")}
    for name, cached in others.items():
        setattr(worlds, name, cache(cached.__wrapped__))
    try:
        yield
    finally:
        for name, cached in others.items():
            setattr(worlds, name, cached)


def _master() -> bytes:
    """The session's master is the first that `seal_session` draws."""
    return chance_of("session")(32)


def _masters_identities() -> list[Any]:
    return [release.identity(_master()), release.scoring_identity(_master())]


def _codes() -> list[str]:
    makers = (release.code, release.score_code)
    return [read_code(make(_master(), SESSION, venue)) for make in makers for venue in (VENUE, OTHER_VENUE)]


def _openings(here: World) -> dict[str, object]:
    """What opens the age files of this session, which protects nobody."""
    return {
        "session": SESSION,
        "venue": VENUE,
        "trust_id": here.trust.id,
        "code": here.codes[0].start,
        "score_code": here.codes[0].score,
        "seeds": {name: identity(*name.split("/")).seed.hex() for name in OPENERS},
        "package_seed": release.identity(_master()).seed.hex(),
        "scoring_seed": release.scoring_identity(_master()).seed.hex(),
    }


def _good(golden: Golden, here: World) -> None:
    kinds = {
        names.trust(1): "trust", names.manifest(SESSION): "manifest", names.files(SESSION): "files",
        names.positions(SESSION): "positions", names.commitments(SESSION): "commitments",
        names.package(SESSION): "package", names.draw(SESSION): "draw", names.release(SESSION): "release",
        names.reveal(SESSION): "reveal", names.pool(SESSION): "pool", names.scoring(SESSION, 1): "scoring",
        names.roster(SESSION, VENUE): "roster", names.unlock(SESSION, VENUE): "unlock",
        names.scoring_unlock(SESSION, VENUE): "scoring-unlock",
    }  # fmt: skip
    everything = {**here.files, **here.sealed.committee, **here.revealed}
    for name, data in sorted(everything.items()):
        if name.startswith("proofs/"):
            golden.good(name.removeprefix("proofs/"), data, "proof", f"exam {here.manifest.id}")
        else:
            golden.good(name, data, kinds.get(name, "listed"))
    one = sat("official")
    golden.good("admit.note", one.admit, "admit")
    golden.good("start.note", one.start, "start")
    golden.good("result.note", one.result, "result")
    golden.good("result.age", one.sealed, "sealed-result")
    golden.good("closing.note", closing_note(here, [one]), "closing")
    golden.good("act.note", _act(here, proctor()), "act")
    golden.good("act_two_proctors.note", _act(here, proctor(), proctor("bayu"), act="end"), "act")
    golden.good("score.note", sign(score_body(), "official", signing("score", "1")), "score")
    golden.good("decision.note", sign(decision_body(here), "official", *quorum("committee")), "decision")
    golden.good("roster.json", write_roster(here.roster), "roster-json")


def _act(here: World, *who: SigningKey, **changes: Any) -> bytes:
    return sign(act_body(here, **changes), "official", *who)


def _notes(golden: Golden, here: World) -> None:
    """The quorum's notes: the same faults of signing for each, then what they say."""
    bodies: dict[str, tuple[str, Any]] = {
        "manifest": ("committee", here.manifest.body),
        "draw": ("committee", draw_body(here)),
        "release": ("release", release_body(here)),
        "reveal": ("committee", reveal_body(here)),
    }
    for kind, (role, body) in bodies.items():
        a, b, c = (signing(role, who) for who in "abc")
        golden.fault(f"{kind}_not_quorum.note", sign(body, "official", a), kind, "quorum-missed")
        golden.fault(
            f"{kind}_one_signer_too_many.note", sign(body, "official", a, b, c), kind, "signature-extra"
        )
        golden.fault(
            f"{kind}_signers_in_wrong_order.note", sign(body, "official", b, a), kind, "signature-order"
        )
        golden.fault(f"{kind}_test_mode.note", sign(body, "test", a, b), kind, "mode-mixed")
        unknown = sign(replace(body, trust=7), "official", a, b)
        golden.fault(
            f"{kind}_unknown_trust_list.note", unknown, kind, "trust-number-unknown", "not-checkable"
        )

    def manifest(**changes: Any) -> bytes:
        return sign(replace(here.manifest.body, **changes), "official", *quorum("committee"))

    note = here.manifest.note
    doubled = Note(note.text, (note.signatures[0], note.signatures[0])).raw
    bad = here.manifest.raw.replace(b"engine 0.1.0", b"engine 0.1.1")
    stranger = SigningKey.from_seed(f"{worlds.ORG}/committee/b", b"\x09" * 32)
    forged = sign(here.manifest.body, "official", signing("committee", "a"), stranger)
    golden.fault("manifest_one_signer_twice.note", doubled, "manifest", "quorum-missed")
    golden.fault("manifest_text_changed.note", bad, "manifest", "signature-bad")
    golden.fault("manifest_signer_unknown.note", forged, "manifest", "signature-extra")
    golden.fault("manifest_window_empty.note", manifest(closes=worlds.OPENS), "manifest", "malformed")
    golden.fault(
        "manifest_time_without_zone.note", manifest(opens="2026-12-01T08:00:00"), "manifest", "malformed"
    )
    golden.fault(
        "manifest_recipient_malformed.note", manifest(package_recipient="age1pq1x"), "manifest", "malformed"
    )
    foreign = manifest(results_recipients=(here.manifest.body.package_recipient,))
    golden.fault("manifest_results_to_a_stranger.note", foreign, "manifest", "recipient-unknown")
    golden.fault(
        "manifest_crlf.note", here.manifest.raw.replace(b"\n", b"\r\n"), "manifest", "note-malformed"
    )
    golden.fault(
        "manifest_byte_order_mark.note", b"\xef\xbb\xbf" + here.manifest.raw, "manifest", "note-malformed"
    )
    golden.fault("manifest_field_twice.note", _field_twice(here), "manifest", "note-body")
    golden.fault("manifest_other_kind.note", here.files[names.draw(SESSION)], "manifest", "note-type")

    def draw(**changes: Any) -> bytes:
        return sign(replace(draw_body(here), **changes), "official", *quorum("committee"))

    golden.fault("draw_other_manifest.note", draw(manifest=HEX), "draw", "draw-of-another-session")
    golden.fault("draw_not_announced.note", draw(source="dice at noon"), "draw", "draw-not-announced")
    golden.fault("draw_upper_case.note", draw(value=DRAW.upper()), "draw", "malformed")
    released = sign(replace(release_body(here), manifest=HEX), "official", *quorum("release"))
    golden.fault("release_other_manifest.note", released, "release", "release-of-another-session")
    shared = sign(replace(reveal_body(here), share="00" * 32), "official", *quorum("committee"))
    golden.fault("reveal_other_share.note", shared, "reveal", "share-mismatch")
    first = here.files[names.trust(1)]
    alone = sign_note(write_body(trust_body("official"), "official"), signing("root", "a"))
    golden.fault("trust_not_quorum.note", alone, "trust", "quorum-missed")
    golden.fault(
        "trust_changed.note", first.replace(b'"committee":2', b'"committee":1'), "trust", "trust-pin"
    )


def _field_twice(here: World) -> bytes:
    text = here.manifest.note.text.replace("engine 0.1.0\n", "engine 0.1.0\nengine 0.1.0\n")
    return sign_note(text, *quorum("committee"))


def _people(golden: Golden, here: World) -> None:
    """Notes of stations, proctors and the score key."""
    station, ani = station_key(), proctor()

    def admit(*who: SigningKey, **changes: Any) -> bytes:
        return sign(admit_body(**changes), "official", *who)

    def start(*who: SigningKey, **changes: Any) -> bytes:
        return sign(start_body(here, **changes), "official", *who)

    for kind, make in (("admit", admit), ("start", start)):
        golden.fault(f"{kind}_station_alone.note", make(station), kind, "authority-missing")
        other = make(station, proctor("ani", OTHER_VENUE))
        golden.fault(f"{kind}_proctor_of_another_venue.note", other, kind, "authority-missing")
        golden.fault(f"{kind}_proctor_first.note", make(ani, station), kind, "signature-order")
        golden.fault(
            f"{kind}_two_proctors.note", make(station, ani, proctor("bayu")), kind, "signature-extra"
        )
    itself = sign(admit_body(station=ani.name, station_key=ani.verifier.text), "official", ani)
    golden.fault("admit_proctor_is_the_station.note", itself, "admit", "key-doubled")
    golden.fault(
        "start_other_admit.note", start(station, ani, admit=HEX), "start", "start-of-another-station"
    )
    other = start(station, ani, commitment=HEX)
    golden.fault("start_other_candidate.note", other, "start", "start-of-another-candidate")
    foreign = start(station, ani, sitting_key=station.verifier.text)
    golden.fault("start_sitting_key_of_another.note", foreign, "start", "sitting-key-foreign")

    golden.fault("act_end_by_one.note", _act(here, ani, act="end"), "act", "authority-missing")
    golden.fault(
        "act_two_where_one_is_enough.note", _act(here, ani, proctor("bayu")), "act", "signature-extra"
    )
    golden.fault("act_other_venue.note", _act(here, proctor("ani", OTHER_VENUE)), "act", "authority-missing")
    golden.fault("act_other_sitting.note", _act(here, ani, sitting="0" * 32), "act", "act-of-another-sitting")
    golden.fault("act_minutes_below_zero.note", _act(here, ani, act="grant", minutes=-5), "act", "malformed")
    by_committee = sign(score_body(), "official", signing("committee", "a"))
    golden.fault("score_by_the_committee.note", by_committee, "score", "authority-missing")
    long = sign(score_body(name="S" * 400), "official", signing("score", "1"))
    golden.fault("score_too_long.note", long, "score", "malformed")
    golden.fault(
        "decision_not_quorum.note", sign(decision_body(here), "official", signing("committee", "c")), "decision",
        "quorum-missed",
    )  # fmt: skip


def _results(golden: Golden, here: World) -> None:
    one = sat("official")

    def result(*who: SigningKey, **changes: Any) -> bytes:
        return sign(replace(one.note, **changes), "official", *who)

    own, station = one.sitting_key, station_key()
    other = worlds.sitting_key(here, "26-0002")
    golden.fault("result_wrong_sitting_key.note", result(other, station), "result", "signature-missing")
    golden.fault("result_without_station.note", result(own), "result", "signature-missing")
    golden.fault("result_station_first.note", result(station, own), "result", "signature-order")
    golden.fault(
        "result_other_start.note", result(own, station, start=HEX), "result", "result-of-another-sitting"
    )
    golden.fault("result_sealed_is_a_path.note", result(own, station, sealed="../x"), "result", "malformed")
    other_form = result(own, station, form=HEX)
    golden.fault("result_other_form.note", other_form, "result", "result-of-another-sitting")

    def bundle(name: str, code: str, **changes: Any) -> None:
        """The inside says something else than the good result note: only who opens it sees."""
        lie = sit(here, **changes)
        golden.fault(f"sealed_result_{name}.age", lie.sealed, "sealed-result", code)

    bundle("answers_differ", "answers-differ", bundle_changes={"answers": {}})
    bundle(
        "other_candidate", "commitment-unknown", bundle_changes={"candidate": here.roster.entry("26-0002")}
    )
    bundle("other_start", "bundle-of-another-result", bundle_changes={"start": "x"})
    cut = {"journal": one.bundle.journal[:-1]}
    bundle("journal_cut", "journal-not-the-sealed-one", bundle_changes=cut)
    swapped = (one.bundle.journal[0], one.bundle.journal[2], one.bundle.journal[1], *one.bundle.journal[3:])
    bundle("journal_lines_swapped", "journal-broken", bundle_changes={"journal": swapped})
    resalted = (replace(one.bundle.journal[0], salt="00" * 16), *one.bundle.journal[1:])
    bundle("journal_other_salt", "signature", bundle_changes={"journal": resalted})


def _closings(golden: Golden, here: World) -> None:
    one, venue, ani = sat("official"), signing("venue", VENUE), proctor()

    def closing(*who: SigningKey, **changes: Any) -> bytes:
        return sign(closing_body(here, [one], **changes), "official", *(who or (venue, ani)))

    golden.fault("closing_pairs_differ.note", closing(pairs=HEX), "closing", "results-not-the-closed-ones")
    golden.fault("closing_counts_one_more.note", closing(count=2, present=2), "closing", "results-missing")
    golden.fault("closing_count_is_not_present.note", closing(present=2), "closing", "closing-count")
    golden.fault("closing_without_proctor.note", closing(venue), "closing", "authority-missing")
    golden.fault("closing_by_a_hub.note", closing(signing("hub", VENUE), ani), "closing", "authority-missing")
    golden.fault("closing_number_2_cites_nothing.note", closing(number=2), "closing", "closing-count")
    golden.fault(
        "closing_other_manifest.note", closing(manifest=HEX), "closing", "closing-of-another-session"
    )
    hole = closing(number=2, cites=HEX)
    golden.fault("closing_without_the_one_before.note", hole, "closing", "evidence-missing", "not-checkable")


def _lists(golden: Golden, here: World) -> None:
    listing = here.files[names.files(SESSION)]
    entries = read_files(listing)[0]
    package = entries[names.package(SESSION)]
    wrong = write_files([*entries.values(), replace(package, sha256=HEX)], "official")

    def fault(name: str, data: bytes, code: str = "malformed") -> None:
        golden.fault(f"files_{name}.files", data, "files", code)

    fault("name_twice", wrong)
    fault(
        "hash_wrong",
        write_files({**entries, package.name: replace(package, sha256=HEX)}.values(), "official"),
        "file-changed",
    )
    fault(
        "size_wrong",
        write_files({**entries, package.name: replace(package, size=1)}.values(), "official"),
        "file-changed",
    )
    fault("path_upwards", write_files([FileEntry("../x", 1, HEX)], "official"))
    fault("not_sorted", b"\n".join([*listing.split(b"\n")[:1], *listing.split(b"\n")[1:-1][::-1], b""]))
    fault("leading_zero", listing.replace(b" %d " % package.size, b" 0%d " % package.size))
    fault("test_mode", write_files(entries.values(), "test"), "mode-mixed")
    commitments = here.files[names.commitments(SESSION)]
    line = commitments.split(b"\n")[1]
    golden.fault(
        "commitments_twice.commitments",
        commitments.replace(line + b"\n", line + b"\n" + line + b"\n"),
        "commitments",
        "malformed",
    )
    golden.fault(
        "commitments_upper_case.commitments",
        commitments.replace(line, line.upper()),
        "commitments",
        "malformed",
    )
    golden.fault(
        "commitments_one_less.commitments",
        commitments.replace(line + b"\n", b""),
        "commitments",
        "file-changed",
    )
    golden.fault(
        "commitments_test_mode.commitments",
        write_commitments(commitments.decode().split("\n")[1:-1], "test"),
        "commitments",
        "mode-mixed",
    )

    pool = here.revealed[names.pool(SESSION)]
    read = read_pool(pool)
    golden.fault("pool_space.pool", pool.replace(b":", b": ", 1), "pool", "malformed")
    golden.fault(
        "pool_duplicate_key.pool",
        pool.replace(b'"salt":', b'"mode":"official","salt":', 1),
        "pool",
        "malformed",
    )
    golden.fault("pool_unknown_key.pool", pool[:-1] + b',"keys":{}}', "pool", "malformed")
    golden.fault("pool_other_salt.pool", write_pool(replace(read, salt="00" * 16)), "pool", "file-changed")
    golden.fault(
        "pool_cell_short.pool", write_pool(replace(read, items=read.items[:2])), "pool", "pool-undrawable"
    )
    roster = write_roster(here.roster)
    golden.fault(
        "roster_duplicate_key.json",
        roster.replace(b'"venue":', b'"mode":"official","venue":', 1),
        "roster-json",
        "malformed",
    )
    twice = replace(here.roster, candidates=here.roster.candidates[:1] * 2)
    golden.fault("roster_number_twice.json", write_roster(twice), "roster-json", "malformed")
    golden.fault(
        "roster_not_sorted.json",
        write_roster(replace(here.roster, candidates=here.roster.candidates[::-1])),
        "roster-json",
        "malformed",
    )
    short = replace(here.roster.candidates[0], salt="00")
    golden.fault(
        "roster_short_salt.json",
        write_roster(replace(here.roster, candidates=(short,))),
        "roster-json",
        "malformed",
    )
    golden.fault("roster_newline_at_the_end.json", roster + b"\n", "roster-json", "malformed")
    golden.fault("roster_cut.json", roster[: len(roster) // 2], "roster-json", "malformed")


def _logs(golden: Golden, here: World) -> None:
    about = f"exam {here.manifest.id}"
    good = here.files[names.tree_proof(here.manifest.id)]
    parsed = tlog_proof.parse(good)

    def fault(name: str, data: bytes, code: str) -> None:
        golden.fault(f"proof_{name}.tlog-proof", data, "proof", code, about=about)

    fault("other_leaf", here.log.proof("trust", here.trust.id), "inclusion")
    fault(
        "other_index",
        tlog_proof.write(tlog_proof.TlogProof(0, parsed.hashes, parsed.checkpoint)),
        "inclusion",
    )
    fault("hash_missing", tlog_proof.write(tlog_proof.TlogProof(1, (), parsed.checkpoint)), "inclusion")
    fault(
        "other_log",
        tlog_proof.write(tlog_proof.TlogProof(1, parsed.hashes, _checkpoint_of_another_log())),
        "checkpoint-origin",
    )
    note = parse_note(parsed.checkpoint)
    by_committee = sign_note(note.text, signing("committee", "a"))
    fault(
        "checkpoint_unsigned_by_the_log",
        tlog_proof.write(tlog_proof.TlogProof(1, parsed.hashes, by_committee)),
        "signature-missing",
    )
    fault("other_size", good.replace(b"\n2\n", b"\n3\n"), "signature-bad")
    fault("no_header", good.partition(b"\n")[2], "proof-malformed")


def _checkpoint_of_another_log() -> bytes:
    log = Log("test")
    log.entries = [b"one", b"two"]
    return log.checkpoint()


def _sealed(golden: Golden, here: World) -> None:
    opener, venue = release.identity(_master()), identity("venue", VENUE)
    package = decrypt(here.files[names.package(SESSION)], opener)

    def resealed(name: str, data: bytes, code: str) -> None:
        golden.fault(f"package_{name}.age", encrypt(data, opener.recipient), "package-content", code)

    resealed(
        "index_hash_wrong",
        _with_index(package, lambda last: replace(last, sha256=HEX)),
        "package-member-changed",
    )
    resealed(
        "index_size_wrong", _with_index(package, lambda last: replace(last, size=last.size + 1)), "malformed"
    )
    resealed(
        "index_offset_wrong",
        _with_index(package, lambda last: replace(last, offset=last.offset + 1)),
        "malformed",
    )
    resealed(
        "index_path_upwards", _with_index(package, lambda last: replace(last, name="media/../x")), "malformed"
    )
    resealed("index_not_first", _packed(_members(package)[::-1]), "malformed")
    resealed("compressed", _packed(_members(package), zipfile.ZIP_DEFLATED), "malformed")
    resealed("member_unlisted", _packed([*_members(package), ("media/zz.png", b"x")]), "malformed")
    resealed("trailing_bytes", package + b"x", "malformed")
    golden.fault(
        "package_other_opening.age",
        encrypt(package + b"", identity("results", "1").recipient),
        "package",
        "file-changed",
    )
    whole = here.files[names.package(SESSION)]
    golden.fault(
        "package_last_byte_changed.age", whole[:-1] + bytes([whole[-1] ^ 1]), "package", "file-changed"
    )
    unlock = here.files[names.unlock(SESSION, VENUE)]
    other = here.files[names.unlock(SESSION, OTHER_VENUE)]
    golden.fault("unlock_of_another_venue.age", other, "unlock", "venue-key-wrong", "refused")
    inner = decrypt(other, identity("venue", OTHER_VENUE))
    golden.fault(
        "unlock_code_of_another_venue.age", encrypt(inner, venue.recipient), "unlock", "code-wrong", "refused"
    )
    score = here.files[names.scoring_unlock(SESSION, VENUE)]
    golden.fault("unlock_of_the_scores.age", score, "unlock", "code-wrong", "refused")
    golden.fault("unlock_cut.age", unlock[:-40], "unlock", "age-payload")
    golden.fault(
        "unlock_header_changed.age", unlock.replace(b"\n---", b"\n-> grease\n\n---", 1), "unlock", "age-mac"
    )


def _members(package: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as container:
        return [(name, container.read(name)) for name in container.namelist()]


def _packed(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as container:
        for name, data in members:
            container.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compression)
    return target.getvalue()


def _with_index(package: bytes, change: Callable[[Member], Member]) -> bytes:
    """The same package, its index lying about the last member."""
    first, *rest = _members(package)
    members = strict_json.decode(first[1], PackageIndex, "index").members
    index = PackageIndex((*members[:-1], change(members[-1])))
    return _packed([(INDEX, strict_json.encode(index)), *rest])


# --- the form's vector ------------------------------------------------------------------------------------------


def form_vector() -> bytes:
    """A pool with everything that a draw knows, and the forms of six commitments."""
    pool = Pool("test", "vektor-1", "5a" * 16, HEX, _vector_blueprint(), _vector_items())
    require_drawable(pool)
    share = bytes(range(32))
    who = [commitment(f"{at:032x}", f"26-{at:04}") for at in range(1, 7)]
    forms = [{"commitment": one, "form": to_builtins(form_of(pool, share, DRAW, one))} for one in who]
    vector = {"share": share.hex(), "draw": DRAW, "pool": json.loads(write_pool(pool)), "forms": forms}
    return _json(vector)


def _vector_blueprint() -> Blueprint:
    return Blueprint(
        id="VEKTOR",
        title={"id": "Vektor"},
        languages=("id",),
        allotted_ms=600_000,
        sections=(
            Section("A", {}, (BlueprintCell(3, topic="satuan"), BlueprintCell(4, topic="teks"))),
            Section(
                "B",
                {},
                (BlueprintCell(2, topic="musuh"), BlueprintCell(2, items=("b-9", "b-8"))),
                order="fixed",
            ),
            Section("C", {}, (BlueprintCell(1, level="mudah"), BlueprintCell(1, level="sulit"))),
        ),
        thresholds={"umum": ()},
        ranking=Ranking(1, ("total",)),
    )


def _vector_items() -> tuple[PoolItem, ...]:
    def item(name: str, section: str, topic: str = "x", level: str = "sedang", **more: Any) -> PoolItem:
        options = tuple(PoolOption(one, fixed=one == "e") for one in "abcde")
        return PoolItem(name, section, topic, level, options, **more)

    items = [item(f"a-{at}", "A", "satuan") for at in range(1, 6)]
    items += [item(f"t-{at}", "A", "teks", stimulus=f"s-{(at + 1) // 2}") for at in range(1, 7)]
    items += [item("b-1", "B", "musuh", enemies="m"), item("b-2", "B", "musuh", enemies="m")]
    items += [item("b-3", "B", "musuh"), item("b-4", "B", "musuh", shuffle=False)]
    items += [item("b-8", "B", "tetap"), item("b-9", "B", "tetap", shuffle=False)]
    items += [item(f"c-{at}", "C", level="mudah" if at % 2 else "sulit") for at in range(1, 11)]
    return tuple(items)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def main() -> None:
    """Write what differs, and take away what is no longer made."""
    files = made()
    for folder in ("good", "faults"):
        for path in (HERE / folder).glob("*"):
            if f"{folder}/{path.name}" not in files:
                path.unlink()
    for name, data in files.items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
            print(name)  # noqa: T201 (a script)
