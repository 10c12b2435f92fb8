"""A data folder and database of their own, for tests that kill processes or need several of them.

On PostgreSQL it is another database of the cluster the tests run on; everything is thrown away at the end.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_TESTS = Path(__file__).parent
_SETUP = "import django; django.setup()\n"


@dataclass(frozen=True)
class Scratch:
    """Where the processes of one test meet."""

    env: dict[str, str]

    def start(self, code: str) -> subprocess.Popen[str]:
        """Start Python code in a process with Django set up; its output is piped."""
        return subprocess.Popen(
            [sys.executable, "-c", _SETUP + code],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """Run Python code to its end and give what it printed; a failing one fails the test."""
        process = self.start(code)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out.strip()


@contextmanager
def scratch(*, migrate: bool = True) -> Iterator[Scratch]:
    """Make both, migrated unless told not to, and remove them after."""
    with tempfile.TemporaryDirectory(prefix="qianshao-scratch-") as home:
        like = _migrated() if migrate else None
        if like is not None:
            shutil.copytree(like.env["QIANSHAO_HOME"], home, dirs_exist_ok=True)
        env = _environment(home)
        with _database(env, like):
            yield Scratch(env)


@cache
def _migrated() -> Scratch:
    """What a migrated one is copied from; made once in a process, and gone with it."""
    kept = ExitStack()
    atexit.register(kept.close)
    home = kept.enter_context(tempfile.TemporaryDirectory(prefix="qianshao-scratch-"))
    made = Scratch(_environment(home))
    kept.enter_context(_database(made.env, None))
    made.run("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    return made


def _environment(home: str) -> dict[str, str]:
    return {
        **os.environ,
        "QIANSHAO_HOME": home,
        "PYTHONPATH": os.pathsep.join([str(_TESTS.parent / "src"), str(_TESTS)]),
        "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
        "PYTHONUNBUFFERED": "1",
        "QIANSHAO_LANG": "zh",
    }


@contextmanager
def _database(env: dict[str, str], like: Scratch | None) -> Iterator[None]:
    url = os.environ.get("QIANSHAO_DATABASE", "")
    if not url:
        yield
        return
    name = f"scratch_{secrets.token_hex(6)}"
    template = urlsplit(like.env["QIANSHAO_DATABASE"]).path.lstrip("/") if like else "template1"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        env["QIANSHAO_DATABASE"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        try:
            yield
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
