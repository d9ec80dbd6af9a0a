"""From trust list to codes: sealing, draw and release, and who is refused because the input is wrong.

A mistake of who signs or seals is a Refusal here; the same fault in a finished note is Tampered (tests/artefacts).
"""

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.pool import Position
from cbt_station.artefacts.roster import read_roster
from cbt_station.artefacts.unlock import open_unlock
from cbt_station.assembly.keys import Keys, new_keys
from cbt_station.assembly.opening import codes_for, join_master, write_draw, write_release
from cbt_station.assembly.session import SealedSession, seal_session
from cbt_station.assembly.signing import in_order
from cbt_station.assembly.trust_list import draft_trust, sign_list
from cbt_station.assembly.writing import write_all
from cbt_station.banks.compiling import CompiledBank
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.blueprint import Section
from cbt_station.exam.item import ScoringRule
from cbt_station.exam.rules.building import match_correct
from cbt_station.exam.scoring import most_of
from cbt_station.sealing import quorum as cards
from cbt_station.sealing import release
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.sealing.trust import open_trust
from cbt_station.verify.session import check_session
from tests.world import (
    BEFORE,
    DRAW,
    LOG_N,
    ORG,
    OTHER_VENUE,
    POSITIONS,
    QUORUMS,
    SESSION,
    VENUE,
    bank,
    blueprint,
    chance_of,
    identity,
    keys,
    plan,
    quorum,
    rosters,
    signing,
    trust_body,
    world,
)


def with_rule(rule: ScoringRule) -> CompiledBank:
    first, *others = bank().items
    return replace(bank(), items=(replace(first, rule=rule), *others))


def seal(**changes: Any) -> SealedSession:
    kept: dict[str, Any] = {
        "plan": plan(),
        "bank": bank(),
        "blueprint": blueprint(),
        "rosters": rosters("official"),
        "positions": POSITIONS,
        "trust": world("official").trust,
        "committee": quorum("committee"),
    }
    kept |= changes
    return seal_session(*kept.values(), chance=chance_of("session"), log_n=LOG_N)


def code_of(does: Callable[[], object]) -> str:
    with pytest.raises(Failure) as caught:
        does()
    assert isinstance(caught.value, Refusal)
    return caught.value.code


# --- a sealed session -------------------------------------------------------------------------------------------


def test_a_venue_opens_its_session_with_key_and_code_and_nothing_else() -> None:
    here = world("official")
    venue, manifest = identity("venue", VENUE), here.manifest.body
    code = release.read_code(here.codes[0].start)
    opener = open_unlock(here.files[names.unlock(SESSION, VENUE)], venue, code, manifest.package_recipient)
    with zipfile.ZipFile(_file(decrypt(here.files[names.package(SESSION)], opener))) as container:
        assert container.testzip() is None
    scorer = open_unlock(
        here.files[names.scoring_unlock(SESSION, VENUE)],
        venue,
        release.read_code(here.codes[0].score),
        manifest.scoring_recipient or "",
    )
    assert scorer.recipient.text == manifest.scoring_recipient
    roster = read_roster(decrypt(here.files[names.roster(SESSION, VENUE)], venue))
    assert roster == here.roster
    assert here.codes[1].venue == OTHER_VENUE
    assert (
        code_of(
            lambda: open_unlock(
                here.files[names.unlock(SESSION, VENUE)],
                venue,
                release.read_code(here.codes[1].start),
                manifest.package_recipient,
            )
        )
        == "code-wrong"
    )


def _file(data: bytes) -> Any:
    import io

    return io.BytesIO(data)


def test_the_files_list_holds_everything_and_the_committee_keeps_its_own() -> None:
    here = world("official")
    session, _ = check_session(here.files, here.trust)
    assert session is not None
    assert set(session.listed) == (
        (set(here.sealed.public) | set(here.sealed.committee))
        - {names.files(SESSION), names.manifest(SESSION)}
    )
    assert names.pool(SESSION) not in here.sealed.public


def test_without_scores_on_the_screen_no_venue_holds_the_scoring_file() -> None:
    sealed = seal(blueprint=blueprint(show_score=False))
    assert not [name for name in sealed.public if name.startswith("scoring")]
    assert names.scoring(SESSION, 1) in sealed.committee


def test_nothing_of_the_keys_is_in_what_venues_hold() -> None:
    here = world("official")
    for name in here.package.members:
        assert b"scores" not in here.package.read(name)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"plan": plan(session="SKD 2026")}, "name-malformed", id="a session that is no word"),
        pytest.param({"plan": plan(opens="tomorrow")}, "time-malformed", id="a time that is none"),
        pytest.param({"plan": plan(opens=plan().closes)}, "window-empty", id="an empty window"),
        pytest.param({"plan": plan(coming_draw=" ")}, "draw-unannounced", id="no draw"),
        pytest.param({"plan": plan(engine="latest")}, "engine-malformed", id="no version"),
        pytest.param({"plan": plan(officers=1)}, "quorum-impossible", id="fewer officers than their quorum"),
        pytest.param({"plan": plan(officers=17)}, "quorum-impossible", id="more cards than SLIP-39 knows"),
        pytest.param(
            {"plan": plan(opens="2028-01-01T08:00:00+07:00", closes="2028-01-01T10:00:00+07:00")},
            "trust-expired",
            id="a trust list that no longer holds",
        ),
        pytest.param({"committee": [signing("committee", "a")]}, "signers-wrong", id="one of the committee"),
        pytest.param({"committee": quorum("committee", "abc")}, "signers-wrong", id="all of the committee"),
        pytest.param({"committee": [signing("committee", "a")] * 2}, "signers-wrong", id="one of them twice"),
        pytest.param({"committee": quorum("release")}, "signers-wrong", id="the officers"),
        pytest.param({"rosters": ()}, "roster-empty", id="no roster"),
        pytest.param({"rosters": rosters("official")[:1] * 2}, "venue-twice", id="one venue twice"),
        pytest.param({"rosters": rosters("test")}, "roster-of-another-plan", id="rosters of test mode"),
        pytest.param(
            {"rosters": [replace(one, session="x") for one in rosters("official")]},
            "roster-of-another-plan",
            id="rosters of another session",
        ),
        pytest.param(
            {"rosters": [replace(rosters("official")[0], venue="bdg-01")]},
            "venue-unknown",
            id="a venue without a key",
        ),
        pytest.param(
            {"rosters": [rosters("official")[0], replace(rosters("official")[0], venue=OTHER_VENUE)]},
            "number-twice",
            id="one candidate at two venues",
        ),
        pytest.param({"positions": POSITIONS[1:]}, "position-unknown", id="a position that nobody defined"),
        pytest.param({"positions": POSITIONS * 2}, "position-unfit", id="a position twice"),
        pytest.param({"positions": [Position("a", "A", -1)]}, "position-unfit", id="a quota below zero"),
        pytest.param(
            {"blueprint": blueprint(thresholds={})}, "category-unknown", id="a category without thresholds"
        ),
        pytest.param({"blueprint": blueprint(allotted_ms=0)}, "blueprint-time", id="no time"),
        pytest.param(
            {"blueprint": blueprint(languages=("id", "en"))}, "bank-language-missing", id="a language less"
        ),
        pytest.param(
            {"bank": replace(bank(), items=bank().items[:2])}, "pool-cell-short", id="too few items"
        ),
        pytest.param(
            {"bank": with_rule(match_correct("float", "1", most_of(bank().items[0].rule)))},
            "rule-interaction",
            id="a rule that cannot take what is answered",
        ),
        pytest.param(
            {
                "blueprint": blueprint(
                    sections=(replace(blueprint().sections[0], most=Decimal(14)), blueprint().sections[1])
                )
            },
            "scoring-most",
            id="a printed most that is not",
        ),
        pytest.param(
            {"blueprint": blueprint(sections=(*blueprint().sections, Section("SKB", {}, ())))},
            "blueprint-empty",
            id="an empty section",
        ),
    ],
)
def test_what_would_fail_later_is_refused_at_sealing(changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: seal(**changes)) == code


# --- draw and release -------------------------------------------------------------------------------------------


def test_keys_are_handed_over_in_any_order() -> None:
    here = world("official")
    for who in ("ab", "ba", "cb"):
        assert write_draw(here.manifest, DRAW, here.trust, quorum("committee", who), BEFORE)
    for who in ("a", "abc"):
        refused = code_of(
            lambda who=who: write_draw(here.manifest, DRAW, here.trust, quorum("committee", who), BEFORE)
        )
        assert refused == "signers-wrong"
    in_both = in_order(quorum("committee", "ca"), here.trust, "committee", least=1)
    assert list(in_both) == quorum("committee", "ac")


@pytest.mark.parametrize("value", ["", "abc", "0" * 129, "ABCDEF0123456789", "0x" + "0" * 16, "0" * 15 + "g"])
def test_a_draw_is_lower_case_hex(value: str) -> None:
    here = world("official")
    assert (
        code_of(lambda: write_draw(here.manifest, value, here.trust, quorum("committee"), BEFORE))
        == "draw-malformed"
    )


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        pytest.param(lambda own: own[:1], "cards-too-few", id="one card"),
        pytest.param(lambda own: [own[0], own[0]], "card-twice", id="one card twice"),
        pytest.param(lambda own: [own[0], "academic " * 33], "card-misread", id="a card that is none"),
        pytest.param(
            lambda own: [own[0], cards.split(bytes(32), 2, 3)[1]], "cards-of-other-sets", id="two sets"
        ),
        pytest.param(
            lambda _: cards.split(bytes(32), 2, 3)[:2], "cards-foreign", id="another session's cards"
        ),
        pytest.param(
            lambda _: cards.split(bytes(16), 2, 3)[:2], "cards-foreign", id="cards of a shorter secret"
        ),
        pytest.param(lambda _: [], "cards-too-few", id="none"),
    ],
)
def test_only_this_sessions_cards_rebuild_the_master(chosen: Callable[[Any], Any], code: str) -> None:
    here = world("official")
    own = list(here.sealed.cards)
    assert code_of(lambda: join_master(here.manifest.body, chosen(own))) == code


def test_any_two_cards_give_the_same_codes_and_a_venue_left_out_gets_none() -> None:
    here = world("official")
    manifest = here.manifest.body
    masters = {
        join_master(manifest, [here.sealed.cards[a], here.sealed.cards[b]])
        for a, b in ((0, 1), (2, 0), (1, 2))
    }
    (master,) = masters
    raw, codes = write_release(here.manifest, master, [VENUE], here.trust, quorum("release"), BEFORE)
    assert [one.venue for one in codes] == [VENUE]
    assert codes == codes_for(master, manifest, [VENUE]) == here.codes[:1]
    note = parse_note(raw).text
    assert not any(
        secret.replace("-", "") in note.replace("-", "") for secret in (codes[0].start, codes[0].score)
    )


# --- trust list and files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roots", "code"),
    [
        pytest.param("a", "trust-unfit", id="one root"),
        pytest.param("abc", "trust-unfit", id="one root too many"),
        pytest.param("ab", "", id="the quorum"),
        pytest.param("ba", "", id="in any order"),
    ],
)
def test_a_list_that_nobody_would_accept_is_not_written(roots: str, code: str) -> None:
    body = trust_body("official")
    if code:
        assert code_of(lambda: sign_list(body, "official", *quorum("root", roots))) == code
    else:
        assert open_trust([sign_list(body, "official", *quorum("root", roots))], None).number == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"quorums": {**QUORUMS, "committee": 4}}, "quorum-short", id="a quorum that nobody reaches"
        ),
        pytest.param({"quorums": {**QUORUMS, "committee": 0}}, "quorum-short", id="a quorum of nobody"),
        pytest.param({"quorums": {**QUORUMS, "judges": 1}}, "quorum-short", id="a role that is none"),
        pytest.param({"issued": "2027-11-02T00:00:00Z"}, "trust-unfit", id="issued after it expires"),
        pytest.param({"expires": "soon"}, "trust-unfit", id="no date"),
        pytest.param({"pdf": ("x",)}, "trust-unfit", id="a certificate's hash that is none"),
        pytest.param({"twice": True}, "trust-unfit", id="one key in two roles"),
        pytest.param({"role": "judge"}, "trust-unfit", id="a key in a role that is none"),
    ],
)
def test_a_draft_that_contradicts_itself_is_refused(changes: dict[str, Any], code: str) -> None:
    publics = [one.public for one in keys().values()]
    given = {
        "number": 1, "previous": "none", "issued": "2026-11-01T00:00:00Z", "expires": "2027-11-01T00:00:00Z",
        "log_origin": "x",
    }  # fmt: skip
    rest = dict(changes)
    quorums = rest.pop("quorums", QUORUMS)
    if rest.pop("twice", False):
        publics.append(replace(keys()[f"{ORG}/committee/a"].public, role="proctor"))
    if role := rest.pop("role", ""):
        publics.append(replace(keys()[f"{ORG}/committee/a"].public, role=role))

    def write() -> bytes:
        return sign_list(draft_trust(publics, quorums, **{**given, **rest}), "official", *quorum("root"))

    assert code_of(write) == code


def test_files_are_never_written_over_others_and_secrets_are_private(tmp_path: Path) -> None:
    write_all(tmp_path / "a" / "b", {"x": b"1", "sub/y": b"2"}, private=True)
    assert (tmp_path / "a" / "b" / "x").stat().st_mode & 0o777 == 0o600
    write_all(tmp_path / "a" / "b", {"x": b"1"})
    assert code_of(lambda: write_all(tmp_path / "a" / "b", {"z": b"3", "x": b"other"})) == "file-exists"
    assert not (tmp_path / "a" / "b" / "z").exists()
    (tmp_path / "d").mkdir()
    assert code_of(lambda: write_all(tmp_path, {"d": b"x"})) == "file-exists"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "/x", "x/", "é", "a\n", "x" * 97])
def test_a_keys_name_can_stand_in_a_line(name: str) -> None:
    assert code_of(lambda: new_keys("venue", name)) == "key-name"


def test_roles_have_the_secrets_that_they_need() -> None:
    def shape(one: Keys) -> tuple[bool, bool]:
        return one.signing is not None, one.identity is not None

    assert shape(new_keys("committee", "o/committee/a")) == (True, False)
    assert shape(new_keys("venue", "o/venue/a")) == (True, True)
    assert shape(new_keys("results", "o/results/a")) == (False, True)
    assert code_of(lambda: new_keys("judge", "o/judge/a")) == "role-unknown"
    assert code_of(new_keys("results", "o/results/a").require_signing) == "key-cannot-sign"
    assert code_of(new_keys("committee", "o/committee/a").require_identity) == "key-cannot-open"
    assert isinstance(new_keys("venue", "o/venue/a").require_signing(), SigningKey)
