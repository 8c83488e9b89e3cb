"""Public files: the welcome page at /, and the built phone app at /app/, packed where the browser allows."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from server.database import db
from server.models import Town

PHONE = Path(__file__).parent / "static" / "phone"
PACKINGS = (("br", ".br"), ("gzip", ".gz"))  # best first; the build writes them beside each file
IMMUTABLE = "public, max-age=31536000, immutable"  # the name holds a digest of the content
REVALIDATE = "no-cache"

statics = Blueprint("statics", __name__)


def blueprints() -> list[Blueprint]:
    return [statics]


@statics.get("/")
def welcome() -> str:
    """Two large links: the phone app and the desk."""
    return render_template("welcome.html", is_demo=is_demo())


def is_demo() -> bool:
    """Whether this server holds the demo town, whose accounts may be shown."""
    try:
        return db.session.query(Town).filter_by(is_demo=True).first() is not None
    except SQLAlchemyError:
        current_app.logger.warning("The welcome page could not read the town.")
        return False


@statics.get("/app")
def phone_app_without_slash() -> BaseResponse:
    """Relative addresses in the app need the slash."""
    return redirect("/app/")


@statics.get("/try/")
def trial() -> Response:
    """Where a form is tried out: which one stands in the fragment, and nothing is kept."""
    return phone_app("trial.html")


@statics.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it wherever they are."""
    return send_from_directory(PHONE.parent, "icon.svg", max_age=86400)


@statics.get("/app/", defaults={"name": "index.html"})
@statics.get("/app/<path:name>")
def phone_app(name: str) -> Response:
    """A file of the phone app; the app keeps its page in the fragment, so there is one page."""
    path = safe_join(str(PHONE), name)
    if path is None or not Path(path).is_file():
        abort(404)
    packing, suffix = choose_packing(Path(path))
    response = send_from_directory(PHONE, name + suffix, mimetype=guess_type(name))
    response.headers["Vary"] = "Accept-Encoding"
    if packing:
        response.headers["Content-Encoding"] = packing
    response.headers["Cache-Control"] = IMMUTABLE if name.startswith("assets/") else REVALIDATE
    if name == "sw.js":
        response.headers["Service-Worker-Allowed"] = "/"
    return response


def choose_packing(path: Path) -> tuple[str, str]:
    """The best packing that the browser takes and the build wrote: ("br", ".br"), or ("", "")."""
    for packing, suffix in PACKINGS:
        if request.accept_encodings.quality(packing) and path.with_name(path.name + suffix).is_file():
            return packing, suffix
    return "", ""


TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}


def guess_type(name: str) -> str:
    """By our own table: what a machine has in /etc/mime.types must not decide whether a module loads."""
    return TYPES.get(Path(name).suffix, "application/octet-stream")
