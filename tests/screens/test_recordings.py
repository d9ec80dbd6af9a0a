"""Recordings in a question: how often they may be played, what is said of them, and what never sounds.

Real files and the real decoder, on a device that no machine lacks: miniaudio's own that plays to nobody. What a bank
takes as a recording is in tests/banks.
"""

import miniaudio
import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.content import Audio
from cbt_station.exam.item import Stimulus
from cbt_station.screens.rich import recording as players
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.plays import Plays
from cbt_station.screens.rich.sound import MOST_BYTES, open_sound
from cbt_station.screens.rich.view import RichView
from tests.screens.content_samples import MEDIA, tone
from tests.screens.interaction_station import InteractionStation
from tests.screens.sample_items import text
from tests.station_pictures import settle

TALK = Audio(media="dialog.wav", alt="Percakapan di stasiun", plays=2)
SONG = Audio(media="lagu.wav", alt="Sebuah lagu")


def to_nobody(data: bytes):
    return open_sound(data, [miniaudio.Backend.NULL])


def without_device(_data: bytes):
    raise Trouble("sound-no-device", why="none")


class Reluctant:
    """A device that opens and then does not start."""

    length_ms, position_ms, is_over = 3_000, 0, False

    def start(self) -> None:
        raise Trouble("sound-no-device", why="gone")

    def let_sound(self) -> None: ...

    def pause(self) -> None: ...

    def close(self) -> None: ...


class Silent(Reluctant):
    """A device that runs; `heard` when it was let sound."""

    heard = False

    def start(self) -> None: ...

    def let_sound(self) -> None:
        self.heard = True


class Asked:
    """Somebody who keeps a sitting, and answers when the test does."""

    def __init__(self) -> None:
        self.what: list[tuple[str, int]] = []

    def __call__(self, media, length_ms, then, refused) -> None:
        self.what.append((media, length_ms))
        self.then, self.refused = then, refused


@pytest.fixture
def shown(qtbot, look):
    """A view with recordings in it."""
    kept = []

    def make(*blocks: Audio, opener=to_nobody, files=MEDIA, plays: Plays | None = None) -> RichView:
        view = RichView(look)
        qtbot.addWidget(view)
        kept.append(view)  # or it would go with its last name here
        view.resize(600, 300)
        view.show_blocks(blocks, Media(files, plays, opener))
        view.show()
        return view

    return make


def players_in(view: RichView) -> list[players.Recording]:
    return view.findChildren(players.Recording)


def press(qtbot, player: players.Recording) -> None:
    """Press, and wait until it sounds or says why not."""
    player.button.click()
    qtbot.waitUntil(lambda: player._opening is None)


def test_a_play_counts_when_it_sounds_and_the_last_one_is_said(qtbot, shown):
    (player,) = players_in(shown(TALK))
    assert player.state.text() == "Masih dapat diputar 2 dari 2 kali."
    press(qtbot, player)
    assert "Masih dapat diputar 1 dari 2 kali." in player.state.text()
    player.button.click()  # stopped: what was begun counts
    press(qtbot, player)
    player.button.click()
    assert player.state.text() == "Sudah diputar sebanyak yang diizinkan."
    assert not player.button.isEnabled()


def test_it_is_silent_until_the_play_is_written_down(qtbot, shown):
    sound, asked = Silent(), Asked()
    (player,) = players_in(shown(TALK, opener=lambda _: sound, plays=Plays(asked)))
    press(qtbot, player)
    assert asked.what == [(TALK.media, 3_000)]
    assert not sound.heard
    asked.then()
    assert sound.heard


def test_a_play_that_is_refused_stays_silent_and_says_why(qtbot, shown):
    sound, asked = Silent(), Asked()
    (player,) = players_in(shown(TALK, opener=lambda _: sound, plays=Plays(asked)))
    press(qtbot, player)
    asked.refused(Refusal("plays-used", most=2))
    assert not sound.heard
    assert "sebanyak yang diizinkan (2 kali)" in player.state.text()


def test_stopped_before_the_answer_comes_it_does_not_begin_to_sound(qtbot, shown):
    sound, asked = Silent(), Asked()
    (player,) = players_in(shown(TALK, opener=lambda _: sound, plays=Plays(asked)))
    press(qtbot, player)
    player.stop()
    asked.then()
    asked.refused(Refusal("plays-used", most=2))
    assert not sound.heard
    assert "Masih dapat diputar" in player.state.text()


def test_a_device_gets_nothing_of_a_recording_that_may_not_sound_yet_and_then_all_of_it():
    sound = to_nobody(tone(0.1))
    assert sound._samples.send(100) == bytes(400)
    assert sound.position_ms == 0
    sound.let_sound()
    heard = b"".join(bytes(part) for part in (sound._samples.send(441) for _ in range(5)))
    assert any(heard)
    assert sound.position_ms == 50
    sound.close()


def test_it_ends_by_itself_and_may_be_played_again(qtbot, shown):
    (player,) = players_in(shown(SONG))
    press(qtbot, player)
    qtbot.waitUntil(lambda: player._sound is None, timeout=20_000)
    assert player.state.text() == "Dapat diputar berkali-kali."
    assert player.button.isEnabled()


@pytest.mark.parametrize(
    ("opener", "files", "said"),
    [
        pytest.param(without_device, MEDIA, "tidak dapat mengeluarkan suara", id="no device"),
        pytest.param(lambda _: Reluctant(), MEDIA, "tidak dapat mengeluarkan suara", id="a device that goes"),
        pytest.param(to_nobody, {"dialog.wav": b"RIFF broken"}, "berkasnya rusak", id="a broken file"),
        pytest.param(to_nobody, {}, "berkasnya rusak", id="no file"),
    ],
)
def test_what_does_not_sound_is_said_and_not_counted(qtbot, shown, opener, files, said):
    (player,) = players_in(shown(TALK, opener=opener, files=files))
    press(qtbot, player)
    assert said in player.state.text()
    assert player.left == 2
    assert player.button.isEnabled()


def test_it_waits_while_its_page_is_hidden(qtbot, shown):
    view = shown(TALK)
    (player,) = players_in(view)
    press(qtbot, player)
    view.hide()
    assert not player._sounding
    view.show()
    assert player._sounding
    assert player.left == 1


def test_a_screen_reader_hears_what_the_button_plays_and_how_often(qtbot, shown):
    (player,) = players_in(shown(TALK))
    name = "Putar: Percakapan di stasiun. Masih dapat diputar 2 dari 2 kali."
    assert player.button.accessibleName() == name
    press(qtbot, player)
    assert player.button.accessibleName().startswith("Hentikan: Percakapan di stasiun")


class Listening(InteractionStation):
    """Two questions under one recording, and one without it."""

    def item(self, item: str):
        found = super().item(item)
        return msgspec.structs.replace(found, stimulus=None if item == "text" else "talk")

    def stimulus(self, stimulus: str) -> Stimulus:
        return Stimulus(id=stimulus, content={"id": (text("Dengarkan."), TALK)})

    def media(self, name: str) -> bytes:
        return MEDIA[name] if name in MEDIA else super().media(name)


def player_of(window) -> players.Recording:
    (player,) = players_in(window.exam.question.stimulus)
    return player


def test_the_count_is_the_sittings_and_not_the_questions(sit_at):
    window = sit_at(Listening("choice", "text", "choices"))
    window.desk.heard(window._station.change(plays={TALK.media: 1}))
    for item in ("text", "choices", "choice"):
        window.desk.go(item)
    assert player_of(window).left == 1


def test_the_station_is_asked_for_the_question_that_is_on_the_screen(qtbot, sit_at):
    station = Listening("choice", "text", "choices")
    window = sit_at(station)
    window.desk.go("choices")
    qtbot.waitUntil(lambda: window.desk.on_screen.shown.id == "choices")
    player = player_of(window)
    player._opener = lambda _: Silent()
    press(qtbot, player)
    qtbot.waitUntil(lambda: player._sound is not None and player._sound.heard)
    assert station.done("play") == [("play", "choices", TALK.media, 3_000)]
    assert player.left == 1


def test_a_play_that_the_station_refuses_is_said_in_the_window_too(qtbot, sit_at):
    station = Listening("choice", "text")
    window = sit_at(station)
    station.fail_next("play", Trouble("disk-failed"))
    player = player_of(window)
    player._opener = lambda _: Silent()
    press(qtbot, player)
    qtbot.waitUntil(lambda: player._why is not None)
    assert player._sound is None
    assert player.left == 2
    assert window.bar.is_failing


def test_it_is_reached_by_tab_between_its_text_and_the_question_at_every_text_size(sit_at, look):
    window = sit_at(Listening("choice", "text", "choices"))
    question = window.exam.question
    for item, zoom in (("choice", 100), ("choice", 200), ("text", 200), ("choices", 200)):
        window.desk.go(item)
        look.set_zoom(zoom)
        settle()
        question.stem.setFocus()
        if item == "text":
            continue  # nothing is above it
        QTest.keyClick(question.stem, Qt.Key.Key_Backtab)
        assert window.focusWidget() is player_of(window).button
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
        assert window.focusWidget() is question.stimulus


def test_the_next_candidate_begins_anew_and_hears_nothing_of_the_last(qtbot, sit_at):
    station = Listening("choice", "text")
    window = sit_at(station)
    last = player_of(window)
    last._opener = to_nobody
    press(qtbot, last)
    window.desk.go("text")
    window.desk.leave()
    other = msgspec.structs.replace(station.candidate, number="24-0001-0818")
    window.desk.begin(station, station.change(candidate=other, current="choice", plays={}))
    qtbot.waitUntil(lambda: len(players_in(window.exam.question.stimulus)) == 1)
    assert player_of(window) is not last
    assert player_of(window).left == 2
    assert player_of(window)._sound is None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(MOST_BYTES + 1), id="too much"),
        pytest.param(b"OggS" + bytes(40), id="a broken OGG"),
        pytest.param(tone(0.1)[:30], id="a header cut off"),
    ],
)
def test_what_is_no_recording_is_refused_by_name(data):
    with pytest.raises(Trouble) as found:
        to_nobody(data)
    assert found.value.code == "sound-unreadable"


def test_its_length_is_whole_milliseconds():
    sound = to_nobody(tone(1.5))
    assert sound.length_ms == 1_500
    sound.close()
