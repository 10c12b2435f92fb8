"""Hand one message to one channel, through the library apprise, and say truthfully whether it was taken.

Where the library calls an answer a success that is none (WeCom and DingTalk refuse with HTTP 200 and an ``errcode``), or gives a mail
a new number each time it is sent, it is corrected here; everything else is its own.
"""

from __future__ import annotations

import email
import logging
import smtplib
from typing import Any

import requests
from apprise import Apprise, NotifyFormat
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.email.base import AppriseSMTPController, NotifyEmail
from apprise.plugins.wecombot import NotifyWeComBot

from .channels import Channel

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its debug lines quote addresses and tokens


class NotTaken(RuntimeError):
    """The channel did not take the message; ``reason`` is unreachable, refused or address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Mail(NotifyEmail):
    """Mail under a number of ours: sent twice after a crash, it is one message to whoever sorts by Message-ID (RFC 5322, 3.6.4)."""

    number = ""

    def send(self, body: str, title: str = "", **_more: Any) -> bool:
        told = self.prepare_emails(
            subject=title,
            body=body,
            notify_format=NotifyFormat.TEXT,
            from_addr=self.from_addr,
            to=self.targets,
            smtp_host=self.smtp_host,
            names=self.names,
            tzinfo=self.tzinfo,
        )
        with AppriseSMTPController(
            host=self.smtp_host,
            port=self.port,
            secure_mode=self.secure_mode,
            user=self.user,
            password=self.password,
            verify_certificate=self.verify_certificate,
            socket_connect_timeout=self.socket_connect_timeout,
        ) as smtp:
            return all(
                smtp.sendmail(self.from_addr[1], message.to_addrs, self._numbered(message.body))
                for message in told
            )

    def _numbered(self, text: str) -> str:
        message = email.message_from_string(text)
        message.replace_header("Message-ID", f"<{self.number}@{self.from_addr[1].rpartition('@')[2]}>")
        return message.as_string()


class _WeCom(NotifyWeComBot):
    """The group robot of 企业微信, its answer read."""

    def send(self, body: str, title: str = "", **_more: Any) -> bool:
        text = f"{title}\n{body}" if title else body
        return _told(self, self.api_url, {"msgtype": "text", "text": {"content": text}}, {})


class _DingTalk(NotifyDingTalk):
    """The group robot of 钉钉 that calls a person by number, its answer read."""

    def send(self, body: str, title: str = "", **_more: Any) -> bool:
        payload = {
            "msgtype": "text",
            "text": {"content": f"{title}\n{body}" if title else body},
            "at": {"atMobiles": self.targets, "isAtAll": False},
        }
        params = dict(zip(("timestamp", "sign"), self.get_signature(), strict=True)) if self.secret else {}
        return _told(self, self.notify_url.format(token=self.token), payload, params)


def _told(plugin: Any, url: str, payload: dict[str, Any], params: dict[str, str]) -> bool:
    try:
        answer = requests.post(
            url, json=payload, params=params, timeout=plugin.request_timeout, allow_redirects=False
        )
    except requests.RequestException:
        raise NotTaken("unreachable") from None
    try:
        code = answer.json().get("errcode")
    except (ValueError, AttributeError):
        code = None
    if answer.status_code != 200 or code != 0:
        raise NotTaken("refused")
    return True


_OURS: dict[str, Any] = {"mail": _Mail, "wecom": _WeCom, "dingtalk": _DingTalk}


def send(channel: Channel, address: str, *, subject: str, body: str, number: str) -> None:
    """Send; raises ``NotTaken``. ``number`` is the message's own, the same when it is sent again."""
    plugin = _plugin(channel, address)
    if plugin is None:
        raise NotTaken("address")
    if isinstance(plugin, _Mail):
        plugin.number = number
    try:
        taken = plugin.send(body=body, title=subject)
    except (OSError, smtplib.SMTPException, RuntimeError) as error:
        if isinstance(error, NotTaken):
            raise
        raise NotTaken("unreachable") from None
    if not taken:
        raise NotTaken("refused")


def _plugin(channel: Channel, address: str) -> Any:
    url, ours = channel.to(address), _OURS.get(channel.name)
    try:
        if ours is None:
            return Apprise.instantiate(url, suppress_exceptions=False)
        told = ours.parse_url(url)
        return ours(**told) if told else None
    except (TypeError, ValueError):
        return None
