"""The services a city offers by Open311: the classes its orders were given lately, and one for everything else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.duties.models import Duty
from qianshao.kit import telling
from qianshao.modules.hotline.facts import APPEALS
from qianshao.modules.hotline.module import ORDER

OTHER = "other"
_LATELY = timedelta(days=365)
_MOST = 300


def code_of(topic: str) -> str:
    """The code of a class: the same for the same class on every machine, and short enough to print."""
    return hashlib.sha256(topic.encode()).hexdigest()[:10] if topic else OTHER


def offered(now: datetime) -> Mapping[str, str]:
    """The classes by code; the one without a class is called 其他."""
    lately = Duty.objects.filter(kind=ORDER.key, opened_at__gt=now - _LATELY).exclude(topic="")
    topics = lately.order_by("topic").values_list("topic", flat=True).distinct()[:_MOST]
    return {code_of(topic): topic for topic in topics} | {OTHER: ""}


def name_of(topic: str) -> str:
    """What a class is called."""
    return telling.sentence(topic) if topic else _("其他")


def told(code: str, topic: str) -> dict[str, Any]:
    """A service as the list tells it."""
    return {
        "service_code": code,
        "service_name": name_of(topic),
        "description": _("12345 热线诉求：{topic}").format(topic=name_of(topic)),
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": telling.sentence(ORDER.title),
    }


def definition(code: str) -> dict[str, Any]:
    """What may be told beside the description."""
    appeals = [{"key": key, "name": telling.sentence(title)} for key, title in APPEALS.items() if key]
    return {
        "service_code": code,
        "attributes": [
            _attribute("appeal", 1, "singlevaluelist", _("诉求类型"), appeals),
            _attribute(
                "secret",
                2,
                "singlevaluelist",
                _("是否要求保密"),
                [{"key": "0", "name": _("否")}, {"key": "1", "name": _("是")}],
            ),
        ],
    }


def _attribute(
    code: str, order: int, datatype: str, description: str, values: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
        "values": values,
    }
