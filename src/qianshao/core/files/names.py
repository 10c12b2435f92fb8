"""The name a file is shown and downloaded under: cleaned when it comes in, quoted when it goes out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext as _

_LONGEST = 200


class BadName(ValueError):
    """The file's name is empty, too long, or hides characters a reader cannot see."""


def clean_name(name: str) -> str:
    """The last part of a path, refused when it carries control, bidirectional or invisible characters.

    Such characters make ``gpj.exe`` read as ``exe.jpg`` (security: forged names).
    """
    last = re.split(r"[/\\]", name)[-1].strip().rstrip(".")
    if not last:
        raise BadName(_("文件没有名称，请命名后重新上传。"))
    for letter in last:
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            raise BadName(
                _("文件名含有看不见的字符 U+{code}，请改名后重新上传。").format(code=f"{ord(letter):04X}")
            )
    if len(last) > _LONGEST:
        raise BadName(_("文件名超过 {n} 个字，请缩短后重新上传。").format(n=_LONGEST))
    return last


def extension(name: str) -> str:
    """What follows the last point, in lower case; empty when there is none."""
    _stem, point, last = name.rpartition(".")
    return last.lower() if point else ""


def content_disposition(name: str) -> str:
    """The header that makes a browser save and never show a file (RFC 6266, RFC 8187).

    The plain form is for old readers; nothing a name contains can end the value or start a new header.
    """
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
