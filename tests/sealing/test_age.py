"""Our own age files: round trips, who may share one, what every damage comes to, and how much memory is at stake.

What other programs write is in test_age_testkit.py and test_age_peers.py; reading parts in test_sealed_file.py.
"""

import io
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing import age_header
from cbt_station.sealing.age import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Passphrase,
    X25519Identity,
    X25519Recipient,
    armor,
    dearmor,
    decrypt,
    decrypt_stream,
    encrypt,
    encrypt_stream,
    hybrid_from_seed,
    parse_identity,
    parse_recipient,
)

CHUNK = 64 << 10
HYBRID = hybrid_from_seed(bytes(range(32)))
OTHER = hybrid_from_seed(bytes(32))
CLASSICAL = X25519Identity(bytes(range(32)))
CHEAP = Passphrase("kata sandi", log_n=4)

# From c2sp.org/age: the identity and the recipient of its examples.
SPEC_HYBRID = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
SPEC_X25519 = (
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
)

EACH_KIND = pytest.mark.parametrize(
    ("identity", "recipient"),
    [
        pytest.param(HYBRID, HYBRID.recipient, id="hybrid"),
        pytest.param(CLASSICAL, CLASSICAL.recipient, id="X25519"),
        pytest.param(CHEAP, CHEAP, id="passphrase"),
    ],
)
BORDERS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]


@EACH_KIND
@pytest.mark.parametrize("length", BORDERS)
def test_what_was_sealed_opens_again(identity: Identity, recipient, length: int) -> None:
    plain = bytes(range(256)) * (length // 256) + bytes(length % 256)
    assert decrypt(encrypt(plain, recipient), identity) == plain


@given(st.binary(max_size=2000))
@settings(max_examples=50)
def test_any_bytes_survive_sealing_and_armor(plain: bytes) -> None:
    assert decrypt(dearmor(armor(encrypt(plain, HYBRID.recipient))), HYBRID) == plain


def test_each_of_several_recipients_opens_the_file_alone() -> None:
    sealed = encrypt(b"soal", HYBRID.recipient, OTHER.recipient)
    assert decrypt(sealed, HYBRID) == decrypt(sealed, OTHER) == b"soal"


def test_two_sealings_of_the_same_bytes_share_nothing() -> None:
    first, second = (encrypt(b"", HYBRID.recipient) for _ in range(2))
    assert first[-32:-16] != second[-32:-16]  # the nonces
    assert first[30:1000] != second[30:1000]


@pytest.mark.parametrize(
    "recipients",
    [
        pytest.param((HYBRID.recipient, CLASSICAL.recipient), id="hybrid beside classical"),
        pytest.param((CHEAP, HYBRID.recipient), id="passphrase beside a key"),
        pytest.param((CHEAP, CHEAP), id="two passphrases"),
    ],
)
def test_recipients_that_weaken_each_other_never_share_a_file(recipients) -> None:
    with pytest.raises(Refusal, match="age-recipients-mixed"):
        encrypt(b"soal", *recipients)


@pytest.mark.parametrize("count", [0, age_header.MOST_STANZAS + 1])
def test_a_file_has_at_least_one_recipient_and_not_too_many(count: int) -> None:
    with pytest.raises(Refusal, match="age-recipients-count"):
        encrypt(b"soal", *[CLASSICAL.recipient] * count)


@EACH_KIND
def test_a_file_for_somebody_else_does_not_open(identity: Identity, recipient) -> None:
    strangers = [OTHER, X25519Identity.generate(), Passphrase("lain", log_n=4)]
    with pytest.raises(Refusal, match="age-no-match"):
        decrypt(encrypt(b"soal", recipient), *strangers)


@EACH_KIND
def test_every_flipped_byte_is_refused(identity: Identity, recipient) -> None:
    sealed = encrypt(b"jawaban: c", recipient)
    for place in range(len(sealed)):
        for flip in (0x01, 0x80):
            changed = sealed[:place] + bytes([sealed[place] ^ flip]) + sealed[place + 1 :]
            with pytest.raises((Tampered, Refusal)):
                decrypt(changed, identity)


@EACH_KIND
def test_a_file_cut_off_anywhere_is_refused(identity: Identity, recipient) -> None:
    sealed = encrypt(b"jawaban: c", recipient)
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            decrypt(sealed[:length], identity)


@pytest.mark.parametrize("cut", [1, 16, CHUNK, CHUNK + 16, CHUNK + 17, 2 * (CHUNK + 16)])
def test_a_long_file_cut_off_at_a_chunk_is_refused(cut: int) -> None:
    sealed = encrypt(bytes(3 * CHUNK), HYBRID.recipient)
    with pytest.raises(Tampered, match="age-payload"):
        decrypt(sealed[:-cut], HYBRID)


def test_chunks_cannot_change_places() -> None:
    sealed = encrypt(bytes(3 * CHUNK), HYBRID.recipient)
    start = len(sealed) - 3 * (CHUNK + 16)
    first, second = sealed[start : start + CHUNK + 16], sealed[start + CHUNK + 16 : start + 2 * (CHUNK + 16)]
    swapped = sealed[:start] + second + first + sealed[start + 2 * (CHUNK + 16) :]
    with pytest.raises(Tampered, match="age-payload at chunk 0"):
        decrypt(swapped, HYBRID)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_rubbish_is_never_more_than_tampered(rubbish: bytes) -> None:
    for data in (
        rubbish,
        b"age-encryption.org/v1\n" + rubbish,
        b"age-encryption.org/v1\n-> X25519 " + rubbish,
    ):
        with pytest.raises(Tampered):
            decrypt(data, HYBRID, CLASSICAL, CHEAP)
    with pytest.raises(Tampered, match="age-armor"):
        dearmor(rubbish)


class Endless(io.RawIOBase):
    """A file that never ends: its first bytes, then one pattern for ever."""

    def __init__(self, first: bytes, pattern: bytes) -> None:
        self._rest = first
        self._pattern = pattern

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while len(self._rest) < len(buffer):
            self._rest += self._pattern * (1 + len(buffer) // len(self._pattern))
        buffer[:], self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        return len(buffer)


def most_memory(act: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("first", "pattern"),
    [
        pytest.param(b"", b"-> a\n\n", id="stanzas without end"),
        pytest.param(b"-> a\n", b"A" * 64 + b"\n", id="a body without end"),
        pytest.param(b"", b"a", id="a line without end"),
        pytest.param(b"->", b" a", id="arguments without end"),
    ],
)
def test_a_head_without_end_is_refused_in_bounded_memory(first: bytes, pattern: bytes) -> None:
    endless = io.BufferedReader(Endless(b"age-encryption.org/v1\n" + first, pattern))

    def read() -> None:
        with pytest.raises(Tampered, match="age-header"):
            decrypt_stream(endless, io.BytesIO(), HYBRID)

    assert most_memory(read) < 10 * age_header.MOST_HEADER_BYTES


def test_ten_thousand_stanzas_are_refused_and_a_thousand_are_read() -> None:
    sealed = encrypt(b"soal", HYBRID.recipient)
    version, rest = sealed.split(b"\n", 1)
    with pytest.raises(Tampered, match="most_stanzas"):
        decrypt(version + b"\n" + b"-> grease\n\n" * 10_000 + rest, HYBRID)
    with pytest.raises(Tampered, match="age-mac"):
        decrypt(version + b"\n" + b"-> grease\n\n" * 1000 + rest, HYBRID)


def test_streams_of_any_length_take_a_few_chunks_of_memory() -> None:
    class Nowhere(io.BytesIO):
        def write(self, data) -> int:
            return len(data)

    class Zeros(io.RawIOBase):
        left = 32 << 20

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left, 10_000)  # a pipe hands out what it has
            self.left -= size
            return bytes(size)

    assert most_memory(lambda: encrypt_stream(Zeros(), Nowhere(), HYBRID.recipient)) < 1 << 20


def test_a_source_that_hands_out_little_at_a_time_is_read_whole() -> None:
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 7) if size and size > 0 else size)

    plain, target = bytes(range(256)) * 600, io.BytesIO()
    encrypt_stream(Drops(plain), target, HYBRID.recipient)
    opened = io.BytesIO()
    decrypt_stream(Drops(target.getvalue()), opened, HYBRID)
    assert opened.getvalue() == plain


def scrypt_file(log_n: str) -> bytes:
    sealed = encrypt(b"soal", CHEAP)
    head, body = sealed.split(b" 4\n", 1)
    return head + b" " + log_n.encode() + b"\n" + body


@pytest.mark.parametrize("log_n", ["21", "23", "64", "999999999", "9" * 5000])
def test_a_passphrase_file_cannot_ask_for_unbounded_memory(log_n: str) -> None:
    with pytest.raises(Refusal, match="age-work-factor"):
        decrypt(scrypt_file(log_n), CHEAP)


def test_nobody_writes_a_passphrase_file_that_we_would_not_read() -> None:
    for log_n in (-1, 0, 21):
        with pytest.raises(Refusal, match="age-work-factor"):
            Passphrase("kata", log_n=log_n)


def test_the_default_cost_of_a_passphrase_is_2_to_the_18() -> None:
    assert b" 18\n" in encrypt(b"", Passphrase("kata"))[:100]


@pytest.mark.parametrize("passphrase", ["", "\ud800"])
def test_a_passphrase_that_cannot_be_typed_is_refused(passphrase: str) -> None:
    with pytest.raises(Refusal, match="passphrase-unusable"):
        Passphrase(passphrase)


def test_the_specification_s_own_keys_are_read_as_it_says() -> None:
    assert X25519Identity.parse(SPEC_X25519[0]).recipient.text == SPEC_X25519[1]
    hybrid = HybridIdentity.parse(SPEC_HYBRID)
    assert hybrid.text == SPEC_HYBRID
    assert hybrid.recipient.text.startswith(
        "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapd"
    )
    assert hybrid.recipient.text.endswith("l53k2ykx3qheyty7saeq0d3fzv49zc0k")  # with its checksum over all


@pytest.mark.parametrize("identity", [HYBRID, CLASSICAL])
def test_keys_survive_their_text(identity: HybridIdentity | X25519Identity) -> None:
    assert parse_identity(identity.text) == identity
    assert parse_recipient(identity.recipient.text) == identity.recipient


@pytest.mark.parametrize("identity", [HYBRID, CLASSICAL])
def test_a_key_has_one_spelling(identity: HybridIdentity | X25519Identity) -> None:
    secret, public = identity.text, identity.recipient.text
    spellings = [
        secret.lower(),
        secret[:-1],
        secret + "Q",
        " " + secret,
        secret[:20] + secret[20:].lower(),
        "",
    ]
    spellings += [
        secret[:30] + ("Q" if secret[30] != "Q" else "P") + secret[31:],
        secret.replace("-", ""),
        "AGE",
    ]
    for spelling in spellings:
        with pytest.raises(Refusal, match="age-key-malformed"):
            parse_identity(spelling)
    swapped = public[:40] + public[41] + public[40] + public[42:]
    for spelling in (
        public.upper(),
        public[:-1],
        public + "q",
        public + "\n",
        swapped,
        secret,
        "",
        "age1",
        "K" * 70,
    ):
        with pytest.raises(Refusal, match="age-key-malformed"):
            parse_recipient(spelling)


LOW_ORDER = [
    pytest.param(0, id="zero"),
    pytest.param(1, id="one"),
    pytest.param(325606250916557431795983626356110631294008115727848805560023387167927233504, id="order 8"),
    pytest.param(2**255 - 20, id="p - 1"),
    pytest.param(2**255 - 19, id="zero, not canonical"),
    pytest.param(2**255 - 10, id="nine, not canonical"),
    pytest.param(2**255 + 9, id="nine with the top bit"),
]


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_recipient_of_low_order_or_second_spelling_is_refused(point: int) -> None:
    bad = point.to_bytes(32, "little")
    with pytest.raises(Refusal, match="age-key-malformed"):
        X25519Recipient(bad)
    with pytest.raises(Refusal, match="age-key-malformed"):
        HybridRecipient(HYBRID.recipient.public[:1184] + bad)


def test_a_hybrid_recipient_whose_lattice_half_is_malformed_is_refused() -> None:
    with pytest.raises(Refusal, match="age-key-malformed"):
        HybridRecipient(b"\xff" * 1184 + HYBRID.recipient.public[1184:])


def test_secrets_do_not_show_in_a_log() -> None:
    assert [repr(secret) for secret in (HYBRID, CLASSICAL, CHEAP)] == [
        "HybridIdentity()",
        "X25519Identity()",
        "Passphrase(log_n=4)",
    ]
