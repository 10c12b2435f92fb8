"""Addresses of people outside the product, encrypted at rest with AES-256-GCM (NIST SP 800-38D).

The key lies among the secrets, outside the database, so that neither its log nor its backups tell where somebody is reached.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from django.conf import settings

from qianshao.core import boxes

from .models import Address


def keep(account: int, channel: str, text: str) -> None:
    """Set an account's address on a channel; an empty one takes it away."""
    text = text.strip()
    if not text:
        Address.objects.filter(account_id=account, channel=channel).delete()
        return
    box = sealed(account, channel, text)
    Address.objects.update_or_create(account_id=account, channel=channel, defaults={"box": box})


def sealed(account: int, channel: str, text: str) -> bytes:
    """An address as it is stored."""
    return boxes.shut(settings.NOTICE_KEY, text.encode(), _bound(account, channel))


def read(row: Address) -> str:
    """The address itself; empty when the secrets it was written under are gone (it has to be entered again)."""
    try:
        return boxes.opened(settings.NOTICE_KEY, bytes(row.box), _bound(row.account_id, row.channel)).decode()
    except InvalidTag:
        return ""


def masked(text: str) -> str:
    """How a page shows an address: w***@example.org, 138****5678."""
    name, at, host = text.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{text[:3]}****{text[-4:]}" if len(text) > 8 else "****"


def _bound(account: int, channel: str) -> bytes:
    """What the box belongs to: moved to another row it does not open."""
    return f"{account}/{channel}".encode()
