"""Service requests: work orders that came in by Open311, sent and asked about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties.door import Refused
from qianshao.core.duties.models import Duty
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties import doing
from qianshao.kit.facts_json import BadBody, fact_of
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.module import ORDER

from . import services
from .answers import Refusal

CHANNEL = "open311"
LONGEST = timedelta(days=90)  # GeoReport v2: the widest span of a question
LARGEST = 1000  # and the most requests of an answer
_PAGE = 50
_TITLE = 40
_THEIRS = {
    "title": "description",
    "body": "description",
    "caller": "last_name + first_name",
    "address": "address_string",
    "appeal": "attribute[appeal]",
}


def sent(given: Mapping[str, str], app: str, now: datetime, token: str) -> Duty:
    """Record what an app sent; raises ``Refusal`` with what is wrong."""
    code = given.get("service_code", "")
    if not code:
        raise Refusal(400, _("缺少 service_code"))
    offered = services.offered(now)
    if code not in offered:
        raise Refusal(404, _("没有 service_code 为“{code}”的服务").format(code=code[:40]))
    body = _body(given, offered[code])
    actor = Actor(
        key=f"machine:open311-{app}", name=app, unit="", post="", scopes={"hotline.receive": (EVERYWHERE,)}
    )
    try:
        fact = fact_of(f.Received, body, now)
        receipt = doing.record(kind=ORDER, fact=fact, actor=actor, now=now, src="open311", token=token)
    except BadBody as error:
        raise Refusal(400, _in_their_words(str(error))) from None
    except Refused as error:
        raise Refusal(400, telling.refusal(error)) from None
    return Duty.objects.get(stream=receipt.stream)


def _in_their_words(sentence: str) -> str:
    """A refusal with the specification's names of the fields in place of ours."""
    for ours, theirs in _THEIRS.items():
        sentence = sentence.replace(f"“{ours}”", f"“{theirs}”")
    return sentence


def _body(given: Mapping[str, str], topic: str) -> dict[str, Any]:
    told = given.get("description", "").strip()
    if not told:
        raise Refusal(400, _("缺少 description"))
    position = _position(given)
    address = given.get("address_string", "").strip()
    if not position and not address:
        raise Refusal(400, _("须有 lat 和 long，或者 address_string"))
    media = given.get("media_url", "").strip()
    body: dict[str, Any] = {
        "title": told.splitlines()[0][:_TITLE],
        "body": f"{told}\n{media}" if media else told,
        "channel": CHANNEL,
        "topic": topic,
        "address": address,
        "position": position,
        "caller": f"{given.get('last_name', '').strip()}{given.get('first_name', '').strip()}",
        "phone": given.get("phone", "").strip(),
        "email": given.get("email", "").strip(),
        "appeal": given.get("attribute[appeal]", ""),
    }
    secret = given.get("attribute[secret]", "0")
    if secret not in ("0", "1"):
        raise Refusal(400, _("attribute[secret] 须为 0 或 1"))
    return body | ({"secret": True} if secret == "1" else {})


def _position(given: Mapping[str, str]) -> str:
    written = given.get("lat", "").strip(), given.get("long", "").strip()
    if not any(written):
        return ""
    try:
        lat, long = (float(text) for text in written)
    except ValueError:
        raise Refusal(400, _("lat 和 long 须为十进制度数")) from None
    if not (-90 <= lat <= 90 and -180 <= long <= 180):
        raise Refusal(400, _("lat 须在 -90 至 90，long 须在 -180 至 180 之间"))
    return f"{lat:.6f},{long:.6f}"


def everybody_s() -> QuerySet[Duty]:
    """What anybody may ask about: what came in this way and is not to be kept secret."""
    found = Duty.objects.filter(kind=ORDER.key, channel=CHANNEL).exclude(marks__contains="|secret|")
    return found.select_related("unit").annotate(changed_at=Max("spans__since"))


def asked(given: Mapping[str, str], now: datetime) -> list[Duty]:
    """The requests a question means, newest first; raises ``Refusal``."""
    numbers = [number for number in given.get("service_request_id", "").split(",") if number]
    page, size = _whole(given, "page", 1, 10**6), _whole(given, "page_size", _PAGE, LARGEST)
    if numbers:
        found = everybody_s().filter(number__in=numbers[:LARGEST])
    else:
        since, until = _span(given, now)
        found = everybody_s().filter(opened_at__gte=since, opened_at__lte=until)
        statuses = set(filter(None, given.get("status", "").split(",")))
        if statuses - {"open", "closed"}:
            raise Refusal(400, _("status 只能是 open、closed"))
        if len(statuses) == 1:
            found = found.filter(open="open" in statuses)
        codes = [code for code in given.get("service_code", "").split(",") if code]
        if codes:
            offered = services.offered(now)
            unknown = [code for code in codes if code not in offered]
            if unknown:
                raise Refusal(404, _("没有 service_code 为“{code}”的服务").format(code=unknown[0][:40]))
            found = found.filter(topic__in=[offered[code] for code in codes])
    return list(found.order_by("-opened_at", "-id")[(page - 1) * size : page * size])


def _span(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    since, until = _moment(given, "start_date"), _moment(given, "end_date")
    until = until or (min(now, since + LONGEST) if since else now)
    since = since or until - LONGEST
    if since > until:
        raise Refusal(400, _("start_date 晚于 end_date"))
    if until - since > LONGEST:
        raise Refusal(400, _("start_date 与 end_date 最多相隔 {n} 天").format(n=LONGEST.days))
    return since, until


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 1900 <= moment.year <= 2999:
        raise Refusal(400, _("{name} 须为时刻，例如 2026-01-31T09:30:00+08:00").format(name=name))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole(given: Mapping[str, str], name: str, missing: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return missing
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most):
        raise Refusal(400, _("{name} 须为 1 至 {most} 的整数").format(name=name, most=most))
    return int(text)


def told(duty: Duty) -> dict[str, Any]:
    """A request as anybody may read it: nothing of what the citizen wrote."""
    changed: datetime = duty.changed_at  # type: ignore[attr-defined]
    return {
        "service_request_id": duty.number,
        "status": "open" if duty.open else "closed",
        "status_notes": telling.sentence(ORDER.phase(duty.phase).title),
        "service_name": services.name_of(duty.topic),
        "service_code": services.code_of(duty.topic),
        "description": None,
        "agency_responsible": duty.unit.name if duty.unit else None,
        "service_notice": None,
        "requested_datetime": _written(duty.opened_at),
        "updated_datetime": _written(changed),
        "expected_datetime": _written(duty.due_at) if duty.due_at else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
