"""A person's own desk on other pages: the follow button, what is said about a duty, what lies on the desk."""

from __future__ import annotations

from typing import Any, cast

from django import template

from qianshao.core.accounts.models import Account
from qianshao.core.desk import comments, services
from qianshao.core.duties.models import Duty
from qianshao.kit.desk import desk
from qianshao.kit.staff import StaffRequest

register = template.Library()


def _request(context: template.Context) -> StaffRequest:
    return cast(StaffRequest, context["request"])


@register.inclusion_tag("kit/desk/follow.html", takes_context=True)
def follow_button(context: template.Context, what: str, key: str) -> dict[str, Any]:
    """Follow or let go of a duty (by stream), a unit (by code) or a figure (by key)."""
    request = _request(context)
    followed = services.follows(cast(Account, request.user), what, key)
    return {
        "request": request,
        "what": what,
        "key": key,
        "followed": followed,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("kit/desk/comments.html", takes_context=True)
def duty_comments(context: template.Context, duty: Duty) -> dict[str, Any]:
    """What is said about a duty, and the form to say something; the page has asked who may see the duty."""
    request = _request(context)
    return {
        "request": request,
        "duty": duty,
        "said": desk.said(duty, cast(Account, request.user), request.now),
        "names": comments.readers(duty, request.now),
        "most": comments.LONGEST,
        "minutes": int(comments.CHANGEABLE.total_seconds() // 60),
        "refused": context.get("comment_refused", ""),
        "draft": context.get("comment_draft", ""),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("kit/desk/box.html", takes_context=True)
def desk_box(context: template.Context) -> dict[str, Any]:
    """The first few followed and lately opened duties, for the cockpit; nothing where there are none."""
    request = _request(context)
    account = cast(Account, request.user)
    return {
        "followed": desk.followed_duties(account, request.actor, most=5),
        "lately": desk.lately(account, request.actor, most=5),
        "now": request.now,
    }
