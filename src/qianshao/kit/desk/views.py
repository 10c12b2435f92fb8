"""The desk's own page, following, and what is said about a duty."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.models import Account
from qianshao.core.desk import comments, services
from qianshao.core.desk.comments import BadComment
from qianshao.core.desk.models import Comment
from qianshao.core.org.models import Unit
from qianshao.kit.duties import detail
from qianshao.kit.duties.asking import duty_of, page
from qianshao.kit.duties.figure import readable
from qianshao.kit.staff import StaffRequest

from . import desk


@page
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """Everything one follows, and what one opened last; nobody else sees either."""
    account = cast(Account, request.user)
    context = {
        "followed": desk.followed(account, request.actor, request.now),
        "lately": desk.lately(account, request.actor),
        "kept": services.KEPT,
    }
    return render(request, "kit/desk/desk.html", context)


@page
@require_POST
def follow(request: StaffRequest) -> HttpResponseBase:
    """Follow, or let go of, one thing; one that may not be seen is not there."""
    account = cast(Account, request.user)
    what, key = request.POST.get("what", ""), request.POST.get("key", "")
    if what not in services.WHATS:
        raise Http404
    if "stop" in request.POST:
        services.unfollow(account=account, what=what, key=key)
        messages.success(request, _("已取消关注。"))
        return _back(request)
    _seen(request, what, key)
    try:
        services.follow(account=account, what=what, key=key, now=request.now)
    except services.TooMany as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已关注，可在“我的”里查看。"))
    return _back(request)


def _seen(request: StaffRequest, what: str, key: str) -> None:
    """Raise ``Http404`` for what is not there, or not for this reader."""
    if what == "duty":
        duty_of(key, request.actor)
    elif what == "figure":
        readable(key, request.actor)
    elif not Unit.objects.filter(code=key).exists():
        raise Http404


def _back(request: StaffRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if ours else reverse("desk"))


@page
@require_POST
def clear(request: StaffRequest) -> HttpResponseBase:
    """Empty the list of what one opened."""
    services.forget(cast(Account, request.user))
    return redirect("desk")


@page
@require_POST
def say(request: StaffRequest, stream: str) -> HttpResponseBase:
    """Say something about a duty; what cannot be kept comes back with the words still there."""
    duty, kind = duty_of(stream, request.actor)
    text = request.POST.get("text", "")
    try:
        comments.write(
            duty=duty, text=text, author=cast(Account, request.user), actor=request.actor, now=request.now
        )
    except BadComment as error:
        found = detail.context(request, duty, kind)
        found |= {"comment_refused": str(error), "comment_draft": text}
        return render(request, "kit/duties/duty.html", found, status=422)
    return HttpResponseRedirect(f"{reverse('duty', args=[stream])}#comments")


@page
@require_POST
def change(request: StaffRequest, stream: str, key: str) -> HttpResponseBase:
    """Change one's own comment, or take it back."""
    duty, _kind = duty_of(stream, request.actor)
    row = Comment.objects.filter(stream=stream, key=key).first()
    if row is None:
        raise Http404
    try:
        if "delete" in request.POST:
            comments.take_back(row=row, duty=duty, actor=request.actor, now=request.now)
        else:
            comments.change(
                row=row, duty=duty, text=request.POST.get("text", ""), actor=request.actor, now=request.now
            )
    except BadComment as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{reverse('duty', args=[stream])}#comments")
