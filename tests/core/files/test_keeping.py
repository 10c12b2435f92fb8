"""Evidence by digest: what is kept, what is refused, and that damage is named."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from qianshao.core.files import keep, names, sniff, text
from qianshao.core.files.models import StoredFile

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def package(*parts: str, content: str = "<x/>") -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts:
            file.writestr(part, content)
    return buffer.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
OLD_DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


def test_what_is_kept_can_be_read_again_and_carries_both_digests(now: datetime) -> None:
    kept = keep.keep(io.BytesIO(PDF), "会议纪要.pdf", now=now)

    assert (kept.name, kept.type, kept.size) == ("会议纪要.pdf", "pdf", len(PDF))
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert kept.sm3 == hashlib.new("sm3", PDF).hexdigest()
    with keep.open_file(kept.sha256) as file:
        assert file.read() == PDF


def test_the_same_content_is_kept_once_under_any_name(now: datetime) -> None:
    first = keep.keep(PDF, "a.pdf", now=now)
    second = keep.keep(PDF, "b.pdf", now=now)

    assert (first.sha256, second.name) == (second.sha256, "b.pdf")
    assert StoredFile.objects.count() == 1
    assert len([path for path in keep.folder().rglob("*") if path.is_file()]) == 1


def overwritten(content: bytes) -> bytes:
    """A package whose list of members is whole and whose packed bytes are not."""
    name_length, more = struct.unpack("<HH", content[26:30])
    start = 30 + name_length + more
    return content[:start] + b"\xff" * 8 + content[start + 8 :]


@pytest.mark.parametrize(
    ("name", "content", "type_"),
    [
        ("a.pdf", PDF, "pdf"),
        ("a.docx", DOCX, "docx"),
        ("a.XLSX", XLSX, "xlsx"),
        ("a.pptx", package("ppt/presentation.xml"), "pptx"),
        ("a.ofd", package("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        ("a.png", PNG, "png"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 9, "jpeg"),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 9, "jpeg"),
        ("a.gif", b"GIF89a" + b"\0" * 9, "gif"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        ("a.mp3", b"ID3\x04" + b"\0" * 9, "mp3"),
        ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 9, "mp3"),
        ("a.mp4", b"\0\0\0\x20ftypisom", "mp4"),
        ("a.txt", "刺桐市".encode(), "txt"),
        ("a.txt", "刺桐市".encode("gb18030"), "txt"),
        ("a.csv", "单位,件数\n水利局,3\n".encode("utf-8-sig"), "csv"),
        ("a.eml", b"From: a@example.org\nSubject: x\n folded\n\nbody <html>", "eml"),
    ],
)
def test_types_are_told_from_the_bytes(name: str, content: bytes, type_: str, now: datetime) -> None:
    assert keep.keep(content, name, now=now).type == type_


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", PNG, "文件内容不是 pdf，而是 png"),
        ("a.docx", XLSX, "文件内容不是 docx，而是 xlsx"),
        ("a.xlsx", package("readme.txt"), "文件内容不是 xlsx"),
        ("a.docx", b"PK\x03\x04 broken", "已损坏"),
        ("a.docx", overwritten(package("word/document.xml", content="刺桐市" * 200)), "已损坏"),
        ("a.docx", package("word/document.xml", "word/vbaProject.bin"), "宏"),
        ("a.xlsx", package("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "宏"),
        ("a.docx", OLD_DOC, "旧版或加密"),
        ("a.xlsx", package("xl/workbook.xml", content="0" * 3_000_000), "压缩炸弹"),
        ("a.pdf", b"MZ\x90\0", "程序"),
        ("a.txt", b"#!/bin/sh\nrm", "程序"),
        ("a.txt", b"  <!DOCTYPE html><p>", "网页"),
        ("a.csv", b'<svg onload="x">', "网页"),
        ("a.txt", b"abc\0def", "编码"),
        ("a.eml", b"hello there\n\nno headers", "不是 eml"),
        ("a.exe", b"MZ", "不接收"),
        ("a.html", b"<p>", "不接收"),
        ("a.svg", b"<svg/>", "不接收"),
        ("a.docm", DOCX, "不接收"),
        ("a", PDF, "不接收"),
    ],
)
def test_what_could_run_or_lies_about_itself_is_refused(
    name: str, content: bytes, says: str, now: datetime
) -> None:
    with pytest.raises(sniff.BadType, match=says):
        keep.keep(content, name, now=now)

    assert [path for path in keep.folder().rglob("*") if path.is_file()] == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "标题\n机密★10年\n".encode()),
        ("a.txt", "绝密 ★".encode("gb18030")),
        ("a.csv", "秘密★,1".encode()),
        ("a.docx", package("word/document.xml", content="<w:t>机密</w:t><w:t>★1年</w:t>")),
        ("a.eml", "From: a\nContent-Type: text/plain; charset=utf-8\n\n机密★".encode()),
        ("a.txt", b"x" * (2**20 - 4) + "机密★".encode()),
    ],
)
def test_a_state_secret_marking_keeps_a_file_out(name: str, content: bytes, now: datetime) -> None:
    with pytest.raises(text.SecretMark, match="国家秘密"):
        keep.keep(content, name, now=now)

    assert not StoredFile.objects.exists()


def test_too_large_and_empty_files_are_refused(now: datetime, settings: object) -> None:
    settings.FILE_LIMIT = 2**20  # type: ignore[attr-defined]

    with pytest.raises(keep.TooLarge, match="1 MB"):
        keep.keep(PDF + b"\0" * 2**20, "a.pdf", now=now)
    with pytest.raises(keep.TooLarge, match="空"):
        keep.keep(b"", "a.pdf", now=now)


def test_a_full_disk_leaves_nothing_behind(now: datetime) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keep.keep(Breaking(), "a.pdf", now=now)

    assert list(keep.folder().iterdir()) == []


def test_scrubbing_names_what_changed_and_what_is_missing(now: datetime) -> None:
    _good, changed, missing = (keep.keep(PDF + letter, "a.pdf", now=now) for letter in (b"1", b"2", b"3"))
    assert list(keep.scrub()) == []

    place = keep.place_of(changed.sha256)
    place.chmod(0o600)
    place.write_bytes(PDF + b"x")
    keep.place_of(missing.sha256).unlink()

    assert sorted(keep.scrub(), key=lambda damage: damage.what) == [
        keep.Damage(changed.sha256, "changed"),
        keep.Damage(missing.sha256, "missing"),
    ]
    with pytest.raises(keep.FileGone):
        keep.open_file(missing.sha256)
    keep.keep(PDF + b"2", "a.pdf", now=now)
    assert [damage.sha256 for damage in keep.scrub()] == [missing.sha256]


def test_a_digest_never_kept_is_not_a_path(now: datetime) -> None:
    with pytest.raises(keep.FileGone):
        keep.open_file("../../etc/passwd")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files_storedfile SET size = 1",
        "DELETE FROM files_storedfile",
        "INSERT OR REPLACE INTO files_storedfile"
        " SELECT sha256, sm3, 1, type, first_kept_at FROM files_storedfile",
    ],
)
def test_the_table_of_files_only_grows(statement: str, now: datetime) -> None:
    if "REPLACE" in statement and connection.vendor != "sqlite":
        pytest.skip("only SQLite can replace")
    keep.keep(PDF, "a.pdf", now=now)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert StoredFile.objects.get().size == len(PDF)


@pytest.mark.parametrize(
    "name", ["a\u202egpj.pdf", "a\r\nb.pdf", "a\u200b.pdf", "", "/tmp/", "\0.pdf", "长" * 201]
)
def test_names_that_hide_something_are_refused(name: str) -> None:
    with pytest.raises(names.BadName):
        names.clean_name(name)


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("C:\\Users\\林\\纪要.pdf", "纪要.pdf"),
        ("../../etc/纪要.pdf", "纪要.pdf"),
        (" 纪要.pdf. ", "纪要.pdf"),
    ],
)
def test_a_path_becomes_a_name(given_name: str, clean: str) -> None:
    assert names.clean_name(given_name) == clean


@given(st.text())
def test_no_name_ever_breaks_out_of_the_download_header(name: str) -> None:
    header = names.content_disposition(name)

    assert header.isascii() and header.isprintable()
    assert header.startswith("attachment; ")
    assert header.count('"') == 2
    assert header.partition("filename*=UTF-8''")[2].count(";") == 0


def test_a_chinese_name_travels_in_the_header() -> None:
    assert (
        names.content_disposition('纪要"1.pdf')
        == "attachment; filename=\"___1.pdf\"; filename*=UTF-8''%E7%BA%AA%E8%A6%81%221.pdf"
    )
