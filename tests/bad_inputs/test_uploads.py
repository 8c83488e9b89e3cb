"""Workbooks that would harm the server, brought to the desk: refused with the reason; others are served."""

import http.client
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from forms.error_texts import TEXTS
from tests.bad_inputs.hostile import GOOD, HOSTILE, files_of
from tests.bad_inputs.workbooks import every_reference
from tests.bench.memory import find_family
from tests.http_desk import HttpDesk
from tests.serving import Served, run_command, serve

PASSWORD = "correct horse battery"
PATIENCE_S = 60
BUSY = {"form.md": every_reference()}


def found(data: Path) -> None:
    account = ("--name", "某人", "--role", "admin", "--town", "新镇", "--password", PASSWORD)
    done = run_command(data, "user", "add", "publisher", *account)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served") / "instance"
    found(data)
    with serve(data) as served:
        yield served


@pytest.fixture(scope="module")
def desk(served: Served) -> Iterator[HttpDesk]:
    with sign_in(served) as desk:
        yield desk


def sign_in(served: Served) -> closing[HttpDesk]:
    return closing(HttpDesk(served, "publisher", PASSWORD))


def check(desk: HttpDesk, files: dict[str, bytes]) -> str:
    """The page that an upload leads to."""
    answer = desk.upload("/desk/forms", "workbook", files)
    answer.read()
    assert answer.status == 302, answer.status
    return desk.ask("GET", answer.headers["Location"]).read().decode()


def is_served(served: Served) -> bool:
    with urllib.request.urlopen(served.url + "/api/v1/health", timeout=PATIENCE_S) as answer:  # noqa: S310
        return bool(answer.status == 200)


def wait_for(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.02)


def children_of(served: Served) -> list[int]:
    """The processes that check uploads at this moment."""
    return find_family(served.process.pid)[1:]


def in_background(served: Served, pages: list[str]) -> threading.Thread:
    """Upload a form that is checked for long; its page is added when it comes."""

    def bring() -> None:
        with suppress(OSError, http.client.HTTPException):  # the server was killed
            with sign_in(served) as desk:
                pages.append(check(desk, BUSY))

    thread = threading.Thread(target=bring)
    thread.start()
    return thread


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_is_refused_with_its_reason(served: Served, desk: HttpDesk, name: str) -> None:
    page = check(desk, files_of(HOSTILE[name]))
    message = TEXTS[HOSTILE[name].code][0].partition("{")[0]
    assert message in page
    assert 'value="publish"' not in page
    assert is_served(served)


def test_while_checks_stand_still_others_are_answered(served: Served, desk: HttpDesk) -> None:
    pages: list[str] = []
    uploads = []
    for n_stopped in (1, 2):
        uploads.append(in_background(served, pages))
        wait_for(lambda n=n_stopped: len(children_of(served)) == n)  # type: ignore[misc]
        os.kill(children_of(served)[-1], signal.SIGSTOP)
    assert is_served(served)
    assert desk.ask("GET", "/desk/forms").read()
    refused = desk.upload("/desk/forms", "workbook", {"form.md": GOOD})
    assert refused.status == 503 and "一分钟后" in refused.read().decode()
    assert pages == []
    for pid in children_of(served):
        os.kill(pid, signal.SIGKILL)
    for upload in uploads:
        upload.join(PATIENCE_S)
    assert [TEXTS["conversion_died"][0] in page for page in pages] == [True, True]
    assert 'value="publish"' in check(desk, {"form.md": GOOD})


def test_no_check_outlives_the_server(tmp_path: Path) -> None:
    data = tmp_path / "instance"
    found(data)
    with serve(data) as served:
        upload = in_background(served, [])
        wait_for(lambda: len(children_of(served)) == 1)
        (child,) = children_of(served)
        wait_for(lambda: is_limited(child))
        served.process.kill()
        upload.join(PATIENCE_S)
        wait_for(lambda: not Path(f"/proc/{child}/cmdline").exists() or not is_running(child))


def is_limited(pid: int) -> bool:
    """Whether the child has read all and begun."""
    limits = Path(f"/proc/{pid}/limits").read_text()
    return "unlimited" not in next(line for line in limits.splitlines() if line.startswith("Max cpu time"))


def is_running(pid: int) -> bool:
    """Not yet ended, or ended and only waiting to be told of."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
