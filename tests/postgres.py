"""A temporary PostgreSQL cluster of our own: made, started on a socket in its folder, and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoPostgres(RuntimeError):
    """No PostgreSQL server programs on this machine."""


def programs() -> Path:
    """The folder of initdb and pg_ctl; raises ``NoPostgres``."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not folders:
        raise NoPostgres("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return folders[-1]


def _as_other_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: hand it to ``postgres`` or ``nobody`` then."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoPostgres("running as root and there is neither a user postgres nor nobody")


@contextmanager
def running(fsync: bool = True) -> Iterator[str]:
    """Start a cluster and give its URL (database ``postgres``, a superuser); stop and remove it after."""
    bin_ = programs()
    who = _as_other_user()
    folder = Path(tempfile.mkdtemp(prefix="qianshao-pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])  # type: ignore[arg-type]
    data = folder / "data"

    def call(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]

    try:
        call(
            str(bin_ / "initdb"),
            "-D",
            str(data),
            "-U",
            "qianshao",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        settings = (
            f"-k {folder} -c listen_addresses='' -c fsync={'on' if fsync else 'off'} -c max_connections=80"
        )
        call(str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://qianshao@/postgres?host={quote(str(folder), safe='')}"
        finally:
            call(str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
