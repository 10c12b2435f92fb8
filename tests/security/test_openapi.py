"""The API asked everything its own description allows, and some things it does not, on the server as it is served."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scratch import scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# A small city with an order in it, and somebody who may do everything the hotline's chief may, by token.
_CITY = """
from datetime import date, timedelta
from django.utils import timezone
from qianshao.core.accounts import services, tokens
from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.org.models import Person, Unit
from qianshao.modules.hotline import facts as f
now, robot = timezone.now(), machine("test")
city = Unit.objects.create(
    code="city", name="刺桐市人民政府", short="市政府", kind="city", path="/", valid_from=date(2000, 1, 1), order=0
)
account, _password = services.create_account(
    login="program", person=Person.objects.create(name="林一"), actor=robot, now=now
)
role = registry.roles()["hotline.chief"]
services.grant(account=account, role=role, unit=city, since=date(2020, 1, 1), until=None, actor=robot, now=now)
order = registry.kind("hotline.order")
fact = f.Received(at=now - timedelta(hours=1), title="路灯不亮", body="坏了三天", channel="web", unit="city")
perform(kind=order, fact=fact, actor=robot, now=now, src="test")
print(tokens.make(account=account, name="test", scopes=role.may, days=1, actor=robot, now=now)[1])
"""

# What is not asked, and why: an address of a duty or a field's value depends on what is recorded, so data that fits the
# description may still be refused with a sentence (positive_data_acceptance).
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth"
)


@dataclass(frozen=True)
class Served:
    """The running server and a token for it."""

    url: str
    token: str


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with scratch() as place:
        token = place.run(_CITY).splitlines()[-1]
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "qianshao.site.wsgi:application", f"--bind=127.0.0.1:{port}",
             "--threads=4", "--worker-class=gthread", "--log-level=critical"],
            env=place.env,
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            for _attempt in range(300):
                assert server.poll() is None, "the server ended before it answered"
                try:
                    urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield Served(url, token)
        finally:
            server.terminate()
            server.wait(timeout=30)


def test_SEC_21_nothing_the_description_allows_breaks_the_api(served: Served, tmp_path: Path) -> None:
    asked = urllib.request.Request(
        f"{served.url}/api/v1/duties", headers={"Authorization": f"Bearer {served.token}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # the token opens what is asked below
        assert json.load(answer)["count"] == 1
    done = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"{served.url}/api/v1/openapi.json",
         "--header", f"Authorization: Bearer {served.token}", "--checks", _CHECKS, "--max-examples", "25",
         "--phases", "examples,coverage,fuzzing,stateful", "--max-time", "30", "--workers", "1", "--seed", "1",
         "--generation-database", "none", "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=400,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "tested" in done.stdout.lower(), done.stdout[-2000:]
