"""Webhooks by page and by command: the secret once, the log of calls, and nobody but the keeper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cast import SignIn
from click.testing import CliRunner
from django.conf import LazySettings
from django.utils import timezone
from servers import http

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.hooks import filling, sending
from qianshao.core.hooks.models import Hook
from qianshao.core.ledger import store
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.site.commands.hooks import COMMANDS

pytestmark = [pytest.mark.django_db, pytest.mark.database]
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture(autouse=True)
def _inside(settings: LazySettings) -> None:
    settings.HOOKS_PRIVATE = True


def test_the_keeper_registers_sees_the_secret_once_and_follows_the_calls(
    sign_in: SignIn, order_kind: Kind, robot: Actor
) -> None:
    client = sign_in("sysadmin", "office")
    with http() as ear:
        data = {"name": "数据中心", "url": ear.url("/in"), "kinds": ["hotline.order"], "facts": ""}
        page = client.post("/system/hooks/", data).content.decode()
        (secret,) = _SECRET.findall(page)
        assert not _SECRET.search(client.get("/system/hooks/").content.decode())

        now = timezone.now()
        fact = f.Received(at=now - timedelta(minutes=1), title="机密标题", body="x", channel="web")
        perform(kind=order_kind, fact=fact, actor=robot, now=now, src="test", source="a")
        store.seal_all()
        filling.fill(now)
        assert sending.send_due(now) == 1

        hook = Hook.objects.get()
        calls = client.get(f"/system/hooks/{hook.pk}/").content.decode()
        assert "Received" in calls and "200" in calls and "机密标题" not in calls
        rotated = client.post(f"/system/hooks/{hook.pk}/act/", {"what": "rotate"}).content.decode()
        assert _SECRET.findall(rotated) not in ([], [secret])
        client.post(f"/system/hooks/{hook.pk}/act/", {"what": "off"})
        assert not Hook.objects.get().active
        client.post(f"/system/hooks/{hook.pk}/act/", {"what": "remove"})
        assert not Hook.objects.exists()


def test_a_wrong_one_is_refused_with_what_was_written_still_there(
    sign_in: SignIn, settings: LazySettings
) -> None:
    settings.HOOKS_PRIVATE = False
    client = sign_in("sysadmin", "office")

    answer = client.post("/system/hooks/", {"name": "内网", "url": "https://10.0.0.8/in"})

    page = answer.content.decode()
    assert (answer.status_code, Hook.objects.count()) == (422, 0)
    assert "内网地址" in page and 'value="https://10.0.0.8/in"' in page


def test_nobody_else_sees_or_changes_hooks(sign_in: SignIn) -> None:
    for role in ("mayor", "auditor", "secadmin", "hotline.unit"):
        client = sign_in(role, "office")
        assert client.get("/system/hooks/").status_code == 403
        assert (
            client.post("/system/hooks/", {"name": "x", "url": "https://x.example.org/"}).status_code == 403
        )


def test_the_command_does_the_same(city: object) -> None:
    (group,) = COMMANDS
    runner = CliRunner()

    def run(*words: str) -> str:
        done = runner.invoke(group, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    with http() as ear:
        assert _SECRET.search(run("add", "数据中心", ear.url("/"), "--kind", "hotline.order"))
        assert "数据中心" in run("list") and not _SECRET.search(run("list"))
        assert _SECRET.search(run("rotate", "数据中心"))
        run("off", "数据中心")
        assert not Hook.objects.get().active
        run("on", "数据中心")
        assert Hook.objects.get().active
        run("remove", "数据中心", "--yes")
    assert not Hook.objects.exists()
    assert runner.invoke(group, ["off", "没有"]).exit_code != 0
