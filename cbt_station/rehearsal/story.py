"""What happened to one candidate's answers, told with the places where each piece can be looked at.

Facts only, read from the signed notes; the sentences are in words/ (`story.…`). Hashes are shown by their first 16
digits, and whole in the facts.
"""

import shlex
from pathlib import Path

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.result import slip_code
from cbt_station.exam.blueprint import TOTAL
from cbt_station.exam.ranking import Placing
from cbt_station.rehearsal.candidates import data_folder
from cbt_station.rehearsal.stage import Stage, Tell
from cbt_station.results.opening import Candidate
from cbt_station.sealing import proof
from cbt_station.server.centre import Centre


class Story(Struct, frozen=True, kw_only=True):
    """One candidate's answers, from the journal to the sheet."""

    number: str
    name: str
    answered: int
    events: int
    head: str
    level: str
    sealed: str
    sealed_size: int
    result: str
    slip: str
    log_index: int
    log_size: int
    total: str
    verdict: str
    data: Path
    stick: Path
    sheet: Path
    trust: Path

    def facts(self) -> dict[str, str | int]:
        """As JSON says it."""
        named = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: str(fact) if isinstance(fact, Path) else fact for name, fact in named.items()}


def story_of(
    stage: Stage, candidate: Candidate, placing: Placing, stick: Path, sheet: Path, centre: Centre
) -> Story | None:
    """None for who has no result."""
    opened = candidate.result
    if opened is None or candidate.scores is None:
        return None
    result = opened.notes.result
    receipt = proof.parse((stick / names.tree_proof(result.id)).read_bytes())
    return Story(
        number=candidate.entry.number,
        name=candidate.entry.name,
        answered=len(opened.answers),
        events=result.body.size,
        head=result.body.root,
        level=result.body.level,
        sealed=result.body.sealed,
        sealed_size=result.body.sealed_size,
        result=result.id,
        slip=slip_code(result.id),
        log_index=receipt.index,
        log_size=centre.head().size,
        total=str(candidate.scores.outcomes[TOTAL]),
        verdict=placing.status,
        data=data_folder(stage, candidate.entry),
        stick=stick,
        sheet=sheet,
        trust=stage.session / names.trust(1),
    )


def tell_story(story: Story, tell: Tell, program: str) -> None:
    """One line a step, in the order in which it happened; at the end the line that checks it, by this `program`."""
    tell("story.title", name=story.name, number=story.number)
    tell(f"story.journal_{story.level}", answered=story.answered, events=story.events, folder=story.data)
    tell("story.head", head=story.head[:16])
    tell("story.sealed", sealed=story.sealed[:16], size=story.sealed_size, folder=story.stick / names.SEALED)
    tell("story.slip", slip=story.slip, result=story.result[:16])
    tell("story.logged", index=story.log_index, size=story.log_size, folder=story.stick / names.PROOFS)
    tell("story.scored", total=story.total, verdict=story.verdict)
    tell("story.sheet", sheet=story.sheet)
    tell(
        "story.check",
        program=program,
        sheet=shlex.quote(str(story.sheet)),
        trust=shlex.quote(str(story.trust)),
    )
