"""Sheets of citizens' requests: which columns tell which facts, and by what names they usually go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from qianshao.kernel.hours import midnight
from qianshao.kernel.words import say
from qianshao.kit.imports.spec import Column, Flaw, ImportSpec, Made

from . import facts as f
from . import report, told
from .module import ORDER

_CHANNELS = {
    "12345": "phone",
    "热线": "phone",
    "电话热线": "phone",
    "来电": "phone",
    "网络": "web",
    "网上": "web",
    "网页": "web",
    "门户网站": "web",
    "app": "web",
    "微博": "web",
    "qq": "web",
    "短信": "phone",
    "微信公众号": "wechat",
    "公众号": "wechat",
    "小程序": "wechat",
    "信件": "mail",
    "邮件": "mail",
    "信箱": "mail",
    "市长信箱": "mail",
    "省平台": "upper",
    "省级平台": "upper",
    "国家平台": "upper",
    "上级交办": "upper",
    "留言板": "board",
    "人民网": "board",
    "人民网领导留言板": "board",
}

COLUMNS = (
    Column(
        "number",
        "原编号",
        "number",
        (
            "messageid",
            "编号",
            "工单编号",
            "工单号",
            "留言编号",
            "诉求编号",
            "受理编号",
            "流水号",
            "orderno",
            "caseid",
            "rowid",
            "id",
        ),
        maximum=60,
        hint="来文平台自己的编号；同一编号只登记一次。没有这一列时按内容识别重复",
    ),
    Column(
        "received_at",
        "受理时间",
        "moment",
        (
            "sentat",
            "受理日期",
            "留言时间",
            "留言日期",
            "来电时间",
            "诉求时间",
            "登记时间",
            "登记日期",
            "提交时间",
            "创建时间",
            "反映时间",
            "来信时间",
            "receivedat",
            "createdat",
            "时间",
            "日期",
            "date",
        ),
        needed=True,
    ),
    Column(
        "title",
        "标题",
        "text",
        ("title", "主题", "留言主题", "诉求标题", "工单标题", "事项标题", "subject"),
        needed=True,
    ),
    Column(
        "body",
        "诉求内容",
        "text",
        (
            "body",
            "内容",
            "留言详情",
            "留言内容",
            "反映内容",
            "工单内容",
            "诉求描述",
            "问题描述",
            "详情",
            "正文",
            "content",
        ),
        needed=True,
        maximum=20_000,
    ),
    Column(
        "reply",
        "答复内容",
        "text",
        ("reply", "答复意见", "答复", "回复内容", "回复", "办理结果", "处理结果", "firstreply", "answer"),
        maximum=20_000,
    ),
    Column(
        "replied_at",
        "答复时间",
        "moment",
        ("repliedat", "回复时间", "答复日期", "回复日期", "办结时间", "办结日期", "完成时间", "answeredat"),
    ),
    Column(
        "answer_days",
        "答复用时（天）",
        "amount",
        ("答复天数", "办理天数", "办结天数", "办理用时", "办结用时", "daystoreply", "daystofinalreply"),
        hint="表格里没有答复时间、只有用了几天时，从受理时间起加上这些天",
    ),
    Column(
        "subject",
        "诉求人代号",
        "number",
        ("userid", "留言用户", "用户编号", "用户id", "诉求人编号"),
        maximum=64,
        hint="来文平台给诉求人的代号，不是姓名、电话；个人信息按它封存和删除",
    ),
    Column(
        "caller", "诉求人", "text", ("caller", "姓名", "诉求人姓名", "来电人", "联系人", "反映人"), maximum=60
    ),
    Column(
        "phone",
        "联系电话",
        "number",
        ("phone", "电话", "手机", "手机号", "手机号码", "来电号码", "联系方式"),
        maximum=30,
    ),
    Column(
        "place",
        "地点",
        "text",
        ("place", "地址", "所在地", "事发地址", "区域", "所属区域", "区县", "river"),
        maximum=60,
    ),
    Column(
        "unit",
        "承办单位",
        "unit",
        (
            "unit",
            "责任单位",
            "主办单位",
            "承办部门",
            "责任部门",
            "办理单位",
            "处置单位",
            "答复单位",
            "department",
        ),
        hint="单位名称、简称、曾用名或编码；空着的工单不参加单位排名",
    ),
    Column(
        "topic",
        "类别",
        "text",
        ("topic", "分类", "诉求类别", "问题类别", "一级标签", "一级分类", "事项类别", "labell1", "category"),
        maximum=60,
    ),
    Column(
        "channel",
        "渠道",
        "choice",
        ("channel", "来源", "来源渠道", "受理渠道", "诉求渠道", "诉求来源"),
        needed=True,
        options=f.CHANNELS,
        spoken=_CHANNELS,
        default="web",
        hint="表格里没有渠道时，整份文件用一个",
    ),
    Column(
        "appeal",
        "诉求类型",
        "choice",
        ("appeal", "nature", "诉求性质", "工单类型", "业务类型"),
        options={key: title for key, title in f.APPEALS.items() if key},
        spoken={
            "投诉举报": "complain",
            "意见建议": "suggest",
            "意见": "suggest",
            "其他": "",
            "其它": "",
            "表扬": "",
        },
    ),
)


def make(values: Mapping[str, Any]) -> Made | Flaw:
    """A row as ``Received`` and, when it was answered, ``Replied``; or what is wrong with it."""
    received_at: datetime | None = values.get("received_at")
    if received_at is None:
        return Flaw(
            say("缺“受理时间”"), say("补上受理的日期和时间，例如 2019-01-06 12:09:38"), ("received_at",)
        )
    replied_at: datetime | None = values.get("replied_at")
    reply: str = values.get("reply") or ""
    answer_days: float | None = values.get("answer_days")
    if replied_at is None and reply and answer_days is not None:
        replied_at = received_at + timedelta(days=answer_days)
    if replied_at is not None:
        replied_at = _same_day(received_at, replied_at)
        if replied_at < received_at:
            return Flaw(
                say("答复时间早于受理时间"), say("核对两个时间"), ("received_at", "replied_at", "answer_days")
            )
        if not reply:
            return Flaw(
                say("有答复时间，没有答复内容"),
                say("补上答复内容；还没有答复的，两格都空着"),
                ("reply", "replied_at"),
            )
    elif reply:
        return Flaw(
            say("有答复内容，没有答复时间"),
            say("补上答复时间或答复用时；没有时间就算不出是否逾期"),
            ("reply", "replied_at", "answer_days"),
        )
    received = f.Received(
        at=received_at,
        title=values.get("title") or "",
        body=values.get("body") or "",
        channel=values.get("channel") or "",
        appeal=values.get("appeal") or "",
        topic=values.get("topic") or "",
        place=values.get("place") or "",
        unit=values.get("unit") or "",
        caller=values.get("caller") or "",
        phone=values.get("phone") or "",
        number=values.get("number") or "",
    )
    facts = (received,) if replied_at is None else (received, f.Replied(at=replied_at, reply=reply))
    return Made(values.get("number") or "", facts, values.get("subject") or "")


def _same_day(received_at: datetime, replied_at: datetime) -> datetime:
    """A reply known only by its day, on the day of receipt, was not before it."""
    only_a_day = replied_at == midnight(replied_at.date())
    return received_at if only_a_day and replied_at.date() == received_at.date() else replied_at


ORDERS = ImportSpec(
    key="hotline.order",
    title="诉求工单",
    kind=ORDER,
    who="hotline.import",
    source="12345",
    columns=COLUMNS,
    make=make,
    report=report.of_run,
    records=report.records,
    groups=report.GROUPS,
    told=told.lines,
    template="hotline/import_report.html",
    at_column="received_at",
)
