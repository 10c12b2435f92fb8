"""Taking a decision in: the paper is read and kept, and what the form carries to the second step is signed."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from qianshao.core.duties.door import FileRef
from qianshao.core.files import keep as files
from qianshao.core.files.names import BadName, clean_name, extension
from qianshao.core.files.sniff import MEDIA_TYPES, BadType
from qianshao.core.files.text import SecretMark
from qianshao.kernel.calendar import Calendar
from qianshao.kit import telling
from qianshao.kit.papers.model import PaperError
from qianshao.kit.papers.opening import open_paper
from qianshao.modules.supervision.reading import Decision, read

MOST_BYTES = 20 * 2**20  # of an uploaded file; larger ones are read on the command line
MOST_CHARACTERS = 300_000  # of the text that is read: nearly 500 pages
MOST_ITEMS = 200  # on one page; a clerk corrects no more at once
_SALT = "qianshao.supervision.decision"


class Unreadable(ValueError):
    """The paper cannot be taken; the sentence says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An item as read: its place in the text, the lead units it may mean (codes, several with commas), the doubts."""

    start: int
    end: int
    candidates: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """What the second step needs of the first; ``identity`` is the decision whatever file it came in.

    ``by`` is who read it: nobody else's form opens the kept text.
    """

    by: str
    title: str
    number: str
    identity: str
    text: FileRef
    paper: FileRef | None
    items: tuple[Noted, ...]

    def signed(self) -> str:
        """For a hidden field."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    def source_text(self) -> str:
        """The text all places count in; raises ``FileGone``."""
        with files.open_file(self.text.sha256) as kept:
            return kept.read().decode("utf-8")

    def files(self) -> tuple[FileRef, ...]:
        """The evidence of each item: the text as read and, where it is of a kind that is kept, the paper."""
        return (self.text,) if self.paper is None else (self.paper, self.text)

    def sources(self, text: str) -> list[str]:
        """Each item's own key: the decision and the words of its place, so that a second handing in finds it again."""
        seen: Counter[str] = Counter()
        keys = []
        for item in self.items:
            words = _digest(text[item.start : item.end])
            seen[words] += 1
            keys.append(f"decision:{self.identity}:{words}:{seen[words]}")
        return keys


def carried_of(token: str, by: str) -> Carried:
    """The signed value again; raises ``Unreadable`` when it was changed, cut off, or is somebody else's."""
    try:
        raw: dict[str, Any] = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise Unreadable(_("表单不完整或者被改动过，请重新读取文件。")) from None
    if raw["by"] != by:
        raise Unreadable(_("这份文件是别人读取的，请重新读取。"))
    items = tuple(
        Noted(one["start"], one["end"], tuple(one["candidates"]), tuple(one["doubts"]))
        for one in raw["items"]
    )
    paper = FileRef(**raw["paper"]) if raw["paper"] else None
    return Carried(**{**raw, "text": FileRef(**raw["text"]), "paper": paper, "items": items})


def from_file(upload: UploadedFile[bytes], issued: date | None, calendar: Calendar) -> Decision:
    """Read an uploaded file; raises ``Unreadable``."""
    try:
        name = clean_name(upload.name or "")
    except BadName as error:
        raise Unreadable(str(error)) from error
    if (upload.size or 0) > MOST_BYTES:
        raise Unreadable(_("文件超过 {n} MB，请拆分后分别读取。").format(n=MOST_BYTES >> 20))
    with tempfile.TemporaryDirectory(prefix="qianshao-decision-") as folder:
        path = Path(folder) / "paper"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return _read(path, name, issued, calendar)


def from_text(text: str, issued: date | None, calendar: Calendar) -> Decision:
    """Read pasted text; raises ``Unreadable``."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(_("文字超过 {n} 字，请分段读取。").format(n=MOST_CHARACTERS))
    with tempfile.TemporaryDirectory(prefix="qianshao-decision-") as folder:
        path = Path(folder) / "paper"
        path.write_text(text.replace("\x00", ""), encoding="utf-8")
        return _read(path, _("粘贴的文字") + ".txt", issued, calendar)


def _read(path: Path, name: str, issued: date | None, calendar: Calendar) -> Decision:
    try:
        decision = read(open_paper(path, name=name), calendar=calendar, issued=issued)
    except PaperError as error:
        raise Unreadable(telling.sentence(error.words)) from error
    if len(decision.text) > MOST_CHARACTERS:
        raise Unreadable(_("文字超过 {n} 字，请分段读取。").format(n=MOST_CHARACTERS))
    if not decision.items:
        raise Unreadable(_("没有读到任务。请确认是任务分解、分工方案、决定或者工作报告。"))
    return decision


def keep_text(
    decision: Decision, upload: UploadedFile[bytes] | None, now: datetime
) -> tuple[FileRef, FileRef | None]:
    """Keep the text as read, and the paper where its kind is kept; raises ``Unreadable``, also for a secret mark."""
    try:
        text = files.keep(decision.text.encode(), _("读出的文字") + ".txt", now=now)
        paper = None
        if upload is not None and extension(upload.name or "") in MEDIA_TYPES:
            paper = files.keep(b"".join(upload.chunks()), upload.name or "", now=now)
    except (BadName, BadType, SecretMark, files.TooLarge) as error:
        raise Unreadable(str(error)) from error
    if paper is None or paper.sha256 == text.sha256:
        return _ref(paper or text), None
    return _ref(text), _ref(paper)


def _ref(kept: files.Kept) -> FileRef:
    return FileRef(name=kept.name, sha256=kept.sha256, sm3=kept.sm3, size=kept.size)


def identity_of(decision: Decision) -> str:
    """The same for the same decision as .docx, .pdf or pasted: its number, without one its words."""
    return _digest(decision.number or decision.text)


def _digest(words: str) -> str:
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()[:24]
