"""What a file really is: told from its bytes, held against the extension it came with.

Only types the office works with are kept. Anything that could run (programs, macros, HTML, SVG) is refused,
whatever it is called.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from . import text

_FAMILIES = {"jpg": "jpeg"}
_TEXTS = ("txt", "csv", "eml")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
    "eml": "message/rfc822",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "wav": "audio/wav",
}
_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "OFD.xml": "ofd",
}
_MACROS = re.compile(r"vbaproject|macrosheets/|activex/|vbadata", re.IGNORECASE)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
    b"dex\n",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An attack unpacks to far more than it weighs (reliability.md, A11: 515 KB became 199 MB).
_MEMBERS, _UNPACKED, _RATIO = 1_000, 200 * 2**20, 100


class BadType(ValueError):
    """The content is of a kind that is not kept, or does not match the extension."""


def sniff(path: Path, extension: str) -> str:
    """The type of a file as a key of ``MEDIA_TYPES``; raises ``BadType`` or ``text.SecretMark``."""
    wanted = _FAMILIES.get(extension, extension)
    if wanted not in MEDIA_TYPES:
        raise BadType(
            _("不接收扩展名为“{ext}”的文件，可以上传：{known}。").format(
                ext=extension, known=_("、").join(MEDIA_TYPES)
            )
        )
    with path.open("rb") as file:
        head = file.read(4096)
    found = _text_type(path, wanted, head) if wanted in _TEXTS else _binary_type(path, head)
    if found != wanted:
        raise BadType(
            _("文件内容不是 {wanted}{found}，请用原来的软件另存后重新上传。").format(
                wanted=wanted, found=_("，而是 {found}").format(found=found) if found else ""
            )
        )
    return found


def _binary_type(path: Path, head: bytes) -> str:
    _refuse_programs(head)
    if head.startswith(b"PK\x03\x04"):
        return _package_type(path)
    for magic, found in (
        (b"%PDF-", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"ID3", "mp3"),
    ):
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "mp4"
    # An MPEG audio frame: eleven set bits, layer III, a bit rate and a sampling rate (ISO 11172-3).
    if (
        len(head) > 3
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[2] >> 4 != 15
        and head[2] & 12 != 12
    ):
        return "mp3"
    return ""


def _refuse_programs(head: bytes) -> None:
    if head.startswith(_PROGRAMS):
        raise BadType(_("这是程序或脚本，不能上传。"))
    if head.startswith(_OLD_OFFICE):
        raise BadType(_("这是旧版或加密的办公文件，请去掉密码并另存为 docx、xlsx、pptx 或 pdf 后上传。"))


# What the library raises for a package that is cut off, overwritten, encrypted or packed in a way it cannot undo.
_BROKEN = (
    zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error, lzma.LZMAError
)  # fmt: skip


def _package_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            if len(members) > _MEMBERS or unpacked > _UNPACKED or unpacked > _RATIO * max(packed, 1):
                raise BadType(_("文件解开后过大，可能是压缩炸弹，不能上传。"))
            names = [member.filename for member in members]
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
            if any(_MACROS.search(name) for name in names) or b"macroEnabled" in types:
                raise BadType(_("文件带有宏，请另存为不带宏的格式后上传。"))
            found = next((kind for part, kind in _PARTS.items() if part in names), "")
            text.refuse_secret_marks(
                re.sub(r"<[^>]*>", "", package.read(name).decode("utf-8", "replace"))
                for name in names
                if name.endswith(".xml")
            )
    except _BROKEN as broken:
        raise BadType(_("文件已损坏或加密，无法打开，请检查后重新上传。")) from broken
    return found


def _text_type(path: Path, wanted: str, head: bytes) -> str:
    _refuse_programs(head)
    if wanted == "eml":
        if not re.match(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n", path.read_bytes()):
            return ""
        text.refuse_secret_marks(text.of_mail(path))
        return wanted
    chunks = text.decoded(path)
    if chunks is None:
        raise BadType(_("文本文件应为 UTF-8 或 GB18030 编码，请另存后重新上传。"))
    if re.search(r"<\s*(?:!doctype\s+html|html|svg|script|iframe|\?xml)", text.opening(head), re.IGNORECASE):
        raise BadType(_("这是网页或矢量图，不能作为文本上传。"))
    text.refuse_secret_marks(chunks)
    return wanted
