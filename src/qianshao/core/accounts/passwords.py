"""What a password has to be: long, of several kinds of letters, not common, not the account's name, not an old one.

Each rule is a validator of Django's, set by ``settings.AUTH_PASSWORD_VALIDATORS`` from the environment.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Account, PastPassword

_NAMES_FROM = 3  # letters: shorter logins stand in too many good passwords by chance
_DIFFERENT = 6  # characters a long password has to have


class Kinds:
    """At least so many kinds of characters: small, capital, digits, signs, Chinese and other scripts.

    A long password needs no mixture: length protects better (NIST SP 800-63B 5.1.1.1); but not one letter many times.
    """

    def __init__(self, kinds: int = 3, long: int = 16) -> None:
        self.kinds = kinds
        self.long = long

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ``ValidationError`` when the password is short and of too few kinds."""
        long = len(password) >= self.long and len(set(password)) >= _DIFFERENT
        if not long and len({_kind(letter) for letter in password}) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _(
            "少于 {long} 个字符的密码，须包含小写字母、大写字母、数字、符号、汉字中的至少 {kinds} 种。"
        ).format(long=self.long, kinds=self.kinds)


def _kind(letter: str) -> str:
    if letter.isascii():
        if letter.isdigit():
            return "digit"
        if letter.isalpha():
            return "small" if letter.islower() else "capital"
        return "sign"
    return "other" if letter.isalnum() else "sign"


class NotTheName:
    """The password holds neither the login nor the person's name."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ``ValidationError`` when it does."""
        if user is None:
            return
        told = password.lower()
        names = [name.lower() for name in (user.login, user.person.name) if name]
        if any(name in told for name in names if len(name) >= _NAMES_FROM or not name.isascii()):
            raise ValidationError(self.get_help_text(), code="password_is_name")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("密码中不能有登录名或本人姓名。")


class NotBefore:
    """The password is none of the last ones."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ``ValidationError`` when it was used before."""
        if user is None or user.pk is None:
            return
        past = user.past_passwords.order_by("-id").values_list("hashed", flat=True)[: self.last]
        if any(check_password(password, hashed) for hashed in past):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: Account | None = None) -> None:
        """Remember the password now in force, and forget those too old to matter; saving the account calls it."""
        if user is None or user.pk is None:
            return
        PastPassword.objects.create(account=user, hashed=user.password)
        kept = user.past_passwords.order_by("-id").values_list("pk", flat=True)[: self.last]
        user.past_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return ngettext("不能与最近 {n} 个密码相同。", "不能与最近 {n} 个密码相同。", self.last).format(
            n=self.last
        )


def too_old(account: Account, now: datetime) -> bool:
    """Whether the password has to be changed by its age; ``settings.PASSWORD_DAYS`` 0 means never."""
    days: int = settings.PASSWORD_DAYS
    if not days or account.password_set_at is None:
        return False
    return now - account.password_set_at > timedelta(days=days)
