"""The bytes of a cadre's first sync, packed: pairings, tasks and a village of 1,200 households."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from flask.testing import FlaskClient

from server.app import create_app
from server.config import Config
from server.database import db
from tests.bench.phone.town import USERNAME, build

LIMIT = 1000  # changes in one answer, as the phone asks
PASSWORD, DEVICE = "lingyan-demo", "bench-phone"


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        build(data)
        app = create_app(Config(data=data))
        n_bytes, changes = first_sync(app.test_client())
        with app.app_context():
            db.engine.dispose()
    lists = [change["list"] for change in changes if change["kind"] == "row"]
    figures = {
        "server: a cadre's first sync, a village of 1,200 households, packed": n_bytes / 1000,
    }
    counts = {f"first sync: rows of {name} | rows": lists.count(name) for name in sorted({*lists})}
    return {**figures, **counts}


def first_sync(client: FlaskClient) -> tuple[int, list[dict[str, Any]]]:
    """Bytes on the wire, and every change, page by page as a phone asks for them."""
    who = {"username": USERNAME, "password": PASSWORD, "device_id": DEVICE, "device_name": "Bench"}
    token = client.post("/api/v1/sessions", json=who).get_json()["token"]
    body: dict[str, Any] = {"device": {"device_id": DEVICE, "app_version": "1", "n_unsent": 0}}
    body |= {"epoch": "", "cursor": 0, "items": [], "have": {"forms": {}}, "limit": LIMIT}
    n_bytes, changes, has_more = 0, [], True
    while has_more:
        raw = orjson.dumps(body)
        digest = b64encode(hashlib.sha256(raw).digest()).decode()
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
        headers["Content-Digest"] = f"sha-256=:{digest}:"
        response = client.post("/api/v1/sync", data=raw, content_type="application/json", headers=headers)
        n_bytes += len(response.data)
        is_packed = response.content_encoding == "gzip"  # a short answer isn't worth it
        answer = orjson.loads(gzip.decompress(response.data) if is_packed else response.data)
        changes += answer["changes"]
        body |= {"cursor": answer["cursor"], "epoch": answer["epoch"]}
        body["have"] = {"forms": {}, "scope": answer["scope"]}
        has_more = answer["has_more"]
    return n_bytes, changes
