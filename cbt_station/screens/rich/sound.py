"""A recording made audible: decoded piece by piece from the package's bytes, and played by the machine's own device.

No Qt here. miniaudio is imported when a recording is first opened: an exam without recordings never loads it. A file is
bounded again here, whatever the compiler of its bank said: `MOST_BYTES`, and not one sample after `MOST_SECONDS`.
Lengths are whole milliseconds. Failures: sound-unreadable (not a recording, or broken), sound-no-device.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from types import ModuleType
from typing import Final, Protocol

from cbt_station.errors import Failure, Trouble

MOST_BYTES: Final = 16 << 20
MOST_SECONDS: Final = 30 * 60
_RATE: Final = 44_100
_CHANNELS: Final = 2
_SAMPLE_BYTES: Final = 2


class Sound(Protocol):
    """A recording that is open on a device."""

    length_ms: int

    @property
    def position_ms(self) -> int: ...

    @property
    def is_over(self) -> bool: ...

    def start(self) -> None:
        """From where it stands; before it was let sound, the device runs and is silent."""

    def let_sound(self) -> None:
        """From its beginning: now it may be heard."""

    def pause(self) -> None: ...

    def close(self) -> None: ...


Opener = Callable[[bytes], Sound]


class _Playing:
    """A recording on a device of miniaudio, whose thread takes the samples."""

    def __init__(self, audio: ModuleType, data: bytes, backends: list[object] | None) -> None:
        self.length_ms = min(_length_ms(audio, data), MOST_SECONDS * 1000)
        self._audio, self._frames, self._over, self._may_sound = audio, 0, False, False
        self._stream = _decoder(audio, data)
        try:
            self._device = audio.PlaybackDevice(sample_rate=_RATE, nchannels=_CHANNELS, backends=backends)
        except audio.MiniaudioError as error:
            raise Trouble("sound-no-device", why=str(error)[:80]) from error
        self._samples = self._hand_out()
        next(self._samples)

    def _hand_out(self) -> Generator[bytes, int, None]:
        wanted = yield b""
        while not self._may_sound:
            wanted = yield bytes(wanted * _CHANNELS * _SAMPLE_BYTES)
        while self._frames < MOST_SECONDS * _RATE:
            try:
                samples = self._stream.send(wanted)
            except StopIteration:
                break
            self._frames += len(samples) // _CHANNELS
            wanted = yield samples
        self._over = True

    @property
    def position_ms(self) -> int:
        return self._frames * 1000 // _RATE

    @property
    def is_over(self) -> bool:
        return self._over

    def start(self) -> None:
        try:
            self._device.start(self._samples)
        except self._audio.MiniaudioError as error:
            raise Trouble("sound-no-device", why=str(error)[:80]) from error

    def let_sound(self) -> None:
        self._may_sound = True

    def pause(self) -> None:
        with suppress(self._audio.MiniaudioError):  # a device that is gone is silent
            self._device.stop()

    def close(self) -> None:
        self._device.close()


def open_sound(data: bytes, backends: list[object] | None = None) -> Sound:
    """Open a recording on the machine's device (`backends`: on one of these); it may take the system a second."""
    if not data or len(data) > MOST_BYTES:
        raise Trouble("sound-unreadable", bytes=len(data))
    import miniaudio

    return _Playing(miniaudio, data, backends)


def _decoder(audio: ModuleType, data: bytes) -> Generator[bytes, int, None]:
    try:
        stream: Generator[bytes, int, None] = audio.stream_memory(
            data, nchannels=_CHANNELS, sample_rate=_RATE
        )
    except audio.MiniaudioError as error:
        raise Trouble("sound-unreadable", bytes=len(data)) from error
    return stream


def _length_ms(audio: ModuleType, data: bytes) -> int:
    """What the file says of itself; a lie is cut off at `MOST_SECONDS` all the same."""
    told = {b"RIFF": audio.wav_get_info, b"fLaC": audio.flac_get_info, b"OggS": audio.vorbis_get_info}
    try:
        return int(told.get(data[:4], audio.mp3_get_info)(data).duration * 1000)
    except audio.MiniaudioError as error:
        raise Trouble("sound-unreadable", bytes=len(data)) from error


class Opening:
    """A recording that is being opened in a thread of its own, so that a slow device stops no window."""

    def __init__(self, opener: Opener, data: bytes) -> None:
        self.result: Sound | Failure | None = None
        self._opener, self._data = opener, data
        self._lock, self._unwanted = threading.Lock(), False
        threading.Thread(target=self._open, name="sound", daemon=True).start()

    def _open(self) -> None:
        found: Sound | Failure
        try:
            found = self._opener(self._data)
        except Failure as failure:
            found = failure
        except ImportError as error:  # a machine for which there is no build of the library
            found = Trouble("sound-no-device", why=str(error)[:80])
        with self._lock:
            if not self._unwanted:
                self.result = found
            elif not isinstance(found, Failure):
                found.close()

    def forget(self) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            self._unwanted = True
            if self.result is not None and not isinstance(self.result, Failure):
                self.result.close()
