"""`results timeline`, `results timing`, `results prove`: what a single sitting tells, for a dispute or an analysis.

Each opens the sealed evidence with the results key and writes facts only; what is not true in every step is not told.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, folder, give, program, say, words
from cbt_station.cli.sealed_tree import CommitteeDir, OpensKey, OutDir, Pin, SessionDir, Tree, given
from cbt_station.errors import Refusal

if TYPE_CHECKING:
    from cbt_station.results.evidence import Evidence, EvidenceRoom

Number = Annotated[str, typer.Option("--number", help="the candidate's number")]


def register_into(results: typer.Typer) -> None:
    """Hang the commands into `results`."""
    results.command("timeline")(timeline)
    results.command("timing")(timing)
    results.command("prove")(prove)


def timeline(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    key: OpensKey,
    number: Number,
    out: OutDir,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """What happened in one sitting, line by line, as text and PDF."""
    from cbt_station.results.timeline import as_text, tell
    from cbt_station.results.timeline_paper import draw_timeline

    written = []
    for evidence in _room(tree, session, committee, key, pin).of(number):
        told, name = tell(evidence, words()), f"timeline-{evidence.result}"
        _write(out / f"{name}.txt", as_text(told, words()).encode(), private=True)
        _write(out / f"{name}.pdf", draw_timeline(told, words()), private=True)
        written += [str(out / f"{name}.txt"), str(out / f"{name}.pdf")]
    say("cli.timeline_told", number=number, folder=out)
    give(as_json, number=number, files=written)


def timing(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    key: OpensKey,
    out: OutDir,
    number: Annotated[str | None, typer.Option(help="only this candidate")] = None,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Times per item for analysis, of everybody or of one: `timing.csv` and `timing.json`."""
    from cbt_station.results.timing import as_csv, timing_of
    from cbt_station.results.timing import as_json as to_json

    room = _room(tree, session, committee, key, pin)
    sittings = [timing_of(one) for one in (room.of(number) if number else room.every())]
    if not sittings:
        raise Refusal("results-none")
    _write(out / "timing.csv", as_csv(sittings), private=True)
    _write(out / "timing.json", to_json(room.session.manifest.body.session, sittings), private=True)
    say("cli.timing_told", count=len(sittings), folder=out)
    give(as_json, sittings=len(sittings), csv=str(out / "timing.csv"), json=str(out / "timing.json"))


def prove(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    key: OpensKey,
    number: Number,
    out: OutDir,
    seq: Annotated[int | None, typer.Option(help="the journal's line, from 1")] = None,
    item: Annotated[str | None, typer.Option(help="an item: the last time it was answered")] = None,
    result: Annotated[str | None, typer.Option(help="which result, where a sitting has two")] = None,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """The proof of one answer and nothing else, with the public notes that `verify` needs beside it."""
    from cbt_station.artefacts import names
    from cbt_station.artefacts.answer_proof import last_answer, prove_line, write_answer_proof

    if (seq is None) == (item is None):
        raise typer.BadParameter("--seq | --item")
    evidence = _one(_room(tree, session, committee, key, pin).of(number), number, result)
    line = last_answer(evidence.bundle, item) if item is not None else seq
    proof = prove_line(evidence.bundle, evidence.notes.result, line or 0)
    name = names.answer_proof(evidence.result, proof.index + 1)
    _write(out / name, write_answer_proof(proof), private=True)
    for note_name, note in evidence.notes.notes().items():
        _write(out / note_name, note)
    proven, logged = folder(tree), names.tree_proof(evidence.result)
    if logged in proven:
        _write(out / logged, proven[logged])
    say("cli.answer_proven", seq=proof.index + 1, folder=out, program=program())
    give(as_json, proof=str(out / name), line=proof.line, result=evidence.result)


def _write(path: Path, data: bytes, *, private: bool = False) -> None:
    """The same file for the same evidence, however often it is asked for."""
    from cbt_station.storage.files import make_folder, write_durably

    make_folder(path.parent)
    write_durably(path, data, private=private)


def _one(found: tuple["Evidence", ...], number: str, result: str | None) -> "Evidence":
    """The result that was asked for; of two, one has to be named."""
    chosen = [one for one in found if result is None or one.result == result]
    if len(chosen) != 1:
        raise Refusal("result-not-one", number=number, results=", ".join(one.result for one in found))
    return chosen[0]


def _room(tree: Path, session: Path, committee: Path, key: Path, pin: str | None) -> "EvidenceRoom":
    from cbt_station.results.evidence import EvidenceRoom

    return EvidenceRoom(*given(tree, session, committee, key, pin))
