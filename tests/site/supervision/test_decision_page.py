"""From a decision to its items on the page: read, corrected, opened together or not at all, and never twice."""

from __future__ import annotations

import html
import io
import logging
import re
import zipfile
from datetime import date

import pytest
from cast import NOW, SignIn
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.files import keep as files
from qianshao.core.org.models import Unit
from qianshao.modules.supervision.items import facts as f
from qianshao.site.supervision.decisions import taking
from qianshao.site.supervision.decisions.places import pieces
from qianshao.site.supervision.decisions.taking import Noted

pytestmark = pytest.mark.django_db
NEW, OPEN = "/supervision/decisions/new/", "/supervision/decisions/open/"
DECISION = """刺桐市人民政府办公室关于加强排水防涝的工作方案
刺政办〔2026〕9号
各县（市、区）人民政府，市直有关单位：
一、主要任务
（一）清淤河道。6月底前完成内河清淤。（市水利局牵头，市住房和城乡建设局配合）
（二）改造管网。年底前改造老旧管网二十公里。（市住建局负责）
（三）开展联合巡查。（市水务集团负责）
刺桐市人民政府办公室
2026年2月10日
"""


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in("supervision.clerk", "office")


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form of items."""
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", page):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") == "checkbox":
            if tag.endswith(" checked>"):
                sent[found["name"]] = "on"
        elif "name" in found and found["name"] != "csrfmiddlewaretoken":
            sent[found["name"]] = html.unescape(found.get("value", ""))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = html.unescape(text)
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        sent[name] = chosen[1] if chosen else ""
    return sent


def review(client: Client, text: str = DECISION) -> tuple[str, dict[str, str]]:
    answer = client.post(NEW, {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 200, re.findall(r'role="alert">([^<]+)', page)
    return page, form_of(page)


def opened(duty: Duty) -> f.Assigned:
    (read,) = load([duty.stream], lock=False)
    fact = counted(read.facts)[0]
    assert isinstance(fact, f.Assigned)
    return fact


def document(text: str) -> bytes:
    """A .docx of these lines."""
    made = io.BytesIO()
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{lines}</w:body></w:document>'
        )
    return made.getvalue()


def corrected(client: Client) -> dict[str, str]:
    _page, sent = review(client)
    return {**sent, "lead-3": "water", "co-3": "住建局"}


def test_the_items_stand_beside_the_source_with_the_city_s_units(clerk: Client) -> None:
    page, sent = review(clerk)

    assert [sent[f"label-{n}"] for n in (1, 2, 3)] == ["（一）", "（二）", "（三）"]
    assert [sent[f"lead-{n}"] for n in (1, 2, 3)] == ["water", "housing", ""]
    assert (sent["co-1"], sent["phrase-1"], sent["due-1"]) == ("住建局", "6月底前", "2026-06-30")
    for n in (1, 2, 3):
        assert f'id="place-{n}"' in page and f'href="#place-{n}"' in page
    third = page[page.index('id="item-3"') :]
    assert "待核对" in third and "市水务集团" in third
    assert Duty.objects.count() == 0


def test_the_ticked_items_are_opened_together_with_source_and_evidence(clerk: Client) -> None:
    sent = corrected(clerk)
    del sent["take-2"]

    page = clerk.post(OPEN, sent).content.decode()

    assert "新立 2 项" in page
    made = {duty.unit.code: duty for duty in Duty.objects.filter(kind="supervision.item") if duty.unit}
    facts = [opened(duty) for duty in Duty.objects.order_by("id")]
    first = next(fact for fact in facts if fact.label == "（一）")
    assert set(made) == {"water"} and len(facts) == 2
    assert (first.unit, first.co_units, first.due) == ("water", "housing", date(2026, 6, 30))
    assert first.reference.endswith("刺政办〔2026〕9号") and "排水防涝" in first.reference
    assert "原文（读出文字第" in first.body and "市水利局牵头" in first.body
    (read,) = load([made["water"].stream], lock=False)
    (evidence,) = read.bodies[0].files
    with files.open_file(str(evidence["sha256"])) as kept:
        assert "完成内河清淤" in kept.read().decode()


def test_the_same_decision_is_not_opened_twice_whatever_file_it_comes_in(clerk: Client) -> None:
    clerk.post(OPEN, corrected(clerk))
    assert Duty.objects.count() == 3

    lines = "".join(f"<p>{line}</p>" for line in DECISION.splitlines())
    upload = SimpleUploadedFile("方案.html", f"<html><body>{lines}</body></html>".encode())
    page = clerk.post(NEW, {"file": upload}).content.decode()
    assert page.count("已经立项") == 3 and not any(name.startswith("take-") for name in form_of(page))
    again = {**form_of(page), "lead-1": "housing", "lead-3": "water", "co-3": "住建局", "co-1": ""}
    answer = clerk.post(OPEN, again | {f"take-{n}": "on" for n in (1, 2, 3)}).content.decode()

    assert "新立 0 项；3 项" in answer and Duty.objects.count() == 3
    assert answer.count("不同之处没有写入") == 1


def test_the_paper_itself_is_evidence_where_its_kind_is_kept(clerk: Client) -> None:
    paper = document(DECISION)
    page = clerk.post(NEW, {"file": SimpleUploadedFile("方案.docx", paper)}).content.decode()

    clerk.post(OPEN, {**form_of(page), "lead-3": "water", "co-3": ""})

    duties = Duty.objects.all()
    assert len(duties) == 3
    for read in load([duty.stream for duty in duties], lock=False):
        attached, words = read.bodies[0].files
        assert attached["n"] == "方案.docx" and words["n"] == "读出的文字.txt"
        with files.open_file(str(attached["sha256"])) as kept:
            assert kept.read() == paper


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("lead-3", "", "没有选牵头单位"),
        ("lead-1", "moon", "不在本市单位里"),
        ("co-1", "月亮局", "单位“月亮局”对不上"),
        ("due-2", "明天", "办结期限不是日期"),
        ("text-2", "", "任务内容是空的"),
        ("text-2", "长" * 5001, "超过 5000 字"),
        ("label-2", "长" * 41, "“原文序号”太长"),
    ],
)
def test_one_item_that_cannot_be_opened_stops_all_and_is_told_beside_it(
    clerk: Client, name: str, value: str, sentence: str
) -> None:
    answer = clerk.post(OPEN, corrected(clerk) | {name: value})

    page = answer.content.decode()
    item = page[page.index(f'id="item-{name[-1]}"') :].partition("</fieldset>")[0]
    assert answer.status_code == 422 and sentence in item
    assert "一项也没有写入" in page and Duty.objects.count() == 0
    if name != "lead-3":
        assert form_of(page)["co-3"] == "住建局", "what was corrected is lost"


def test_what_the_door_refuses_rolls_everything_back(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = corrected(clerk)
    monkeypatch.setattr(
        "qianshao.core.duties.naming.unknown",
        lambda kind, fact, stream: "没有这个单位" if fact.label == "（三）" else None,
    )

    answer = clerk.post(OPEN, sent)

    assert answer.status_code == 422 and "没有这个单位" in answer.content.decode()
    assert Duty.objects.count() == 0


def test_a_task_of_all_counties_becomes_one_item_of_each(clerk: Client, city: dict[str, Unit]) -> None:
    Unit.objects.create(
        code="county-2", name="刺西县", short="刺西县", kind="county", parent=city["city"], path="/county-2/",
        valid_from=date(2000, 1, 1), order=9,
    )  # fmt: skip
    text = DECISION.replace("市水务集团负责", "各县（市、区）政府负责")
    _page, sent = review(clerk, text)
    assert sent["lead-3"] == "county-1,county-2"

    for _time in range(2):
        clerk.post(OPEN, sent)

    leads = sorted(opened(duty).unit for duty in Duty.objects.all())
    assert leads == ["county-1", "county-2", "housing", "water"]
    alone = clerk.post(OPEN, sent | {"lead-3": "county-2"}).content.decode()
    assert "新立 0 项；3 项" in alone, "one of the group is that group's item"


def test_only_who_may_open_items_is_shown_the_way(sign_in: SignIn, clerk: Client) -> None:
    unit = sign_in("supervision.unit", "housing")

    assert NEW in clerk.get("/supervision/").content.decode()
    assert NEW not in unit.get("/supervision/").content.decode()
    assert unit.get(NEW).status_code == 403
    assert unit.post(NEW, {"text": DECISION}).status_code == 403
    assert unit.post(OPEN, {}).status_code == 403


def test_a_form_that_was_changed_or_is_somebody_else_s_opens_nothing(sign_in: SignIn, clerk: Client) -> None:
    sent = corrected(clerk)

    other = sign_in("supervision.head", "city").post(OPEN, sent)
    bent = clerk.post(OPEN, sent | {"carried": sent["carried"][:-4] + "AAAA"})

    assert "是别人读取的" in other.content.decode() and "被改动过" in bent.content.decode()
    assert (other.status_code, bent.status_code, Duty.objects.count()) == (422, 422, 0)


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\x00" * 70_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.txt", b"", "空文件"),
        ("图.pdf", b"\x89PNG\r\n\x1a\n0000", "图片"),
        ("坏.docx", b"PK\x03\x04nothing", ""),
        ("大.docx", _bomb(), ""),
        ("信.txt", "今天天气很好。".encode(), "没有读到任务"),
        ("密.txt", ("机密★一年\n" + DECISION).encode(), "国家秘密"),
        ("大.txt", b"0" * (taking.MOST_BYTES + 1), "超过 20 MB"),
    ],
    ids=["empty", "picture", "broken", "bomb", "letter", "secret", "large"],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    clerk: Client, name: str, content: bytes, sentence: str
) -> None:
    answer = clerk.post(NEW, {"file": SimpleUploadedFile(name, content)})

    (told,) = re.findall(r'role="alert">([^<]+)</div>', answer.content.decode())
    assert answer.status_code == 422 and sentence in told and told.endswith("。")


def test_nothing_handed_in_and_too_much_text_are_told(clerk: Client) -> None:
    assert "请选择文件" in clerk.post(NEW, {}).content.decode()
    assert "超过 300000 字" in clerk.post(NEW, {"text": "字" * 300_001}).content.decode()


def test_nothing_of_the_text_is_logged(clerk: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        clerk.post(OPEN, corrected(clerk))

    assert "清淤" not in caplog.text and "改造老旧" not in caplog.text


def test_markup_in_a_decision_stays_text(clerk: Client) -> None:
    page, _sent = review(clerk, DECISION.replace("清淤河道", "清淤<b onclick=alert(1)>河道"))

    assert "<b onclick" not in page and "&lt;b onclick" in page


def test_the_pieces_are_the_whole_text_and_know_the_items_they_belong_to() -> None:
    text = "甲乙丙丁戊己"

    cut = pieces(text, [Noted(1, 4), Noted(2, 3), Noted(3, 6)])

    assert "".join(piece.text for piece in cut) == text
    assert [(p.text, p.items, p.begins) for p in cut] == [
        ("甲", (), ()),
        ("乙", (1,), (1,)),
        ("丙", (1, 2), (2,)),
        ("丁", (1, 3), (3,)),
        ("戊己", (3,), ()),
    ]
