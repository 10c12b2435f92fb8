"""Open any document a clerk may hand in: by what the file is, not by what it is called."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from qianshao.kernel.words import say

from . import book, docx, html, pdf, text
from .model import Block, Line, PaperError
from .radicals import plain

MOST_BYTES = 64 * 2**20
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # the stream of a locked file, [MS-OFFCRYPTO] 2.3
_OLD_WORD = "WordDocument".encode("utf-16-le")
_OTHERS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"II*\x00", b"MM\x00*", b"BM")
_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|table|div|p|h[1-6]|article|section)\b", re.IGNORECASE
)


def open_paper(path: Path, *, name: str = "") -> list[Block]:
    """The lines and tables of a .txt, .md, .docx, .pdf, .html, .xlsx or .xls file; raises ``PaperError``.

    ``name`` is what the file was called where it came from.
    """
    file = name or path.name
    try:
        if path.is_dir():
            raise PaperError(say("{file} 是文件夹，请指明里面的文件。", file=file))
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise PaperError(
                say("{file} 超过 {n} MB，没有读取，请分成几个文件。", file=file, n=MOST_BYTES // 2**20)
            )
        data = path.read_bytes()
    except OSError as error:
        raise PaperError(say("无法打开文件 {file}：{why}", file=file, why=error.strerror or "")) from error
    blocks = [_plain(block) for block in _by_content(path, data, file)]
    if not any(block.text.strip() if isinstance(block, Line) else block.cells for block in blocks):
        raise PaperError(
            say("{file} 是空文件。", file=file)
            if not data.strip(b"\xef\xbb\xbf \t\r\n\x00")
            else say("{file} 里没有文字，可能是扫描件，请先识别成文字。", file=file)
        )
    return blocks


def _plain(block: Block) -> Block:
    if isinstance(block, Line):
        return Line(plain(block.text))
    return replace(block, cells=tuple(replace(cell, text=plain(cell.text)) for cell in block.cells))


def _by_content(path: Path, data: bytes, file: str) -> list[Block]:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if data.startswith(_ZIP):
        if b"word/document.xml" in data:
            return docx.blocks_in(data, file)
        return book.blocks_in(path, file)
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise PaperError(say("{file} 设有打开密码，请去掉密码后再读。", file=file))
        if _OLD_WORD in data:
            raise PaperError(say("{file} 是旧版 Word 文件（.doc），请另存为 .docx。", file=file))
        return book.blocks_in(path, file)
    if head.startswith(_PDF) or b"%PDF-" in data[:1024]:
        return pdf.blocks_in(path, file)
    if head.startswith(_OTHERS):
        raise PaperError(say("{file} 是图片或压缩包，读不了文字，请先识别或解压。", file=file))
    if head.startswith(b"{\\rtf"):
        raise PaperError(say("{file} 是 RTF 文件，请另存为 .docx。", file=file))
    suffix = Path(file).suffix.lower()
    if suffix in (".html", ".htm") or (suffix not in (".md", ".txt") and _MARKUP.search(head[:1024])):
        return html.blocks_in(data)
    if suffix != ".md" and head[:1] == b"<" and _MARKUP.match(head):
        return html.blocks_in(data)
    return text.blocks_in(data, file)
