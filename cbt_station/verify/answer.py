"""One answer out of a sealed result, as its owner shows it: nothing else of the sitting is opened for it.

1. result     admit, start and result note that the proof names, each signed, each about the next
2. answer     the line stands at its place in the journal whose root the result note signs
"""

from cbt_station.artefacts import names
from cbt_station.artefacts.answer_proof import check_answer_proof, read_answer_proof
from cbt_station.artefacts.journal import read_line
from cbt_station.errors import Failure
from cbt_station.exam.events import AnswerChosen, AnswerCleared, Event
from cbt_station.sealing.trust import Trust
from cbt_station.verify.session import Files
from cbt_station.verify.steps import Steps, need
from cbt_station.verify.tree import chain_of


def check_answer(name: str, data: bytes, files: Files, trust: Trust) -> Steps:
    """Run both as one step of a report; `files` holds the notes, by their names in a tree."""
    steps = Steps()
    steps.check("answer", _subject(name, data), check_answer_in, data, files, trust)
    return steps


def check_answer_in(data: bytes, files: Files, trust: Trust) -> Event:
    """The event that a proof proves. Trouble("evidence-missing") without the notes that it names."""
    proof = read_answer_proof(data)
    name = names.tree_note("result", proof.result)
    checked = chain_of(files, need(files.get(name), name), trust)  # 1
    return check_answer_proof(proof, checked.result)  # 2


def told(event: Event) -> str:
    """What a proven line says, for a report: when, which item, which option."""
    if isinstance(event, AnswerChosen):
        answer = event.answer if isinstance(event.answer, str) else ", ".join(event.answer)
        return f"{event.wall} {event.item} = {answer}"
    if isinstance(event, AnswerCleared):
        return f"{event.wall} {event.item} = –"
    return f"{event.wall} {type(event).__struct_config__.tag}"


def _subject(name: str, data: bytes) -> str:
    """What the proof claims, and its name; only the step's verdict says whether it is so."""
    try:
        return f"{told(read_line(read_answer_proof(data).line))} ({name})"
    except Failure:
        return name
