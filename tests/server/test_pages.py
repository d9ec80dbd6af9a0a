"""The centre's pages in a real browser: what is known of a slip's code, in both languages, on a phone, zoomed, and by axe.

The answers behind them are in test_centre.py, headers and paths in test_http.py. Skipped where there is no chromium.
CBT_SCREENSHOTS=DIR keeps pictures.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cbt_station.artefacts import names
from cbt_station.artefacts.result import slip_code
from cbt_station.errors import Tampered
from cbt_station.server.app import shown_time
from cbt_station.server.centre import Centre
from cbt_station.verify.session import check_proof
from tests.server.running import running
from tests.server.small_tree import SESSION, VENUES, SmallWorld
from tests.server.test_centre import put_all

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[2] / "build/interop/node_modules/axe-core/axe.min.js"
WORLD = SmallWorld()
IN_TIME, TWIN, AWAITED, ABORTED = (
    WORLD.sat(1),
    WORLD.sat(3, variant="x"),
    WORLD.sat(21, VENUES[1]),
    WORLD.aborted(40, VENUES[1]),
)
SPILLED = """[...document.querySelectorAll(".card, .verdict, .verdict > div, nav, .row")]
    .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)"""
SIZES = {
    "desktop": (1280, 800, 1),
    "phone": (360, 740, 1),
    "zoomed 200 %": (640, 400, 2),
    "zoomed 400 %": (320, 256, 4),
}
PAGES = {
    "home": "/",
    "search": "/slip",
    "registered": f"/slip/{slip_code(IN_TIME.result)}",
    "twin": f"/slip/{slip_code(TWIN.result)}",
    "first of twins": f"/slip/{slip_code(WORLD.sat(3).result)}",
    "awaited": f"/slip/{slip_code(AWAITED.result)}",
    "aborted": f"/slip/{slip_code(ABORTED.result)}",
    "unknown": "/slip/0000-0000-0000-0000",
    "malformed": "/slip/kucing",
    "log": "/log",
    "session": f"/session/{SESSION}",
    "nothing here": "/nothing-here",
}


class Centred(NamedTuple):
    url: str
    centre: Centre


@pytest.fixture(scope="module")
def centred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centred]:
    """A centre with one venue complete, one awaited, a twin, an aborted sitting and a score."""
    with Centre.open(tmp_path_factory.mktemp("centre"), WORLD.trust, WORLD.log_key) as centre:
        centre.add_session({**WORLD.files, names.draw(SESSION): WORLD.draw()})
        here = [WORLD.sat(number) for number in range(1, 5)]
        for sat in (*here, AWAITED, ABORTED):
            put_all(centre, sat)
        with pytest.raises(Tampered, match="twin-results"):
            put_all(centre, TWIN)
        centre.put(*WORLD.closing(here, absent=2))
        centre.put(*WORLD.closing([AWAITED, WORLD.sat(22, VENUES[1]), WORLD.sat(23, VENUES[1])], VENUES[1]))
        centre.put(*WORLD.score(IN_TIME))
        with running(centre) as url:
            yield Centred(url, centre)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="id-ID", java_script_enabled=False, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " ").replace("0", "O").replace("1", "l"),
    ],
    ids=["as printed", "lower case", "no hyphens", "O and l for 0 and 1"],
)
def test_a_candidate_types_the_code_and_reads_that_the_result_is_registered(
    centred: Centred, page: Page, spelling: object
) -> None:
    assert callable(spelling)
    page.goto(centred.url)
    page.get_by_label("Kode pada slip", exact=True).last.fill(spelling(slip_code(IN_TIME.result)))
    page.get_by_role("button", name="Cari hasil").click()
    assert page.get_by_role("heading", name="Hasil terdaftar").is_visible()
    assert page.get_by_text(slip_code(IN_TIME.result)).is_visible()
    assert page.get_by_text("tepat 4 hasil, dan semuanya sudah diterima").is_visible()
    assert page.get_by_text("1 Desember 2026, 10.39.59 WIB").is_visible()
    assert page.get_by_text(IN_TIME.result, exact=True).is_visible()


def test_the_proof_that_is_downloaded_verifies_alone(centred: Centred, page: Page) -> None:
    page.goto(centred.url + PAGES["registered"] + "?lang=en")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download the log's proof").click()
    path = caught.value.path()
    assert caught.value.suggested_filename == f"{IN_TIME.result}.tlog-proof"
    check_proof(path.read_bytes(), WORLD.trust, "result", IN_TIME.result)


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("registered", 200, "The result is registered"),
        ("twin", 200, "This result is kept apart"),
        ("first of twins", 200, "There is another result of the same sitting"),
        ("aborted", 200, "This sitting could not go on"),
        ("unknown", 404, "No result with this code yet"),
        ("nothing here", 404, "Page not found"),
        ("session", 200, f"KECIL · {SESSION}"),
    ],
)
def test_every_state_has_its_own_words(
    centred: Centred, page: Page, name: str, status: int, heading: str
) -> None:
    answer = page.goto(f"{centred.url}{PAGES[name]}?lang=en")
    assert answer is not None
    assert answer.status == status
    assert page.get_by_role("heading", name=heading, exact=True).is_visible()


def test_a_typing_error_is_explained_at_the_field(centred: Centred, page: Page) -> None:
    page.goto(f"{centred.url}/slip?code=9J44-2MF7&lang=en")
    field = page.get_by_role("textbox")
    assert field.get_attribute("aria-invalid") == "true"
    assert "code-problem" in (field.get_attribute("aria-describedby") or "")
    assert field.input_value() == "9J44-2MF7"
    assert page.get_by_text("This is no slip code").is_visible()


def test_a_session_shows_closed_beside_received(centred: Centred, page: Page) -> None:
    page.goto(f"{centred.url}{PAGES['session']}?lang=en")
    rows = {
        row.get_by_role("rowheader").inner_text(): row.inner_text().split()
        for row in page.get_by_role("row").all()[1:]
    }
    assert "Complete" in rows[VENUES[0]]
    assert rows[VENUES[0]][2:5] == ["4", "4", "2"]
    assert "awaited" in rows[VENUES[1]]
    assert rows["All"][1:] == ["7", "6"]
    assert page.get_by_role("heading", name="Twins that are kept apart: 1").is_visible()


def test_the_language_is_the_browsers_until_it_is_chosen(browser: Browser, centred: Centred) -> None:
    for locale, title in (
        ("id-ID", "Periksa hasil ujian"),
        ("en-GB", "Check an exam result"),
        ("fr", "Periksa hasil ujian"),
    ):
        context = browser.new_context(locale=locale)
        page = context.new_page()
        page.goto(centred.url)
        assert page.get_by_role("heading", level=1).inner_text() == title
        context.close()


def test_a_chosen_language_stays_on_the_way(centred: Centred, page: Page) -> None:
    page.goto(centred.url)
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Public log").click()
    assert page.get_by_role("heading", level=1).inner_text() == "The public log"
    page.get_by_role("link", name="Look up a code").click()
    page.get_by_role("textbox").fill(slip_code(IN_TIME.result))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The result is registered").wait_for()
    page.get_by_role("link", name="Bahasa Indonesia").click()
    assert page.get_by_role("heading", name="Hasil terdaftar").is_visible()


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "\x00\x1b"]
)
def test_what_was_typed_is_shown_back_as_text_only(centred: Centred, page: Page, typed: str) -> None:
    page.goto(f"{centred.url}/slip")
    page.goto(f"{centred.url}/slip?code=" + "".join(f"%{byte:02x}" for byte in typed.encode()))
    assert page.locator("script, img").count() == 0
    assert page.get_by_role("textbox").input_value() == typed.replace("\x00", "�")


def test_no_page_names_a_candidate_or_a_score(centred: Centred, page: Page) -> None:
    for path in PAGES.values():
        page.goto(centred.url + path)
        text = page.content()
        assert "Siti Aminah" not in text
        assert "TWK 100" not in text


def test_a_page_loads_nothing_from_elsewhere_and_has_no_script(centred: Centred, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES.values():
        page.goto(centred.url + path)
        assert page.locator("script, [onclick], [style], iframe").count() == 0
    assert {re.sub(r"(//[^/]+).*", r"\1", url) for url in asked} == {centred.url}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_pages_fit_every_width_and_zoom(browser: Browser, centred: Centred, size: str, lang: str) -> None:
    width, height, scale = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, reduced_motion="reduce"
    )
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(f"{centred.url}{path}?lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(SPILLED) == [], name
        _keep(page, f"{name}-{size}-{lang}")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser: Browser, centred: Centred, scheme: str, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not fetched: packaging/fetch_interop.sh")
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(f"{centred.url}{path}?lang={lang}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        faults = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert faults == [], name
        assert len(found["passes"]) > 15
    context.close()


def test_everything_can_be_reached_by_keyboard_and_the_skip_link_works(centred: Centred, page: Page) -> None:
    page.goto(f"{centred.url}{PAGES['registered']}?lang=en")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    seen = {page.locator(":focus").inner_text()}
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.locator(":focus").count():
            seen.add(page.locator(":focus").inner_text())
    assert {"Download the log's proof", "Download the result note", "Look up another code"} <= seen


@pytest.mark.parametrize(
    ("text", "lang", "shown"),
    [
        ("2026-12-01T10:39:59+07:00", "id", "1 Desember 2026, 10.39.59 WIB"),
        ("2026-12-01T10:39:59+08:00", "en", "1 December 2026, 10:39:59 WITA"),
        ("2026-12-01T10:39:59+09:00", "id", "1 Desember 2026, 10.39.59 WIT"),
        ("2026-12-01T17:00:00+00:00", "en", "2 December 2026, 00:00:00 WIB"),
        ("2026-12-01T17:00:00", "en", "2026-12-01T17:00:00"),
        ("kemarin", "id", "kemarin"),
    ],
)
def test_times_are_shown_with_their_zone(text: str, lang: str, shown: str) -> None:
    assert shown_time(text, lang) == shown


def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("CBT_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name.replace(' ', '-').replace('%', '')}.png", full_page=True)
