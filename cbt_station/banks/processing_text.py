"""A whole scoring rule as strict YAML, for what the short forms cannot say: any `Processing` is written and read back.

    processing:
      most: 2
      responses:
        RESPONSE:
          cardinality: single
          base: identifier
          correct: [b]
      outcomes:
        SCORE:
          cardinality: single
          base: float
          default: ["0"]
      rules:
        - response-condition:
            - response-if:
                - {match: [{variable: [], identifier: RESPONSE}, {correct: [], identifier: RESPONSE}]}
                - {set-outcome-value: [{base-value: "2", base-type: float}], identifier: SCORE}

A rule is a mapping: its first key is QTI 3's name of it (without "qti-") with what it holds, rules in a list or a value;
the other keys are its attributes. Declarations have the fields of `exam.processing`, with hyphens.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import NUMBER, Fields
from cbt_station.banks.strict_yaml import Mapping, Scalar, Sequence
from cbt_station.banks.strict_yaml import Node as YamlNode
from cbt_station.exam.processing import Node, OutcomeDeclaration, Processing, ResponseDeclaration
from cbt_station.exam.rules.trees import SCORE

_OP: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_ARGUMENT: Final = re.compile(r"[A-Za-z][A-Za-z0-9:_.-]{0,63}")
_WIDTH: Final = 110
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
T = TypeVar("T", ResponseDeclaration, OutcomeDeclaration)


class ProcessingReader:
    """Reads the value of `processing:` in one file; faults are noted with their line."""

    def __init__(self, file: str, faults: FaultList) -> None:
        self._file, self._faults = file, faults

    def read(self, node: YamlNode) -> Processing | None:
        """The rule, or None after its faults were noted."""
        before = len(self._faults.found)
        if not isinstance(node, Mapping):
            self._note(node.line, "value-kind", key="processing", expected="mapping")
            return None
        fields = Fields(node, self._file, self._faults)
        responses = self._declarations(fields, "responses", ResponseDeclaration)
        outcomes = self._declarations(fields, "outcomes", OutcomeDeclaration)
        rules = self._rules(fields.node("rules"))
        most = self._worth(fields)
        score = fields.text("score") or SCORE
        if score not in outcomes:
            self._note(fields.line("score"), "processing-value", problem=f"score: {score}")
        fields.done()
        if len(self._faults.found) > before:
            return None
        return Processing(responses, outcomes, rules, most, score)

    def _worth(self, fields: Fields) -> Decimal:
        text = fields.text("most", required=True)
        if text is not None and not NUMBER.fullmatch(text):
            self._note(fields.line("most"), "number-malformed", key="most", value=text)
            return Decimal(0)
        return Decimal(text or 0)

    def _declarations(self, fields: Fields, key: str, kind: type[T]) -> dict[str, T]:
        found = {}
        for name, value in fields.entries(key):
            try:
                declared = msgspec.convert(_plain(value), kind, strict=False)
            except msgspec.ValidationError as error:
                self._note(name.line, "processing-value", problem=f"{name.text}: {error}")
                continue
            if all(NUMBER.fullmatch(format(number, "f")) for number in _decimals(declared)):
                found[name.text] = declared
            else:
                self._note(name.line, "processing-value", problem=name.text)
        return found

    def _rules(self, node: YamlNode | None) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self._note(node.line, "value-kind", key="rules", expected="list")
            return ()
        return tuple(self._rule(item) for item in node.items)

    def _rule(self, node: YamlNode) -> Node:
        if not isinstance(node, Mapping) or not node.entries:
            self._note(node.line, "processing-rule")
            return Node("")
        (op, held), *rest = node.entries
        args = {key.text: value.text for key, value in rest if isinstance(value, Scalar)}
        good = _OP.fullmatch(op.text) and all(_ARGUMENT.fullmatch(name) for name in args)
        if not good or len(args) != len(rest) or isinstance(held, Mapping):
            self._note(node.line, "processing-rule")
            return Node("")
        if isinstance(held, Scalar):
            return Node(op.text, (), args, held.text)
        return Node(op.text, tuple(self._rule(item) for item in held.items), args)

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._faults.add(self._file, line, code, **facts)


def _plain(node: YamlNode) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text.replace("-", "_"): _plain(value) for key, value in node.entries}


def _decimals(value: Any) -> Iterable[Decimal]:
    if isinstance(value, Decimal):
        yield value if value.is_finite() else Decimal("1e99")
    elif isinstance(value, tuple):
        for one in value:
            yield from _decimals(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _decimals(getattr(value, name))


def processing_text(rule: Processing) -> str:
    """The lines of `processing:`; what was written must be read and compared by the caller."""
    lines = ["processing:", f"  most: {_number(rule.most)}"]
    if rule.score != SCORE:
        lines.append(f"  score: {_scalar(rule.score)}")
    for key, declared in (("responses", rule.responses), ("outcomes", rule.outcomes)):
        if declared:
            lines.append(f"  {key}:")
        for name, one in declared.items():
            lines.append(f"    {_scalar(name)}:")
            lines += _declaration(one)
    if rule.rules:
        lines.append("  rules:")
        for node in rule.rules:
            lines += _rule_lines(node, "    ")
    return "\n".join(lines) + "\n"


def _declaration(declared: ResponseDeclaration | OutcomeDeclaration) -> list[str]:
    lines = []
    for name in declared.__struct_fields__:
        value = getattr(declared, name)
        if value is None:
            continue
        if isinstance(value, msgspec.Struct):
            lines.append(f"      {_hyphened(name)}:")
            lines += [
                f"        {line}"
                for field in value.__struct_fields__
                for line in _field(field, getattr(value, field))
            ]
        else:
            lines += [f"      {line}" for line in _field(name, value)]
    return lines


def _field(name: str, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        return [f"{_hyphened(name)}:", *(f"  - {_struct(one)}" for one in value)]
    return [f"{_hyphened(name)}: {_value(value)}"]


def _struct(value: msgspec.Struct) -> str:
    shown = [
        f"{_hyphened(field.name)}: {_value(getattr(value, field.name))}"
        for field in msgspec.structs.fields(value)
        if getattr(value, field.name) is not None and getattr(value, field.name) != field.default
    ]
    return "{" + ", ".join(shown) + "}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return str(value) if isinstance(value, int) else _scalar(str(value))


def _rule_lines(node: Node, indent: str) -> list[str]:
    flow = _flow(node)
    if not node.of or len(indent) + len(flow) <= _WIDTH:
        return [f"{indent}- {flow}"]
    lines = [f"{indent}- {node.op}:"]
    for inner in node.of:
        lines += _rule_lines(inner, indent + "    ")
    return lines + [f"{indent}  {name}: {_scalar(value)}" for name, value in node.args.items()]


def _flow(node: Node) -> str:
    held = _scalar(node.value) if node.value else "[" + ", ".join(_flow(inner) for inner in node.of) + "]"
    args = "".join(f", {name}: {_scalar(value)}" for name, value in node.args.items())
    return "{" + f"{node.op}: {held}{args}" + "}"


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


def _number(number: Decimal) -> str:
    return format(number, "f")


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
