"""Sync to the centre over HTTP: "here is my list; send me what you lack", and the receipts come back.

1. the tree is listed and offered in parts; the centre says which names it lacks
2. those are sent: sealed files, then notes in the order of `tree.KINDS`
3. the proof of every note comes back (with the answer, or asked for) and is verified against the trust list before it
   is stored under `proofs/`; a wrong one is Tampered and stored nowhere

The server is believed in nothing: no redirect is followed, every answer is bounded in size and time and held to its
type, and what it says in words is shown and never acted upon. Nothing of the tree is changed but new proofs, so it may be
interrupted anywhere and done again. Times are seconds.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing import strict_json
from cbt_station.sealing.trust import Trust
from cbt_station.sync.copying import Progress
from cbt_station.sync.placing import Target
from cbt_station.sync.report import Kept, Report, kept
from cbt_station.sync.tree import MOST_PROOF, QUARANTINE, Entry, list_tree, read_entry
from cbt_station.sync.wire import JSON, MOST_JSON, MOST_OFFERED, Answer, Offer, Said
from cbt_station.verify.session import check_proof

T = TypeVar("T")
_BUSY = frozenset({429, 502, 503, 504})
"""What a centre under load, or the proxy before it, says without our words."""
CONNECT_S = 15.0
SILENCE_S = 30.0
ANSWER_S = 120.0
"""The most that one whole answer may take."""
_GOES_ON = frozenset({"evidence-missing", "session-unknown"})
"""Troubles of one note; any other trouble of the server would meet every note."""


class _Response(Struct, frozen=True):
    status: int
    body: bytes


def sync_to_url(
    source: Path,
    url: str,
    trust: Trust | None = None,
    progress: Progress = lambda _done, _all: None,
    *,
    answer_s: float = ANSWER_S,
) -> Report:
    """Bring the tree `source` to the centre at `url`, and the receipts back.

    Trouble("server-…") where it cannot be reached or answers nonsense; do it again, nothing is lost.
    """
    base = _require_url(url)
    mine = list_tree(source)
    with _client() as client:
        sending = _Sending(source, base, trust, client, answer_s)
        sending.home.clear()
        wanted = [_as_note(entry) for entry in mine.entries if entry.place != names.PROOFS]
        todo = sending.offer([one for one in dict.fromkeys(wanted) if one.kind or one.place == names.SEALED])
        notes = mine.at(names.NOTES)
        originals = {_as_note(entry).name: entry for entry in reversed(mine.entries)}
        for done, entry in enumerate(todo, start=1):
            sending.send(entry, originals[entry.name])
            progress(done, len(todo) + len(notes))
        for done, entry in enumerate(notes, start=len(todo) + 1):
            sending.fetch_receipt(entry)
            progress(done, len(todo) + len(notes))
    return sending.report(mine.strangers)


class _Sending:
    """One run against one server."""

    def __init__(
        self, source: Path, base: str, trust: Trust | None, client: httpx2.Client, answer_s: float
    ) -> None:
        self.home = Target(source)
        self._source = source
        self._base = base
        self._trust = trust
        self._client = client
        self._answer_s = answer_s
        self._counts: Counter[str] = Counter()
        self._twins: dict[str, Kept] = {}
        self._failed: dict[str, Kept] = {}

    def offer(self, entries: Sequence[Entry]) -> list[Entry]:
        """Step 1: those that the server lacks, in the order in which they travel."""
        lacking: list[Entry] = []
        for start in range(0, len(entries), MOST_OFFERED):
            part = entries[start : start + MOST_OFFERED]
            by_name = {entry.name: entry for entry in part}
            body = strict_json.encode(Offer(tuple(by_name)))
            try:
                response = self._call("PUT", "/sync/offer", body, MOST_JSON)
            except _Declined as declined:
                raise Trouble(
                    "server-trouble", where=self._base, said=declined.said.code, place=declined.said.where
                ) from declined
            answer = _decode(response, Answer)
            if len(set(answer.lacking)) != len(answer.lacking) or not set(answer.lacking) <= set(by_name):
                raise Trouble("server-nonsense", where=self._base, reason="names")
            lacking += [by_name[name] for name in by_name if name in set(answer.lacking)]
            self._counts["already"] += len(part) - len(answer.lacking)
        return lacking

    def send(self, entry: Entry, original: Entry) -> None:
        """Step 2 for one file, and step 3 where the answer carries its proof."""
        try:
            data = read_entry(self._source, original)
        except Tampered as failure:
            self._fail(original.name, failure)
            return
        try:
            response = self._call("PUT", f"/tree/{entry.name}", data, MOST_PROOF)
        except _Declined as declined:
            self._decline(original.name, declined.said)
            return
        if response.status == (204 if entry.place == names.SEALED else 200) or (
            response.status == 201 and entry.place != names.SEALED
        ):
            self._counts["sent"] += 1
            if entry.place != names.SEALED:
                self._keep_receipt(entry, response.body)
            return
        raise Trouble("server-nonsense", where=self._base, reason=f"status {response.status}")

    def fetch_receipt(self, entry: Entry) -> None:
        """Step 3 for a note that the server had already."""
        if (self._source / names.tree_proof(entry.id)).exists() or entry.name in {
            **self._failed,
            **self._twins,
        }:
            return
        if self._trust is None:
            self._counts["unproven"] += 1
            return
        try:
            response = self._call("GET", f"/proof/{entry.id}", None, MOST_PROOF)
        except _Declined as declined:
            self._decline(entry.name, declined.said)
            return
        self._keep_receipt(entry, response.body)

    def report(self, strangers: tuple[str, ...]) -> Report:
        return Report(
            sent=self._counts["sent"],
            already=self._counts["already"],
            receipts=self._counts["receipts"],
            unproven=self._counts["unproven"],
            twins=tuple(self._twins.values()),
            failed=tuple(self._failed.values()),
            strangers=strangers,
        )

    def _keep_receipt(self, entry: Entry, body: bytes) -> None:
        """Verified, then stored; a false one is kept nowhere and named."""
        name = names.tree_proof(entry.id)
        if self._trust is None or (self._source / name).exists():
            return
        try:
            check_proof(body, self._trust, entry.kind, entry.id)
        except Failure as failure:
            self._fail(entry.name, failure)
            return
        self.home.place(name, body)
        self._counts["receipts"] += 1

    def _fail(self, name: str, failure: Failure) -> None:
        self._failed[name] = kept(name, failure)

    def _decline(self, name: str, answer: Said) -> None:
        facts = {"said": answer.code, "place": answer.where}
        if answer.code in ("twin-results", "twin-note"):
            twin = Tampered("server-twin", **facts, **_plain(answer.facts))
            self._twins[name] = kept(name, twin)
            return
        if answer.kind == "tampered":
            self._fail(name, Tampered("server-says-false", **facts))
        elif answer.kind == "refusal":
            self._fail(name, Refusal("server-refuses", **facts))
        elif answer.code in _GOES_ON:
            self._fail(name, Trouble("server-lacks", **facts))
        else:
            raise Trouble("server-trouble", where=self._base, **facts)

    def _call(self, method: str, path: str, body: bytes | None, most: int) -> _Response:
        """One exchange: bounded, typed, no redirect. Raises `_Declined` with what the server said, or Trouble."""
        headers = {"content-type": JSON if path == "/sync/offer" else "application/octet-stream"}
        with (
            _network_troubles(self._base),
            self._client.stream(
                method, self._base + path, content=body, headers=headers if body is not None else None
            ) as answer,
        ):
            if 300 <= answer.status_code < 400:
                raise Trouble("server-redirects", where=self._base)
            found = _Response(answer.status_code, _bounded(answer, most, self._base, self._answer_s))
        if found.status >= 400:
            raise _Declined(_decode_said(found, self._base))
        if found.status not in (200, 201, 204):
            raise Trouble("server-nonsense", where=self._base, reason=f"status {found.status}")
        return found


class _Declined(Exception):
    """The server said in its own words that it does not take it."""

    def __init__(self, answer: Said) -> None:
        super().__init__(answer.code)
        self.said = answer


def _as_note(entry: Entry) -> Entry:
    """What is in quarantine here is sent under its own name: the centre decides for itself what is a twin."""
    if entry.place == QUARANTINE and entry.kind:
        return Entry(names.tree_note(entry.kind, entry.id), names.NOTES, entry.id, entry.kind)
    return entry


def _plain(facts: dict[str, str]) -> dict[str, str]:
    return {f"their_{name}": fact for name, fact in facts.items() if name.isidentifier()}


def _require_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError as error:
        raise Refusal("url-malformed", where=url[:200]) from error
    if not good or parts.username is not None:
        raise Refusal("url-malformed", where=url[:200])
    return url.rstrip("/")


def _client() -> httpx2.Client:
    return httpx2.Client(
        follow_redirects=False,
        timeout=httpx2.Timeout(SILENCE_S, connect=CONNECT_S),
        headers={"accept-encoding": "identity", "user-agent": "cbt-station"},
    )


@contextmanager
def _network_troubles(base: str) -> Iterator[None]:
    try:
        yield
    except httpx2.InvalidURL as error:
        raise Refusal("url-malformed", where=base[:200]) from error
    except httpx2.TimeoutException as error:
        raise Trouble("server-silent", where=base) from error
    except (httpx2.RemoteProtocolError, httpx2.DecodingError) as error:
        raise Trouble("server-nonsense", where=base, reason="protocol") from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise Trouble("server-unreachable", where=base, reason=type(error).__name__) from error


def _bounded(answer: httpx2.Response, most: int, base: str, answer_s: float) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Trouble("server-nonsense", where=base, reason="encoding")
    until, data = time.monotonic() + answer_s, bytearray()
    for part in answer.iter_raw():
        data += part
        if len(data) > most:
            raise Trouble("server-nonsense", where=base, reason="size")
        if time.monotonic() > until:
            raise Trouble("server-silent", where=base)
    return bytes(data)


def _decode(response: _Response, of: type[T]) -> T:
    try:
        return strict_json.decode(response.body, of, "server", most_bytes=MOST_JSON)
    except Tampered as error:
        raise Trouble("server-nonsense", where="/sync/offer", reason="answer") from error


def _decode_said(response: _Response, base: str) -> Said:
    try:
        return strict_json.decode(response.body, Said, "server", most_bytes=MOST_JSON)
    except Tampered as error:
        if response.status in _BUSY:
            raise Trouble("server-trouble", where=base, said=f"status {response.status}", place="") from error
        raise Trouble("server-nonsense", where=base, reason=f"status {response.status}") from error
