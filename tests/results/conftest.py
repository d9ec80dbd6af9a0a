"""One small session for all tests of the room. It is never changed: a test that tampers works on a copy."""

import copy
import dataclasses

import pytest

from cbt_station.results.issuing import Issuer, Look, Sheet
from cbt_station.results.opening import OpenedSession, open_tree
from cbt_station.results.placing import place
from tests.results.small_results import NOW, RESULTS, SCORE, Chance, World, make_world


@pytest.fixture(scope="session")
def sealed_world() -> World:
    return make_world()


@pytest.fixture
def world(sealed_world: World) -> World:
    """A copy to tamper with."""
    folders = ("session", "committee", "tree", "sealed")
    return dataclasses.replace(
        sealed_world, **{name: copy.copy(getattr(sealed_world, name)) for name in folders}
    )


@pytest.fixture(scope="session")
def opened(sealed_world: World) -> OpenedSession:
    return open_tree(sealed_world.tree, sealed_world.folder, sealed_world.trust, RESULTS)


@pytest.fixture(scope="session")
def printed(sealed_world: World, opened: OpenedSession) -> dict[str, Sheet]:
    """Everybody's sheet, by number, printed once."""
    placings = {placing.number: placing for placing in place(opened)}
    look = Look("Badan Contoh Negara")
    issuer = Issuer(opened, placings, SCORE, sealed_world.signer, look, NOW, Chance("sheets"))
    return {sheet.number: sheet for sheet in issuer.issue_all({}, sealed_world.tree)}
