"""The interactions of the item on the screen: their widgets, and their values put together to the item's response.

An item with one interaction is answered by its value, a composite by a mapping from response ids to values: a part that
is cleared leaves the mapping, and an empty one is no answer. Text that could not be saved when its question was left is
kept here and stands in its field again when the question comes back.
"""

from collections.abc import Callable
from typing import Final

from cbt_station.exam.interactions import (
    RESPONSE,
    Composite,
    Interaction,
    Response,
    ResponseId,
    Value,
    parts_of,
)
from cbt_station.exam.item import ItemId
from cbt_station.screens.item.interactions import make
from cbt_station.screens.item.interactions.base import InteractionWidget
from cbt_station.screens.item.interactions.entry import EntryWidget, NumberEntryWidget
from cbt_station.screens.item.interactions.inline_choice import InlineChoiceWidget
from cbt_station.screens.item.interactions.typed import Typed
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media

_NAMES: Final = {
    InlineChoiceWidget: "station.inline_choice_of",
    NumberEntryWidget: "station.number_entry_of",
}


class Answering:
    """`respond(item, response, typed)` asks to save; `stamp` is told at each key of what is typed, `changed` that `is_unsaved` may be."""

    def __init__(
        self,
        look: Look,
        respond: Callable[[ItemId, Response | None, bool], None],
        stamp: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._look, self._respond, self._stamp, self._changed = look, respond, stamp, changed
        self.parts: dict[ResponseId, InteractionWidget] = {}
        self._item: ItemId = ""
        self._is_composite = self._is_fresh = False
        self._drafts: dict[tuple[ItemId, ResponseId], tuple[str, Value | None]] = {}

    def make(
        self, item: ItemId, interaction: Interaction, media: Media, order: tuple[str, ...] | None
    ) -> dict[ResponseId, InteractionWidget]:
        """New widgets for an item; the old ones are deleted by where they stand."""
        self.leave()
        self._keep_drafts()
        self._item, self._is_composite, self._is_fresh = item, isinstance(interaction, Composite), True
        given = None if self._is_composite else order
        self.parts = {
            name: make(self._look, part, media, given, self._responding(item, name))
            for name, part in parts_of(interaction).items()
        }
        for part in self.parts.values():
            if isinstance(part, Typed):
                part.stamped, part.changed_state = self._stamp, self._changed
        self._name_inline()
        return self.parts

    def _responding(self, item: ItemId, name: ResponseId) -> Callable[[Value | None], None]:
        """Each part asks for its own item: a field may be left when the next question is on the screen already."""

        def respond(value: Value | None) -> None:
            if item == self._item:
                response = self._whole() if self._is_composite else value
                self._respond(item, response, isinstance(self.parts[name], Typed))

        return respond

    def _whole(self) -> Response | None:
        """What is given to all parts; a part without a value is not in it."""
        given = {name: part.given for name, part in self.parts.items()}
        return {name: value for name, value in given.items() if value} or None

    def _name_inline(self) -> None:
        """Several fields of a sentence are told apart by their number."""
        inline = [part for part in self.parts.values() if isinstance(part, EntryWidget | InlineChoiceWidget)]
        for number, part in enumerate(inline, start=1):
            if len(inline) > 1:
                key = _NAMES.get(type(part), "station.text_entry_of")
                part.name(self._look.words(key, number=number, count=len(inline)))

    # What is durable

    def show_answer(self, response: Response | None, *, settled: bool = True) -> None:
        """Draw what the view says, and only that."""
        given = response if isinstance(response, dict) else {RESPONSE: response}
        for name, part in self.parts.items():
            part.show_response(given.get(name), settled=settled)
        if self._is_fresh:
            self._is_fresh = False
            self._restore()
        self._changed()

    def note_answers(self, answers: dict[ItemId, Response]) -> None:
        """What a view says of all items: text that is durable after all is no draft any more."""
        for (item, name), (_, value) in list(self._drafts.items()):
            response = answers.get(item)
            saved = response.get(name) if isinstance(response, dict) else response
            if saved == value:
                del self._drafts[item, name]

    def refused(self) -> None:
        """What was asked for was not saved."""
        for part in self.parts.values():
            part.refused()

    # What is typed

    @property
    def is_unsaved(self) -> bool:
        """Whether anything that was typed is not durable."""
        return bool(self._drafts) or any(part.is_unsaved for part in self.parts.values())

    def flush(self) -> None:
        """Ask for what was typed and not asked for yet."""
        for part in self.parts.values():
            part.flush()

    def leave(self) -> None:
        """The same, also what was refused a moment ago: the question is left."""
        for part in self.parts.values():
            if isinstance(part, Typed):
                part.leave()

    def take_back(self) -> None:
        """The answer is taken back: what stands in fields goes too."""
        for name, part in self.parts.items():
            self._drafts.pop((self._item, name), None)
            if isinstance(part, Typed):
                part.take_back()

    def forget(self) -> None:
        """Another candidate sits here: what could not be saved was the last one's."""
        self._drafts, self._item = {}, ""

    def _keep_drafts(self) -> None:
        for name, part in self.parts.items():
            if self._item and isinstance(part, Typed) and part.is_unsaved and not part.is_wrong:
                self._drafts[self._item, name] = (part.text(), part.meaning)

    def _restore(self) -> None:
        for name, part in self.parts.items():
            draft = self._drafts.pop((self._item, name), None)
            if draft is not None and isinstance(part, Typed):
                part.restore(draft[0])
