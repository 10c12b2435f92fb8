"""The state of imports: remembered answers, one run for a file until it is done, and who owns it."""

from __future__ import annotations

import pytest
from cast import NOW, clerk

from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportRun
from qianshao.core.imports.runs import Fault, Line, Reading
from qianshao.kernel.words import say

pytestmark = [pytest.mark.django_db, pytest.mark.database]
READING = Reading({"title": "标题"}, {"channel": "web"}, "12345")


def opened(sha256: str = "a", **more: str) -> ImportRun:
    return runs.open_run(
        spec="hotline.order",
        file="a.csv",
        sha256=sha256,
        signature="s",
        lines=9,
        reading=READING,
        actor=clerk(),
        now=NOW,
        **more,
    )


def test_the_last_answer_for_a_header_is_kept() -> None:
    assert runs.kept("hotline.order", "s") is None
    for source in ("12345", "省平台"):
        answer = Reading(READING.columns, READING.constants, source)
        runs.keep(spec="hotline.order", signature="s", reading=answer, actor=clerk(), now=NOW)

    assert runs.kept("hotline.order", "s") == Reading({"title": "标题"}, {"channel": "web"}, "省平台")


def test_an_unfinished_run_of_the_same_file_is_taken_up_and_a_finished_one_is_not() -> None:
    first = opened()
    assert opened().pk == first.pk
    assert opened("b").pk != first.pk
    assert opened(sheet="另一张").pk != first.pk

    runs.take_up(first, NOW)
    runs.end(first, "done", NOW)

    assert opened().pk != first.pk


def test_a_batch_moves_the_mark_and_the_counts_together() -> None:
    run = opened()
    runs.take_up(run, NOW)
    fault = Fault(3, say("缺“{label}”", label="标题"), say("请补填这一格"), ("C", "F"))

    runs.advance(
        run,
        row=4,
        line=5,
        taken=[Line(2, "x" * 26, "new"), Line(4, "y" * 26, "known")],
        faults=[fault],
        now=NOW,
    )
    run.refresh_from_db()

    assert (run.row, run.line, run.new, run.known, run.faulty, run.rows) == (4, 5, 1, 1, 1, 3)
    assert list(runs.faults_of(run)) == [fault]


def test_who_lost_the_run_writes_nothing_more() -> None:
    mine = opened()
    runs.take_up(mine, NOW)
    theirs = ImportRun.objects.get(pk=mine.pk)
    runs.take_up(theirs, NOW)

    with pytest.raises(runs.RunLost):
        runs.advance(mine, row=4, line=5, taken=[Line(2, "x" * 26, "new")], faults=[], now=NOW)
    with pytest.raises(runs.RunLost):
        runs.end(mine, "done", NOW)

    assert ImportRun.objects.get(pk=mine.pk).rows == 0


def test_a_sentence_is_kept_with_its_days_and_moments() -> None:
    words = say("{at} 到 {on}，{n} 个“{name}”", at=NOW, on=NOW.date(), n=3, name="标题")

    assert runs.sentence(runs.stored(words)) == words
