"""A sealing that is cut at every step, one after the other, and always ends in exactly one result.

Two ways to cut: every durable write of `storage.files` fails in turn (in this process), and every sync of the whole process
fails in turn, SQLite's too (by strace, where the machine has it). Afterwards the ordinary start finishes it, or `recover`.
"""

import errno
import itertools
import shutil
import subprocess
from contextlib import suppress

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.result import check_result, read_bundle
from cbt_station.artefacts.start import check_start
from cbt_station.delivery.journal import Journal
from cbt_station.delivery.recover import recover
from cbt_station.errors import Trouble
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.trust import open_trust
from cbt_station.storage import files
from tests.delivery.conftest import DriveProcess, begin
from tests.delivery.planted_faults import FAULTS
from tests.delivery.small_session import small_trust

MOST_CUTS = 200


class Cut(BaseException):
    """The power goes: nothing after it runs. (No failure of ours: nothing may catch it.)"""


def answered(station):
    """A sitting with two answers."""
    for cell in station.view().cells[:2]:
        station.choose(cell.item, "b")
    return station


def require_one_result(tree, small, answers=2):
    """Exactly one result, whole, good and openable; no orphan beside it."""
    notes = list(tree.glob("notes/result-*"))
    assert len(notes) == 1
    assert len(list(tree.glob("sealed/*"))) == 1
    trust = open_trust([small_trust("test")], None)
    (admit_path,), (start_path,) = tree.glob("notes/admit-*"), tree.glob("notes/start-*")
    admit = check_admit(admit_path.read_bytes(), trust)
    start = check_start(start_path.read_bytes(), trust, admit)
    result = check_result(notes[0].read_bytes(), trust, admit, start)
    bundle = read_bundle(decrypt((tree / names.tree_sealed(result.body.sealed)).read_bytes(), small.results))
    assert len(bundle.answers) == answers
    return result.id


class CutAt:
    """Cuts at the Nth sync of a file or folder, before it (nothing durable) or after it (durable, not told)."""

    def __init__(self, monkeypatch, number, *, after):
        self.number, self.count, self._after, self._sync = number, 0, after, files.os.fsync
        self.fired = False
        monkeypatch.setattr(files.os, "fsync", self)

    def __call__(self, descriptor):
        self.count += 1
        if self.fired:
            raise Cut  # in no thread does anything go on
        self.fired = self.count == self.number
        if not self.fired or self._after:
            self._sync(descriptor)
        if self.fired:
            raise Cut


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)  # a cut in the stick's thread
@pytest.mark.parametrize("after", [False, True], ids=["before the sync", "after the sync"])
@pytest.mark.parametrize("by", ["start", "recover"])
def test_a_sealing_cut_at_any_write_is_finished_to_one_result(at_station, small, tmp_path, after, by):
    answered(begin(at_station(data="before"), small)).close()
    stick = tmp_path / "stick"
    for number in itertools.count(1):
        data = f"data-{by}-{number}"
        shutil.copytree(tmp_path / "before", tmp_path / data)
        stick.mkdir()
        station = at_station(data=data, second=stick)
        station.resume()
        with pytest.MonkeyPatch.context() as patch:
            cut = CutAt(patch, number, after=after)
            with suppress(Cut):
                station.finish()
        station.close()
        if by == "recover":
            report = recover(tmp_path / data)
            assert (report.state, len(report.sittings)) == ("sealed", 1)
            found = report.result
        else:
            station = at_station(data=data, second=stick)
            if station.resume() is not None:
                assert station.finish().answered == 2
            station.close()
            found = recover(tmp_path / data).result
        tree = tmp_path / data / "tree"
        assert require_one_result(tree, small) == found
        sitting = next((tmp_path / data / "sittings").iterdir())
        assert not {"sitting.key", "station.wrap", "venue.wrap"} & {path.name for path in sitting.iterdir()}
        shutil.rmtree(stick)
        if not cut.fired:
            break
        assert number < MOST_CUTS
    assert cut.count >= 10  # the loop really walked through the steps


def test_a_write_that_fails_is_told_and_sealing_goes_on_at_the_next_tick(at_station, small, tmp_path, clock):
    answered(begin(at_station(data="before"), small)).close()
    for number in itertools.count(1):
        data = f"data-{number}"
        shutil.copytree(tmp_path / "before", tmp_path / data)
        station = at_station(data=data)
        station.resume()
        sync, count = files.os.fsync, itertools.count(1)

        def fail(descriptor, sync=sync, count=count, number=number):
            if next(count) == number:
                raise OSError(errno.EIO, "disk")
            sync(descriptor)

        failed = False
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files.os, "fsync", fail)
            try:
                station.finish()
            except Trouble as trouble:
                failed = trouble.code == "disk-failed"
        clock.forward(1_000)
        if station.info.phase != "sealed":
            assert station.tick().phase == "sealed"
        require_one_result(tmp_path / data / "tree", small)
        station.close()
        if not failed:
            break
        assert number < MOST_CUTS


def _can_inject() -> bool:
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(
        ["strace", "-e", "inject=fsync:error=EIO:when=1", "true"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.skipif(not _can_inject(), reason="no strace that may inject faults")
def test_every_sync_of_the_process_fails_in_turn_and_nothing_acknowledged_is_lost(
    at_station, small, tmp_path
):
    """Start, two answers and the end, with the Nth sync of the whole process failing, SQLite's included."""
    for number in itertools.count(1, 3):
        data = tmp_path / f"data-{number}"
        inject = f"inject=fsync,fdatasync:error=EIO:when={number}"
        strace = (
            "strace",
            "-f",
            "-qqq",
            "-o",
            str(tmp_path / "trace"),
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            inject,
        )
        drive = DriveProcess(small, data, before=strace)
        begun = drive.ask(do="start")
        acknowledged = {}
        for item in [cell["id"] for cell in begun.get("items", [])][:2]:
            if drive.ask(do="choose", item=item, answer="c").get("ok"):
                acknowledged[item] = "c"
        sealed = drive.ask(do="finish")
        drive.finish()
        again = DriveProcess(small, data)
        begun = again.ask(do="start")
        assert begun["ok"]
        if sealed.get("ok"):
            assert begun["result"] == sealed["result"]
        elif begun["state"] == "running":
            assert acknowledged.items() <= begun["answers"].items()
        result = again.ask(do="finish")["result"]
        assert again.finish() == 0
        tree = data / "tree"
        assert [path.name for path in tree.glob("notes/result-*")] == [f"result-{result}.note"]
        answers = read_bundle(decrypt(next((tree / "sealed").iterdir()).read_bytes(), small.results)).answers
        assert acknowledged.items() <= answers.items()
        if "INJECTED" not in (tmp_path / "trace").read_text():
            break
        assert number < MOST_CUTS
    assert number > 20


def test_the_cuts_catch_a_result_that_was_not_kept_before_it_left(at_station, small, tmp_path, monkeypatch):
    monkeypatch.setattr(Journal, "keep_result", Journal.keep_result)  # put back afterwards
    FAULTS["forget_the_result"]()
    answered(begin(at_station(data="before"), small)).close()
    for number in itertools.count(1):
        data = f"data-{number}"
        shutil.copytree(tmp_path / "before", tmp_path / data)
        station = at_station(data=data)
        station.resume()
        with pytest.MonkeyPatch.context() as patch:
            cut = CutAt(patch, number, after=True)
            with suppress(Cut):
                station.finish()
        station.close()
        recover(tmp_path / data)
        if len(list((tmp_path / data / "tree").glob("sealed/*"))) > 1:
            return  # caught
        assert cut.fired
