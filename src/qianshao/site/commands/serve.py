"""Serve the product: the pages, and beside them the tick that wakes duties and works jobs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.site import tick
from qianshao.site.operations import refolding
from qianshao.site.samplecity import folder
from qianshao.site.setup import code as setup_code
from qianshao.site.setup import removal

from .saying import CommandError, able_to_write, ready, say

_NOT_OURS = ["ninja*"]


@click.command(help=gettext_lazy("启动网页服务和后台任务。"))
@click.option("--host", default="127.0.0.1", show_default=True, help=gettext_lazy("监听地址。"))
@click.option("--port", default=8000, show_default=True, type=int, help=gettext_lazy("监听端口。"))
@click.option(
    "--workers", default=1, show_default=True, type=int, help=gettext_lazy("网页进程数；嵌入式数据库用 1。")
)
def serve(host: str, port: int, workers: int) -> None:
    """Prepare the database and the static files, then serve until stopped."""
    ready()
    able_to_write()
    run(host, port, workers)


def run(host: str, port: int, workers: int) -> None:
    """Serve pages in child processes beside one tick process; stop them all together."""
    _collect()
    _refold()
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "qianshao.site.wsgi:application",
        f"--bind={host}:{port}",
        f"--workers={workers}",
        "--threads=8",
        "--worker-class=gthread",
        "--timeout=120",
        "--log-level=warning",
        f"--worker-tmp-dir={_scratch()}",
    ]
    told = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(_measures()), removal.SUPERVISED: "1"}
    children = [
        subprocess.Popen(web, env=told),
        subprocess.Popen([sys.executable, "-m", "qianshao.site.commands", "tick"], env=told),
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    say(_("前哨已启动：http://{host}:{port}/ （按 Ctrl+C 停止）").format(host=host, port=port))
    if setup_code.needed():
        code = setup_code.fresh(timezone.now())
        say(
            _("这里还没有城市。请打开 http://{host}:{port}/setup/ ，输入一次性代码：{code}").format(
                host=host, port=port, code=code
            )
        )
    while all(child.poll() is None for child in children) and not removal.asked():
        time.sleep(0.2)
    if removal.asked():
        _begin_anew(children, host, port, workers)
    ended = next(child for child in children if child.poll() is not None)
    for child in children:
        child.terminate()
    for child in children:
        child.wait(timeout=30)
    if ended.returncode not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise CommandError(_("服务未能启动：端口 {port} 可能已被占用，或见上面的错误。").format(port=port))


def _begin_anew(children: list[subprocess.Popen[bytes]], host: str, port: int, workers: int) -> NoReturn:
    """Stop everybody, remove the sample city, and become a new process: keys and settings of this one are of the old city."""
    for child in children:
        child.terminate()
    for child in children:
        child.wait(timeout=60)
    left = folder.remove()
    say(_("示例城市已清除，不留痕迹。"))
    if left:
        say(_("以下文件不属于示例城市，未动：{names}").format(names=_("、").join(left)))
    again = ["serve", f"--host={host}", f"--port={port}", f"--workers={workers}"]
    os.execv(sys.executable, [sys.executable, "-m", "qianshao.site.commands", *again])


def _collect() -> None:
    """Copy and compress the pages' files where they changed since last time: compressing takes half a minute.

    The API framework's own pages are left out; ours stand in their place.
    """
    digest = sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list(_NOT_OURS), key=lambda found: found[0]):
            told = Path(storage.path(name)).stat()
            digest.update(f"{name} {told.st_size} {told.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=_NOT_OURS)
    stamp.write_text(digest.hexdigest(), encoding="ascii")


def _measures() -> Path:
    """Where the processes count for /metrics: an empty folder, since counters begin anew with them."""
    folder = Path(settings.HOME) / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _scratch() -> Path:
    shared = Path("/dev/shm")
    return shared if shared.is_dir() and os.access(shared, os.W_OK) else Path(settings.HOME)


@click.command(help=gettext_lazy("只做启动前的准备：数据库升级、静态文件；按账本重算；供 systemd 等使用。"))
def prepare() -> None:
    """Bring the database, the pages' files and the duties to this version; what ``serve`` does before it serves."""
    ready()
    able_to_write()
    _collect()
    _refold()


def _refold() -> None:
    """What an upgrade reads anew out of the ledger; minutes for a million duties, and nothing on any other start."""
    found = refolding.refold_if_changed(
        lambda n: say(_("程序已升级，正在由账本重新算出 {n} 件事项的现状……").format(n=n))
    )
    if found is not None:
        say(_("完成，{n} 件有变化。").format(n=len(found.changed) + len(found.missing) + len(found.extra)))


@click.command("tick", help=gettext_lazy("后台任务：编号、提醒、定期事项、检查点、长任务。"))
@click.option("--once", is_flag=True, help=gettext_lazy("只做一轮就退出。"))
@click.option(
    "--at",
    "at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]),
    help=gettext_lazy("演练用：把这一刻当作现在（需与 --once 同用）。"),
)
def tick_command(once: bool, at: datetime | None) -> None:
    """Do one round, or go round until stopped."""
    ready()
    able_to_write()
    if at is not None and not once:
        raise CommandError(_("--at 只能与 --once 同用。"))
    if once:
        tick.round_of(timezone.make_aware(at) if at else timezone.now())
        return
    tick.forever(timezone.now)


COMMANDS = (serve, prepare, tick_command)
