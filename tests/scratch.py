"""A data folder and database of their own, for tests that kill processes or need several of them.

On PostgreSQL it is another database of the cluster the tests run on; everything is thrown away at the end.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    """Make both, migrate unless told not to, and remove them after."""
    with tempfile.TemporaryDirectory(prefix="qianshao-scratch-") as home:
        path = os.pathsep.join([str(_TESTS.parent / "src"), str(_TESTS)])
        env = {
            **os.environ,
            "QIANSHAO_HOME": home,
            "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
            "PYTHONUNBUFFERED": "1",
            "QIANSHAO_LANG": "zh",
        }
        url = os.environ.get("QIANSHAO_DATABASE", "")
        with _database(url, env):
            made = Scratch(env)
            if migrate:
                made.run(
                    "from django.core.management import call_command; call_command('migrate', verbosity=0)"
                )
            yield made


@contextmanager
def _database(url: str, env: dict[str, str]) -> Iterator[None]:
    if not url:
        yield
        return
    name = f"scratch_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        env["QIANSHAO_DATABASE"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        try:
            yield
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
