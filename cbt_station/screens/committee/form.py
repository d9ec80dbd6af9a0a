"""The form of an item: what a person who writes no Markdown head needs, beside the text that is its truth.

Every change makes another draft, and the bench the text that says the same. Where a text has no form, why not is said here
and the way to the text is one button.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cbt_station.banks.kinds import KINDS, SPOTTED
from cbt_station.banks.workshop.draft import Draft, DraftText, NoDraft
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.options import OptionList
from cbt_station.screens.committee.parts import Choice, Field, Line, Lines, Page, language_words, row_of
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, TickBox, label
from cbt_station.words import in_language

MARKINGS: Final = ("key", "scores", "answers", "hand", "lines")
TYPED: Final = frozenset({"text", "number", "slider"})
COMPOSITE: Final = "composite"
_NO_GROUP: Final = ""


class FormTab(Page):
    """The fields of one draft. `to_text` leads to the text's own tab, `add_picture` to the page for one."""

    def __init__(
        self, look: Look, bench: Bench, to_text: Callable[[], None], add_picture: Callable[[], None]
    ) -> None:
        super().__init__(look, most=920, pad=14)
        self._look, self._bench = look, bench
        self.draft: Draft | None = None
        self._why = NoDraft("")
        self._make_parts(add_picture)
        self._lay_out(to_text)
        self._connect()
        look.spoken.connect(self._say)
        self._say()
        self.refresh()

    # Making

    def _make_parts(self, add_picture: Callable[[], None]) -> None:
        look = self._look
        self.section, self.topic, self.level, self.kind = (Choice(look) for _ in range(4))
        self.marking, self.stimulus, self.language = Choice(look), Choice(look), Choice(look)
        self.stem = Lines(look, least=4, most=16)
        self.options = OptionList(look, "options", self.take)
        self.targets = OptionList(look, "targets", self.take)
        self.all_fixed = TickBox(look)
        self.answers = Lines(look, least=2, most=6)
        self.points, self.hand_marked, self.title, self.enemies = (Line() for _ in range(4))
        self.source, self.note = Lines(look, least=1, most=6), Lines(look, least=2, most=10)
        self.lines = Lines(look, least=2, most=14)
        self.lines.setProperty("role", "code")
        self.picture = Button(look, "chip", "image")
        self.picture.clicked.connect(add_picture)

    def _lay_out(self, to_text: Callable[[], None]) -> None:
        look = self._look
        self.fields = {
            name: Field(getattr(self, name))
            for name in (
                "section", "topic", "level", "kind", "language", "stem", "marking", "answers", "points",
                "hand_marked", "title", "enemies", "stimulus", "source", "note", "lines",
            )
        }  # fmt: skip
        self.no_form = label(role="waiting")
        self.to_text = Button(look, "primary", "file-text", "on_accent")
        self.to_text.clicked.connect(to_text)
        self.rows.addWidget(self.no_form)
        self.rows.addWidget(self.to_text, 0, Qt.AlignmentFlag.AlignLeading)
        f = self.fields
        self._where = row_of(look, f["section"], f["topic"], f["level"], f["kind"], gap=10)
        self._worth = row_of(look, f["marking"], f["points"], f["hand_marked"], gap=10)
        self._groups = row_of(look, f["enemies"], f["stimulus"], gap=10)
        self.parts: tuple[QWidget, ...] = (
            self._where, f["language"], f["stem"], self.picture, self.options, self.targets, self.all_fixed,
            self._worth, f["answers"], self._groups, f["title"], f["source"], f["note"], f["lines"],
        )  # fmt: skip
        for part in self.parts:
            if part in (self.picture, f["language"]):
                self.rows.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)
            else:
                self.rows.addWidget(part)
        self.rows.addStretch(1)

    def _connect(self) -> None:
        self.section.chosen.connect(self._sectioned)
        for name in ("topic", "level", "kind", "marking", "stimulus"):
            getattr(self, name).chosen.connect(lambda value, name=name: self.change(name, value))
        for name in ("points", "hand_marked", "title", "enemies", "source", "note", "lines"):
            getattr(self, name).typed.connect(lambda text, name=name: self.change(name, text))
        self.language.chosen.connect(lambda _language: self._show())
        self.stem.typed.connect(self._asked)
        self.answers.typed.connect(self._answered)
        self.all_fixed.clicked.connect(lambda on: self.change("all_fixed", on))
        bench = self._bench
        bench.laid.connect(self._laid)
        bench.edited.connect(lambda who: None if who is self else self.refresh())
        bench.read.connect(self._read)
        bench.listed.connect(self._listed)

    # The draft

    def _laid(self) -> None:
        self.verticalScrollBar().setValue(0)
        self.refresh()

    def _listed(self) -> None:
        if self._bench.on_bench is not None:
            self.refresh(keep=True)

    def refresh(self, *, keep: bool = False) -> None:
        """The form of the text that is there now; `keep`: where this form wrote it, the fields stay as typed."""
        laid = self._bench.on_bench
        if laid is None or laid.what != "item":
            self.draft, self._why = None, NoDraft("")
        elif not (keep and self.draft is not None):
            found = self._bench.draft()
            if found is None:  # typed as text, and not read yet: what stands here is older
                self.ground.setEnabled(False)
                return
            self.draft = found if isinstance(found, Draft) else None
            self._why = found if isinstance(found, NoDraft) else NoDraft("")
        self.ground.setEnabled(True)
        self._show()

    def _read(self) -> None:
        if not self.ground.isEnabled():
            self.refresh()

    def take(self, draft: Draft) -> None:
        """Another draft: shown, and written as a text."""
        if draft != self.draft:
            self.draft = draft
            self._show()
            self._bench.edit_draft(draft, self)

    def change(self, name: str, value: str | bool) -> None:
        """Another value of a field."""
        if self.draft is not None:
            self.take(replace(self.draft, **{name: value}))  # type: ignore[arg-type]  # fields of the draft

    def _sectioned(self, section: str) -> None:
        """Another section: its topics and levels; those that it does not know give way."""
        if self.draft is None:
            return
        head = self._bench.listing.head if self._bench.listing else None
        known = head.sections.get(section) if head else None
        topic, level = self.draft.topic, self.draft.level
        if known is not None:
            topic = topic if topic in known.topics else known.topics[0]
            level = level if level in known.levels else known.levels[0]
        self.take(replace(self.draft, section=section, topic=topic, level=level))

    def _asked(self, stem: str) -> None:
        if self.draft is not None:
            language = self.language.value
            there = self.draft.languages.get(language, DraftText())
            self.take(
                replace(self.draft, languages={**self.draft.languages, language: replace(there, stem=stem)})
            )

    def _answered(self, text: str) -> None:
        if self.draft is not None:
            answers = tuple(line.strip() for line in text.split("\n") if line.strip())
            self.take(replace(self.draft, answers=answers))

    def insert(self, text: str) -> None:
        """Put a block (a picture) into the question, at the end of the line where the cursor is."""
        cursor = self.stem.textCursor()
        cursor.movePosition(cursor.MoveOperation.EndOfBlock)
        before = "\n\n" if self.stem.toPlainText().strip() else ""
        cursor.insertText(f"{before}{text}")
        self.stem.setTextCursor(cursor)
        self.stem.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stem.ensureCursorVisible()

    # Drawing

    def _show(self) -> None:
        draft = self.draft
        self.no_form.setVisible(draft is None)
        self.to_text.setVisible(draft is None and self._bench.on_bench is not None)
        for part in self.parts:
            part.setVisible(draft is not None)
        if draft is None:
            self._say_why()
            return
        self._show_place(draft)
        self._show_language(draft)
        self._show_worth(draft)
        for name in ("points", "hand_marked", "title", "enemies", "source", "note", "lines"):
            getattr(self, name).show_text(getattr(draft, name))

    def _say_why(self) -> None:
        words, laid = self._look.words, self._bench.on_bench
        if laid is None:
            self.no_form.setText(words("committee.nothing_open"))
        elif laid.what != "item":
            self.no_form.setText(words("committee.no_form_stimulus"))
        else:
            why = words(f"workshop.no-form-{self._why.code}")
            self.no_form.setText(words("committee.no_form", why=why))

    def _show_place(self, draft: Draft) -> None:
        listing = self._bench.listing
        head = listing.head if listing else None
        section = head.sections.get(draft.section) if head else None
        self.section.refill([*(head.sections if head else ())], self._section_words)
        self.topic.refill(section.topics if section else ())
        self.level.refill(section.levels if section else ())
        self.kind.refill([*KINDS, *([COMPOSITE] if draft.kind == COMPOSITE else [])], self._kind_words)
        for choice, value in (
            (self.section, draft.section),
            (self.topic, draft.topic),
            (self.level, draft.level),
            (self.kind, draft.kind),
        ):
            choice.set_value(value)
        names = [stimulus.id for stimulus in listing.stimuli] if listing else []
        self.stimulus.refill(
            [_NO_GROUP, *names], lambda one: one or self._look.words("committee.no_stimulus")
        )
        self.stimulus.set_value(draft.stimulus)

    def _section_words(self, section: str) -> str:
        head = self._bench.listing.head if self._bench.listing else None
        titles = head.sections[section].title if head else {}
        title = in_language(titles, self._look.language, "")
        return section if title in ("", section) else f"{section} · {title}"

    def _kind_words(self, kind: str) -> str:
        return self._look.words(f"committee.kind_{kind}")

    def _show_language(self, draft: Draft) -> None:
        listing = self._bench.listing
        offered = list(
            dict.fromkeys([*(listing.head.languages if listing and listing.head else ()), *draft.languages])
        )
        self.language.refill(offered, lambda language: self._language_words(draft, language))
        self.fields["language"].setVisible(len(offered) > 1)
        language = self.language.value
        there = draft.languages.get(language, DraftText())
        right_to_left = language in ("ar", "he", "fa", "ur")
        way = Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LayoutDirectionAuto
        self.stem.setLayoutDirection(way)
        self.stem.show_text(there.stem)
        layout = KINDS[draft.kind].layout if draft.kind in KINDS else ()
        self.options.setVisible("options" in layout or bool(draft.options))
        self.targets.setVisible("targets" in layout or draft.kind == "match" or bool(draft.targets))
        self.options.show_draft(draft, language)
        self.options.say_hint(self._option_hint())
        self.targets.show_draft(draft, language)
        shuffles = draft.kind in KINDS and KINDS[draft.kind].shuffles
        self.all_fixed.setVisible(shuffles)
        self.all_fixed.setChecked(draft.all_fixed)
        for side in (self.options, self.targets):
            for line in side.lines:
                line.fixed.setVisible(shuffles and not draft.all_fixed)

    def _language_words(self, draft: Draft, language: str) -> str:
        words = self._look.words
        name = language_words(language, words)
        return name if language in draft.languages else words("committee.language_missing", language=name)

    def _show_worth(self, draft: Draft) -> None:
        self.marking.refill(
            _markings(draft), lambda marking: self._look.words(f"committee.marking_{marking}")
        )
        self.marking.set_value(draft.marking)
        self.fields["marking"].setVisible(draft.kind != COMPOSITE)
        self.fields["answers"].setVisible(draft.marking == "answers")
        self.fields["hand_marked"].setVisible(draft.marking == "hand")
        self.fields["points"].setVisible(
            (draft.marking in ("key", "answers") and draft.kind != "choice") or bool(draft.points)
        )
        if draft.answers != tuple(
            line.strip() for line in self.answers.toPlainText().split("\n") if line.strip()
        ):
            self.answers.show_text("\n".join(draft.answers))

    # Words

    def _say(self) -> None:
        words = self._look.words
        for name, field in self.fields.items():
            hint = f"committee.hint_{name}"
            field.name(words(f"committee.field_{name}"), words(hint) if words.knows(hint) else "")
        self.all_fixed.setText(words("committee.all_fixed"))
        self.picture.name(words("committee.add_picture"))
        self.to_text.name(words("committee.to_text"))
        self.options.name(words("committee.options"), words("committee.option_add"), self._option_hint())
        self.targets.name(words("committee.targets"), words("committee.target_add"))
        self._show()

    def _option_hint(self) -> str:
        """What stands before each option is said once above them all."""
        draft, words = self.draft, self._look.words
        if draft is None:
            return ""
        said = [words("committee.options_spots")] if SPOTTED.get(draft.kind) == "options" else []
        if draft.marking in ("key", "scores"):
            said.append(words(f"committee.options_{draft.marking}"))
        return " ".join(said)


def _markings(draft: Draft) -> list[str]:
    """The ways of marking that fit a kind; the one that is there always is one."""
    has_options = bool(draft.kind in KINDS and "options" in KINDS[draft.kind].layout)
    fitting = {
        "key": has_options
        and draft.kind not in ("match", "associate", "order", "gap-match", "graphic-gap-match"),
        "scores": has_options and draft.kind in ("choice", "choices", "inline-choice", "hotspot"),
        "answers": draft.kind in TYPED,
        "hand": draft.kind in ("extended-text", "text"),
        "lines": draft.kind not in ("choice", "choices", "inline-choice"),
    }
    return [name for name in MARKINGS if fitting[name] or name == draft.marking]
