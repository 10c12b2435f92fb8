"""Make the data of a landed version again, with that version's own code, for ``test_upgrade.py``.

    git worktree add /tmp/landed <commit>
    python tests/upgrade/make_previous.py /tmp/landed

A sample hamlet is told by that checkout on SQLite and on PostgreSQL; what each database holds (a file, or SQL) is packed with the keys,
the anchors and the files, into ``previous.tar.xz``. Everybody in it is invented, and its keys protect nothing else.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
FOLDERS = ("secrets", "anchors", "files")
# A hamlet: every kind of duty, and a file small enough to keep.
SMALL = """
import sys
from qianshao.site.samplecity import scales
scales._NAMED["village"] = scales.Scale("village", 24, 22, 2, 4, 1)
sys.argv = ["qianshao", "sample", "make", "--scale", "village"]
from qianshao.site.commands import main
main()
"""


def _run(checkout: Path, home: Path, url: str, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(checkout / "src"), "QIANSHAO_HOME": str(home)}
    env |= {"QIANSHAO_DATABASE": url, "QIANSHAO_LANG": "zh", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, *(("-m", "qianshao.site.commands", *words) if words else ("-c", SMALL))]
    return subprocess.run(
        command, env=env, check=True, stdout=subprocess.PIPE, text=True, cwd=checkout
    ).stdout


def _told(checkout: Path, home: Path, url: str) -> dict[str, Any]:
    """Make the village and say what its ledger holds."""
    _run(checkout, home, url)
    found: dict[str, Any] = json.loads(_run(checkout, home, url, "ledger", "verify", "--sealed", "--json"))
    assert found["sound"], found
    return {"size": found["size"], "root": found["root"]}


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def main() -> None:
    """Both databases of the checkout named on the command line."""
    from postgres import programs, running

    checkout = Path(sys.argv[1]).resolve()
    commit = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    about: dict[str, Any] = {"commit": sys.argv[2] if len(sys.argv) > 2 else commit}
    with (
        tarfile.open(HERE / "previous.tar.xz", "w:xz", preset=9) as archive,
        tempfile.TemporaryDirectory() as work,
    ):
        for vendor in ("sqlite", "postgresql"):
            home = Path(work, vendor)
            if vendor == "sqlite":
                about[vendor] = _told(checkout, home, "")
                with closing(sqlite3.connect(home / "qianshao.sqlite3")) as db:
                    db.execute("VACUUM INTO ?", [str(Path(work, "one-file"))])
                _add(archive, f"{vendor}/qianshao.sqlite3", Path(work, "one-file").read_bytes())
            else:
                with running(fsync=False) as url:
                    about[vendor] = _told(checkout, home, url)
                    told = subprocess.run(
                        [str(programs() / "pg_dump"), "--no-owner", "--no-privileges", f"--dbname={url}"],
                        check=True,
                        stdout=subprocess.PIPE,
                    ).stdout
                _add(archive, f"{vendor}/database.sql", told)
            for folder in FOLDERS:
                for path in sorted((home / folder).rglob("*")):
                    if path.is_file() and not path.name.endswith(("-wal", "-shm")):
                        _add(archive, f"{vendor}/{path.relative_to(home).as_posix()}", path.read_bytes())
        _add(archive, "about.json", json.dumps(about, indent=1).encode())
    print(f"{HERE / 'previous.tar.xz'}: {(HERE / 'previous.tar.xz').stat().st_size} bytes")


if __name__ == "__main__":
    main()
