"""Invented messages for the tests of same matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline.matters.message import Message

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def letter(key: str, title: str, body: str = "", days: float = 0) -> Message:
    """One message, so many days after the start."""
    return Message(key, title, body, START + timedelta(days=days))


NOISE = (
    letter(
        "n1", "B3区榕荫花园楼下烧烤摊油烟扰民", "榕荫花园二栋楼下的烧烤摊每晚营业到两点，油烟直往家里灌。", 0
    ),
    letter(
        "n2", "榕荫花园烧烤摊深夜油烟太大", "我住B3区榕荫花园，楼下烧烤摊的油烟熏得窗户不能开，请管一管。", 2
    ),
    letter(
        "n3", "请整治B3区榕荫花园夜市烧烤油烟", "榕荫花园门口烧烤摊越来越多，油烟呛人，老人孩子睡不了觉。", 5
    ),
)
BUS = (
    letter("b1", "建议B市27路公交车延长末班时间", "27路公交车晚上八点半就收车，晚自习的学生回不了家。", 1),
    letter("b2", "B市27路公交末班车太早", "希望27路公交车末班延长到十点，晚自习学生和夜班工人都要坐。", 4),
)
OTHERS = (
    letter("o1", "B3区石笋小学门口没有斑马线", "石笋小学放学时车很多，孩子过马路危险，请画斑马线。", 1),
    letter("o2", "咨询B市灵活就业人员如何参加医保", "我是自由职业，户口在外地，想问缴费标准和办理地点。", 3),
    letter("o3", "B5区清源新村自来水发黄", "清源新村三天来自来水发黄有铁锈味，打水厂电话没人接。", 6),
    letter("o4", "建议B市31路公交车增加班次", "31路公交车早高峰要等四十分钟，上班族很不方便。", 2),
)
ALL = (*NOISE, *BUS, *OTHERS)
