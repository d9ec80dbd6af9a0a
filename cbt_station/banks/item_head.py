"""What the head of an item says of its interactions and of its scoring, read with every fault at its line.

An item with one interaction says it at the top of its head; a composite item under `responses:`, once for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import CHOICE_NAME, NUMBER, Fields
from cbt_station.banks.kinds import KINDS, SPOTTED, Head, Setting, SpotPlace
from cbt_station.banks.marks import LISTS, NAMES, Marks, place
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.banks.strict_yaml import Scalar, Sequence
from cbt_station.exam.interactions import RESPONSE


@dataclass(frozen=True)
class Part:
    """One interaction as its head has it."""

    name: str
    head: Head
    values: Mapping[str, Any]
    marks: Marks
    fields: Fields
    is_scored: bool
    """Whether its head says anything of scoring."""
    has_faults: bool


class HeadReader:
    """Reads the heads of one file."""

    def __init__(self, file: str, faults: FaultList, fields: Fields) -> None:
        self._file, self._faults, self._fields = file, faults, fields

    def parts(self) -> dict[str, Part] | None:
        """The interactions by response, or None where their kinds are not known."""
        if self._fields.node("responses") is None:
            part = self._part(RESPONSE, self._fields, composite=False)
            return None if part is None else {RESPONSE: part}
        if self._fields.node("interaction") is not None:
            self.note(self._fields.line("interaction"), "interaction-and-responses")
        parts: dict[str, Part] = {}
        good = True
        for name, value in self._fields.entries("responses"):
            if not CHOICE_NAME.fullmatch(name.text):
                self.note(name.line, "id-malformed", id=name.text)
            if not isinstance(value, YamlMapping):
                self.note(name.line, "value-kind", key=name.text, expected="mapping")
                good = False
                continue
            part = self._part(name.text, Fields(value, self._file, self._faults), composite=True)
            if part is None:
                good = False
            else:
                part.fields.done()
                parts[name.text] = part
        return parts if good and parts else None

    def _part(self, name: str, fields: Fields, *, composite: bool) -> Part | None:
        before = len(self._faults.found)
        kind = fields.text("interaction", required=composite) or "choice"
        if kind not in KINDS:
            self.note(fields.line("interaction"), "interaction-unknown", kind=kind, known=", ".join(KINDS))
            return None
        fixed, shuffle = self._fixed(fields, kind)
        head = Head(
            kind=kind,
            fixed=fixed,
            shuffle=shuffle,
            most_each=self._each(fields, "most-each", kind),
            least_each=self._each(fields, "least-each", kind) if kind != "hotspot" else {},
            spots=self._spots(fields, kind),
        )
        values = {
            setting.field: self._value(fields, key, setting) for key, setting in KINDS[kind].settings.items()
        }
        if kind == "slider":
            self._check_scale(fields, values)
        marks = self._marks(fields, kind, composite=composite)
        is_scored = any(fields.node(key) is not None for key in (*NAMES[kind], "points"))
        return Part(name, head, values, marks, fields, is_scored, len(self._faults.found) > before)

    def _value(self, fields: Fields, key: str, setting: Setting) -> Any:
        if setting.value == "yes":
            return fields.yes(key)
        if setting.value == "count":
            number = fields.count(key)
            return setting.default if number is None else number
        text = fields.text(key, required=setting.default is None)
        if setting.value == "number" and text is not None and not NUMBER.fullmatch(text):
            self.note(fields.line(key), "number-malformed", key=key, value=text)
        return setting.default if text is None else text

    def _check_scale(self, fields: Fields, values: Mapping[str, Any]) -> None:
        numbers = [values[name] for name in ("low", "high", "step")]
        if not all(text is not None and NUMBER.fullmatch(text) for text in numbers):
            return
        low, high, step = (Decimal(text) for text in numbers)
        if not low < high or step <= 0 or (high - low) / step > 10_000:
            self.note(fields.line("low"), "scale-malformed", low=low, high=high, step=step)

    def _fixed(self, fields: Fields, kind: str) -> tuple[tuple[str, ...], bool]:
        """The options that keep their place, and whether the others are shuffled."""
        if not KINDS[kind].shuffles:
            return (), True
        node = fields.node("fixed")
        if isinstance(node, Scalar):
            if node.text != "all":
                self.note(node.line, "value-kind", key="fixed", expected="list")
            return (), False
        return (fields.texts("fixed") or ()), True

    def _each(self, fields: Fields, key: str, kind: str) -> dict[str, int]:
        if KINDS[kind].most_each is None:
            return {}
        return {name: number for name, (number, _) in fields.counts(key).items()}

    def _spots(self, fields: Fields, kind: str) -> dict[str, SpotPlace]:
        if kind not in SPOTTED:
            return {}
        if fields.node("spots", required=True) is None:
            return {}
        found = {}
        for name, value in fields.entries("spots"):
            at = place(value.text) if isinstance(value, Scalar) else None
            if not CHOICE_NAME.fullmatch(name.text):
                self.note(name.line, "id-malformed", id=name.text)
            elif at is None:
                self.note(name.line, "area-malformed", value=getattr(value, "text", ""))
            else:
                found[name.text] = SpotPlace(*at)
        return found

    def _marks(self, fields: Fields, kind: str, *, composite: bool) -> Marks:
        names = NAMES[kind]
        scores = fields.decimals("scores") if "scores" in names else None
        node = fields.node("key") if "key" in names else None
        key = fields.texts("key") if "key" in names else None
        wants_list = kind in LISTS
        one_only = kind in ("choice", "inline-choice")
        if (wants_list and isinstance(node, Scalar)) or (one_only and isinstance(node, Sequence)):
            self.note(fields.line("key"), "value-kind", key="key", expected="list" if wants_list else "text")
            key = None
        return Marks(
            key=key,
            scores=None
            if scores is None
            else {name: one for name, (one, _) in scores.items() if one is not None},
            points=fields.decimal("points") if "points" in names or (composite and names) else None,
            each=fields.decimal("each") if "each" in names else None,
            tolerance=fields.decimal("tolerance") if "tolerance" in names else None,
            exact_case=self._exact(fields) if "case" in names else False,
        )

    def _exact(self, fields: Fields) -> bool:
        text = fields.text("case")
        if text not in (None, "exact"):
            self.note(fields.line("case"), "value-kind", key="case", expected="exact")
        return text == "exact"

    def note(self, line: int, code: str, /, **facts: object) -> None:
        """Note a fault of this file."""
        self._faults.add(self._file, line, code, **facts)
