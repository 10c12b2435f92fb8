"""The channels that lead outside, as the administrator wrote them into ``channels.toml`` of the data folder.

The file holds passwords and tokens in the address of each channel (an apprise URL with ``{address}`` in it). No page, log
or error repeats it: what a person sees of a channel is its name and whether it works.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.kernel.words import marked

TITLES = {
    "mail": marked("邮件"),
    "wecom": marked("企业微信"),
    "dingtalk": marked("钉钉"),
    "feishu": marked("飞书"),
    "sms": marked("短信"),
}
HINTS = {
    "mail": marked("邮箱地址"),
    "wecom": marked("本科室群机器人的 key"),
    "dingtalk": marked("钉钉绑定的手机号"),
    "feishu": marked("本科室群机器人的 token"),
    "sms": marked("手机号"),
}
_SCHEMES = {
    "mail": ("mailto", "mailtos"),
    "wecom": ("wecombot",),
    "dingtalk": ("dingtalk",),
    "feishu": ("feishu",),
}
_SHAPES = {
    "mail": re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"/?#:]{1,120}"),
    "dingtalk": re.compile(r"\+?\d{6,20}"),
    "sms": re.compile(r"\+?\d{6,20}"),
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{6,100}")


class BadChannels(ValueError):
    """The file of channels cannot be used; says which channel and what is wrong, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way outside; ``url`` is secret."""

    name: str
    url: str

    def __repr__(self) -> str:
        return f"Channel({self.name!r})"

    def to(self, address: str) -> str:
        """The URL for one receiver; nothing in an address can change where it leads."""
        return self.url.replace("{address}", quote(address, safe=""))


@dataclass(frozen=True, slots=True)
class Channels:
    """What the file says: the channels, and after how many working hours an unread notice is told above."""

    by_name: dict[str, Channel]
    raise_after_hours: int = 8


def path() -> Path:
    """Where the file lies."""
    return Path(settings.HOME) / "channels.toml"


_read: tuple[tuple[str, int, int] | None, Channels] = (None, Channels({}))


def current() -> Channels:
    """What the file says now, read again when it changed; no file is no channel. Raises ``BadChannels``."""
    global _read
    try:
        stat = path().stat()
    except FileNotFoundError:
        return Channels({})
    mark = (str(path()), stat.st_mtime_ns, stat.st_size)
    if _read[0] != mark:
        if stat.st_mode & 0o077:
            raise BadChannels(
                _("channels.toml 含有密码，只应由服务账号读取：请运行 chmod 600 channels.toml。")
            )
        _read = (mark, parse(path().read_bytes()))
    return _read[1]


def parse(raw: bytes) -> Channels:
    """Read the file's content; raises ``BadChannels``."""
    try:
        told = tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise BadChannels(_("channels.toml 不是正确的 TOML 文件。")) from None
    hours = told.pop("raise_after_hours", 8)
    if not isinstance(hours, int) or not 1 <= hours <= 200:
        raise BadChannels(_("channels.toml 中的 raise_after_hours 应为 1 至 200 的整数。"))
    found: dict[str, Channel] = {}
    for name, section in told.items():
        if name not in TITLES:
            raise BadChannels(
                _("channels.toml 中没有“{name}”这种渠道，可用：{known}。").format(
                    name=name[:20], known=_("、").join(TITLES)
                )
            )
        url = section.get("url") if isinstance(section, dict) else None
        if not isinstance(url, str):
            raise BadChannels(_("channels.toml 的 [{name}] 缺少 url。").format(name=name))
        found[name] = _checked(Channel(name, url))
    return Channels(found, hours)


def _checked(channel: Channel) -> Channel:
    scheme, _colon, rest = channel.url.partition("://")
    allowed = _SCHEMES.get(channel.name)
    if allowed is not None and scheme not in allowed:
        raise BadChannels(
            _("channels.toml 的 [{name}] 应以 {schemes} 开头。").format(
                name=channel.name, schemes=_("、").join(f"{known}://" for known in allowed)
            )
        )
    if "{address}" not in channel.url:
        raise BadChannels(
            _("channels.toml 的 [{name}] 中没有 {{address}}，无法写明收件人。").format(name=channel.name)
        )
    if allowed is None and "{address}" in re.split(r"[/?]", rest, maxsplit=1)[0]:
        raise BadChannels(
            _("channels.toml 的 [{name}]：{{address}} 不能用在主机名里。").format(name=channel.name)
        )
    return channel


def well_formed(channel: str, address: str) -> bool:
    """Whether an address can be one of this channel."""
    return bool(_SHAPES.get(channel, _TOKEN).fullmatch(address))
