"""The centre over real HTTP on loopback: what venues upload, what anybody mirrors, and what nobody gets to do.

Servers that answer nonsense are in tests/sync/test_nonsense.py; pages as people see them in test_pages.py.
"""

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from cbt_station.artefacts import names
from cbt_station.errors import Tampered, Trouble
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing.checkpoint import verify_checkpoint
from cbt_station.sealing.tiles import inclusion_from_tiles, root_from_tiles
from cbt_station.server import ingest, serving
from cbt_station.server.centre import Centre
from cbt_station.server.guard import HEADERS
from cbt_station.sync.upload import sync_to_url
from cbt_station.verify.session import check_proof
from tests.server.running import running
from tests.server.small_tree import SESSION, VENUES, Sat, SmallWorld
from tests.sync.trees import read_tree, write_tree

WORLD = SmallWorld()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with Centre.open(tmp_path / "centre", WORLD.trust, WORLD.log_key) as opened:
        opened.add_session(WORLD.files)
        yield opened


@pytest.fixture
def url(centre: Centre) -> Iterator[str]:
    with running(centre) as address:
        yield address


@pytest.fixture
def home(tmp_path: Path) -> Path:
    sats = [WORLD.sat(number) for number in (1, 2, 3)]
    name, raw = WORLD.closing(sats)
    return write_tree(tmp_path / "home", {**sats[0].files, **sats[1].files, **sats[2].files, name: raw})


def notes_of(tree: Path) -> list[str]:
    return [name for name in read_tree(tree) if name.startswith("notes/")]


def test_a_tree_goes_up_and_every_receipt_comes_back_verified(centre: Centre, url: str, home: Path) -> None:
    report = sync_to_url(home, url, WORLD.trust)
    report.require_clean()
    tree = read_tree(home)
    assert (report.sent, report.receipts) == (11, 8)
    for name in notes_of(home):
        kind, _, note_id = name.removeprefix("notes/").removesuffix(".note").partition("-")
        check_proof(tree[names.tree_proof(note_id)], WORLD.trust, kind, note_id)
    again = sync_to_url(home, url, WORLD.trust)
    assert (again.sent, again.already, again.receipts) == (0, 11, 0)
    assert centre.registry.count(SESSION, "result") == {VENUES[0]: 3}


def test_receipts_that_were_lost_come_again_with_the_same_numbers(url: str, home: Path) -> None:
    sync_to_url(home, url, WORLD.trust)
    before = {name: data for name, data in read_tree(home).items() if name.startswith("proofs/")}
    for name in before:
        (home / name).unlink()
    assert sync_to_url(home, url, WORLD.trust).receipts == len(before)
    after = read_tree(home)
    assert {name: tlog_proof.parse(after[name]).index for name in before} == {
        name: tlog_proof.parse(data).index for name, data in before.items()
    }


def test_without_a_trust_list_everything_is_sent_and_no_receipt_is_kept(url: str, home: Path) -> None:
    report = sync_to_url(home, url)
    assert (report.sent, report.receipts) == (11, 0)
    assert not (home / "proofs").exists()


def test_an_upload_that_is_cut_after_any_file_goes_on_where_it_was(
    centre: Centre, url: str, home: Path
) -> None:
    class Cut(BaseException):
        pass

    cuts = 0
    for at in range(1, 12):

        def cut(done: int, _every: int, at: int = at) -> None:
            if done == at:
                raise Cut

        try:
            sync_to_url(home, url, WORLD.trust, cut)
        except Cut:
            cuts += 1
    assert cuts > 4
    sync_to_url(home, url, WORLD.trust).require_clean()
    assert centre.registry.size == 2 + 8
    assert len(notes_of(home)) == sum(name.startswith("proofs/") for name in read_tree(home)) == 8


def test_many_venues_with_the_same_tree_at_once_make_one_number_a_note(
    centre: Centre, url: str, home: Path, tmp_path: Path
) -> None:
    trees = [write_tree(tmp_path / f"home-{number}", read_tree(home)) for number in range(4)]
    failures: list[BaseException] = []

    def run(tree: Path) -> None:
        try:
            sync_to_url(tree, url, WORLD.trust).require_clean()
        except BaseException as error:  # noqa: BLE001 (shown by the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(tree,)) for tree in (*trees, home, home)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert centre.registry.size == 2 + 8
    for name in notes_of(home):
        note_id = name.rpartition("-")[2].removesuffix(".note")
        indexes = {
            tlog_proof.parse(read_tree(tree)[names.tree_proof(note_id)]).index for tree in (*trees, home)
        }
        assert len(indexes) == 1


def test_a_twin_is_named_to_its_sender_and_the_rest_goes_up(url: str, home: Path, tmp_path: Path) -> None:
    sync_to_url(home, url, WORLD.trust)
    other = write_tree(tmp_path / "other", {**WORLD.sat(1, variant="x").files, **WORLD.sat(4).files})
    for _ in range(2):
        report = sync_to_url(other, url, WORLD.trust)
        assert [(one.code, one.where) for one in report.twins] == [
            ("server-twin", names.tree_note("result", WORLD.sat(1, variant="x").result))
        ]
        with pytest.raises(Tampered, match="server-twin"):
            report.require_clean()
    assert (other / names.tree_proof(WORLD.sat(4).result)).exists()
    assert not (other / names.tree_proof(WORLD.sat(1, variant="x").result)).exists()


def test_a_false_note_is_named_and_the_rest_goes_up(url: str, home: Path) -> None:
    name = names.tree_note("result", WORLD.sat(2).result)
    raw = (home / name).read_bytes()
    last = raw.splitlines()[-1]
    (home / name).write_bytes(raw.replace(last, raw.splitlines()[-2]))
    report = sync_to_url(home, url, WORLD.trust)
    assert [(one.where, one.code, one.facts["said"]) for one in report.failed] == [
        (name, "server-says-false", "signature-missing")
    ]
    assert report.sent == 10


def test_what_a_result_needs_and_is_not_there_is_said(url: str, tmp_path: Path) -> None:
    files = {name: data for name, data in WORLD.sat(1).files.items() if not name.startswith("notes/admit-")}
    report = sync_to_url(write_tree(tmp_path / "part", files), url, WORLD.trust)
    assert {one.code for one in report.failed} == {"server-lacks"}
    assert {one.facts["said"] for one in report.failed} == {"evidence-missing"}


# --- what anybody may read ---------------------------------------------------------------------------------------


def test_the_log_can_be_mirrored_and_its_proofs_made_by_the_mirror(url: str, home: Path) -> None:
    sync_to_url(home, url, WORLD.trust)
    with httpx2.Client(base_url=url) as client:
        raw = client.get("/checkpoint").content
        head = verify_checkpoint(raw, WORLD.log_key.verifier, WORLD.trust.log_origin)

        def fetch(path: str) -> bytes:
            answer = client.get(f"/{path}")
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            return answer.content

        assert root_from_tiles(fetch, head.size) == head.root
        proof = client.get(f"/proof/{WORLD.sat(1).result}").content
        parsed = tlog_proof.parse(proof)
        assert parsed.hashes == inclusion_from_tiles(fetch, parsed.index, head.size)


def test_registered_notes_and_session_files_can_be_fetched(url: str, home: Path) -> None:
    sync_to_url(home, url, WORLD.trust)
    sat = WORLD.sat(1)
    with httpx2.Client(base_url=url) as client:
        for name, data in sat.files.items():
            if name.startswith("notes/"):
                assert client.get(f"/tree/{name}").content == data
        assert client.get(f"/session/{SESSION}/{SESSION}.files").content == WORLD.files[f"{SESSION}.files"]
        assert client.get("/trust/trust-1.note").content == WORLD.files["trust-1.note"]


@pytest.mark.parametrize(
    "path",
    [
        "/tree/" + names.tree_sealed(WORLD.sat(1).sealed),
        "/tree/notes/result-" + "0" * 64 + ".note",
        "/tree/notes/../../registry.db",
        "/tree/../registry.db",
        "/tile/../checkpoint",
        "/tile/0/000/../../../registry.db",
        "/tile/%2e%2e/registry.db",
        "/tile//0/000",
        "/tile/64/000",
        "/tile/0/0000",
        "/proof/" + "0" * 64,
        "/proof/x",
        "/session/kecil-1/../../registry.db",
        "/session/kecil-1/kecil-1.pool",
        "/session/kecil-9/kecil-9.files",
        "/session/KECIL",
        "/session/..",
        "/trust/trust-2.note",
        "/trust/lock",
        "/registry.db",
        "/lock",
        "/docs",
        "/openapi.json",
        "/fonts/../style.css",
        "/fonts/x.ttf",
        "/\\x",
    ],
)
def test_nothing_else_is_found(url: str, home: Path, path: str) -> None:
    sync_to_url(home, url, WORLD.trust)
    assert _raw(url, "GET", path).status == 404


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "MOVE"])
@pytest.mark.parametrize("path", ["/", "/tree/notes/x", "/checkpoint"])
def test_only_reading_and_putting(url: str, method: str, path: str) -> None:
    assert _raw(url, method, path).status == 405


@pytest.mark.parametrize("path", ["/", "/slip", "/log", f"/session/{SESSION}", "/checkpoint", "/nope"])
def test_a_head_has_the_headers_of_its_page_and_no_body(url: str, path: str) -> None:
    head, get = _raw(url, "HEAD", path), _raw(url, "GET", path)
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("path", ["/", "/slip?code=x", "/checkpoint", "/nope", "/tree/x/y", "/proof/x"])
def test_every_answer_carries_the_security_headers(url: str, path: str) -> None:
    headers = _raw(url, "GET", path).headers
    for name, value in HEADERS:
        assert headers[name.decode()] == value.decode()
    assert "server" not in headers
    assert "script" not in headers["content-security-policy"]


# --- bounds -------------------------------------------------------------------------------------------------------


class _Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def _raw(url: str, method: str, path: str, body: bytes | None = None, **headers: str) -> _Answer:
    """A request as it is, with no client that tidies its path."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None and "content_length" not in headers and "transfer_encoding" not in headers:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders()
        if body:
            connection.send(body)
        return _Answer(connection.getresponse())
    finally:
        connection.close()


def test_a_body_that_says_it_is_too_large_is_not_read(url: str) -> None:
    assert _raw(url, "PUT", "/sync/offer", b"", content_length=str(2 << 20)).status == 413
    assert _raw(url, "PUT", f"/tree/notes/result-{'0' * 64}.note", b"", content_length="9" * 15).status == 413


def test_a_body_of_no_said_length_is_not_read(url: str) -> None:
    answer = _raw(url, "PUT", "/sync/offer", b"5\r\nhello\r\n0\r\n\r\n", transfer_encoding="chunked")
    assert answer.status == 411


def test_a_body_framed_in_two_ways_is_not_read(url: str) -> None:
    answer = _raw(url, "PUT", "/sync/offer", b"0\r\n\r\n", transfer_encoding="chunked", content_length="5")
    assert answer.status == 411


def test_large_bodies_share_a_room_and_small_ones_are_always_taken(
    centre: Centre, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "SMALL_BODY", 1000)
    monkeypatch.setattr(ingest, "MOST_OF_LARGE", 5000)
    large, small = WORLD.sat(1, size=7000), WORLD.sat(2, size=900)
    for _ in range(2):  # the room is given back
        assert _put(url, large) == 503
        assert _put(url, WORLD.sat(3, size=5500)) == 204
    assert _put(url, small) == 204
    assert not centre.registry.has_sealed(large.sealed)


def _put(url: str, sat: Sat) -> int:
    name = names.tree_sealed(sat.sealed)
    return _raw(url, "PUT", f"/tree/{name}", sat.files[name]).status


@pytest.mark.parametrize("half", [b"", b"GET / HTTP/1.1\r\nhost: x\r\nx-", b"GET /chec"])
def test_a_connection_on_which_no_request_comes_is_closed(
    centre: Centre, half: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "NO_REQUEST_S", 0.2)
    with running(centre) as url:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as waiting:
            waiting.sendall(half)
            assert waiting.recv(100) == b""
        assert _raw(url, "GET", "/checkpoint").status == 200


def test_a_long_address_is_refused(url: str) -> None:
    assert _raw(url, "GET", "/slip?code=" + "x" * 3000).status == 414


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"type":"cbt-station/offer/v1","names":[1]}', b"[" * 100_000, b"\xff\xfe"],
)
def test_an_offer_of_nonsense_is_answered_in_the_wires_words(url: str, body: bytes) -> None:
    answer = _raw(url, "PUT", "/sync/offer", body)
    assert answer.status == 422
    assert b'"code":"malformed"' in answer.body


def test_an_offer_of_a_strange_name_is_refused(url: str) -> None:
    body = b'{"type":"cbt-station/offer/v1","names":["../../etc/passwd"]}'
    answer = _raw(url, "PUT", "/sync/offer", body)
    assert (answer.status, b'"code":"name-malformed"' in answer.body) == (409, True)


def test_a_client_that_hangs_up_in_the_middle_of_a_body_registers_nothing(centre: Centre, url: str) -> None:
    sat = WORLD.sat(1)
    name = names.tree_sealed(sat.sealed)
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.putrequest("PUT", f"/tree/{name}")
    connection.putheader("content-length", "400")
    connection.endheaders()
    connection.send(sat.files[name][:200])
    connection.close()
    assert _raw(url, "GET", "/checkpoint").status == 200
    assert not centre.registry.has_sealed(sat.sealed)


def test_an_address_in_use_is_said(url: str, centre: Centre) -> None:
    from cbt_station.server.serving import listen

    with pytest.raises(Trouble, match="address-in-use"):
        listen("127.0.0.1", urlsplit(url).port or 0)
