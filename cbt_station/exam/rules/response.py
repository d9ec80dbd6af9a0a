"""From a response to outcomes, by an item's own rules.

1. Rules are made ready once: `check_processing` raises for anything that could fail later.
2. The response is read by the declarations: what is not of the declared kind was never a candidate's, Tampered.
3. Outcomes begin with their defaults (a number without one: 0), and the rules run.
4. The score is the outcome that the item names: NULL is 0. Here alone a number is rounded: half-even, to 6 decimals.

What is ours where QTI is silent: typed text is compared in Unicode NFC and without spaces at its ends; a response that
holds nothing is NULL; one value and a container of one are the same, whichever is declared.
"""

from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.blueprint import MOST_DECIMALS
from cbt_station.exam.interactions import RESPONSE, Response, Value
from cbt_station.exam.processing import BaseType, Processing, ResponseDeclaration
from cbt_station.exam.responding import MOST_TEXT
from cbt_station.exam.responding import MOST_VALUES as MOST_GIVEN
from cbt_station.exam.rules.declared import require_declared
from cbt_station.exam.rules.following import Run, beginning, follow, known_at_end
from cbt_station.exam.rules.looking import read_values
from cbt_station.exam.rules.plan import Around, Budget, Memory
from cbt_station.exam.rules.typed import record_of
from cbt_station.exam.rules.values import NUMBERS, Held, Kind, Scalar, read_scalar

_KEPT: Final = 4_096
"""Items whose rules are kept ready."""


class Bounds(NamedTuple):
    """Between what a score lies whatever is answered; None: no bound."""

    low: Fraction | None
    high: Fraction | None


class Prepared(NamedTuple):
    """An item's rules, ready to run."""

    run: Run
    begin: dict[str, Held]
    score: Bounds


_prepared: OrderedDict[int, tuple[Processing, Prepared]] = OrderedDict()


def check_processing(processing: Processing) -> None:
    """Raise Refusal for rules that could not be computed for some response, so that none is refused when it is scored.

    Codes: rule-operator, rule-shape, rule-type, rule-variable, rule-value, rule-missing, rule-pattern, rule-too-much.
    """
    _prepare(processing)


def bounds_of(processing: Processing) -> Bounds:
    """Between what the score lies, whatever is answered. Rules are read, not tried: the bounds may be wide."""
    return _ready(processing).score


def outcomes_of(processing: Processing, response: Response | None) -> dict[str, Held]:
    """Every outcome after a response. Refusal as `check_processing`; Tampered("response-unknown")."""
    ready = _ready(processing)
    memory = Memory(_read(processing.responses, response), dict(ready.begin))
    ready.run(memory)
    return memory.outcomes


def score(processing: Processing, response: Response | None) -> Decimal:
    """What a response is worth: exact, rounded once at the end."""
    return as_score(outcomes_of(processing, response)[processing.score])


def as_score(value: Held) -> Decimal:
    """A plain decimal: NULL is 0; half-even to 6 decimals."""
    number = value[0] if value else Fraction(0)
    if not isinstance(number, Fraction):
        raise Refusal("rule-type", op="score", given="no number", expected="single float")
    millionths = round(number * 10**MOST_DECIMALS)  # half-even
    text = str(abs(millionths)).rjust(MOST_DECIMALS + 1, "0")
    plain = f"{text[:-MOST_DECIMALS]}.{text[-MOST_DECIMALS:]}".rstrip("0").rstrip(".")
    return Decimal(f"-{plain}" if millionths < 0 else plain)


def _ready(processing: Processing) -> Prepared:
    """Made once an item, and kept: the entry holds the item, so that its id stays its own."""
    kept = _prepared.get(id(processing))
    if kept is not None and kept[0] is processing:
        return kept[1]
    ready = _prepare(processing)
    _prepared[id(processing)] = processing, ready
    while len(_prepared) > _KEPT:
        _prepared.popitem(last=False)
    return ready


def _prepare(processing: Processing) -> Prepared:
    require_declared(processing.responses, processing.outcomes)
    known = {name: _kind_of(declared) for name, declared in processing.responses.items()}
    begin: dict[str, Held] = {}
    for name, declared in processing.outcomes.items():
        if name in known:
            raise Refusal("rule-shape", op=name)
        known[name], begin[name] = beginning(declared)
    scored = processing.outcomes.get(processing.score)
    if scored is None:
        raise Refusal("rule-variable", name=processing.score)
    if scored.cardinality != "single" or scored.base not in NUMBERS:
        kind = Kind(scored.cardinality, scored.base)
        raise Refusal("rule-type", op=processing.score, given=str(kind), expected="single float")
    around = Around(processing.responses, processing.outcomes, known, Budget())
    run = follow(processing.rules, around)
    end = known_at_end(around)[processing.score]
    low = None if end.low is None else min(end.low, Fraction(0))
    high = None if end.high is None else max(end.high, Fraction(0))
    return Prepared(run, begin, Bounds(low, high))


def _kind_of(declared: ResponseDeclaration) -> Kind:
    """What a response can be. Its correct value must be readable, whether a rule asks for it or not."""
    if declared.cardinality == "record":
        return Kind("record", "string")
    read_values(declared.base, declared.correct)
    return Kind(declared.cardinality, declared.base, 1 if declared.cardinality == "single" else MOST_GIVEN)


def _read(declared: Mapping[str, ResponseDeclaration], response: Response | None) -> dict[str, Held]:
    given: Mapping[str, Value] = {}
    if isinstance(response, dict):
        given = response
    elif response is not None:
        name = RESPONSE if RESPONSE in declared or len(declared) != 1 else next(iter(declared))
        given = {name: response}
    if response is not None and (not given or not set(given) <= set(declared)):
        raise Tampered("response-unknown", response=str(response)[:200])
    return {name: _read_one(one, given.get(name)) for name, one in declared.items()}


def _read_one(declared: ResponseDeclaration, value: Value | None) -> Held:
    if value is None:
        return None
    values = (value,) if isinstance(value, str) else value
    several = declared.cardinality in ("multiple", "ordered")
    if (
        not values
        or len(values) > (MOST_GIVEN if several else 1)
        or any(len(one) > MOST_TEXT for one in values)
    ):
        raise Tampered("response-unknown", response=str(value)[:200])
    if declared.cardinality == "record":
        return (record_of(values[0]),)
    try:
        read = tuple(_read_scalar(declared, one) for one in values)
    except Refusal:
        raise Tampered("response-unknown", response=str(value)[:200]) from None
    return read if read != ("",) else None


def _read_scalar(declared: ResponseDeclaration, text: str) -> Scalar:
    """A number with decimals is a candidate's answer to an integer too: a wrong one, but no false evidence."""
    base: BaseType = "float" if declared.base == "integer" else declared.base
    return read_scalar(base, text.strip() if base == "string" else text)
