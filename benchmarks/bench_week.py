"""A week of a hotline worked over HTTP by many clerks at once, as they work: forms, lists, double clicks; the tick beside them.

Each clerk has a browser's session and a colleague at a unit. They receive requests of the last seven days, dispatch them, read lists and
the cockpit, and the unit replies; one post in ten is sent twice, as an impatient hand does. Afterwards every acknowledged act must be in
the ledger once, the ledger verify, and refolding change nothing.

Run: ``python -m benchmarks.bench_week`` (SQLite, then PostgreSQL) or ``--clients 2 --orders 3 --here`` for the database of the environment.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from selectolax.lexbor import LexborHTMLParser

from . import machine

PASSWORD = "week-of-a-city-1"
_TWICE = 0.1
_STREAM = re.compile(r"/duties/([0-9a-z]{26})/")
_PREPARE = f"""
import json, sys
from datetime import date
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.contrib.auth.hashers import make_password
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person, Unit
password = make_password({PASSWORD!r})
city = Unit.objects.create(code="city", name="刺桐市", short="市", kind="city", path="/", valid_from=date(2000, 1, 1), order=0)
for order, code in enumerate(("office", "housing", "water", "roads")):
    Unit.objects.create(code=code, name=code, short=code, kind="bureau", path=f"/{{code}}/", parent=city, valid_from=date(2000, 1, 1), order=order + 1)
def account(login, role, unit):
    made = Account.objects.create(login=login, person=Person.objects.create(name=login), password=password)
    Grant.objects.create(account=made, role=role, unit=Unit.objects.get(code=unit), valid_from=date(2000, 1, 1))
for number in range(int(sys.argv[1])):
    account(f"chief{{number}}", "hotline.chief", "office")
    account(f"unit{{number}}", "hotline.unit", ("housing", "water", "roads")[number % 3])
"""
_COUNT = """
import json
from collections import Counter
from qianshao.core.ledger import store
from qianshao.core.ledger.models import Entry
from qianshao.kernel.ledger.entry import Entry as Body
store.seal_all()
bodies = [Body.from_body(bytes(row.body)) for row in Entry.objects.iterator()]
told = Counter(body.fact for body in bodies if body.kind == "hotline.order")
print(json.dumps({"facts": told, "streams": len({body.stream for body in bodies if body.kind == "hotline.order"})}))
"""


@dataclass
class Told:
    """What the clerks saw: how long each request took by what it was, and the acts that were acknowledged."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    done: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, took: float) -> None:
        """One request."""
        with self.lock:
            self.seconds[what].append(took)

    def act(self, fact: str) -> None:
        """One act the product said it has recorded."""
        with self.lock:
            self.done[fact] += 1


class Clerk:
    """Somebody at a browser."""

    def __init__(self, url: str, told: Told, login: str) -> None:
        self.url, self.told = url, told
        self.session = requests.Session()
        self.session.trust_env = False
        page = self.get("sign-in", "/sign-in/")
        data = {**_filled(page.text), "login": login, "password": PASSWORD}
        answer = self._ask("sign-in", "POST", "/sign-in/", data)
        assert answer.status_code == 302, answer.status_code

    def _ask(
        self, what: str, method: str, path: str, data: dict[str, str] | None = None
    ) -> requests.Response:
        began = time.perf_counter()
        answer = self.session.request(
            method,
            f"{self.url}{path}",
            data=data,
            allow_redirects=False,
            timeout=60,
            headers={"Referer": self.url},
        )
        self.told.note(what, time.perf_counter() - began)
        return answer

    def get(self, what: str, path: str) -> requests.Response:
        """Look at a page."""
        answer = self._ask(what, "GET", path)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status_code}")
        return answer

    def act(self, path: str, dice: random.Random, **values: str) -> str:
        """Fill in the form of an act and send it, now and then twice; the stream of the duty."""
        form = self.get("form", path)
        data = {**_filled(form.text), **values}
        fact = path.rstrip("/").rpartition("/")[2]
        answers = [
            self._ask("act", "POST", path, data) for _time in range(2 if dice.random() < _TWICE else 1)
        ]
        found = {_STREAM.search(answer.headers.get("Location", "")) for answer in answers}
        streams = {match.group(1) for match in found if match}
        if len(streams) != 1 or any(answer.status_code not in (302, 303) for answer in answers):
            raise AssertionError(f"{path}: {[answer.status_code for answer in answers]}")
        self.told.act(fact)
        return streams.pop()


def _filled(html: str) -> dict[str, str]:
    """The fields of the page's form as they stand, as a browser would send them back."""
    form = next(f for f in LexborHTMLParser(html).css("main form") if f.css_first("button"))
    found: dict[str, str] = {}
    for node in form.css("input, textarea, select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if (
            not name
            or kind in ("file", "submit")
            or (kind == "checkbox" and "checked" not in node.attributes)
        ):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            found[name] = (chosen.attributes.get("value") or "") if chosen else ""
        elif node.tag == "textarea":
            found[name] = node.text()
        else:
            found[name] = node.attributes.get("value") or ""
    return found


def _work(url: str, told: Told, number: int, orders: int) -> None:
    """One clerk's week and the colleague's."""
    dice = random.Random(number)
    try:
        chief, officer = Clerk(url, told, f"chief{number}"), Clerk(url, told, f"unit{number}")
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        unit = ("housing", "water", "roads")[number % 3]
        for order in range(orders):
            at = now - timedelta(days=7) * (1 - order / orders) - timedelta(minutes=5)
            chief.get("list", "/duties/?kind=hotline.order&sort=due")
            stream = chief.act(
                "/duties/new/hotline.order/Received/",
                dice,
                at=f"{at:%Y-%m-%dT%H:%M}",
                title=f"路灯不亮 {number}-{order}",
                body="小区东门的路灯最近一个星期晚上不亮，老人出行很不方便。",
                channel="web",
                phone="13800000000",
            )
            chief.act(f"/duties/{stream}/act/Dispatched/", dice, unit=unit, note="请核实")
            officer.get(
                "cockpit" if dice.random() < 0.3 else "list",
                "/" if dice.random() < 0.3 else "/duties/?kind=hotline.order",
            )
            officer.get("duty", f"/duties/{stream}/")
            if dice.random() < 0.7:
                officer.act(f"/duties/{stream}/act/Replied/", dice, reply="已经修复，感谢来电。")
    except Exception as error:
        with told.lock:
            told.failures.append(f"clerk {number}: {type(error).__name__}: {str(error)[:300]}")


@contextmanager
def _served(env: dict[str, str], workers: int) -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "qianshao.site.commands",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _look in range(1200):
            assert server.poll() is None, "the server ended before it answered"
            try:
                requests.get(f"{url}/healthz", timeout=5)
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:] or done.stdout[-2000:]
    return done.stdout


def week(home: Path, database: str, clients: int, orders: int, workers: int, quick: bool) -> dict[str, Any]:
    """Work the week on a new data folder; what it cost, and whether all of it is there."""
    env = {
        **os.environ,
        "QIANSHAO_HOME": str(home),
        "QIANSHAO_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
        "PYTHONPATH": str(machine.ROOT / "src"),
        "QIANSHAO_LANG": "zh",
        **(
            {"QIANSHAO_DEBUG": "1"} if quick else {}
        ),  # the pages' files are not compressed for a minute's test
    }
    _run(env, "-c", f"import django; django.setup()\n{_PREPARE}", str(clients))
    told = Told()
    with _served(env, workers) as url:
        clerks = [threading.Thread(target=_work, args=(url, told, n, orders)) for n in range(clients)]
        began = time.perf_counter()
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
        took = time.perf_counter() - began
    found = json.loads(_run(env, "-c", f"import django; django.setup()\n{_COUNT}"))
    verified = json.loads(_run(env, "-m", "qianshao.site.commands", "ledger", "verify", "--sealed", "--json"))
    _run(env, "-m", "qianshao.site.commands", "rebuild", "--check")
    asked = [second for row in told.seconds.values() for second in row]
    return {
        "clerks": clients,
        "requests": len(asked),
        "per_second": round(len(asked) / took, 1),
        "ms": {
            what: {
                "n": len(row),
                "p50": round(machine.percentile(row, 0.5) * 1000),
                "p95": round(machine.percentile(row, 0.95) * 1000),
            }
            for what, row in sorted({**told.seconds, "all": asked}.items())
        },
        "acknowledged": dict(told.done),
        "recorded": found["facts"],
        "duties": found["streams"],
        "failures": told.failures,
        "sound": verified["sound"],
        "exact": dict(told.done) == found["facts"] and found["streams"] == told.done["Received"],
    }


def main() -> int:
    """Print what each database took; 1 when a fact is lost or doubled, or the ledger does not verify."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.bench_week", description=__doc__)
    reader.add_argument("--clients", type=int, default=16)
    reader.add_argument("--orders", type=int, default=70, help="requests for each clerk: ten a day")
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument(
        "--here", metavar="URL", nargs="?", const="", help="only this database, empty for SQLite; prints JSON"
    )
    asked = reader.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="qianshao-week-") as folder:
        if asked.here is not None:
            result = week(Path(folder), asked.here, asked.clients, asked.orders, asked.workers, quick=True)
            print(json.dumps(result))
            return int(not (result["exact"] and result["sound"] and not result["failures"]))
        for name in ("SQLite", "PostgreSQL"):
            home = Path(folder, name)
            home.mkdir()
            if name == "SQLite":
                result = week(home, "", asked.clients, asked.orders, 1, quick=False)
            else:
                with machine.postgres() as url:
                    result = week(home, url, asked.clients, asked.orders, asked.workers, quick=False)
            bad += _print(name, result)
    return int(bad > 0)


def _print(name: str, result: dict[str, Any]) -> int:
    rows: list[tuple[object, ...]] = [("what", "n", "p50 ms", "p95 ms")]
    rows += [(what, row["n"], row["p50"], row["p95"]) for what, row in result["ms"].items()]
    print(
        f"\n{name}: {result['clerks']} clerks, {result['requests']} requests, {result['per_second']} a second"
    )
    print(machine.table(rows))
    well = result["exact"] and result["sound"] and not result["failures"]
    print(
        f"acts acknowledged {sum(result['acknowledged'].values())}, in the ledger {sum(result['recorded'].values())}:",
        end=" ",
    )
    print(
        "none lost, none doubled; verified"
        if well
        else f"WRONG {result['failures'][:3]} {result['recorded']}"
    )
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
