"""A place on the disk: typed, or looked for in the one dialog that the program has.

The dialog is Qt's own, because the system's would speak another language than the window; Qt has no Indonesian words for it,
so it gets ours.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeAlias

from PySide6.QtWidgets import QFileDialog

from cbt_station.screens.committee.parts import Field, Line
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button

Mode: TypeAlias = Literal["folder", "file", "new"]
_MODES: Final = {
    "folder": (QFileDialog.FileMode.Directory, QFileDialog.AcceptMode.AcceptOpen),
    "file": (QFileDialog.FileMode.ExistingFile, QFileDialog.AcceptMode.AcceptOpen),
    "new": (QFileDialog.FileMode.AnyFile, QFileDialog.AcceptMode.AcceptSave),
}


class PathField(Field):
    """A caption, a line with the path, and a button that looks for it."""

    def __init__(self, look: Look, mode: Mode, enter: Callable[[], object] | None = None) -> None:
        self.line = Line(enter)
        self.browse = Button(look, picture="folder-open")
        super().__init__(self.line, beside=self.browse)
        self._look, self.mode = look, mode
        self.browse.clicked.connect(self.look_for)
        self._title = ""

    @property
    def path(self) -> Path | None:
        """The place; None where nothing was typed."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def required(self) -> Path | None:
        """The same; where nothing was typed it is said, here."""
        path = self.path
        if path is None:
            self.complain(self._look.words("committee.path_missing"))
        return path

    def set_path(self, path: Path) -> None:
        self.line.setText(str(path))

    def name(self, text: str, hint: str = "") -> None:
        super().name(text, hint)
        self._title = text
        words = self._look.words
        self.browse.name(words("committee.browse"), spoken=words("committee.browse_for", what=text))

    def look_for(self) -> None:
        """Open the dialog, and take what is chosen in it."""
        dialog = self.dialog()
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def dialog(self) -> QFileDialog:
        """The dialog, in our words and colours."""
        words = self._look.words
        mode, accept = _MODES[self.mode]
        here = self.path
        dialog = QFileDialog(self, self._title)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(mode)
        dialog.setAcceptMode(accept)
        if self.mode == "folder":
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        if here is not None and (here if here.is_dir() else here.parent).is_dir():
            dialog.setDirectory(str(here if here.is_dir() else here.parent))
        for what, key in (
            (QFileDialog.DialogLabel.LookIn, "committee.dialog_look_in"),
            (QFileDialog.DialogLabel.FileName, "committee.dialog_name"),
            (QFileDialog.DialogLabel.FileType, "committee.dialog_type"),
            (QFileDialog.DialogLabel.Accept, "committee.dialog_choose"),
            (QFileDialog.DialogLabel.Reject, "committee.dialog_cancel"),
        ):
            dialog.setLabelText(what, words(key))
        dialog.setNameFilter(words("committee.dialog_all_files"))
        return dialog

    def _chosen(self, path: str) -> None:
        self.line.setText(path)
        self.line.typed.emit(path)
