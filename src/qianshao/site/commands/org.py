"""The city's units and people from spreadsheets, and their accounts: what a new installation begins with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.core.onboarding import services as onboarding
from qianshao.core.org import names, services
from qianshao.core.org.models import Holding, Person, Unit
from qianshao.kit import telling
from qianshao.kit.imports import faults
from qianshao.site.setup import sheets

from .org_map import city_map
from .saying import CommandError, confirm, document, ready, say

CONSOLE = machine("console")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
_YES = click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
_DAY = click.DateTime(["%Y-%m-%d"])
_BATCH = 50
_PARTLY = click.option(
    "--partly", is_flag=True, help=gettext_lazy("先写入没有错误的行，有错误的行留待改正。")
)
_ERRORS = click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_lazy("把有错误的行连同原因和改正办法写到这个 .xlsx 文件。"),
)
_DRY = click.option("--dry-run", is_flag=True, help=gettext_lazy("只预览，不写入。"))


@click.group(help=gettext_lazy("机构和人员：从表格导入。"))
def org() -> None:
    """Units and people of a real city."""


@org.command(
    "units", help=gettext_lazy("导入单位表：编码、名称、简称、类别、上级编码、起始日期、排序，可加曾用名。")
)
@click.argument("file", type=_FILE)
@_DRY
@_PARTLY
@_ERRORS
@_YES
@_JSON
def units(file: Path, dry_run: bool, partly: bool, errors: Path | None, yes: bool, as_json: bool) -> None:
    """A sheet read twice changes nothing the second time."""
    _import(sheets.UNITS, file, dry_run, partly, errors, yes, as_json)


@org.command(
    "people",
    help=gettext_lazy(
        "导入人员表：姓名、单位、职务、起始日期，可加截止日期、登录名、角色、角色截止。表里不要写密码。"
    ),
)
@click.argument("file", type=_FILE)
@_DRY
@_PARTLY
@_ERRORS
@_YES
@_JSON
def people(file: Path, dry_run: bool, partly: bool, errors: Path | None, yes: bool, as_json: bool) -> None:
    """The same login is the same person; without one, the same name in the same post is."""
    _import(sheets.PEOPLE, file, dry_run, partly, errors, yes, as_json)


def _import(
    spec: sheets.Spec,
    path: Path,
    dry_run: bool,
    partly: bool,
    errors: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    ready()
    sheet = sheets.opened(spec, path)
    preview = spec.preview(sheet)
    problems = [
        {
            "row": item.row,
            "column": item.column,
            "problem": telling.sentence(item.words),
            "mend": telling.sentence(item.mend),
        }
        for item in preview.problems
    ]
    for item in problems:
        say(_("第 {row} 行“{column}”：{problem}。{mend}。").format(**item))
    if errors is not None and problems:
        faults.write(errors, sheet, sheets.faults_of(preview, sheet))
        say(_("有错误的行已写到 {file}，改好后导入该文件即可。").format(file=errors))
    added = 0
    if not dry_run:
        if not partly:
            preview.ready()
        if preview.new:
            confirm(_("写入 {n} 行？").format(n=len(preview.new)), yes)
            added = sheets.add(spec, preview, actor=CONSOLE, clock=timezone.now)
    if as_json:
        document({"new": len(preview.new), "same": preview.same, "added": added, "problems": problems})
    else:
        say(
            _("新的 {new} 行，已有 {same} 行，有错 {bad} 处；写入 {added} 行。").format(
                new=len(preview.new), same=preview.same, bad=len(problems), added=added
            )
        )
    if problems:
        raise click.exceptions.Exit(1)


@org.command("template", help=gettext_lazy("写出空白的单位表（units）或人员表（people），带填写说明。"))
@click.argument("what", type=click.Choice([spec.key for spec in sheets.SPECS]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(what: str, file: Path) -> None:
    """The sheet to fill in."""
    file.write_bytes(sheets.template(sheets.spec_of(what)))
    say(_("已写到 {file}。").format(file=file))


@org.command("codes", help=gettext_lazy("给人员表中有登录名、还没有账号的人开设账号，一次性登录码写入文件。"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_YES
def codes(file: Path, yes: bool) -> None:
    """The file is the only copy: hand the codes over, then delete it."""
    ready()
    waiting = list(onboarding.waiting())
    if not waiting:
        say(_("没有等待开设的账号。"))
        return
    confirm(_("给 {n} 人开设账号，登录码写入 {file}？").format(n=len(waiting), file=file), yes)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as paper:
        issued = []
        for start in range(0, len(waiting), _BATCH):
            issued += onboarding.issue(waiting[start : start + _BATCH], actor=CONSOLE, now=timezone.now())
            paper.seek(0)
            paper.write(sheets.codes(issued))
            paper.truncate()
            paper.flush()
            os.fsync(paper.fileno())
    say(_("已开设 {n} 个账号。{file} 是登录码的唯一一份，发放后请删除。").format(n=len(issued), file=file))


@org.command("grants", help=gettext_lazy("授予人员表中要求的角色。"))
@_YES
def grants(yes: bool) -> None:
    """Grant every role the people sheets asked for, to those who have an account."""
    ready()
    rows = list(onboarding.asked_grants().exclude(asked__account=None))
    if not rows:
        say(_("没有等待授予的角色。"))
        return
    for row in rows:
        role = telling.sentence(registry.roles()[row.role].title)
        click.echo(f"{row.asked.login:20} {row.asked.person.name}  {role}  {row.unit.name}")
    confirm(_("授予以上 {n} 项角色？").format(n=len(rows)), yes)
    say(_("已授予 {n} 项。").format(n=onboarding.decide(rows, give=True, actor=CONSOLE, now=timezone.now())))


@org.command("rename", help=gettext_lazy("单位更名：自某日起用新名称，以前的日子仍用旧名称。"))
@click.argument("unit_name", metavar="UNIT")
@click.argument("name")
@click.option("--short", default="", help=gettext_lazy("新简称，默认同新名称。"))
@click.option("--since", type=_DAY, help=gettext_lazy("自哪一天起，默认今天。"))
def rename(unit_name: str, name: str, short: str, since: datetime | None) -> None:
    """The unit stays the same unit; figures of past days keep the name it had."""
    ready()
    unit = _unit(unit_name)
    services.rename_unit(
        unit=unit,
        name=name,
        short=short or name[:40],
        since=since.date() if since else timezone.localdate(),
        actor=CONSOLE,
        now=timezone.now(),
    )
    say(_("{old} 已更名为 {new}。").format(old=unit.name, new=name))


@org.command("merge", help=gettext_lazy("撤并单位：OLD 的工作自某日起由 INTO 承接，以前的数字不变。"))
@click.argument("old_names", metavar="OLD...", nargs=-1, required=True)
@click.option("--into", required=True, help=gettext_lazy("并入的单位。"))
@click.option("--on", "day", type=_DAY, help=gettext_lazy("自哪一天起，默认今天。"))
@_YES
def merge(old_names: tuple[str, ...], into: str, day: datetime | None, yes: bool) -> None:
    """Posts held and units below must be settled first; the error says which."""
    ready()
    old, target = [_unit(name) for name in old_names], _unit(into)
    told = _("、").join(unit.name for unit in old)
    confirm(_("把 {old} 并入 {into}？不能撤销。").format(old=told, into=target.name), yes)
    services.merge_units(
        old=old,
        into=target,
        on=day.date() if day else timezone.localdate(),
        actor=CONSOLE,
        now=timezone.now(),
    )
    say(_("{old} 已并入 {into}。").format(old=told, into=target.name))


def _unit(written: str) -> Unit:
    return names.load().resolve(written, timezone.localdate()).unit


@click.group(help=gettext_lazy("账号：开设、授权、停用。"))
def account() -> None:
    """Accounts from the server's own console; every change is a fact of the ledger."""


@account.command("add", help=gettext_lazy("给人员表中的人开设账号，显示一次性密码。"))
@click.argument("login")
@click.argument("name")
@click.option("--unit", "unit_name", default="", help=gettext_lazy("单位，同名的人不止一个时用来区分。"))
@_JSON
def add(login: str, name: str, unit_name: str, as_json: bool) -> None:
    """The password is shown once, good for seven days, and has to be changed at the first sign-in."""
    ready()
    person = _person(name, unit_name)
    made, password = accounts.create_account(login=login, person=person, actor=CONSOLE, now=timezone.now())
    if as_json:
        document({"login": made.login, "password": password})
        return
    click.echo(f"{made.login}  {password}")
    say(_("一次性密码只显示这一次，七天内有效，首次登录须更换。"))


def _person(name: str, unit_name: str) -> Person:
    today = timezone.localdate()
    found = Person.objects.filter(name=name)
    if unit_name:
        unit = names.load().resolve(unit_name, today).unit
        holding = Holding.objects.filter(person__name=name, post__unit=unit)
        found = Person.objects.filter(pk__in=holding.values("person_id"))
    people = list(found[:2])
    if not people:
        raise CommandError(_("人员表中没有“{name}”，请先用 qianshao org people 导入。").format(name=name))
    if len(people) > 1:
        raise CommandError(_("叫“{name}”的不止一人，请用 --unit 指明单位。").format(name=name))
    return people[0]


@account.command("grant", help=gettext_lazy("给账号在一个单位的角色。"))
@click.argument("login")
@click.argument("role")
@click.argument("unit_name", metavar="UNIT")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=gettext_lazy("到哪一天为止（不含）。"))
def grant(login: str, role: str, unit_name: str, until: datetime | None) -> None:
    """The role covers the unit and everything below it, from today."""
    ready()
    known = registry.roles()
    if role not in known:
        named = "、".join(f"{key}（{telling.sentence(one.title)}）" for key, one in known.items())
        raise CommandError(_("没有角色“{role}”；可用：{known}").format(role=role, known=named))
    unit = names.load().resolve(unit_name, timezone.localdate()).unit
    end: date | None = until.date() if until else None
    accounts.grant(
        account=account_named(login),
        role=known[role],
        unit=unit,
        since=timezone.localdate(),
        until=end,
        actor=CONSOLE,
        now=timezone.now(),
    )
    say(_("已授予“{role}”（{unit}）。").format(role=telling.sentence(known[role].title), unit=unit.name))


@account.command("reset", help=gettext_lazy("给账号新的一次性密码，并退出其全部登录。"))
@click.argument("login")
def reset(login: str) -> None:
    """For somebody who forgot a password, or a password that got about."""
    ready()
    password = accounts.reset_password(account=account_named(login), actor=CONSOLE, now=timezone.now())
    click.echo(f"{login}  {password}")


@account.command("lock", help=gettext_lazy("停用账号，立即退出其全部登录。"))
@click.argument("login")
@click.option("--reason", required=True, help=gettext_lazy("停用的原因。"))
def lock(login: str, reason: str) -> None:
    """Its grants stay for the day it is unlocked."""
    ready()
    accounts.lock(account=account_named(login), reason=reason, actor=CONSOLE, now=timezone.now())
    say(_("已停用 {login}。").format(login=login))


@account.command("unlock", help=gettext_lazy("恢复停用的账号。"))
@click.argument("login")
def unlock(login: str) -> None:
    """Let a locked account sign in again."""
    ready()
    accounts.unlock(account=account_named(login), actor=CONSOLE, now=timezone.now())
    say(_("已恢复 {login}。").format(login=login))


@account.command("list", help=gettext_lazy("列出账号和角色。"))
@_JSON
def list_accounts(as_json: bool) -> None:
    """Who may sign in, and as what."""
    ready()
    found = Account.objects.select_related("person").prefetch_related("grants__unit").order_by("login")
    rows: list[dict[str, Any]] = [
        {
            "login": one.login,
            "name": one.person.name,
            "active": one.is_active,
            "grants": [_told(grant) for grant in one.grants.all()],
        }
        for one in found
    ]
    if as_json:
        document(rows)
        return
    for row in rows:
        click.echo(f"{row['login']:20} {row['name']}  {_roles(row['grants'])}")


def _told(grant: Any) -> dict[str, Any]:
    return {
        "role": grant.role,
        "unit": grant.unit.code,
        "since": grant.valid_from.isoformat(),
        "until": grant.valid_to.isoformat() if grant.valid_to else None,
    }


def _roles(grants: Iterable[dict[str, Any]]) -> str:
    return "、".join(f"{one['role']}@{one['unit']}" for one in grants)


def account_named(login: str) -> Account:
    """The account with this login; raises ``CommandError``."""
    found = Account.objects.filter(login=login.lower()).first()
    if found is None:
        raise CommandError(_("没有登录名为“{login}”的账号。").format(login=login))
    return found


org.add_command(city_map)

COMMANDS = (org,)
