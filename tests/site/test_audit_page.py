"""The audit trail: what leaves a line, who reads it, and that nothing happens that cannot be recorded."""

from __future__ import annotations

import csv
import io

import pytest
from cast import NOW, SignIn, put_down
from django.db import DatabaseError, connection, transaction

from qianshao.core.accounts import trail
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account, Trail
from qianshao.core.ledger import store
from qianshao.core.ledger.register import append_register

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def acts() -> list[str]:
    return list(Trail.objects.order_by("pk").values_list("act", flat=True))


def test_SEC_15_exports_denials_and_looks_at_the_trail_leave_one_line_each(sign_in: SignIn) -> None:
    auditor, clerk = sign_in("auditor"), sign_in("hotline.unit", "water")
    assert "账本还是空的" in auditor.post("/ledger/export/", follow=True).content.decode()
    append_register(name="test", kind="register.test", fact="Tested", data={}, actor=machine("test"), now=NOW)
    store.seal_all()
    before = Trail.objects.count()

    clerk.get("/audit/")
    auditor.get("/audit/")
    b"".join(auditor.get("/audit/export/?format=utf-8-sig"))
    put_down(auditor.post("/ledger/export/"))
    assert acts()[before:] == ["Denied", "TrailRead", "Exported", "Exported"]
    line = Trail.objects.get(act="Denied")
    assert (line.allowed, line.about, line.address, line.unit) == (False, "GET /audit/", "127.0.0.1", "water")


def test_SEC_16_a_line_is_one_line_and_what_was_searched_for_is_not_in_it(sign_in: SignIn) -> None:
    clerk = sign_in("hotline.unit", "water")
    clerk.get("/audit/", {"text": "王小明", "kind": "a\nb\u202eevil"})

    line = Trail.objects.latest("pk")
    assert "王小明" not in line.about
    assert line.about.isprintable()
    trail.write("Test", actor="x", now=line.at, about="one\r\ntwo\u202e\u0000")
    assert Trail.objects.latest("pk").about.isprintable()


def test_the_auditor_filters_pages_and_takes_out_what_stands_there(sign_in: SignIn) -> None:
    auditor, clerk = sign_in("auditor"), sign_in("hotline.unit", "water", "何三")
    clerk.get("/audit/")
    for number in range(105):
        trail.write("SignedIn", actor="account:0", now=Trail.objects.latest("pk").at, about=f"n{number}")

    first = auditor.get("/audit/?act=SignedIn").content.decode()
    assert first.count('data-label="对象"') == 100 and "n104" in first and ">n4<" not in first
    more = first.split("before=")[1].split('"')[0]
    assert ">n4<" in auditor.get(f"/audit/?act=SignedIn&before={more}").content.decode()
    refused = auditor.get("/audit/?refused=1&who=何三").content.decode()
    assert "GET /audit/" in refused and refused.count('data-label="对象"') == 1
    assert "没有符合条件" in auditor.get("/audit/?who=nobody").content.decode()
    taken = b"".join(auditor.get("/audit/export/?refused=1&format=utf-8-sig")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(taken)))
    assert [row[4:7] for row in rows[1:]] == [["访问被拒", "GET /audit/", "被拒"]]


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "mayor", "office.head", "hotline.chief"])
def test_nobody_else_reads_it(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)

    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/export/").status_code == 403


def test_SEC_11_the_auditor_changes_nothing(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")

    for path in ("/people/", "/people/1/", "/rules/hotline.answer/", "/duties/bulk/", "/import/"):
        assert auditor.post(path, {"do": "reset"}).status_code in (400, 403, 404), path


def test_SEC_17_lines_can_only_be_added(sign_in: SignIn) -> None:
    trail.write("Test", actor="x", now=NOW)

    for statement in (
        "UPDATE accounts_trail SET act = 'Other'",
        "DELETE FROM accounts_trail",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert acts() == ["Test"]


def test_SEC_18_what_cannot_be_recorded_does_not_happen(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor, secadmin = sign_in("auditor"), sign_in("secadmin")
    account = Account.objects.get(login="auditor-city")

    def full(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Trail.objects, "create", full)
    taken = auditor.get("/audit/export/?format=utf-8-sig")
    assert taken.status_code == 503 and "attachment" not in taken.headers.get("Content-Disposition", "")
    assert "审计记录暂时无法写入" in taken.content.decode()
    assert secadmin.post(f"/people/{account.pk}/", {"do": "lock", "reason": "x"}).status_code == 503
    assert Account.objects.get(pk=account.pk).is_active
