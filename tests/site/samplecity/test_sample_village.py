"""A village made through the door: what a demonstration needs is there, and the ledger agrees with it."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from samplevillage import UNTIL, make

from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import rebuild, registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.core.notices.wake import wake
from qianshao.core.org import queries, units
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Condition, Scope, Selection
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kit.queries import figures
from qianshao.modules.hotline import facts as f
from qianshao.site.portal import policies
from qianshao.site.samplecity import cast, folder
from qianshao.site.samplecity.replay import ACTOR


@pytest.fixture(scope="module")
def village(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The data folder of one village for all tests here, whose story ends on a Monday afternoon."""
    home = tmp_path_factory.mktemp("village")
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        units.forget()
        make()
        yield home
        transaction.set_rollback(True)


@pytest.fixture
def apart(village: Path, tmp_path: Path) -> Iterator[Path]:
    """The village to do with as one likes: what a test writes, in the database or the folder, is its own."""
    home = tmp_path / "apart"
    shutil.copytree(village, home)
    with override_settings(HOME=home), transaction.atomic():
        yield home
        transaction.set_rollback(True)


def bodies() -> list[Body]:
    return [Body.from_body(bytes(body)) for body in Entry.objects.values_list("body", flat=True)]


def test_requests_stand_in_every_phase_and_some_were_late(village: Path):
    orders = Duty.objects.filter(kind="hotline.order")

    assert {"handling", "closed", "withdrawn"} <= set(orders.values_list("phase", flat=True))
    assert orders.filter(open=False, closed_at__gte=F("due_at")).exists()
    assert Duty.objects.filter(kind="learning.session", open=True, due_at__gt=UNTIL).exists()


def test_callers_judged_units_returned_orders_and_some_steps_were_late(village: Path):
    for key in ("response", "solution", "satisfaction", "returned", "late-sign", "redone"):
        indicator = next(
            item for item in registry.kind("hotline.order").indicators if item.key == f"hotline.{key}"
        )
        assert indicator.base is not None
        counted, base = (
            figures.count(part(Scope()), ACTOR, UNTIL) for part in (indicator.counts, indicator.base)
        )
        assert 0 < counted < base, key


def test_the_projection_is_what_the_ledger_says(village: Path):
    assert rebuild.rebuild(write=False).none


def test_no_clock_ever_seems_to_have_stepped_back(village: Path):
    assert not [body for body in bodies() if "skew" in body.data]


def test_some_things_were_recorded_days_after_they_happened(village: Path):
    assert [body for body in bodies() if body.src == "sample" and body.at[:10] < body.rec[:10]]


def test_the_reform_of_2019_leaves_the_past_its_names(village: Path):
    culture = Unit.objects.get(code="bureau-culture")
    tourism = Unit.objects.get(code="bureau-tourism")

    assert queries.name_on(culture, date(2018, 12, 31)) == "市文化广电新闻出版局"
    assert queries.name_on(culture, date(2019, 1, 15)) == "市文化和旅游局"
    assert queries.successor_on(tourism, date(2020, 1, 1)) == culture


def test_paths_begin_with_the_path_above(village: Path):
    for unit in Unit.objects.exclude(parent=None).select_related("parent"):
        assert unit.path == f"{unit.parent.path}{unit.code}/"
    assert Unit.objects.get(parent=None).path == "/"


def test_every_account_signs_in_with_the_password_written_down(village: Path):
    ready = cast.written_down()

    assert [one.login for one in ready] == [part.login for part in cast.CAST]
    assert all(isinstance(authenticate(username=one.login, password=one.password), Account) for one in ready)
    assert stat.S_IMODE((village / "demo-accounts.txt").stat().st_mode) == 0o600


def test_making_it_again_records_nothing(village: Path):
    before = Entry.objects.count()

    assert make().recorded == 0
    assert Entry.objects.count() == before


def test_a_request_is_found_by_its_words(village: Path):
    road = Selection("hotline.order", (Condition("text", "", "路灯"),))
    found = figures.queryset(road, ACTOR, UNTIL)

    assert 0 < found.count() < Duty.objects.filter(kind="hotline.order").count()


def test_the_office_of_disclosure_has_work_of_every_kind(village: Path):
    kinds = set(Duty.objects.filter(kind__startswith="openness.").values_list("kind", flat=True))

    assert kinds == {
        "openness.request",
        "openness.document",
        "openness.interpretation",
        "openness.yearly_report",
        "openness.upkeep",
        "openness.record",
        "openness.response",
        "openness.card",
    }
    assert Duty.objects.filter(kind="openness.yearly_report", phase="published").exists()


def test_answers_are_kept_ready_and_some_are_overdue_to_be_read_again(village: Path):
    kept = Duty.objects.filter(kind="hotline.knowledge", open=True)

    assert 0 < kept.filter(due_at__lte=UNTIL).count() < kept.count()


def test_cards_of_both_levels_were_given_and_some_were_contested(village: Path):
    given = Duty.objects.filter(kind="openness.card")

    assert {"红牌", "黄牌"} <= set(given.values_list("topic", flat=True))
    assert {"closed", "withdrawn"} <= set(given.values_list("phase", flat=True))
    appeals = [body for body in bodies() if body.kind == "openness.card" and body.fact == "Appealed"]
    decided = [body for body in bodies() if body.kind == "openness.card" and body.fact == "Decided"]
    assert appeals and {"upheld", "withdrawn"} == {body.data["outcome"] for body in decided}


def test_the_tick_gives_no_card_the_story_gave(village: Path):
    def sources() -> list[tuple[str, str, str]]:
        issued = [body for body in bodies() if body.kind == "openness.card" and body.fact == "Issued"]
        return [(body.data["stream"], body.data["level"], body.data["limit"]) for body in issued]

    with transaction.atomic():
        before = sources()
        while wake(UNTIL, limit=200):
            pass
        after = sources()
        transaction.set_rollback(True)

    assert len(set(after)) == len(after)
    assert set(before) <= set(after)


def test_guides_records_and_responses_are_there_and_a_policy_has_its_interpretation(village: Path):
    for kind in ("openness.upkeep", "openness.record", "openness.response"):
        assert Duty.objects.filter(kind=kind).exists(), kind
    told = policies.told(list(policies.documents(policies.Wanted(item="20.1"), UNTIL)), UNTIL)
    assert any(policy.interpretations for policy in told)
    assert all(note.unit == policy.unit for policy in told for note in policy.interpretations)


def test_another_city_is_not_made_over_it(apart: Path):
    with pytest.raises(folder.NotTheSampleCity, match="种子 1"):
        make(seed=2)


def test_its_story_goes_on_and_gives_way_to_what_people_did(apart: Path, order_kind: Kind):
    duty = Duty.objects.filter(kind="hotline.order", phase="handling").order_by("opened_at").last()
    assert duty is not None
    reply = f.Replied(at=UNTIL, reply="已现场答复。")
    perform(kind=order_kind, duty=duty, fact=reply, actor=machine("test"), now=UNTIL, src="web")

    counted = make(UNTIL + timedelta(days=60))

    assert counted.gave_way > 0
    assert Duty.objects.get(pk=duty.pk).version == duty.version + 1
    assert Duty.objects.filter(opened_at__gt=UNTIL).exists()


def test_it_is_not_removed_where_real_work_stands_beside_it(apart: Path, order_kind: Kind):
    received = f.Received(at=UNTIL, title="路灯不亮", body="请修。", channel="phone")
    perform(kind=order_kind, fact=received, actor=machine("import"), now=UNTIL, src="import")

    assert folder.foreign() == 1
