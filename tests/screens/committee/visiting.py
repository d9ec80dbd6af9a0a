"""A walk through every page of the workshop, for tests of what is on them and for pictures."""

from collections.abc import Iterator
from typing import Final

from cbt_station.screens.committee.window import Window
from tests.station_pictures import settle

PAGES: Final = (
    "list", "filters", "form", "form-end", "text", "versions", "review", "preview", "faults", "leave",
    "new", "picture", "rename", "delete", "import", "export", "check", "stimuli", "media", "deleted", "help", "start",
)  # fmt: skip
ITEM: Final = "choices-1"


def visit(window: Window, item: str = ITEM) -> Iterator[str]:
    """Each name while its page is on the screen; the window has the bank open."""
    work, acts = window.work, window.acts
    yield "list"
    work.items.more.setChecked(True)
    yield "filters"
    work.items.more.setChecked(False)
    work.items.wanted.emit(item)
    work.turn_to("form")
    yield "form"
    settle()
    work.form.verticalScrollBar().setValue(work.form.verticalScrollBar().maximum())
    yield "form-end"
    for tab in ("text", "versions", "review", "preview"):
        work.turn_to(tab)
        yield tab
    work.turn_to("text")
    window.bench.edit(window.bench.text.replace("level: ", "lefel: ").replace("key: [", "key: [z, "), None)
    window.bench.read_now()
    work.turn_to("faults")
    yield "faults"
    window.leave(window.stay)
    yield "leave"
    window.stay()
    while window.bench.can_go_back:
        window.bench.step_back()
    window.bench.read_now()
    for name, turn in (
        ("new", acts.to_new_item),
        ("picture", acts.to_picture),
        ("rename", acts._to_rename),
        ("delete", acts._to_delete),
        ("import", acts._to_import),
        ("export", acts._to_export),
        ("check", acts._to_check),
        ("stimuli", acts._to_stimuli),
        ("media", acts._to_media),
        ("deleted", acts._to_deleted),
        ("help", window.to_help),
        ("start", window.to_start),
    ):
        turn()
        yield name
