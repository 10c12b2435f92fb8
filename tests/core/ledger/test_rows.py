"""Statements past the ORM: heard by whoever listens, their errors turned, the same rows either way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qianshao.core.ledger import rows
from qianshao.core.ledger.models import Pending

pytestmark = [pytest.mark.django_db, pytest.mark.database]

_ASKED = "SELECT eid FROM ledger_pending WHERE eid {keys} ORDER BY eid"


def _kept() -> list[int]:
    return [eid for (eid,) in rows.select(_ASKED, [1, 2, 3, 4])]


@pytest.mark.parametrize("heard", [False, True])
def test_rows_are_written_read_and_deleted(heard: bool) -> None:
    def work() -> None:
        rows.insert(Pending, ("eid",), [(1,)])
        rows.insert(Pending, ("eid",), [(2,), (3,)])
        assert _kept() == [1, 2, 3]
        rows.delete("ledger_pending", "eid", [1, 3])
        assert rows.change("UPDATE ledger_pending SET eid = %s WHERE eid = %s", [(4, 2), (5, 9)]) == 1
        assert _kept() == [4]

    if not heard:
        work()
        return
    with CaptureQueriesContext(connection) as queries:
        work()
    assert sum("ledger_pending" in query["sql"] for query in queries) >= 6


def test_a_broken_rule_of_a_table_is_told_as_django_tells_it() -> None:
    rows.insert(Pending, ("eid",), [(1,)])
    for again in ([(1,)], [(2,), (1,)]):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.insert(Pending, ("eid",), again)
    assert _kept() == [1]
