"""What scores an item, as its head says it: a short form for each interaction, a whole tree, or a person."""

from collections.abc import Mapping
from decimal import Decimal

from cbt_station.banks.bank import SectionHead
from cbt_station.banks.faults import FaultList, Faulty
from cbt_station.banks.fields import Fields
from cbt_station.banks.item_head import Part
from cbt_station.banks.marks import Points, composite_rule, rule_of
from cbt_station.banks.processing_text import ProcessingReader
from cbt_station.banks.strict_yaml import Node
from cbt_station.errors import Refusal
from cbt_station.exam.interactions import RESPONSE, Composite, Interaction, Simple, parts_of
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule, Shown
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.fitting import require_fit
from cbt_station.exam.rules.response import check_processing


class RuleReader:
    """Reads the rule of one item; faults are noted at the lines of its head."""

    def __init__(self, file: str, faults: FaultList, fields: Fields, parts: Mapping[str, Part]) -> None:
        self._file, self._faults, self._fields, self._parts = file, faults, fields, parts

    def read(self, languages: Mapping[str, Shown], section: SectionHead | None) -> ScoringRule | None:
        """The rule, or None after its fault was noted, or where what it speaks of could not be read."""
        tree, by_hand = self._fields.node("processing"), self._fields.decimal("hand-marked")
        is_by_hand = self._fields.node("hand-marked") is not None
        scored = [part for part in self._parts.values() if part.is_scored]
        if (tree is not None) + is_by_hand + bool(scored) > 1:
            other = "processing" if tree is not None else "hand-marked"
            self._note(self._fields.line(other), "scoring-twice")
            return None
        if tree is not None:
            return self._tree(tree, next(iter(languages.values()), None))
        if is_by_hand:
            return self._hand_marked(by_hand)
        # A section that is not known has its own fault: what it would give does not matter then.
        points = Points(Decimal(1)) if section is None else Points(section.right, section.wrong, section.id)
        interaction = next(iter(languages.values())).interaction if languages else None
        return self._short_forms(scored, interaction, points)

    def _hand_marked(self, most: Decimal | None) -> HandMarked | None:
        if most is None:
            return None
        if most <= 0:
            self._note(self._fields.line("hand-marked"), "number-malformed", key="hand-marked", value=most)
        return HandMarked(most)

    def _short_forms(
        self, scored: list[Part], interaction: Interaction | None, points: Points
    ) -> OptionScores | Processing | None:
        """The rules of the interactions that are scored; an item without any says so of its first one."""
        if not scored and all(part.head.kind == "extended-text" for part in self._parts.values()):
            self._note(self._fields.line("interaction"), "hand-marked-missing")
            return None
        if interaction is None:
            return None
        rules = {
            part.name: rule
            for part in (scored or list(self._parts.values())[:1])
            if (rule := self._short_form(part, parts_of(interaction)[part.name], points)) is not None
        }
        if not rules or len(rules) < len(scored):
            return None
        if not isinstance(interaction, Composite):
            return rules[RESPONSE]
        return composite_rule(
            rules, {name: part for name, part in interaction.parts.items() if name not in rules}
        )

    def _short_form(
        self, part: Part, interaction: Simple, points: Points
    ) -> OptionScores | Processing | None:
        if part.has_faults:
            return None
        try:
            return rule_of(part.marks, interaction, points)
        except Faulty as faulty:
            facts = dict(faulty.facts)
            line = part.fields.line(str(facts.pop("at", "")))
            self._faults.add(self._file, line, faulty.code, **facts)
            return None

    def _tree(self, tree: Node, shown: Shown | None) -> Processing | None:
        """A rule that could not be computed, or not for these interactions, is refused here and never when it scores."""
        rule = ProcessingReader(self._file, self._faults).read(tree)
        if rule is None:
            return None
        try:
            check_processing(rule)
            if shown is not None:
                require_fit(rule, shown.interaction)
        except Refusal as refusal:
            said = ", ".join(str(fact) for fact in refusal.facts.values())
            self._note(tree.line, "processing-unsupported", problem=f"{refusal.code} {said}"[:200])
        return rule

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._faults.add(self._file, line, code, **facts)
