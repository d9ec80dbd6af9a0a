"""Signed notes: what is one, who signed it, and that no changed byte passes.

Keys of bad curve points are in test_good_key.py, what our notes say in test_body.py, quorums in test_trust.py.
"""

import base64
import contextlib
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.sealing.notes import (
    MOST_BYTES,
    MOST_SIGNATURES,
    Note,
    SignatureLine,
    SigningKey,
    Verifier,
    add_signature,
    parse_note,
    require_signatures,
    sign_note,
    verify_known,
)
from tests.shared import shared

A, B, C = (
    SigningKey.from_seed(f"example.id/{name}", bytes([number]) * 32) for number, name in enumerate("abc", 1)
)
TEXT = "cbt-station/closing/v1 test\nwords Selesai – 20 hadir\n"


def vectors() -> Any:
    return json.loads(shared("vectors/signed-note/notes.json").read_bytes())


# --- the published vectors ---


def test_the_sixteen_notes_of_other_projects_get_the_verdict_of_their_makers() -> None:
    cases = vectors()["notes"]
    assert len(cases) == 16
    for case in cases:
        data = base64.b64decode(case["note_b64"])
        verifiers = [Verifier.parse(vkey) for vkey in case["vkeys"]]
        if case["expect"] == "ok":
            note = parse_note(data)
            assert note.raw == data
            assert [one.name for one in verify_known(note, verifiers)] == case["verified"], case["name"]
        else:
            with pytest.raises(Tampered):
                verify_known(parse_note(data), verifiers)


def test_the_vectors_are_refused_for_their_own_reason() -> None:
    codes = {}
    for case in vectors()["notes"]:
        try:
            verify_known(
                parse_note(base64.b64decode(case["note_b64"])),
                [Verifier.parse(vkey) for vkey in case["vkeys"]],
            )
        except Tampered as error:
            codes[case["expect"].removeprefix("reject: ")] = error.code
    assert codes == {
        "no verifiable signature": "signature-missing",
        "ambiguous key": "key-ambiguous",
        "too many signatures": "note-malformed",
        "invalid signature": "signature-bad",
        "malformed": "note-malformed",
    }


def test_go_s_key_signs_the_same_line_and_has_the_same_text() -> None:
    case = vectors()["sign"]
    key = SigningKey.parse(case["skey"])
    assert key.text == case["skey"]
    assert key.verifier.text == case["vkey"]
    assert sign_note(case["text"], key).decode() == case["text"] + "\n" + case["expect_signature_line"]


def test_bad_public_keys_of_other_projects_are_refused() -> None:
    for reason, vkey in vectors()["vkeys"]["bad"]:
        with pytest.raises(Tampered, match="key-malformed"):
            Verifier.parse(vkey)
        assert reason


def test_no_part_and_no_increment_of_a_good_public_key_is_one() -> None:
    for vkey in vectors()["vkeys"]["good"]:
        assert Verifier.parse(vkey).text == vkey
        for start in range(len(vkey)):
            for end in range(start, len(vkey) + 1):
                if (start, end) != (0, len(vkey)):
                    refuse_key(vkey[start:end])
        for at in range(len(vkey)):
            refuse_key(vkey[:at] + chr(ord(vkey[at]) + 1) + vkey[at + 1 :])


def refuse_key(vkey: str) -> None:
    with pytest.raises(Tampered):
        Verifier.parse(vkey)


# --- form ---


def malformed() -> list[Any]:
    good = sign_note(TEXT, A).decode()
    line = good.split("\n\n")[1]
    spare = base64.b64encode(bytes(4)).decode()
    return [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n", id="one newline"),
        pytest.param(good.replace("\n\n", "\n").encode(), id="no empty line"),
        pytest.param(good[:-1].encode(), id="no newline at the end"),
        pytest.param((good + "\n").encode(), id="an empty line at the end"),
        pytest.param(TEXT.encode() + b"\n", id="no signature"),
        pytest.param(good.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(good.replace("20", "2\r0").encode(), id="a lone CR"),
        pytest.param(good.replace("20", "2\t0").encode(), id="tab"),
        pytest.param(good.replace("20", "2\x000").encode(), id="NUL"),
        pytest.param(good.replace("20", "2\x7f0").encode(), id="DEL"),
        pytest.param(good.replace("20", "2\x850").encode(), id="a C1 control character"),
        pytest.param(good.replace("20", "2\u20280").encode(), id="line separator"),
        pytest.param(good.replace("20", "2\u202e0").encode(), id="right-to-left override"),
        pytest.param(b"\xef\xbb\xbf" + good.encode(), id="byte-order mark"),
        pytest.param(good.encode().replace(b"20", b"2\xff0"), id="not UTF-8"),
        pytest.param(good.encode().replace(b"20", b"\xed\xa0\x80"), id="half a surrogate pair"),
        pytest.param(good.encode().replace(b"20", b"\xc0\xb2"), id="overlong UTF-8"),
        pytest.param(good.encode("utf-16"), id="UTF-16"),
        pytest.param(good.replace("—", "-").encode(), id="a hyphen for the dash"),
        pytest.param(good.replace("— ", "—  ").encode(), id="two spaces"),
        pytest.param(good.replace("— ", "— a+b").encode(), id="plus in the name"),
        pytest.param(
            good.replace("example.id/a", "example\u00a0id").encode(), id="no-break space in the name"
        ),
        pytest.param(good.replace("example.id/a ", " ").encode(), id="no name"),
        pytest.param(good.replace("=\n", "\n").encode(), id="padding missing"),
        pytest.param((good[:-1] + "=\n").encode(), id="padding twice"),
        pytest.param((good[:-1] + " \n").encode(), id="space after the signature"),
        pytest.param(f"{TEXT}\n— example.id/a {spare}\n".encode(), id="a key id alone"),
        pytest.param(f"{TEXT}\n— example.id/a {'A' * 4}\n".encode(), id="less than a key id"),
        pytest.param((TEXT + "\n" + line * (MOST_SIGNATURES + 1)).encode(), id="101 signatures"),
        pytest.param(("x\n" * 4097 + "\n" + line).encode(), id="too many lines"),
        pytest.param(("x" * MOST_BYTES + "\n\n" + line).encode(), id="too large"),
        pytest.param(f"{TEXT}\n— example.id/a {'A' * 20000}\n".encode(), id="a signature too long"),
        pytest.param(f"{TEXT}\n— {'a' * 256} {line.split()[2]}\n".encode(), id="a name too long"),
    ]


@pytest.mark.parametrize("data", malformed())
def test_is_not_a_note(data: bytes) -> None:
    with pytest.raises(Tampered, match="note-malformed"):
        parse_note(data)


def test_another_spelling_of_the_last_base64_digit_is_refused() -> None:
    data = sign_note(TEXT, A)  # 68 bytes: two spare bits before the one `=`
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = digits.index(data[-3])
    assert data[-2:] == b"=\n"
    with pytest.raises(Tampered, match="note-malformed"):
        parse_note(data[:-3] + digits[last ^ 1 : (last ^ 1) + 1] + b"=\n")


def test_the_last_empty_line_divides_text_and_signatures() -> None:
    text = "first\n\n\nlast\n\n"
    assert parse_note(sign_note(text, A)).text == text


def test_sixteen_signatures_are_welcome() -> None:
    keys = [SigningKey.from_seed(f"k{number}", bytes([number]) * 32) for number in range(16)]
    note = parse_note(sign_note(TEXT, *keys))
    require_signatures(note, *(key.verifier for key in keys))


def test_the_id_is_the_hash_of_the_signed_text_alone() -> None:
    once = sign_note(TEXT, A)
    twice = add_signature(once, B)
    assert parse_note(once).id == parse_note(twice).id == hashlib.sha256(TEXT.encode()).hexdigest()
    assert twice.startswith(once)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("no newline", id="no newline"),
        pytest.param("a\r\n", id="CR"),
        pytest.param("a\x00\n", id="NUL"),
        pytest.param("\ufeffa\n", id="byte-order mark"),
        pytest.param("\u202ea\n", id="direction"),
        pytest.param("\ud800\n", id="half a pair"),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(Refusal, match="note-text-unfit"):
        sign_note(text, A)


def test_no_key_signs_twice() -> None:
    with pytest.raises(Refusal, match="already-signed"):
        sign_note(TEXT, A, A)
    with pytest.raises(Refusal, match="already-signed"):
        add_signature(sign_note(TEXT, A), A)


def test_a_note_without_signer_is_not_made() -> None:
    with pytest.raises(Refusal, match="note-text-unfit"):
        sign_note(TEXT)


# --- keys ---


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2003b", "a\nb", "\u202ea", "a" * 256])
def test_is_not_a_name_for_a_key(name: str) -> None:
    with pytest.raises(Refusal, match="key-name"):
        SigningKey.generate(name)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(A.verifier.text, id="the public key"),
        pytest.param(A.text.replace("PRIVATE", "PUBLIC"), id="another word"),
        pytest.param(A.text.replace("example.id/a", "example.id/b"), id="another name"),
        pytest.param(A.text.replace(A.key_id, "00000000"), id="another key id"),
        pytest.param(A.text.replace(A.key_id, A.key_id.upper()), id="upper case"),
        pytest.param(A.text[:-4], id="cut off"),
        pytest.param(A.text + "\n", id="a newline more"),
        pytest.param(A.text.replace("+AQ", "+BA"), id="another type"),
        pytest.param("PRIVATE+KEY+ +00000000+AAAA", id="no name"),
    ],
)
def test_is_not_a_private_key(text: str) -> None:
    with pytest.raises(Refusal):
        SigningKey.parse(text)


def test_a_private_key_reads_back_and_never_shows_itself() -> None:
    key = SigningKey.generate("example.id/x")
    again = SigningKey.parse(key.text)
    assert (again.verifier, again.key_id) == (key.verifier, key.key_id)
    assert key.seed.hex() not in repr(key)
    assert repr(key.seed)[2:-1] not in repr(key)


def test_two_generated_keys_differ() -> None:
    assert SigningKey.generate("x").seed != SigningKey.generate("x").seed


def test_a_weak_public_key_is_refused_where_it_is_read() -> None:
    weak = Verifier("example.id/weak", b"\x01" + bytes(31))
    with pytest.raises(Tampered, match="key-weak"):
        Verifier.parse(weak.text)
    with pytest.raises(Tampered, match="key-weak"):
        weak.verify_bytes(b"", bytes(64))


# --- exact lines ---


@pytest.mark.parametrize(
    ("signers", "asked", "code"),
    [
        pytest.param([A], [A], None, id="one"),
        pytest.param([A, B], [A, B], None, id="two"),
        pytest.param([A], [A, B], "signature-missing", id="second missing"),
        pytest.param([B], [A], "signature-missing", id="another signer"),
        pytest.param([A, B], [A], "signature-extra", id="one too many"),
        pytest.param([A, B, C], [A, C], "signature-extra", id="one too many between"),
        pytest.param([B, A], [A, B], "signature-order", id="wrong order"),
        pytest.param([A], [], "signature-extra", id="nobody asked"),
    ],
)
def test_lines_are_exactly_those_asked_for(
    signers: list[SigningKey], asked: list[SigningKey], code: str | None
) -> None:
    note = parse_note(sign_note(TEXT, *signers))
    verifiers = [key.verifier for key in asked]
    if code is None:
        require_signatures(note, *verifiers)
    else:
        with pytest.raises(Tampered, match=code):
            require_signatures(note, *verifiers)


def test_the_same_line_twice_is_one_too_many() -> None:
    note = parse_note(sign_note(TEXT, A))
    with pytest.raises(Tampered, match="signature-extra"):
        require_signatures(Note(note.text, note.signatures * 2), A.verifier)


def test_a_signature_by_another_key_under_a_known_name_is_bad() -> None:
    line = SignatureLine(A.name, A.key_id, B.sign_bytes(TEXT.encode()))
    for check in (
        lambda note: require_signatures(note, A.verifier),
        lambda note: verify_known(note, [A.verifier]),
    ):
        with pytest.raises(Tampered, match="signature-bad"):
            check(Note(TEXT, (line,)))


def test_a_known_key_that_signs_well_and_then_badly_is_refused() -> None:
    good = parse_note(sign_note(TEXT, A)).signatures[0]
    bad = SignatureLine(A.name, A.key_id, bytes(64))
    with pytest.raises(Tampered, match="signature-bad"):
        verify_known(Note(TEXT, (good, bad)), [A.verifier])


def test_every_flipped_byte_of_a_note_is_refused() -> None:
    data = sign_note(TEXT, A, B)
    require_signatures(parse_note(data), A.verifier, B.verifier)
    for at in range(len(data)):
        for mask in (0x01, 0x20, 0x80, 0xFF):
            changed = data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
            with pytest.raises(Tampered):
                require_signatures(parse_note(changed), A.verifier, B.verifier)


def test_every_cut_and_every_dropped_line_of_a_note_is_refused() -> None:
    data = sign_note(TEXT, A, B)
    lines = data.splitlines(keepends=True)
    changed = [data[:end] for end in range(len(data))]
    changed += [b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines))]
    for one in changed:
        with pytest.raises(Tampered):
            require_signatures(parse_note(one), A.verifier, B.verifier)


plain = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=200)


@settings(max_examples=100)
@given(
    lines=st.lists(plain, min_size=1, max_size=8),
    signers=st.lists(st.sampled_from([A, B, C]), min_size=1, unique=True),
)
def test_what_was_signed_reads_back(lines: list[str], signers: list[SigningKey]) -> None:
    text = "\n".join(lines) + "\n"
    data = sign_note(text, *signers)
    note = parse_note(data)
    assert (note.text, note.raw) == (text, data)
    require_signatures(note, *(key.verifier for key in signers))


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass"))
    )
)
def test_any_bytes_are_a_note_or_a_failure_of_ours(data: bytes) -> None:
    with contextlib.suppress(Failure):
        assert parse_note(data).raw == data


@settings(max_examples=300)
@given(st.text(max_size=120))
def test_any_text_is_a_key_or_a_failure_of_ours(text: str) -> None:
    for parse in (Verifier.parse, SigningKey.parse):
        with contextlib.suppress(Failure):
            assert parse(text).text == text
