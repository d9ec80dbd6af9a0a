"""Disks that fill up, cannot be written, or vanish under the real process: no false acknowledgement, and words for it."""

import resource
import shutil
import signal
import subprocess
import time
from contextlib import suppress

import pytest

from cbt_station.artefacts.result import read_bundle
from cbt_station.errors import Trouble
from cbt_station.sealing.age import decrypt
from cbt_station.storage import reserve
from tests.delivery.conftest import DriveProcess, begin
from tests.storage.refusing_disk import RefusingDisk


@pytest.fixture
def disk(tmp_path):
    """A tmpfs of 48 MiB, or a skip."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("this machine lets us mount no small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place, leave=0):
    """Another program takes all the space that is free."""
    taken = shutil.disk_usage(place).free - leave
    with (place / "a film.mkv").open("ab") as film, suppress(OSError):
        film.write(bytes(max(0, taken)))


def wait_until_given_back(place):
    """A tick sees the low disk and gives the reserve back: about a second, on a busy machine longer."""
    latest = time.monotonic() + 30
    while shutil.disk_usage(place).free < 1 << 20 and time.monotonic() < latest:
        time.sleep(0.05)
    assert shutil.disk_usage(place).free >= 1 << 20


def test_a_full_disk_takes_answers_from_the_reserve_and_then_says_so(small, disk):
    drive = DriveProcess(small, disk / "data")
    items = [cell["id"] for cell in drive.ask(do="start")["items"]]
    fill(disk)
    # The reserve is given back when the disk is low: answers go on for a long time, others get none of it.
    acknowledged = {}
    for number in range(50):
        got = drive.ask(do="choose", item=items[number % 8], answer="abcde"[number % 5])
        if got["ok"]:
            acknowledged[items[number % 8]] = "abcde"[number % 5]
        if number == 2:
            wait_until_given_back(disk)
    fill(disk)
    failed = None
    for number in range(20_000):
        got = drive.ask(do="choose", item=items[number % 8], answer="abcde"[number % 5])
        if not got["ok"]:
            failed = got
            break
        acknowledged[items[number % 8]] = "abcde"[number % 5]
    assert failed is not None
    assert (failed["kind"], failed["code"]) == ("trouble", "disk-full")
    # Final for this process, also if space comes back.
    (disk / "a film.mkv").unlink()
    assert drive.ask(do="choose", item=items[0], answer="a")["code"] == "disk-full"
    drive.kill()
    again = DriveProcess(small, disk / "data")
    assert again.ask(do="start")["answers"] == acknowledged
    assert again.ask(do="finish")["ok"]
    assert again.finish() == 0
    sealed = decrypt(next((disk / "data" / "tree" / "sealed").iterdir()).read_bytes(), small.results)
    assert read_bundle(sealed).answers == acknowledged


def test_too_little_space_refuses_the_start_and_leaves_no_sitting(small, disk):
    fill(disk, leave=8 << 20)
    drive = DriveProcess(small, disk / "data")
    got = drive.ask(do="start")
    assert (got["kind"], got["code"]) == ("trouble", "disk-too-small")
    assert drive.finish() == 4
    assert list((disk / "data" / "sittings").iterdir()) == []


def test_a_read_only_data_folder_is_trouble_from_the_start(small, disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    drive = DriveProcess(small, disk / "data")
    assert drive.answer()["code"] == "disk-read-only"
    assert drive.finish() == 4


def test_a_file_size_limit_is_a_full_disk(small, tmp_path):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (33 << 20, 33 << 20))

    drive = DriveProcess(small, tmp_path / "data", preexec=limit)
    items = [cell["id"] for cell in drive.ask(do="start")["items"]]
    assert drive.ask(do="choose", item=items[0], answer="a")["ok"]
    drive.kill()


def test_a_second_process_on_the_same_data_folder_is_refused(small, tmp_path):
    drive = DriveProcess(small, tmp_path / "data")
    assert drive.ask(do="start")["ok"]
    other = DriveProcess(small, tmp_path / "data")
    assert other.answer()["code"] == "data-folder-in-use"
    assert other.finish() == 4
    assert drive.ask(do="finish")["ok"]
    assert drive.finish() == 0


def test_after_a_failed_commit_nothing_is_acknowledged_the_time_stands_and_the_screen_is_told(
    at_station, small, clock
):
    station = begin(at_station(), small)
    item = station.view().cells[0].item
    station.choose(item, "a")
    left = station.view().left_ms

    database = station._running.journal._database
    well = database._connection
    database._connection = RefusingDisk(well)
    with pytest.raises(Trouble) as refused:
        station.choose(item, "b")
    database._connection = well
    assert refused.value.code == "disk-failed"
    clock.forward(5_000)
    view = station.tick()
    assert (view.alarm, view.answers, view.left_ms) == ("disk-failed", {item: "a"}, left)
    with pytest.raises(Trouble):
        station.choose(item, "c")
    with pytest.raises(Trouble):
        station.finish()
    view = at_station().resume()  # a new program opens what the disk really holds
    assert (view.answers, view.alarm, view.left_ms) == ({item: "a"}, None, left)
    station = at_station()
    station.resume()
    assert station.choose(item, "d").answers == {item: "d"}


def test_the_reserve_is_large_enough_for_eight_hours():
    assert reserve.EIGHT_HOURS_OF_ANSWERS >= 20_000 * 700
