"""The app factory: settings in, a Flask app with its database, doors and headers out."""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy.exc import ArgumentError

from server import api, arrival, cli, lan, pages, problems, statics
from server.config import MAX_BODY_BYTES, Config, ConfigError, read_environment, read_secret
from server.database import db

# Nothing from elsewhere, no inline script or style; blob: and data: are photos just taken and QR codes.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()",
    # Whoever serves something public says so; everything else may hold personal data.
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000"


def create_app(config: Config | None = None) -> Flask:
    """Build the app; without settings they come from the environment."""
    config = config or read_environment()
    app = Flask("server", instance_path=str(config.data))
    try:
        config.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = read_secret(config.data)
    except OSError as error:
        raise ConfigError(f"The folder {config.data} can't be used: {error.strerror}.") from error
    app.config.from_mapping(
        SECRET_KEY=secret,
        SQLALCHEMY_DATABASE_URI=config.database,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        TESTING=config.is_testing,
        SETTINGS=config,
        CLOCK=config.clock,
        DATA=config.data,
        FILES=config.files,
    )
    open_database(app)
    register_doors(app)
    return app


def open_database(app: Flask) -> None:
    """Prepare the engine; nothing is opened yet."""
    try:
        db.init_app(app)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise ConfigError(f"LINGYAN_DATABASE is no address that can be used here: {error}.") from error


def register_doors(app: Flask) -> None:
    problems.register(app)
    app.before_request(lan.guide_to_https)
    app.after_request(add_headers)
    for blueprint in (
        *statics.blueprints(),
        *arrival.blueprints(),
        *lan.blueprints(),
        *api.blueprints(),
        *pages.blueprints(),
    ):
        app.register_blueprint(blueprint)
    cli.register(app)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response
