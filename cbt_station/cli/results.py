"""`results open`, `results rank`, `results sheets`, `results decide`, `results reveal`: on the committee's machine.

What single sittings tell (`timeline`, `timing`, `prove`) is in `evidence`.

Each starts from the sealed evidence with the results key. What `open` writes is for people and is never read back.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cbt_station.cli import evidence
from cbt_station.cli.console import AsJson, folder, give, open_keys, passphrase, plain, read, say, words
from cbt_station.cli.sealed_tree import (
    CommitteeDir,
    OpensKey,
    OutDir,
    Pin,
    ResultsKey,
    SessionDir,
    Tree,
    given,
)
from cbt_station.errors import Tampered, Trouble

if TYPE_CHECKING:
    from cbt_station.results.opening import OpenedSession


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    results = typer.Typer(no_args_is_help=True, help="Opening, ranking, score sheets, decisions, reveal.")
    results.command("open")(open_)
    results.command("rank")(rank)
    results.command("sheets")(sheets)
    results.command("decide")(decide)
    results.command("reveal")(reveal)
    evidence.register_into(results)
    app.add_typer(results, name="results")


def open_(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    key: OpensKey,
    out: OutDir,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Check and open every result, score it, and report what is false or missing: `opened.json`."""
    import json

    from cbt_station.results.report import report
    from cbt_station.storage.files import make_folder, write_durably

    opened = _open(tree, session, committee, key, pin)
    told = report(opened)
    make_folder(out)
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_durably(out / "opened.json", text.encode(), private=True)
    for problem in opened.problems:
        sentence = words()(f"error.{problem.code}", **problem.facts)
        typer.echo(f"  ✗ {problem.name} {plain(problem.subject)}: {plain(sentence)}", err=True)
    counts = {name: told[name] for name in ("candidates", "results", "problems")}
    say("cli.results_opened", **{name: len(listed) for name, listed in counts.items()})
    false = [problem for problem in opened.problems if problem.kind == "tampered"]
    if false:
        raise Tampered("results-tampered", where=false[0].subject, count=len(false), first=false[0].code)
    if opened.problems:
        raise Trouble("results-unfinished", count=len(opened.problems), where=opened.problems[0].subject)
    give(as_json, report=str(out / "opened.json"), **{name: len(listed) for name, listed in counts.items()})


def rank(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    key: OpensKey,
    out: OutDir,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="rank although evidence is false or missing, and say so")
    ] = False,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Rank every position: `ranking.xlsx` and `ranking.csv`, with the reason of each tie in words."""
    from cbt_station.results.opening import require_complete
    from cbt_station.results.placing import place
    from cbt_station.results.tables import as_csv, as_xlsx, ranking_table
    from cbt_station.storage.files import make_folder, write_durably

    opened = _open(tree, session, committee, key, pin)
    if not provisional:
        require_complete(opened)
    placings = place(opened)
    table = ranking_table(opened, placings, words())
    make_folder(out)
    write_durably(out / "ranking.csv", as_csv(table))
    write_durably(out / "ranking.xlsx", as_xlsx(table, opened.name))
    statuses = [placing.status for placing in placings]
    say("cli.results_ranked", candidates=len(placings), folder=out)
    give(
        as_json,
        table=str(out / "ranking.xlsx"),
        csv=str(out / "ranking.csv"),
        provisional=bool(opened.problems),
        counts={status: statuses.count(status) for status in sorted(set(statuses))},
    )


def sheets(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    results_key: ResultsKey,
    key: Annotated[Path, typer.Option("--key", "--score-key", help="the score key file")],
    pdf_key: Annotated[
        Path, typer.Option(help="the papers' key file; its certificate lies beside it as .pem")
    ],
    out: OutDir,
    issuer: Annotated[str, typer.Option(help="who issues the sheets, for the letterhead")] = "",
    emblem: Annotated[Path | None, typer.Option(help="a JPEG or PNG for the letterhead")] = None,
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Score notes and score sheets for everybody. Run it again when the log has its proofs: notes stay the same."""
    from cbt_station.results.issuing import Issuer, Look
    from cbt_station.results.opening import require_complete
    from cbt_station.results.placing import place
    from cbt_station.storage.files import make_folder, write_durably

    opened = _open(tree, session, committee, results_key, pin)
    require_complete(opened)
    (score,) = open_keys([key])
    issuing = Issuer(
        opened,
        {placing.number: placing for placing in place(opened)},
        score.require_signing(),
        _pdf_signer(pdf_key),
        Look(issuer or _organisation(opened), words().lang, read(emblem, 4 << 20) if emblem else b""),
        dt.datetime.now().astimezone(),
    )
    make_folder(out / "notes")
    written, new = [], []
    for sheet in issuing.issue_all(folder(out), folder(tree)):
        if sheet.new:
            write_durably(out / sheet.note_file, sheet.note)
            new.append(sheet.note_file)
        write_durably(out / sheet.file, sheet.pdf)
        written.append(sheet.file)
    say("cli.sheets_printed", count=len(written), folder=out, new=len(new))
    give(as_json, sheets=[str(out / name) for name in written], new_notes=[str(out / name) for name in new])


def decide(
    draft: Annotated[
        Path, typer.Argument(help="decision.toml: what, why, item, key, scores, number, result")
    ],
    tree: Annotated[Path, typer.Option("--tree", help="the tree of sealed results")],
    session: SessionDir,
    committee: CommitteeDir,
    results_key: ResultsKey,
    key: Annotated[list[Path], typer.Option(help="committee key files, exactly a quorum")],
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Sign a decision with its exact difference into the committee's folder, and its note into the tree for the log.

    Sheets printed later follow it.
    """
    from cbt_station.artefacts import names
    from cbt_station.assembly.writing import write_all
    from cbt_station.cli.console import read_toml
    from cbt_station.results import deciding
    from cbt_station.results.opening import open_tree
    from cbt_station.sealing.notes import parse_note

    wanted: deciding.Draft = read_toml(draft, deciding.Draft)
    here = given(tree, session, committee, results_key, pin)
    opened = open_tree(*here)
    decision = deciding.decide(
        opened,
        wanted,
        here.tree,
        here.files,
        here.key,
        [keys.require_signing() for keys in open_keys(key)],
        _now(),
    )
    write_all(committee, decision.files)
    note = decision.files[names.decision(opened.name, decision.number)]
    write_all(
        tree, {names.tree_note("decision", parse_note(note).id): note}
    )  # from here sync takes it to the log
    changes = [
        {"number": one.number, "before": one.status_before, "after": one.status_after}
        for one in decision.difference.changes
    ]
    say("cli.decided", number=decision.number, changes=len(changes))
    give(as_json, decision=decision.number, files=sorted(decision.files), changes=changes)


def reveal(
    tree: Tree,
    session: SessionDir,
    committee: CommitteeDir,
    results_key: ResultsKey,
    key: Annotated[list[Path], typer.Option(help="committee key files, exactly a quorum")],
    pin: Pin = None,
    as_json: AsJson = False,
) -> None:
    """Publish the seed share and the pool in the session's folder, so that anybody can rebuild every form."""
    from cbt_station.artefacts import names
    from cbt_station.assembly.opening import write_reveal
    from cbt_station.assembly.writing import write_all
    from cbt_station.results.opening import identity_of, open_package, open_tree

    here = given(tree, session, committee, results_key, pin)
    opened = open_tree(*here)
    package = open_package(here.files, opened.session, identity_of(opened))
    signers = [keys.require_signing() for keys in open_keys(key)]
    raw = write_reveal(opened.session.manifest, package, opened.session.trust, signers, _now())
    published = {names.reveal(opened.name): raw, names.pool(opened.name): here.files[names.pool(opened.name)]}
    write_all(session, published)
    say("cli.revealed", session=opened.name)
    give(as_json, reveal=names.reveal(opened.name), pool=names.pool(opened.name))


def _open(tree: Path, session: Path, committee: Path, key: Path, pin: str | None) -> "OpenedSession":
    from cbt_station.results.opening import open_tree

    return open_tree(*given(tree, session, committee, key, pin))


def _pdf_signer(path: Path) -> Any:
    from cbt_station.sealing import keyfile
    from cbt_station.sealing.pades import PdfSigner

    certificate = path.with_suffix(".pem")
    locked = read(path, 1 << 16)
    return PdfSigner(read(certificate, 1 << 16), keyfile.unlock(locked, passphrase(path.name)).encode())


def _organisation(opened: "OpenedSession") -> str:
    return opened.session.trust.log_origin.partition("/")[0]


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
