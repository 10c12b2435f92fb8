"""When and how an account is told outside: which channels for which sort, quiet hours, one message a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qianshao.kernel.hours import SHANGHAI

from . import sorts
from .channels import TITLES
from .models import Preference

QUIET = (time(22), time(7))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an account wishes; the usual: every sort on every channel it has an address for, silence from ten to seven."""

    choices: Mapping[str, Collection[str]]
    quiet: tuple[time, time] | None = QUIET
    digest: time | None = None

    def channels(self, sort: str) -> Collection[str]:
        """The channels a sort of notice takes."""
        return self.choices.get(sort, tuple(TITLES))

    def together(self, *, urgent: bool) -> bool:
        """Whether the notice waits for the daily message."""
        return self.digest is not None and not urgent

    def moment(self, now: datetime, *, urgent: bool) -> datetime:
        """The first moment the notice may leave."""
        if urgent:
            return now
        if self.digest is not None:
            local = now.astimezone(SHANGHAI)
            at = local.replace(hour=self.digest.hour, minute=self.digest.minute, second=0, microsecond=0)
            return at if at >= local else at + timedelta(days=1)
        return self.out_of_quiet(now)

    def out_of_quiet(self, now: datetime) -> datetime:
        """``now``, or the end of the quiet hours it falls into."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return now
        local = now.astimezone(SHANGHAI)
        begins, ends = self.quiet
        here = local.time()
        quiet = begins <= here < ends if begins < ends else here >= begins or here < ends
        if not quiet:
            return now
        at = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
        return at if at > local else at + timedelta(days=1)


def of(accounts: Collection[int]) -> dict[int, Wishes]:
    """The wishes of those who stated any, in one query; the others have ``Wishes({})``."""
    return {row.account_id: _wishes(row) for row in Preference.objects.filter(account__in=accounts)}


def _wishes(row: Preference) -> Wishes:
    quiet = (row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None
    return Wishes(row.choices, quiet, row.digest_at)


def keep(account: int, wishes: Wishes) -> None:
    """State an account's wishes; unknown sorts and channels are left out."""
    choices = {
        sort: [channel for channel in TITLES if channel in wishes.channels(sort)] for sort in sorts.TITLES
    }
    begins, ends = wishes.quiet or (None, None)
    Preference.objects.update_or_create(
        account_id=account,
        defaults={
            "choices": choices,
            "quiet_from": begins,
            "quiet_until": ends,
            "digest_at": wishes.digest,
        },
    )
