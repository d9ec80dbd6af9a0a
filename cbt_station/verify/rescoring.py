"""Rescoring: open a scoring file, fold, score. The station's screen, the committee and the public run this very code."""

from collections.abc import Mapping

from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.scoring import ScoringFile, read_scoring
from cbt_station.errors import Tampered
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Response
from cbt_station.exam.scoring import Scores, score_sections
from cbt_station.sealing.age import HybridIdentity, decrypt


def open_scoring(sealed: bytes, expected_sha256: str, identity: HybridIdentity, edition: str) -> ScoringFile:
    """The scoring file that the manifest (or a decision) names; hash first, then open."""
    if sha256_hex(sealed) != expected_sha256:
        raise Tampered("file-changed", where="scoring file")
    scoring = read_scoring(decrypt(sealed, identity))
    if scoring.edition != edition:
        raise Tampered("scoring-of-another-edition", edition=scoring.edition)
    return scoring


def rescore(
    blueprint: Blueprint, form: Form, scoring: ScoringFile, answers: Mapping[str, Response]
) -> Scores:
    """The scores of a sitting, by section and in total."""
    return score_sections(blueprint, form, scoring.rules, answers)
