"""A real session of the SKD bank on the disk, always of the same people: for measurements and for pictures.

Sealed by the functions of `demo`, over a real log; only scrypt is cheap. Times and seed are arguments, so that two runs
show the same candidates, forms and words (signatures and sealed files differ).
"""

import datetime as dt
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, compile_bank
from cbt_station.banks.native import read_bank
from cbt_station.rehearsal.cast import ORGANISATION, make_cast, make_roster
from cbt_station.rehearsal.stage import SESSION, Stage, set_stage
from cbt_station.server.centre import Centre

BANK = Path(__file__).resolve().parents[1] / "question_banks" / "skd-id"


def stage_skd(
    folder: Path,
    *,
    seed: int = 1,
    candidates: int = 1,
    blueprint: str = "skd-2024",
    now: dt.datetime | None = None,
) -> tuple[Stage, CompiledBank]:
    """Seal, draw and release a session of the bank under `folder`."""
    now = now or dt.datetime.now().astimezone()
    bank, plan = compile_bank(read_bank(BANK)), read_blueprint(BANK / "blueprints" / f"{blueprint}.yaml")
    cast = make_cast(seed, now)
    roster = make_roster(SESSION, candidates, plan, seed)
    log_key = cast.keys[names.log_origin("test", ORGANISATION)].require_signing()
    folder.mkdir(parents=True, exist_ok=True)
    with Centre.open(folder / "centre", cast.trust, log_key) as centre:
        return set_stage(folder, cast, bank, plan, roster, centre, now, lambda *_, **__: None), bank
