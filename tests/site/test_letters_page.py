"""The letters of a request on its page: offered to who handles it, filled, and kept like any look at a name."""

from __future__ import annotations

import io
from datetime import date

import pytest
from cast import NOW, SignIn, moment
from django.utils import timezone
from docx import Document

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Reveal
from qianshao.core.org.models import Unit
from qianshao.modules.openness.requests import facts as r

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def refused(city: dict[str, Unit], robot: Actor) -> Duty:
    """A request of 王五 refused as process information."""
    kind = registry.kind("openness.request")
    duty = None
    for fact in (
        r.Received(
            at=moment("2026-01-05"), channel="web", wanted="征地批复", applicant="王五", unit="housing"
        ),
        r.Answered(
            at=moment("2026-01-20"),
            outcome="process",
            reason="属于讨论记录",
            review_told=True,
            posted_on=date(2026, 1, 21),
        ),
    ):
        receipt = perform(kind=kind, duty=duty, fact=fact, actor=robot, now=NOW, src="test")
        duty = Duty.objects.get(stream=receipt.stream)
    assert duty is not None
    return duty


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def test_the_reply_is_filled_and_the_look_is_kept(refused: Duty, sign_in: SignIn) -> None:
    client = sign_in("openness.unit", "housing")

    page = client.get(f"/duties/{refused.stream}/").content.decode()
    answer = client.post(f"/duties/{refused.stream}/letters/reply.O9/1/")

    assert f"/duties/{refused.stream}/letters/reply.O9/1/" in page
    assert "reply.O4" not in page
    text = text_of(answer.content)
    for words in ("王五：", "征地批复", "属于讨论记录", "市住房和城乡建设局", "2026年1月20日"):
        assert words in text
    assert "应当先自收到本文书之日起60日内向刺桐市人民政府申请行政复议" in text
    (kept,) = Reveal.objects.all()
    assert (kept.stream, kept.fields) == (refused.stream, "applicant,wanted")
    assert "王五" not in kept.reason


def test_the_three_dates_stand_on_the_page(refused: Duty, sign_in: SignIn, robot: Actor) -> None:
    client = sign_in("openness.unit", "housing")
    before = client.get(f"/duties/{refused.stream}/").content.decode()
    delivered = r.Delivered(at=moment("2026-01-23"), how="邮寄签收", posted_on=date(2026, 1, 22))
    kind = registry.kind("openness.request")
    perform(kind=kind, duty=refused, fact=delivered, actor=robot, now=NOW, src="test")

    after = client.get(f"/duties/{refused.stream}/").content.decode()

    assert '送达 <span class="quiet">未登记' in before
    line = after[after.index("letter-days") : after.index("</p>", after.index("letter-days"))]
    for day in ("2026年1月20日", "2026年1月22日", "2026年1月23日", "邮寄签收"):
        assert day in line


@pytest.mark.parametrize(
    ("role", "unit", "status"), [("openness.unit", "water", 404), ("mayor", "city", 403)]
)
def test_nobody_else_gets_a_letter(refused: Duty, sign_in: SignIn, role: str, unit: str, status: int) -> None:
    client = sign_in(role, unit)

    assert client.post(f"/duties/{refused.stream}/letters/reply.O9/1/").status_code == status
    assert 'id="letters"' not in client.get(f"/duties/{refused.stream}/").content.decode()
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("letter", ["reply.O4/1", "reply.O9/2", "nothing/1"])
def test_a_letter_the_request_does_not_call_for_is_not_there(
    refused: Duty, sign_in: SignIn, letter: str
) -> None:
    client = sign_in("openness.unit", "housing")

    assert client.post(f"/duties/{refused.stream}/letters/{letter}/").status_code == 404
    assert client.get(f"/duties/{refused.stream}/letters/reply.O9/1/").status_code == 405
