"""A process that does rounds of reminders: `python -m tests.server.sweeper FOLDER`.

Each line of its input is a moment. With `stop` before it the process stops itself, as a laptop does when its
lid is shut, right after the first reminders are committed.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from server.actions.reminding import remind
from server.app import create_app
from server.clock import SetClock
from server.config import Config
from server.database import db

WAITING = "SELECT count(*) FROM reminder WHERE state = 'waiting'"


class Lid:
    """What stops this process, once, until somebody continues it."""

    is_closing = False

    def after_commit(self, session: Session) -> None:
        if not self.is_closing:
            return
        with db.engine.connect() as connection:
            if connection.exec_driver_sql(WAITING).scalar():
                self.is_closing = False
                os.kill(os.getpid(), signal.SIGSTOP)


def main(folder: Path) -> None:
    clock, lid = SetClock(datetime(2016, 1, 1, tzinfo=UTC)), Lid()
    app = create_app(Config(data=folder, is_testing=True, clock=clock))
    event.listen(Session, "after_commit", lid.after_commit)
    print("ready", flush=True)
    for line in sys.stdin:
        *order, moment = line.split()
        lid.is_closing, clock.at = order == ["stop"], datetime.fromisoformat(moment)
        with app.app_context():
            print(json.dumps(asdict(remind(clock.at))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
