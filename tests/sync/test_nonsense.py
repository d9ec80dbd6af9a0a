"""A server that answers nonsense: said in words, nothing lost, nothing believed.

The answers of a real centre are in tests/server/test_http.py.
"""

from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing import strict_json
from cbt_station.sealing.checkpoint import Checkpoint, sign_checkpoint
from cbt_station.sealing.merkle import leaf_hash
from cbt_station.sealing.proof import TlogProof, write
from cbt_station.sync import upload
from cbt_station.sync.upload import sync_to_url
from cbt_station.sync.wire import Answer, Offer, Said
from cbt_station.words import LANGUAGES, words_in
from tests.server.small_tree import SmallWorld, key
from tests.sync.nonsense import http, nonsense_server
from tests.sync.trees import read_tree, write_tree

WORLD = SmallWorld()
SAT = WORLD.sat(1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "home", SAT.files)


def said(kind: str, code: str) -> bytes:
    return strict_json.encode(Said(kind, code))  # type: ignore[arg-type]  # lies too


def answered(*lacking: str) -> bytes:
    return http("200 OK", strict_json.encode(Answer(lacking)), "content-type: application/json")


def all_lacking(body: bytes) -> bytes:
    return answered(*strict_json.decode(body, Offer, "offer").names)


OFFERS = {
    "nothing": None,
    "an empty answer": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "half a header": b"HTTP/1.1 200 OK\r\ncontent-le",
    "HTML": http(
        "200 OK", b"<html><body>Selamat datang di WiFi Hotel</body></html>", "content-type: text/html"
    ),
    "a redirect": http("302 Found", b"", "location: http://127.0.0.1:1/"),
    "a redirect to itself": http("308 Permanent Redirect", b"", "location: /sync/offer"),
    "an error in HTML": http("500 Internal Server Error", b"<h1>oops</h1>"),
    "an error with no body": http("502 Bad Gateway"),
    "not found": http("404 Not Found", b"not found"),
    "no content": http("204 No Content"),
    "truncated": http("200 OK", b'{"type":"cbt-station/answer/v1","lack', length=200),
    "longer than it says": http("200 OK", answered() + b"trailing", length=3),
    "wrong types": http("200 OK", b'{"type":"cbt-station/answer/v1","lacking":[1,2]}'),
    "lacking is a text": http("200 OK", b'{"type":"cbt-station/answer/v1","lacking":"all"}'),
    "another type": http("200 OK", b'{"type":"cbt-station/offer/v1","names":[]}'),
    "unknown fields": http("200 OK", b'{"type":"cbt-station/answer/v1","lacking":[],"run":"rm"}'),
    "duplicate keys": http("200 OK", b'{"type":"cbt-station/answer/v1","lacking":[],"lacking":[]}'),
    "deep": http("200 OK", b"[" * 500_000),
    "not UTF-8": http("200 OK", b"\xff\xfe\x00"),
    "null": http("200 OK", b"null"),
    "huge": http("200 OK", b"x" * (2 << 20)),
    "huge and unending": http("200 OK", b"x" * (3 << 20), length=1 << 40),
    "gzip": http("200 OK", b"\x1f\x8b" + b"0" * 50, "content-encoding: gzip"),
    "a name that was not offered": answered("notes/result-" + "0" * 64 + ".note"),
    "a path": answered("../../etc/passwd"),
    "a name twice": answered(*[names.tree_sealed(SAT.sealed)] * 2),
    "a failure of no known kind": http(
        "503 X", b'{"type":"cbt-station/failure/v1","kind":"doom","code":"x"}'
    ),
    "a failure whose code is markup": http(
        "409 X", b'{"type":"cbt-station/failure/v1","kind":"refusal","code":"<b>","where":"","facts":{}}'
    ),
    "a refusal of the offer": http("409 X", said("refusal", "name-malformed")),
    "a number as status": b"HTTP/1.1 999999 OK\r\n\r\n",
    "a bad length": b"HTTP/1.1 200 OK\r\ncontent-length: minus\r\n\r\n",
}


@pytest.mark.parametrize("name", OFFERS)
def test_nonsense_for_an_offer_is_trouble_in_words(home: Path, name: str) -> None:
    before = read_tree(home)
    with (
        nonsense_server(lambda _method, _path, _body: OFFERS[name]) as server,
        pytest.raises(Trouble) as caught,
    ):
        sync_to_url(home, server.url, WORLD.trust)
    assert caught.value.code.startswith("server-")
    assert read_tree(home) == before
    assert [method for method, _ in server.asked] == ["PUT"]
    for lang in LANGUAGES:
        assert words_in(lang).knows(f"error.{caught.value.code}")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(None, id="nothing"),
        pytest.param(http("200 OK", b"<html>"), id="HTML for a sealed file"),
        pytest.param(http("204 No Content"), id="nothing for a note"),
        pytest.param(http("301 Moved", b"", "location: /x"), id="redirect"),
        pytest.param(http("500 X", b"boom"), id="500"),
        pytest.param(http("418 X", b""), id="418"),
        pytest.param(http("503 X", said("trouble", "disk-full")), id="a full disk over there"),
    ],
)
def test_nonsense_for_a_file_is_trouble_and_the_file_stays(home: Path, raw: bytes | None) -> None:
    before = read_tree(home)

    def answer(_method: str, path: str, body: bytes) -> bytes | None:
        return all_lacking(body) if path == "/sync/offer" else raw

    with nonsense_server(answer) as server, pytest.raises(Trouble):
        sync_to_url(home, server.url, WORLD.trust)
    assert read_tree(home) == before


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("refusal", "kind-not-registered", Refusal),
        ("tampered", "signature-bad", Tampered),
        ("tampered", "twin-results", Tampered),
        ("trouble", "evidence-missing", Trouble),
        ("refusal", "a-code-nobody-knows", Refusal),
    ],
)
def test_what_a_server_says_of_a_file_is_told_and_not_acted_upon(
    home: Path, kind: str, code: str, expected: type[Failure]
) -> None:
    before = read_tree(home)

    def answer(_method: str, path: str, body: bytes) -> bytes:
        return all_lacking(body) if path == "/sync/offer" else http("409 X", said(kind, code))

    with nonsense_server(answer) as server:
        report = sync_to_url(home, server.url, WORLD.trust)
    assert len(report.failed) + len(report.twins) == 4
    assert {one.facts["said"] for one in (*report.failed, *report.twins)} == {code}
    with pytest.raises(expected):
        report.require_clean()
    assert read_tree(home) == before


def lone_proof(signed_by: str, origin: str, kind: str = "result", note_id: str = SAT.result) -> bytes:
    """A proof of a log with one entry."""
    leaf = leaf_hash(f"cbt-station/entry/v1 test\n{kind} {note_id}\n".encode())
    return write(TlogProof(0, (), sign_checkpoint(Checkpoint(origin, 1, leaf), key(signed_by))))


LOG = WORLD.trust.log_origin
PROOFS = {
    "empty": b"",
    "HTML": b"<html>",
    "of another log's key": lone_proof("evil.example/log", LOG),
    "of another origin": lone_proof(LOG, "evil.example/log/v1/test"),
    "of another note": lone_proof(LOG, LOG, note_id="0" * 64),
    "of another kind": lone_proof(LOG, LOG, kind="score"),
    "cut": lone_proof(LOG, LOG)[:-10],
    "with a tail": lone_proof(LOG, LOG) + b"x",
    "too large": lone_proof(LOG, LOG) + b"\n" * (1 << 20),
}


@pytest.mark.parametrize("name", PROOFS)
def test_a_wrong_receipt_is_named_and_stored_nowhere(home: Path, name: str) -> None:
    before = read_tree(home)

    def answer(_method: str, path: str, body: bytes) -> bytes:
        if path == "/sync/offer":
            return all_lacking(body)
        return (
            http("204 No Content") if path.startswith("/tree/sealed") else http("201 Created", PROOFS[name])
        )

    with nonsense_server(answer) as server:
        if name == "too large":
            with pytest.raises(Trouble, match="server-nonsense"):
                sync_to_url(home, server.url, WORLD.trust)
        else:
            report = sync_to_url(home, server.url, WORLD.trust)
            assert len(report.failed) == 3
            with pytest.raises(Tampered):
                report.require_clean()
    assert read_tree(home) == before


def test_a_right_receipt_is_stored(home: Path) -> None:
    def answer(_method: str, path: str, _body: bytes) -> bytes:
        if path == "/sync/offer":
            return answered()
        if path == f"/proof/{SAT.result}":
            return http("200 OK", lone_proof(LOG, LOG))
        return http("404 X", said("trouble", "not-registered"))

    with nonsense_server(answer) as server, pytest.raises(Trouble):
        sync_to_url(home, server.url, WORLD.trust)
    (home / names.tree_note("admit", "0")).parent.mkdir(exist_ok=True)
    result_only = {name: data for name, data in SAT.files.items() if "result" in name}
    for path in home.rglob("*.note"):
        if "result" not in path.name:
            path.unlink()
    with nonsense_server(answer) as server:
        assert sync_to_url(home, server.url, WORLD.trust).receipts == 1
    assert read_tree(home) == {**result_only, names.tree_proof(SAT.result): lone_proof(LOG, LOG)}


def test_a_server_that_drips_is_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "SILENCE_S", 0.2)
    with (
        nonsense_server(
            lambda _m, _p, _b: http("200 OK", b"{", length=1000).replace(b"close", b"keep-alive")
        ) as server,
        pytest.raises(Trouble, match="server-silent"),
    ):
        sync_to_url(home, server.url, WORLD.trust)


def test_a_server_that_talks_without_end_is_left(home: Path) -> None:
    with (
        nonsense_server(lambda _m, _p, _b: http("200 OK", b"[" * 1000, length=100_000)) as server,
        pytest.raises(Trouble, match="server-"),
    ):
        sync_to_url(home, server.url, WORLD.trust, answer_s=-1.0)


def test_nobody_there_is_said(home: Path) -> None:
    with pytest.raises(Trouble, match="server-unreachable"):
        sync_to_url(home, "http://127.0.0.1:1", WORLD.trust)


@pytest.mark.parametrize(
    "url",
    [
        "http://", "https:///x", "http://user:secret@centre.example", "http://centre.example/?x=1",
        "http://centre.example/#x", "http://[::1", "http://centre.example:99999", "ftp://centre.example", "http://a b/",
        "http://centre.example\n/", "",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_refused(home: Path, url: str) -> None:
    with pytest.raises((Refusal, Trouble), match=r"url-malformed|server-unreachable"):
        sync_to_url(home, url, WORLD.trust)
