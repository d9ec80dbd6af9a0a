"""An item as the fields of a form, and back into the text that a person would write.

The law: an item that is read, written from the form and read again is the same `BankItem`. What a form cannot keep
(comments in the head, unusual layout) is never dropped: `forms.draft_of` gives the reason instead of a draft, and the text
itself is edited. Texts with faults have a form too as long as head and lists can be told apart.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

Marking: TypeAlias = Literal["key", "scores", "answers", "hand", "lines"]


@dataclass(frozen=True)
class DraftOption:
    """One entry of a list of options or targets: the same in every language but for its text."""

    id: str
    is_key: bool = False
    """Whether it is (among) the key; only where `Draft.marking` is "key"."""
    points: str = ""
    """What it brings; only where `Draft.marking` is "scores". Empty: the option is not named there."""
    is_fixed: bool = False


@dataclass(frozen=True)
class DraftText:
    """One language: Markdown as a person would write it. `options` and `targets` run parallel to those of the draft."""

    stem: str = ""
    """All of the body before the lists: the question, and of some kinds the picture or the `::: text` block."""
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """One item. Every text field is "" where the head says nothing."""

    id: str
    section: str
    topic: str
    level: str
    kind: str = "choice"
    """As `interaction:` names it, or "composite" (its responses stand in `lines`, its blocks in the stem)."""
    title: str = ""
    enemies: str = ""
    stimulus: str = ""
    source: str = ""
    note: str = ""
    marking: Marking = "key"
    """What scores it: the `is_key` of options for "key", their `points` for "scores", `answers`, `hand_marked` for "hand",
    or whatever stands in `lines`.
    """
    options: tuple[DraftOption, ...] = ()
    targets: tuple[DraftOption, ...] = ()
    all_fixed: bool = False
    """`fixed: all`: nothing is shuffled."""
    answers: tuple[str, ...] = ()
    """The right texts or numbers of `text`, `number` and `slider`: any of them."""
    points: str = ""
    """`points:`: what the key brings where that is not the section's."""
    hand_marked: str = ""
    """The most that a person may give."""
    lines: str = ""
    """The lines of the head that no field above is for (`least: 2`, `spots: …`), as YAML."""
    languages: dict[str, DraftText] = field(default_factory=dict)

    def with_marking(self, marking: Marking, *, hand_marked: str = "") -> "Draft":
        """The same item scored in another way; what the other ways say stays in the form, and out of the text."""
        return replace(self, marking=marking, hand_marked=hand_marked or self.hand_marked)


@dataclass(frozen=True)
class NoDraft:
    """Why a text has no form. `code` has a sentence in `words/` under `workshop.no-form-CODE`."""

    code: str
    line: int = 0
