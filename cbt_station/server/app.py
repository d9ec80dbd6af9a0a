"""The centre's web application: pages for people by FastAPI and Jinja2, around them `ingest` for programs and `guard`.

Pages work without a script, in Indonesian and English: `?lang=` where it was chosen, else what the browser asks for.
They show `views` and nothing else; what was typed is shown back only escaped.
"""

import datetime as dt
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from babel.dates import format_datetime
from babel.numbers import format_decimal
from fastapi import FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException

from cbt_station.errors import Failure, Trouble
from cbt_station.server import views
from cbt_station.server.centre import Centre
from cbt_station.server.guard import Guard
from cbt_station.server.ingest import ASGI, Ingest
from cbt_station.words import LANGUAGES, words_in

_HERE = Path(__file__).parent / "pages"
_FONTS = {
    "text.ttf": "AtkinsonHyperlegibleNext_400Regular.ttf",
    "bold.ttf": "AtkinsonHyperlegibleNext_700Bold.ttf",
    "code.ttf": "AtkinsonHyperlegibleMono_400Regular.ttf",
    "code-bold.ttf": "AtkinsonHyperlegibleMono_700Bold.ttf",
}
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_WIB = dt.timezone(dt.timedelta(hours=7))
_DAY = "public, max-age=86400"
_HOUR = "public, max-age=3600"
MOST_TYPED = 64

Lang = Annotated[str, Query(max_length=5)]
Accept = Annotated[str, Header(alias="accept-language", max_length=400)]


def make_app(centre: Centre) -> ASGI:
    """The whole application over an open centre."""
    return Guard(Ingest(centre, make_pages(centre)))


def make_pages(centre: Centre) -> FastAPI:
    """The pages alone."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    show = _Pages(centre)

    def get(path: str, answer: Any) -> None:
        app.add_api_route(path, answer, methods=["GET", "HEAD"], response_class=HTMLResponse)

    get("/", show.home)
    get("/slip", show.slip)
    get("/slip/{code}", show.slip)
    get("/log", show.log)
    get("/session/{name}", show.session)
    app.add_api_route("/style.css", _style, methods=["GET", "HEAD"])
    app.add_api_route("/fonts/{name}", _font, methods=["GET", "HEAD"])
    app.add_exception_handler(HTTPException, show.not_found)
    app.add_exception_handler(Failure, show.failed)
    app.add_exception_handler(RequestValidationError, show.not_found)
    return app


class _Pages:
    """One method a page; each runs in a thread, because the centre reads files."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._seen: tuple[int, views.HomeView] | None = None

    def home(self, lang: Lang = "", accept_language: Accept = "") -> HTMLResponse:
        return self._page("home.html", _language(lang, accept_language), "/", view=self._home())

    def _home(self) -> views.HomeView:
        """Read again only when something changed: it looks at every venue of every session."""
        version = self._centre.registry.version
        if self._seen is None or self._seen[0] != version:
            self._seen = version, views.home(self._centre)
        return self._seen[1]

    def slip(self, code: str = "", lang: Lang = "", accept_language: Accept = "") -> HTMLResponse:
        chosen = _language(lang, accept_language)
        if not code.strip():
            return self._page("slip.html", chosen, "/slip", view=None)
        view = views.slip(self._centre, code[:MOST_TYPED])
        status = {"": 200, "malformed": 400, "unknown": 404}[view.problem]
        path = f"/slip/{view.typed}" if not view.problem else "/slip"
        return self._page("slip.html", chosen, path, status=status, view=view)

    def log(self, lang: Lang = "", accept_language: Accept = "") -> HTMLResponse:
        return self._page("log.html", _language(lang, accept_language), "/log", view=views.log(self._centre))

    def session(self, name: str, lang: Lang = "", accept_language: Accept = "") -> HTMLResponse:
        view = views.session(self._centre, name)
        return self._page(
            "session.html", _language(lang, accept_language), f"/session/{view.name}", view=view
        )

    def not_found(self, request: Request, _error: Exception) -> Response:
        return self._problem(request, 404, "pages.not_found", "pages.not_found_help")

    def failed(self, request: Request, error: Exception) -> Response:
        """A Failure while a page was made: what is not there is not found, the rest is said in its own words."""
        if isinstance(error, Trouble) and error.code in ("session-unknown", "file-missing"):
            return self.not_found(request, error)
        code = error.code if isinstance(error, Failure) else ""
        if code in ("name-malformed",):
            return self.not_found(request, error)
        return self._problem(request, 503, "pages.trouble", f"error.{code}")

    def _problem(self, request: Request, status: int, title: str, text: str) -> Response:
        chosen = _language(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
        return self._page("problem.html", chosen, "/", status=status, title=title, text=text)

    def _page(self, name: str, lang: str, path: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        words = words_in(lang)
        html = (
            _templates()
            .get_template(name)
            .render(
                t=words,
                lang=lang,
                other=next(one for one in LANGUAGES if one != lang),
                path=path,
                mode=self._centre.mode,
                organisation=self._centre.trust.log_origin.partition("/")[0],
                link=lambda to: f"{to}?lang={lang}",
                when=lambda text: shown_time(text, lang),
                minute=lambda text: shown_time(text, lang, seconds=False),
                number=lambda value: format_decimal(value, locale=lang),
                name_of=lambda kind: words(f"pages.kind.{kind}"),
                **values,
            )
        )
        headers = {"cache-control": "no-cache", "vary": "accept-language", "content-language": lang}
        return HTMLResponse(html, status, headers)


def shown_time(text: str, lang: str, *, seconds: bool = True) -> str:
    """A moment for people, in the Indonesian zone that it was written in, else in WIB; other text as it stands."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    hours = (moment.utcoffset() or dt.timedelta()).total_seconds() / 3600
    if hours not in _ZONES:
        moment, hours = moment.astimezone(_WIB), 7
    clock = "HH:mm:ss" if seconds else "HH:mm"
    pattern = f"d MMMM y, {clock.replace(':', '.') if lang == 'id' else clock}"
    return f"{format_datetime(moment, pattern, locale=lang)} {_ZONES[int(hours)]}"


def _language(asked: str, accepted: str) -> str:
    if asked in LANGUAGES:
        return asked
    for part in accepted.split(","):
        tag = part.strip().partition(";")[0].partition("-")[0].lower()
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style() -> Response:
    return Response(
        (_HERE / "style.css").read_bytes(), media_type="text/css", headers={"cache-control": _HOUR}
    )


def _font(name: str) -> Response:
    path = _fonts() / _FONTS[name] if name in _FONTS else None
    if path is None or not path.is_file():
        raise HTTPException(404)
    return Response(path.read_bytes(), media_type="font/ttf", headers={"cache-control": _DAY})


@cache
def _fonts() -> Path:
    """Beside a checkout, or in the wheel's data package; pages are readable without them."""
    checkout = Path(__file__).resolve().parents[2] / "assets" / "fonts"
    spec = find_spec("cbt_station_data")
    for place in (spec.submodule_search_locations or []) if spec and not checkout.is_dir() else []:
        if (Path(place) / "assets" / "fonts").is_dir():
            return Path(place) / "assets" / "fonts"
    return checkout
