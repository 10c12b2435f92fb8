"""Run everything ``make test`` promises: lint, types, layers, the suite on SQLite, and on a real PostgreSQL.

The last line is pytest's own summary of the suite on SQLite; the runs on PostgreSQL and in the browser stand above it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# One process more than this product's smallest machine has cores: tests that kill and wait leave a third of them idle.
_TESTS = ("pytest", "-n", "3", "--dist", "loadgroup", "-m")


def run(*command: str, **extra: str) -> None:
    """Run one step and stop at the first that fails."""
    print("$", " ".join(command), flush=True)
    code = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env={**os.environ, **extra}
    ).returncode
    if code:
        sys.exit(code)


def main() -> None:
    """All steps in order, cheap ones first."""
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("lint-imports")
    run("mypy")
    run("python", "tools/messages.py", "--check")
    run("python", "tools/messages.py", "--compile")
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import NoPostgres, running

    try:
        with running() as url:
            run(*_TESTS, "database", QIANSHAO_DATABASE=url)
    except NoPostgres as missing:
        if os.environ.get("QIANSHAO_REQUIRE"):
            sys.exit(str(missing))
        print(f"PostgreSQL: skipped ({missing})", flush=True)
    # The browser's driver leaves an event loop in its process, where nothing else asynchronous may then run.
    run(*_TESTS, "browser")
    run(*_TESTS, "not browser")


if __name__ == "__main__":
    main()
