"""The city's units and people from spreadsheets, and their accounts: what a new installation begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from qianshao.core.org import imports, names
from qianshao.core.org.models import Holding, Person
from qianshao.kit import telling
from qianshao.kit.sheets.header import plain
from qianshao.kit.sheets.model import Cell, Sheet
from qianshao.kit.sheets.opening import open_sheet
from qianshao.site.views.people import KINDS

from .org_map import city_map
from .saying import CommandError, confirm, document, ready, say

CONSOLE = machine("console")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
_YES = click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
_DRY = click.option("--dry-run", is_flag=True, help=gettext_lazy("只预览，不写入。"))


@click.group(help=gettext_lazy("机构和人员：从表格导入。"))
def org() -> None:
    """Units and people of a real city."""


@org.command("units", help=gettext_lazy("导入机构表：编码、名称、简称、类别、上级编码、起始日期、排序。"))
@click.argument("file", type=_FILE)
@_DRY
@_YES
@_JSON
def units(file: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """All of a sheet or nothing; a sheet read twice changes nothing the second time."""
    ready()
    preview = imports.preview_units(_rows(file, imports.UNIT_COLUMNS), KINDS)
    _import(preview, imports.add_units, dry_run, yes, as_json)


@org.command("people", help=gettext_lazy("导入人员表：姓名、单位、职务、起始日期。"))
@click.argument("file", type=_FILE)
@_DRY
@_YES
@_JSON
def people(file: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """All of a sheet or nothing; the same name in the same post is the same person."""
    ready()
    preview = imports.preview_people(_rows(file, imports.PEOPLE_COLUMNS))
    _import(preview, imports.add_people, dry_run, yes, as_json)


def _rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, Sequence[Cell]]]:
    wanted = {plain(column) for column in columns}
    sheet: Sheet = open_sheet(file, known=lambda name: plain(name) in wanted)
    yield sheet.header_row, sheet.header
    for row in sheet.read():
        if row.problem is not None:
            raise CommandError(f"{file.name} {row.number}: {telling.sentence(row.problem)}")
        yield row.number, row.cells


def _import(preview: imports.Preview[Any], add: Any, dry_run: bool, yes: bool, as_json: bool) -> None:
    problems = [
        {"row": item.row, "column": item.column, "problem": telling.sentence(item.words)}
        for item in preview.problems
    ]
    for item in problems:
        say(_("第 {row} 行“{column}”：{problem}").format(**item))
    added = 0
    if not dry_run:
        preview.ready()
        if preview.new:
            confirm(_("写入 {n} 行？").format(n=len(preview.new)), yes)
            added = add(preview, actor=CONSOLE, now=timezone.now())
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

COMMANDS = (org, account)
