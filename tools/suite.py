"""Run everything ``make test`` promises: lint, types, layers, the suite on SQLite, and on a real PostgreSQL.

The last line is pytest's own summary of the suite on SQLite; the runs on PostgreSQL and in the browser stand above it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def run(*command: str, **extra: str) -> None:
    """Run one step and stop at the first that fails."""
    print("$", " ".join(command), flush=True)
    code = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env={**os.environ, **extra}
    ).returncode
    if code:
        sys.exit(code)


def tests(marked: str, processes: int) -> tuple[str, ...]:
    """The tests with a mark, shared out among processes."""
    return ("pytest", "-n", f"{processes}", "--dist", "loadgroup", "-m", marked)


def main() -> None:
    """All steps in order, cheap ones first."""
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("lint-imports")
    run("mypy")
    run("python", "tools/messages.py", "--check")
    run("python", "tools/messages.py", "--compile")
    # The tests that kill and wait on PostgreSQL leave a core idle, which the browser takes meanwhile. Its driver leaves
    # an event loop in its process, where nothing else asynchronous may then run: so it is a run of its own anyway.
    with aside(*tests("browser", 2)) as finish:
        on_postgres()
        finish()
    run(*tests("not browser", 3))


def on_postgres() -> None:
    """What has to behave the same there, on a server started for it."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import NoPostgres, running

    try:
        with running() as url:
            run(*tests("database", 2), QIANSHAO_DATABASE=url)
    except NoPostgres as missing:
        if os.environ.get("QIANSHAO_REQUIRE"):
            sys.exit(str(missing))
        print(f"PostgreSQL: skipped ({missing})", flush=True)


@contextmanager
def aside(*command: str) -> Iterator[Callable[[], None]]:
    """Run a step beside others; the function given waits for it, tells what it said, and stops if it failed."""
    with tempfile.TemporaryFile() as said:
        step = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
        )

        def finish() -> None:
            step.wait()
            print("$", " ".join(command), flush=True)
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
            if step.returncode:
                sys.exit(step.returncode)

        try:
            yield finish
        finally:
            if step.poll() is None:
                step.terminate()
                step.wait()


if __name__ == "__main__":
    main()
