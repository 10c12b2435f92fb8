"""What is said about a duty: sealed, by those who may read it, changed for half an hour, heard by whom it mentions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from qianshao.core.accounts.actor import Actor, NotAllowed, actor_of
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.desk import comments
from qianshao.core.desk.comments import BadComment
from qianshao.core.desk.models import Comment
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.erasing import erase
from qianshao.core.duties.models import Duty
from qianshao.core.ledger import vault
from qianshao.core.ledger.models import Entry
from qianshao.core.notices.models import Notice
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.modules.learning.module import Planned

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Staff = Callable[..., Account]


@pytest.fixture
def staff(city: dict[str, Unit]) -> Staff:
    def made(login: str, name: str, unit: str = "water", role: str = "hotline.unit") -> Account:
        account = Account(login=login, person=Person.objects.create(name=name))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(account=account, role=role, unit=city[unit], valid_from=date(2020, 1, 1))
        return account

    return made


@pytest.fixture
def duty(city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime) -> Duty:
    fact = f.Received(at=now, title="路灯不亮", body="三天了", channel="web", unit="water")
    made = perform(kind=order_kind, fact=fact, actor=robot, now=now, src="test", subject="citizen-1")
    return Duty.objects.get(stream=made.stream)


def acting(account: Account, now: datetime) -> Actor:
    return actor_of(account, registry.roles(), now.date())


def write(duty: Duty, text: str, author: Account, now: datetime) -> Comment:
    return comments.write(duty=duty, text=text, author=author, actor=acting(author, now), now=now)


def test_a_comment_is_read_back_and_stands_nowhere_in_plain(staff: Staff, duty: Duty, now: datetime) -> None:
    author = staff("lin", "林一")
    entries = Entry.objects.count()

    row = write(duty, "请先联系本人\n电话在卡片上", author, now)

    (said,) = comments.of(duty, author, now)
    assert (said.text, said.mine, said.changeable) == ("请先联系本人\n电话在卡片上", True, True)
    assert "联系" not in bytes(Comment.objects.get().box).decode("latin-1")
    assert (Entry.objects.count(), row.subject) == (entries, "citizen-1")


def test_only_who_may_read_the_duty_comments_on_it(staff: Staff, duty: Duty, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        write(duty, "看看", staff("chen", "陈二", unit="housing"), now)
    assert not Comment.objects.exists()


def test_a_colleague_who_may_see_it_hears_of_a_mention_once(staff: Staff, duty: Duty, now: datetime) -> None:
    author, named = staff("lin", "林一"), staff("chen", "陈小二")

    row = write(duty, "@陈小二请看，邮箱 a@b.cn；@Chen 再看一次", author, now)
    comments.change(row=row, duty=duty, text="@陈小二 改好了", actor=acting(author, now), now=now)

    notice = Notice.objects.get()
    assert (notice.account, notice.stream) == (named, duty.stream)
    assert str(notice.words) == f"林一 在诉求工单 {duty.number} 的留言中提到了您"


@pytest.mark.parametrize("text", ["@陈小二 请看", "@没有这人 请看"])
def test_who_may_not_see_it_and_who_is_not_there_are_refused_alike(
    staff: Staff, duty: Duty, now: datetime, text: str
) -> None:
    author = staff("lin", "林一")
    staff("chen", "陈小二", unit="housing")

    with pytest.raises(BadComment, match="不是能查看这件事项的人"):
        write(duty, text, author, now)
    assert not Comment.objects.exists() and not Notice.objects.exists()


def test_two_of_one_name_are_told_apart_by_login_and_the_longest_name_is_meant(
    staff: Staff, duty: Duty, now: datetime
) -> None:
    author = staff("lin", "林一")
    staff("wang1", "王三"), staff("wang2", "王三")
    longer = staff("wang3", "王三丰")

    with pytest.raises(BadComment, match="wang1、wang2"):
        write(duty, "@王三 请看", author, now)
    write(duty, "@王三丰请看 @wang2", author, now)
    assert set(Notice.objects.values_list("account__login", flat=True)) == {longer.login, "wang2"}


def test_it_is_changed_and_taken_back_by_its_author_within_half_an_hour(
    staff: Staff, duty: Duty, now: datetime
) -> None:
    author, other = staff("lin", "林一"), staff("chen", "陈二")
    row = write(duty, "写错了", author, now)
    soon, late = now + timedelta(minutes=29), now + timedelta(minutes=30)

    with pytest.raises(NotAllowed):
        comments.change(row=row, duty=duty, text="冒名", actor=acting(other, now), now=soon)
    comments.change(row=row, duty=duty, text="改对了", actor=acting(author, now), now=soon)
    with pytest.raises(BadComment, match="超过 30 分钟"):
        comments.change(row=row, duty=duty, text="太晚", actor=acting(author, now), now=late)
    with pytest.raises(BadComment):
        comments.take_back(row=row, duty=duty, actor=acting(author, now), now=late)

    (said,) = comments.of(duty, other, soon)
    assert (said.text, said.comment.edited_at, said.changeable) == ("改对了", soon, False)
    comments.take_back(row=row, duty=duty, actor=acting(author, now), now=soon)
    assert comments.of(duty, author, soon) == []


@pytest.mark.parametrize(("text", "says"), [("  \n", "请先写下"), ("长" * 2001, "最多 2000")])
def test_an_empty_or_endless_comment_is_refused(
    staff: Staff, duty: Duty, now: datetime, text: str, says: str
) -> None:
    with pytest.raises(BadComment, match=says):
        write(duty, text, staff("lin", "林一"), now)


def test_erasing_the_citizen_erases_what_was_said_of_them(
    staff: Staff, duty: Duty, robot: Actor, now: datetime
) -> None:
    author = staff("lin", "林一")
    write(duty, "林小满住三号楼", author, now)

    erase(subject="citizen-1", basis="本人要求", actor=robot, now=now, src="test")

    (said,) = comments.of(duty, author, now)
    assert said.text is None


def test_a_key_only_comments_use_is_no_orphan(
    staff: Staff, city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    kind = registry.kind("learning.session")
    made = perform(
        kind=kind, fact=Planned(at=now, unit="water", month="2026-03"), actor=robot, now=now, src="test"
    )
    session = Duty.objects.get(stream=made.stream)
    author = staff("lin", "林一", unit="city", role="office.head")
    write(session, "改到周五", author, now)

    vault.destroy_orphans()

    (said,) = comments.of(session, author, now)
    assert said.text == "改到周五"


def test_names_to_suggest_are_those_who_may_read(staff: Staff, duty: Duty, now: datetime) -> None:
    staff("lin", "林一")
    staff("chen", "陈二", unit="housing")
    staff("dir", "王主任", unit="office", role="office.head")

    assert comments.readers(duty, now) == ["林一", "王主任"]
