"""Every page in both languages: whoever chose English reads no Chinese but names and citations, and the reverse.

The walk begins at the first page with every right there is, and follows links, one of each sort: an address and
the names of its parameters. Only what a reader is shown or read aloud is looked at. Code, samples of code and
words marked as another language are passed over.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import chain
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from cast import NOW, moment, put_down
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry, rulebook
from qianshao.core.duties.door import perform, void
from qianshao.core.duties.models import Duty
from qianshao.core.jobs.runner import work_once
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.calendar_data import shipped_years
from qianshao.kernel.clock.telling import REGULATIONS
from qianshao.kernel.clock.terms import MONTH_END, ROLL_OVER, START_CITATIONS
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline import facts as f
from qianshao.modules.learning.module import Held, Planned
from qianshao.modules.openness.watch import columns
from qianshao.site.setup import holidays

pytestmark = pytest.mark.django_db

CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uff09\uff0b-\uffef]")  # not ＊, the mark of a needed column
ENGLISH = re.compile("[A-Za-z]{2,}")
# What Chinese pages say in Latin letters: names of formats, algorithms, laws of the net, keys, and units.
LATIN = re.compile(
    r"\b(SHA-256|API|Excel|Word|CSV|HTML|JSON|CSRF|RFC|UTF-8|GB18030|GBK|MB|GB|SM3|RX[0-9]{8}-[0-9A-Z]{6}"
    r"|Ctrl|Alt|Esc|ln|Farrington|Noufaily|mid-P|SVG|PIN|TOTP|https|Standard Webhooks|czj|Received|Closed"
    r"|QIANSHAO_[A-Z_]+|qianshao( [a-z]+)+|tools/verify_ledger\.py|channels\.toml)\b"
    r"|(orders|later)?\.(csv\.gz|csv|xlsx|xls|ods|docx|pdf|html|txt|md|json|geojson)\b"
)
_SILENT = {"script", "style", "code", "pre", "kbd"}
_HOLLOW = {"input", "br", "img", "meta", "link", "hr", "col"}
_SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-confirm")
_SHEETS = {
    "en": (
        "messageid,sentat,title,body,reply,repliedat,unit",
        "Lamp {n} is broken",
        "Please mend it",
        "Done",
    ),
    "zh-hans": ("编号,受理时间,标题,内容,答复内容,答复时间,承办单位", "路灯{n}不亮", "请派人来修", "已修好"),
}


class Reader(HTMLParser):
    """What a page shows and says, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._inside: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        silent = tag in _SILENT or (tag != "html" and "lang" in given)
        if tag not in _HOLLOW:
            self._inside.append((tag, silent))
        if not silent:
            self.said += [given[name] for name in _SPOKEN if given.get(name)]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(silent for _tag, silent in self._inside):
            self.said.append(data.strip())


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def holder(login: str, roles: Iterable[str], city: dict[str, Unit]) -> Client:
    """Somebody who holds these roles in the whole city, signed in."""
    account = Account(login=login, person=Person.objects.create(name="林一"))
    account.set_unusable_password()
    account.save()
    for role in roles:
        Grant.objects.create(account=account, role=role, unit=city["city"], valid_from=NOW.date())
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def everybody(city: dict[str, Unit]) -> Client:
    """One who holds every role that goes together, so that no page but the administrators' is closed."""
    return holder("all", set(registry.roles()) - settings.ADMINISTRATORS, city)


@pytest.fixture
def administrators(city: dict[str, Unit], settings: Settings) -> list[Client]:
    """The three whose roles nobody may hold together with another, without their second factor."""
    settings.SECOND_FACTOR_ROLES = frozenset()
    return [holder(role, [role], city) for role in sorted(settings.ADMINISTRATORS)]


def opened(kind_key: str, first: Fact, *then: Fact) -> Duty:
    kind, robot = registry.kind(kind_key), machine("test")
    receipt = perform(kind=kind, fact=first, actor=robot, now=NOW, src="test")
    duty = Duty.objects.get(stream=receipt.stream)
    for fact in then:
        perform(kind=kind, duty=duty, fact=fact, actor=robot, now=NOW, src="test")
        duty.refresh_from_db()
    return duty


def busy(language: str) -> None:
    """Duties in every state, with their own words in the language of the pages."""
    word = "lamp" if language == "en" else "路灯"

    def received(on: str, unit: str = "housing") -> f.Received:
        return f.Received(
            at=moment(on), title=word, body=word, channel="web", unit=unit, caller=word, phone="13800138000"
        )

    day = moment("2026-02-25")
    asked = f.Asked(at=day, until=moment("2026-03-05").date(), what=word)
    opened("hotline.order", received("2026-02-24", unit=""))
    opened("hotline.order", received("2025-09-25"))
    opened("hotline.order", received("2026-02-27"))
    opened("hotline.order", received("2026-02-24"), asked)
    opened("hotline.order", received("2026-02-24"), asked, f.Supplied(at=moment("2026-02-26"), note=word))
    opened("hotline.order", received("2026-02-24"), f.Replied(at=day, reply=word))
    opened("hotline.order", received("2025-12-24"), f.Replied(at=day, reply=word))
    opened("hotline.order", received("2026-02-24"), f.Withdrawn(at=day, reason=word))
    extended = opened(
        "hotline.order",
        received("2026-02-25"),
        f.Extended(at=moment("2026-02-26"), days=3, reason=word, agreed_by=word),
    )
    void(
        duty=extended,
        kind=registry.kind("hotline.order"),
        entry=2,
        reason=word,
        actor=machine("test"),
        now=NOW,
        src="test",
    )
    planned = Planned(at=moment("2026-03-01"), unit="housing", month="2026-03")
    opened("learning.session", planned)
    opened("learning.session", planned, Held(at=NOW, topic=word, present=9))


def imported(client: Client, language: str) -> list[str]:
    """A sheet brought in by the pages themselves, with a row that cannot be read; the pages of another, uploaded."""
    head, title, body, reply = _SHEETS[language]
    rows = [f"{n},2026-02-2{n} 10:00:00,{title.format(n=n)},{body},,," for n in range(1, 4)]
    rows.append(f"5,2026-01-06 10:00:00,{title.format(n=5)},{body},{reply},2026-01-08 10:00:00,市水利局")
    rows.append(f"6,gestern,{title.format(n=6)},{body},,,")
    runs = []
    for name in ("orders.csv", "later.csv"):
        sheet = SimpleUploadedFile(name, "\n".join([head, *rows]).encode(), "text/csv")
        runs.append(re.sub(r"(columns|preview)/$", "", client.post("/import/", {"file": sheet})["Location"]))
    form = {f"column-{n}": key for n, key in enumerate(_KEYS)} | {"whole-channel": "web", "source": "t"}
    assert client.post(f"{runs[0]}columns/", form).status_code == 302
    client.post(runs[0], {"do": "start"})
    assert work_once(lambda: NOW) == 1
    assert client.post(f"{runs[1]}columns/", form).status_code == 302
    return [f"{runs[1]}columns/", f"{runs[1]}preview/"]


_FIXED = ("kind", "fact", "key", "run")  # parts of an address that make it another sort of page
_KEYS = ("number", "received_at", "title", "body", "reply", "replied_at", "unit")


def walk(client: Client, *more: str) -> Iterator[tuple[str, Reader]]:
    """Every sort of page that links lead to, each once."""
    waiting, seen = deque(["/", "/api/docs/", *more]), set[object]()
    while waiting:
        where = waiting.popleft()
        split = urlsplit(where)
        try:
            match = resolve(split.path)
        except Resolver404:  # a file, not a page
            continue
        asked = parse_qsl(split.query)
        fixed = tuple(
            value for name, value in sorted(match.kwargs.items()) if name in ("kind", "fact", "key")
        )
        names = {name for name, _value in asked}
        if (
            match.view_name == "duties"
        ):  # figures lead to hundreds of lists that differ in their conditions only
            names &= {"group", "lamp", "as_of", "text"}
        chosen = tuple(value for name, value in asked if name in ("group", "lamp"))
        sort = (match.view_name, fixed, tuple(sorted(names)), chosen)
        many = match.view_name in ("duty", "duty-why")  # each duty is in another state
        if (where if many else sort) in seen or "export" in match.view_name:
            continue
        seen.add(where if many else sort)
        response = client.get(where, follow=True)
        if not response.headers["Content-Type"].startswith("text/html"):
            put_down(response)  # a download; what it is read from is gone with it
            continue
        assert response.status_code == 200, where
        reader = Reader(response.content.decode())
        yield where, reader
        waiting.extend(urljoin(where, link) for link in reader.links if not link.startswith(("#", "http")))


def data() -> list[str]:
    """Names and citations that stay as they are: units, people, laws, notices, the city's notes."""
    found = {"林一", "test", REGULATIONS, MONTH_END, ROLL_OVER, *START_CITATIONS.values()}
    for unit in Unit.objects.all():
        found |= {unit.name, unit.short, unit.code}
    for text in rulebook.shipped():
        found |= {text.rule.citation.law, text.rule.citation.article, text.note, text.edition}
    for year in shipped_years():
        for edition in year.editions:
            notice = edition.notice
            found |= {notice.title, notice.number, f"{notice.title}（{notice.number}）"}
    for kind in registry.kinds().values():
        found.add(kind.law)
    found |= {meter.article for meter in registry.meters().values()}
    found |= set(Account.objects.values_list("login", flat=True))
    for line in columns.written(columns.in_force(NOW.date())).splitlines():
        found |= {line, *line.split("：")}
    for row in (holidays.COLUMNS, *holidays.EXAMPLE):  # what stands in the sheet itself
        found |= set(row)
    return sorted(found - {""}, key=len, reverse=True)


def left_over(said: str, known: list[str]) -> str:
    for name in known:
        said = said.replace(name, "")
    return said


def test_english_pages_show_no_chinese_but_names_and_citations(
    everybody: Client, administrators: list[Client]
) -> None:
    for client in (everybody, *administrators):
        client.post("/language/", {"language": "en"})
    busy("en")
    uploaded = imported(everybody, "en")
    known, found = data(), dict[str, str]()

    pages = 0
    for where, reader in chain(walk(everybody, *uploaded), *map(walk, administrators)):
        pages += 1
        for said in reader.said:
            if CHINESE.search(left_over(said, known)):
                found.setdefault(said, where)

    assert not found, "\n".join(f"{where}: {said}" for said, where in found.items())
    assert pages > 60


def test_chinese_pages_show_no_english_but_technical_names(
    everybody: Client, administrators: list[Client]
) -> None:
    busy("zh-hans")
    uploaded = imported(everybody, "zh-hans")
    known, found = data(), dict[str, str]()

    pages = 0
    for where, reader in chain(walk(everybody, *uploaded), *map(walk, administrators)):
        pages += 1
        if where == "/api/docs/":  # its sentences name parameters and fields
            continue
        for said in reader.said:
            if ENGLISH.search(left_over(LATIN.sub("", said), known)):
                found.setdefault(said, where)

    assert not found, "\n".join(f"{where}: {said}" for said, where in found.items())
    assert pages > 60


REFUSED_QUESTIONS = [
    "/duties/?colour=red",
    "/duties/?open=yes",
    "/duties/?month=x",
    "/duties/?month__in=x",
    "/duties/?phase__lt=a",
    "/duties/?lamp=blue",
    "/duties/?due_at__lt=2026-13-01",
    "/duties/?as_of=gestern",
    "/duties/?sort=colour",
    "/duties/?kind=hotline.nothing",
    "/duties/?unit=nowhere",
    "/duties/?text=%00",
    f"/duties/?text={'x' * 201}",
    "/duties/?as_of=2026-01-01&sort=due",
    "/duties/?after=zzz",
    "/duties/export/?format=doc",
    "/figures/hotline.answered_in_time/?since=gestern",
    "/figures/hotline.answered_in_time/?unit=nowhere",
    "/calendar/?year=1066",
    "/?as_of=gestern",
    "/nowhere/",
]


@pytest.mark.parametrize("question", REFUSED_QUESTIONS)
def test_a_refused_question_is_answered_in_the_language_of_the_page(everybody: Client, question: str) -> None:
    everybody.post("/language/", {"language": "en"})

    response = everybody.get(question)

    said = Reader(response.content.decode()).said
    assert response.status_code in (200, 400, 404)
    assert [text for text in said if CHINESE.search(left_over(text, data()))] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("orders.csv", b"a,b\n1,2\n"),
        ("orders.csv", b"\x00\x01\x02\x03" * 50),
        ("orders.csv", b'a,b\n"1,2\n3,4\n'),
        ("orders.xlsx", b"PK\x03\x04 nothing"),
        ("orders.xls", b"<html><table></table></html>"),
        ("orders.csv.gz", b"\x1f\x8b nothing"),
        ("program.exe", b"MZ"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_in_the_language_of_the_page(
    everybody: Client, name: str, content: bytes
) -> None:
    everybody.post("/language/", {"language": "en"})

    response = everybody.post("/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)

    said = Reader(response.content.decode()).said
    assert [text for text in said if CHINESE.search(left_over(text, data()))] == []


def test_forms_sent_back_say_why_in_the_language_of_the_page(everybody: Client) -> None:
    everybody.post("/language/", {"language": "en"})
    busy("en")
    rule = "/rules/hotline.answer/"
    edition = {
        "n": 5,
        "amber": 1,
        "valid_from": "2026-04-01",
        "law": "L",
        "article": "1",
        "reason": "because",
    }
    open_duty = Duty.objects.filter(kind="hotline.order", open=True, paused=False).first()
    assert open_duty is not None
    act = f"/duties/{open_duty.stream}/act/"

    answers = [
        everybody.post(rule, {}),
        everybody.post(rule, edition | {"n": "many"}),
        everybody.post(rule, edition | {"valid_from": "gestern"}),
        everybody.post(rule, edition, follow=True),
        everybody.post(rule, edition, follow=True),
        everybody.post("/duties/new/hotline.order/Received/", {}),
        everybody.post(f"{act}Supplied/", {"at": "2026-03-02T09:00", "note": "n"}),
        everybody.post(f"{act}Asked/", {"at": "2026-03-02T09:00", "until": "2026-01-01", "what": "w"}),
        everybody.post(f"{act}Replied/", {"at": "2027-01-01T00:00", "reply": "r"}),
        everybody.post(f"{act}Extended/", {"at": "2026-03-02T09:00", "days": 900, "reason": "r"}),
        everybody.post("/duties/bulk/", {"kind": "hotline.order", "fact": "Replied"}),
        everybody.post("/views/", {"name": "", "query": ""}, follow=True),
        everybody.post("/import/", {}, follow=True),
        Client(headers={"cookie": "django_language=en"}).post(
            "/sign-in/", {"login": "nobody", "password": "wrong"}
        ),
    ]

    known = data()
    said = [text for answer in answers for text in Reader(answer.content.decode()).said]
    assert [text for text in said if CHINESE.search(left_over(text, known))] == []
    assert [
        answer.status_code for answer in answers if answer.status_code not in (200, 400, 401, 409, 422)
    ] == []
