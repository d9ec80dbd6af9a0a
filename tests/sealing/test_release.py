"""What a session's master secret gives, as a published vector, and how codes are typed."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt_station.errors import Refusal
from cbt_station.sealing import release
from cbt_station.sealing.age import decrypt, encrypt

MASTER = bytes(range(32))


def test_the_published_vector_comes_out() -> None:
    assert release.code(MASTER, "skd-2026-1", "jkt-07") == "QJF5-431G-HRNT"
    assert release.score_code(MASTER, "skd-2026-1", "jkt-07") == "1T4F-WGJM-PSG0"
    assert release.identity(MASTER).text == (
        "AGE-SECRET-KEY-PQ-16SAYNY2R2739AAXQFHQA4M57DJ396GHCHK4JUCZ9DCPRM8XZVC0S85GQLC"
    )
    assert release.scoring_identity(MASTER).text == (
        "AGE-SECRET-KEY-PQ-16QE2LYQADSPZ5824KCH64FVL3V65X5FZU4ZMQDUUE7V300TL3F3QSMMPJG"
    )


def test_identities_and_codes_can_be_rebuilt_with_the_standard_library_alone() -> None:
    extracted = hmac.digest(bytes(32), MASTER, "sha256")
    assert release.identity(MASTER).seed == hmac.digest(extracted, b"identity\x01", "sha256")
    assert release.scoring_identity(MASTER).seed == hmac.digest(extracted, b"scoring identity\x01", "sha256")
    digest = hmac.new(MASTER, b"code\0skd-2026-1\0jkt-07", hashlib.sha256).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)[:60]
    letters = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[at : at + 5], 2)] for at in range(0, 60, 5)]
    assert release.read_code(release.code(MASTER, "skd-2026-1", "jkt-07")) == "".join(letters)


def test_every_venue_session_and_purpose_has_a_code_of_its_own() -> None:
    codes = {
        release.code(MASTER, session, venue) for session in ("a", "b", "ab") for venue in ("b", "c", "bc")
    }
    codes |= {release.score_code(MASTER, "a", "b"), release.code(bytes(32), "a", "b")}
    assert len(codes) == 11


def test_the_package_and_the_scoring_open_with_different_identities() -> None:
    sealed = encrypt(b"soal", release.identity(MASTER).recipient)
    assert decrypt(sealed, release.identity(MASTER)) == b"soal"
    with pytest.raises(Refusal, match="age-no-match"):
        decrypt(sealed, release.scoring_identity(MASTER))


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("1T4F-WGJM-PSG0", id="as read out"),
        pytest.param("1T4FWGJMPSG0", id="without hyphens"),
        pytest.param("1t4f-wgjm-psg0", id="lower case"),
        pytest.param(" 1T4F WGJM PSG0\n", id="spaces"),
        pytest.param("IT4F-WGJM-PSGO", id="I for 1 and O for 0"),
        pytest.param("lt4f-wgjm-psgo", id="l for 1 and o for 0"),
        pytest.param("1-T-4-F-W-G-J-M-P-S-G-0-", id="hyphens anywhere"),
    ],
)
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert release.read_code(typed) == "1T4FWGJMPSG0"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("1T4F-WGJM-PSG", id="a character short"),
        pytest.param("1T4F-WGJM-PSG00", id="a character too many"),
        pytest.param("UT4F-WGJM-PSG0", id="U is in no code"),
        pytest.param("1T4F_WGJM_PSG0", id="other punctuation"),
        pytest.param("1T4F-WGJM-P\u017fG0", id="a long s, which upper case would make an S"),
        pytest.param("１T4F-WGJM-PSG0", id="a full-width digit"),
        pytest.param("1T4F-WGJM-PSG0" + " " * 100, id="too long to read"),
    ],
)
def test_what_cannot_be_a_code_is_refused_before_anything_is_tried(typed: str) -> None:
    with pytest.raises(Refusal, match="code-malformed"):
        release.read_code(typed)


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_a_refusal(typed: str) -> None:
    try:
        meant = release.read_code(typed)
    except Refusal:
        return
    assert release.read_code(meant) == meant


@pytest.mark.parametrize("master", [b"", MASTER[:16], MASTER + b"\0"])
def test_another_secret_s_cards_are_not_taken_for_the_master(master: bytes) -> None:
    for derive in (release.identity, release.scoring_identity):
        with pytest.raises(Refusal, match="master-length"):
            derive(master)
    with pytest.raises(Refusal, match="master-length"):
        release.code(master, "s", "v")
