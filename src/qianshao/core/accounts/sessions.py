"""Sessions that know whose they are: listed, ended by their owner, and over after idleness or a day's work.

The engine follows Django's own recipe for extending database sessions; the session itself carries when it began and
when it was last seen, so that no request needs another query for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from .addresses import address_of
from .models import Account, StaffSession

BEGAN, SEEN, ADDRESS, BROWSER = "began", "seen", "address", "browser"
_SEEN_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's store over ``StaffSession``."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        """The table of the sessions."""
        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        """A row that says whose session it is."""
        made: StaffSession = super().create_model_instance(data)  # type: ignore[assignment]
        number = data.get(SESSION_KEY)
        made.account_id = int(number) if number else None
        return made


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as its owner sees it."""

    key: str
    began: datetime
    seen: datetime
    address: str
    browser: str
    here: bool


def begin(session: SessionBase, *, now: datetime, address: str, browser: str) -> None:
    """Stamp a session whose owner has just signed in; sessions long over are swept away on the way."""
    StaffSession.objects.filter(expire_date__lte=now).delete()
    session[BEGAN] = session[SEEN] = now.isoformat()
    session[ADDRESS] = address
    session[BROWSER] = browser[:200]


def listen() -> None:
    """Every sign-in, by whichever way, begins the session it gets."""
    user_logged_in.connect(_signed_in, dispatch_uid="sessions")


def _signed_in(request: HttpRequest, **_more: Any) -> None:
    begin(
        request.session,
        now=getattr(request, "now", None) or timezone.now(),
        address=address_of(request.META),
        browser=request.META.get("HTTP_USER_AGENT", ""),
    )


def _past(began: datetime, seen: datetime, now: datetime) -> bool:
    """Idle too long, or lasting its whole time: ``settings.SESSION_IDLE`` and ``settings.SESSION_LONGEST``."""
    return now - seen > settings.SESSION_IDLE or now - began > settings.SESSION_LONGEST


def over(session: SessionBase, now: datetime) -> bool:
    """Whether the session was idle too long, or has lasted its whole time; else it is seen now.

    One that never began is over.
    """
    if BEGAN not in session:
        return True
    began, seen = (datetime.fromisoformat(session[name]) for name in (BEGAN, SEEN))
    if _past(began, seen, now):
        return True
    if now - seen >= _SEEN_EVERY:
        session[SEEN] = now.isoformat()
    return False


def own(account: Account, here: str | None, now: datetime) -> list[Kept]:
    """The account's sessions that still count, the one asked from first."""
    found = []
    for row in account.sessions.filter(expire_date__gt=now):
        data = row.get_decoded()
        if BEGAN not in data:
            continue
        began, seen = (datetime.fromisoformat(data[name]) for name in (BEGAN, SEEN))
        if _past(began, seen, now):
            continue
        found.append(
            Kept(
                key=row.session_key,
                began=began,
                seen=seen,
                address=data.get(ADDRESS, ""),
                browser=data.get(BROWSER, ""),
                here=row.session_key == here,
            )
        )
    return sorted(found, key=lambda kept: (not kept.here, -kept.seen.timestamp()))


def end(account: Account, *, but: str | None = None) -> int:
    """End the account's sessions, all or all but one; how many."""
    return account.sessions.exclude(session_key=but or "").delete()[0]
