"""Forms published for measuring, in an instance with nothing else; the trial page opens their modules."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from forms import compile_form
from server.actions.forms import as_row, make_current
from server.app import create_app
from server.config import Config
from server.database import db, write_transaction
from server.migrations import upgrade


def publish(data: Path, forms: Mapping[str, tuple[bytes, str]]) -> dict[str, str]:
    """Publish {form id: (content, file name)}; gives {form id: digest of its module}."""
    app = create_app(Config(data=data))
    digests = {}
    with app.app_context():
        upgrade(app)
        for form_id, (content, name) in forms.items():
            compiled = replace(compile_form(content, name, is_draft=True), form_id=form_id, version="1")
            with write_transaction() as session:
                session.merge(as_row(compiled, "bench", 30, ""))
                make_current(compiled)
            digests[form_id] = compiled.digest
        db.session.remove()
        db.engine.dispose()
    return digests
