"""Learning from clerks' corrections: what is learned, what the page tells, and the desk that uses it without a restart."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cast import NOW, SignIn, clerk
from click.testing import CliRunner, Result
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, perform, perform_many
from qianshao.core.duties.models import Duty
from qianshao.core.jobs import runner
from qianshao.core.jobs.models import Job
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline import learning, sorting
from qianshao.modules.hotline.models import Learned, Member, Tolerated
from qianshao.modules.hotline.sorting import store
from qianshao.site.commands.root import root
from qianshao.site.hotline import learned, learning_job
from qianshao.site.hotline.suggesting import Draft, hints

pytestmark = pytest.mark.django_db
AGENT = clerk("hotline.read", "hotline.text", "hotline.receive")
LAMP = ("路灯不亮", "小区门口的路灯坏了，晚上看不清路面")
DOCTOR = ("门诊排队", "医院门诊挂号的医生太少，排队很久")
DRAFT = Draft(title=LAMP[0], body=LAMP[1])
CALLER, PHONE = "林晓枫", "13812345678"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.HOTLINE_MODEL = tmp_path / "classes.model"
    learning_job._planned.clear()
    yield


def orders(count: int, letter: tuple[str, str], topic: str) -> list[Duty]:
    kind = registry.kind("hotline.order")
    given = [
        Delivery(
            kind=kind,
            fact=f.Received(
                at=NOW - timedelta(hours=n + 1), title=f"{letter[0]}（{CALLER}）",
                body=f"{letter[1]}，我是{CALLER}，电话{PHONE}", channel="phone", topic=topic,
                caller=CALLER, phone=PHONE,
            ),
        )
        for n in range(count)
    ]  # fmt: skip
    found = perform_many(given, actor=machine("test"), now=NOW, src="test")
    return [Duty.objects.get(stream=one.stream) for one in found if hasattr(one, "stream")]


def corrected(duties: list[Duty], topic: str) -> None:
    kind, robot = registry.kind("hotline.order"), machine("test")
    for duty in duties:
        fact = f.Classified(at=NOW, appeal="complain", topic=topic)
        perform(kind=kind, duty=duty, fact=fact, actor=robot, now=NOW, src="test")


@pytest.fixture
def city_of_calls(city: dict[str, Unit]) -> None:
    """Twelve calls about doctors, twelve about lamps; a clerk put the lamps right, they had come as noise."""
    orders(12, DOCTOR, "医疗卫生")
    corrected(orders(12, LAMP, "噪声扰民"), "道路照明")


def learn(unless_worse: bool = False) -> Learned:
    return learning.learn(
        learned.settings.HOTLINE_MODEL, NOW, lambda _done, _of: None, unless_worse=unless_worse
    )


def test_the_class_a_clerk_put_right_is_learned_and_the_desk_uses_it_at_once(city_of_calls: None) -> None:
    before = hints(DRAFT, AGENT, NOW).topics
    row = learn()
    (first, *_rest) = hints(DRAFT, AGENT, NOW).topics

    assert "分类模型" not in before[0].because
    assert (first.value, "分类模型" in first.because) == ("道路照明", True)
    assert (row.examples, row.classes, row.reclassified, row.used) == (24, 2, 12, True)
    assert row.sha256 == learned.digest_in_use()


def test_the_file_of_the_model_holds_no_name_and_no_number(city_of_calls: None) -> None:
    learn()
    with zipfile.ZipFile(learned.settings.HOTLINE_MODEL) as archive:
        held = b"\n".join(archive.read(name) for name in archive.namelist()).decode("latin-1")
    model = sorting.load(learned.settings.HOTLINE_MODEL)
    symbols = {symbol for view in model.views for symbol in view.runs.symbols}

    assert "路" in symbols
    assert CALLER.encode().decode("latin-1") not in held
    assert not set(CALLER[1:]) & symbols  # in every order, and yet not there
    assert not any(symbol.isdigit() for symbol in symbols)


def test_what_stands_in_one_or_two_orders_alone_is_not_kept(city: dict[str, Unit]) -> None:
    orders(12, DOCTOR, "医疗卫生")
    orders(11, LAMP, "道路照明")
    orders(1, ("路灯不亮", "鲎缆碇门口的路灯坏了"), "道路照明")

    learn()

    symbols = {s for view in sorting.load(learned.settings.HOTLINE_MODEL).views for s in view.runs.symbols}
    assert not set("鲎缆碇") & symbols


def test_merged_withdrawn_and_rare_orders_teach_nothing(city_of_calls: None) -> None:
    orders(3, ("鸽子太多", "楼上养鸽子"), "养鸽")
    Duty.objects.filter(pk__in=[one.pk for one in Duty.objects.filter(topic="医疗卫生")[:1]]).update(
        phase="merged"
    )

    found = learning.gather()

    assert (len(found.examples), found.rare) == (23, 3)


def test_a_model_that_became_clearly_worse_is_not_taken_into_use(city_of_calls: None) -> None:
    first = learn()
    model = sorting.load(learned.settings.HOTLINE_MODEL)
    told = model.about["cross_validation"]
    better = {**model.about, "cross_validation": {**told, "macro_f1": told["macro_f1"] + 0.03}}
    store.write(replace(model, about=better), learned.settings.HOTLINE_MODEL)
    digest = learned.digest_in_use()

    again = learn(unless_worse=True)

    assert (again.used, again.sha256, learned.digest_in_use()) == (False, "", digest)
    assert learning.latest() == Learned.objects.get(pk=first.pk)


def test_orders_of_one_matter_say_nothing_of_new_matters_and_the_page_tells_so(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    for letter, topic in ((DOCTOR, "医疗卫生"), (LAMP, "道路照明")):
        told = [(letter[0], f"{letter[1]}，{words}") for words in ("请处理", "已经三天", "老人不便")]
        made = [duty for one in told for duty in orders(5, one, topic)]
        Member.objects.bulk_create(
            Member(stream=duty.stream, group=made[0].stream, text=n // 5, at=NOW)
            for n, duty in enumerate(made)
        )

    row = learn()
    page = sign_in("hotline.agent").get("/hotline/learning/").content.decode()

    about = sorting.load(learned.settings.HOTLINE_MODEL).about
    assert (
        about["cross_validation"]["accuracy"] == 1.0
    )  # each text alone held apart: its neighbours give it away
    assert (about["new_matters"]["accuracy"], row.macro_f1) == (0.0, 0)
    assert "多是同一件事的重复" in page and "没人反映过的事" in page
    assert learned.threshold(sorting.load(learned.settings.HOTLINE_MODEL)) > 1


def test_the_page_tells_the_model_the_corrections_and_what_a_person_decides(
    sign_in: SignIn, city_of_calls: None
) -> None:
    client = sign_in("hotline.agent")
    empty = client.get("/hotline/learning/").content.decode()
    assert "还没有模型" in empty and ">12</a>" in empty

    assert client.post("/hotline/learning/start/").status_code == 302
    assert "学习已排队" in client.get("/hotline/learning/").content.decode()
    assert runner.work_once(lambda: NOW) == 1
    page = client.get("/hotline/learning/").content.decode()

    assert "从本市工单学习" in page and "已启用" in page
    assert page.count('name="per_mille"') == 6
    listed = client.get("/duties/?kind=hotline.order&marks=reclassified").content.decode()
    assert listed.count("路灯不亮") == 12
    assert Job.objects.get(kind="hotline-learning").result == {"examples": 24, "classes": 2, "used": True}


def test_the_tolerated_rate_is_chosen_from_the_table_and_the_desk_says_where_it_is_not_sure_enough(
    sign_in: SignIn, city_of_calls: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn()
    client = sign_in("hotline.agent")

    assert (
        "请从表中选择"
        in client.post("/hotline/learning/tolerate/", {"per_mille": "7"}, follow=True).content.decode()
    )
    client.post("/hotline/learning/tolerate/", {"per_mille": "10"})

    assert Tolerated.objects.get().per_mille == 10 == learned.tolerated()
    monkeypatch.setattr(learned, "threshold", lambda _model: 1.01)
    assert "请人工判断" in hints(DRAFT, AGENT, NOW).topics[0].because
    monkeypatch.setattr(learned, "threshold", lambda _model: 0.0)
    assert "请人工判断" not in hints(DRAFT, AGENT, NOW).topics[0].because


def test_learning_at_night_waits_for_enough_that_is_new_and_leaves_a_foreign_model_alone(
    city_of_calls: None,
) -> None:
    night = NOW.astimezone(SHANGHAI).replace(hour=3, minute=5)
    learning_job.plan(night.replace(hour=2))
    assert not Job.objects.exists()
    learning_job.plan(night)
    learning_job.plan(night)
    assert Job.objects.filter(kind="hotline-learning").count() == 1
    runner.work_once(lambda: night)

    assert not learning_job.due(night + timedelta(days=8))  # nothing new
    corrected(orders(2, LAMP, "噪声扰民"), "道路照明")
    assert not learning_job.due(night + timedelta(days=1))
    assert learning_job.due(night + timedelta(days=8))
    learned.settings.HOTLINE_MODEL.write_bytes(b"another")
    assert not learning_job.due(night + timedelta(days=8))


def test_too_little_is_a_sentence_on_the_page(sign_in: SignIn, city: dict[str, Unit]) -> None:
    client = sign_in("hotline.agent")
    client.post("/hotline/learning/start/")
    runner.work_once(lambda: NOW)

    assert "无从学习" in client.get("/hotline/learning/").content.decode()


def test_those_who_do_not_analyse_may_look_and_not_start(sign_in: SignIn, city: dict[str, Unit]) -> None:
    unit = sign_in("hotline.unit", "housing")

    assert unit.get("/hotline/learning/").status_code == 200
    assert unit.post("/hotline/learning/start/").status_code == 403
    assert unit.post("/hotline/learning/tolerate/", {"per_mille": "10"}).status_code == 403
    assert sign_in("openness.clerk").get("/hotline/learning/").status_code == 403


def run(*words: object) -> Result:
    return CliRunner().invoke(root, ["hotline", "train", *[str(word) for word in words]])


def test_the_command_learns_from_the_register_with_and_without_a_sheet(
    city_of_calls: None, tmp_path: Path, robot: Actor
) -> None:
    sheet = tmp_path / "more.csv"
    lines = "".join(f"m{n},公交车太少,末班车太早{n},公交出行\n" for n in range(12))
    sheet.write_text(f"message_id,title,body,label_l1\n{lines}", encoding="utf-8")

    alone = json.loads(run("--from-register", "--out", tmp_path / "a.model", "--json").stdout)
    both = json.loads(run(sheet, "--from-register", "--out", tmp_path / "b.model", "--json").stdout)

    assert (alone["examples"], alone["classes"]) == (24, ["医疗卫生", "道路照明"])
    assert (both["examples"], both["classes"]) == (36, ["公交出行", "医疗卫生", "道路照明"])
    assert "请指明" in str(run("--out", tmp_path / "c.model").exception)
