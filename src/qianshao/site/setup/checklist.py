"""What has to be there before a city goes live: what is done, what is not, why it matters and where to do it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qianshao.core.accounts import queries as accounts
from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry, rulebook
from qianshao.core.jobs.models import Job
from qianshao.core.ledger import anchoring
from qianshao.core.notices.telling import configured
from qianshao.core.onboarding import services as onboarding
from qianshao.core.org.models import City, Person, Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import NoRule
from qianshao.kit.staff import StaffRequest
from qianshao.kit.telling import sentence
from qianshao.site.samplecity import folder

from . import founding

DONE, OPEN, CHOICE = "done", "open", "choice"
TITLES = {DONE: gettext_noop("已完成"), OPEN: gettext_noop("未完成"), CHOICE: gettext_noop("可选")}


@dataclass(frozen=True, slots=True)
class Point:
    """One point: ``state`` is done, open, or choice (left out, and nothing breaks); ``how`` says what to do."""

    key: str
    title: str
    state: str
    found: str
    how: str
    url: str = ""

    @property
    def word(self) -> str:
        """The state in words."""
        return TITLES[self.state]


def points(now: datetime) -> list[Point]:
    """Every point, in the order one does them."""
    return [point for part in _PARTS for point in part(now)]


def _city(now: datetime) -> Iterator[Point]:
    if folder.here() is not None:
        yield Point(
            "sample",
            _("清除示例城市"),
            OPEN,
            _("这里是虚构的示例城市，不能与真实数据放在一起。"),
            _("看完示例后，连同它的账本和账号一起清除，再建立真实的城市。"),
            reverse("sample-removal"),
        )
    named = City.objects.order_by("id").first()
    yield Point(
        "city",
        _("建立城市"),
        DONE if named else OPEN,
        named.name if named else _("尚未建立。"),
        _("城市名称、区划代码和三种管理员，在首次设置页一次建好。"),
    )


def _units(now: datetime) -> Iterator[Point]:
    units, people = Unit.objects.filter(valid_to=None).count(), Person.objects.count()
    where = reverse("organisation")
    yield Point(
        "units",
        _("导入单位"),
        DONE if units > 1 else OPEN,
        _("现有 {n} 个单位。").format(n=units),
        _("下载单位表，填好后上传；先预览，有错误的行会指出格子和改法。"),
        where,
    )
    yield Point(
        "people",
        _("导入人员"),
        DONE if people > len(founding.ADMINISTRATORS) else OPEN,
        _("现有 {n} 人。").format(n=people),
        _("下载人员表，填好后上传；要登录的人填登录名和角色，不填密码。"),
        where,
    )
    waiting = onboarding.waiting().count()
    yield Point(
        "codes",
        _("发放登录码"),
        OPEN if waiting else DONE,
        _("{n} 人等待登录码。").format(n=waiting),
        _("按单位生成一次性登录码，下载后当面发放；七天内有效，首次登录须更换。"),
        reverse("sign-in-codes"),
    )
    asked = onboarding.asked_grants().count()
    yield Point(
        "grants",
        _("授予角色"),
        OPEN if asked else DONE,
        _("{n} 项角色等待安全管理员确认。").format(n=asked),
        _("开账号的人不能授权；请安全管理员登录后在“待授权”里确认。"),
    )


def _roles(now: datetime) -> Iterator[Point]:
    held = set(accounts.grants_in_force(now.astimezone(SHANGHAI).date()).values_list("role", flat=True))
    nobody = [sentence(role.title) for key, role in registry.roles().items() if key not in held]
    yield Point(
        "roles",
        _("每个角色都有人"),
        OPEN if nobody else DONE,
        _("还没有人担任：{roles}。").format(roles=_("、").join(nobody))
        if nobody
        else _("全部角色都有人担任。"),
        _("没有人的角色，它的操作谁也做不了；用不到的业务可以不设。"),
    )


def _law(now: datetime) -> Iterator[Point]:
    today = now.astimezone(SHANGHAI).date()
    years = founding.holidays(today)
    lacking = [str(year["year"]) for year in years[:2] if year["state"] != "loaded"]
    yield Point(
        "holidays",
        _("放假安排"),
        OPEN if lacking else DONE,
        _("尚未载入放假通知的年份：{years}，期限暂定。").format(years=_("、").join(lacking))
        if lacking
        else _("今年和明年的放假通知都已载入。"),
        _("国务院办公厅通知公布后，请规则管理员在“日历”页载入；受影响的期限会自动重算并留下记录。"),
        reverse("calendar"),
    )
    unsure = unchecked(today)
    yield Point(
        "rules",
        _("核实规则"),
        OPEN if unsure else DONE,
        _("{n} 条现行规则尚未核对原文。").format(n=unsure),
        _("请规则管理员对照文件核对，并按本市承诺设定新版本；未核实的数字在页面上都有标注。"),
        reverse("rules"),
    )


def unchecked(today: date) -> int:
    """How many rules in force nobody has held against their text yet."""
    book = rulebook.book()
    unsure = 0
    for key in {text.key for text in book.texts}:
        try:
            text = book.in_force(key, today)
        except NoRule:
            continue
        unsure += text.rule.citation.status not in ("V", "text", "setting")
    return unsure


def _safety(now: datetime) -> Iterator[Point]:
    backed = Job.objects.filter(kind="system.backup", state="done").exists()
    planned = bool(getattr(settings, "BACKUP_FOLDER", ""))
    yield Point(
        "backups",
        _("备份"),
        DONE if backed else OPEN,
        _("最近有经过检验的备份。")
        if backed
        else _("已设定备份，还没有做过。")
        if planned
        else _("没有设定每日备份。"),
        _("设定 QIANSHAO_BACKUP_FOLDER，或每天运行 qianshao backup；数据和密钥分两处存放，并试一次恢复。"),
    )
    named = [path for path in anchoring.folders() if Path(settings.HOME) not in path.parents]
    yield Point(
        "anchors",
        _("库外检查点"),
        DONE if named else OPEN,
        _("检查点会写到 {n} 个库外文件夹。").format(n=len(named))
        if named
        else _("检查点只在数据文件夹里，证明不了什么。"),
        _("把 QIANSHAO_ANCHORS 设为别的机器上的共享文件夹；账本若被换旧，一对就知道。"),
        reverse("ledger"),
    )
    yield Point(
        "witness",
        _("见证人"),
        CHOICE,
        _("系统无法知道有没有人在库外保存检查点。"),
        _("请上级或审计部门定期取走检查点，用 tools/verify_ledger.py 核验。"),
        reverse("ledger"),
    )


def _outside(now: datetime) -> Iterator[Point]:
    told = bool(configured())
    yield Point(
        "notices",
        _("通知渠道"),
        DONE if told else CHOICE,
        _("通知也发到系统之外。") if told else _("通知只在系统里显示。"),
        _("按运维说明设定邮件、企业微信等渠道；不设也能用，但要登录才看得到。"),
    )
    single = bool(os.environ.get("QIANSHAO_OIDC_ISSUER"))
    yield Point(
        "oidc",
        _("统一身份认证"),
        DONE if single else CHOICE,
        _("已接入统一身份认证。") if single else _("没有接入，用本系统的账号登录。"),
        _("本市有统一身份认证的，按运维说明接入，少记一个密码。"),
    )
    drawn = (Path(settings.HOME) / "city-map.geojson").exists()
    yield Point(
        "map",
        _("本市地图"),
        DONE if drawn else CHOICE,
        _("已有本市地图。") if drawn else _("没有地图，各县区以表格显示。"),
        _("用 qianshao org map 载入带审图号的区划地图。"),
    )


_PARTS: tuple[Callable[[datetime], Iterator[Point]], ...] = (_city, _units, _roles, _law, _safety, _outside)


def show(request: StaffRequest) -> HttpResponse:
    """The list, for the system administrator."""
    if not request.actor.may("org.manage"):
        raise NotAllowed(_("没有查看上线清单的权限"))
    found = points(request.now)
    context = {
        "points": found,
        "open": sum(point.state == OPEN for point in found),
        "done": sum(point.state == DONE for point in found),
    }
    return render(request, "site/setup/checklist.html", context)
