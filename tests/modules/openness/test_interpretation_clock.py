"""Planned and signed with the document, out with it or three working days later (INT-1 to INT-7)."""

from __future__ import annotations

import pytest
from reckoning import due, flags, reckon, refused, told

KIND = "openness.interpretation"
OUT = told("DocumentPublished", "2025-09-30")
PROPOSED = told("Proposed", "2025-09-01", title="办法")


@pytest.mark.parametrize(
    ("published", "last_day"),
    [
        ("2025-09-30", "2025-10-11"),  # 9, 10 and the worked Saturday
        ("2025-09-25", "2025-09-29"),  # Friday, the worked Sunday, Monday
        ("2025-10-24", "2025-10-29"),
        ("2020-01-22", "2020-02-04"),
        ("2026-12-30", "2027-01-05"),
    ],
)
def test_the_interpretation_is_out_three_working_days_after_the_document(published, last_day):
    assert due(reckon(KIND, told("DocumentPublished", published))) == last_day


@pytest.mark.parametrize(
    ("on", "remarks"),
    [("2025-09-30", []), ("2025-10-11", []), ("2025-10-13", ["late_interpretation"])],
)
def test_with_the_document_is_in_time_and_late_is_marked(on, remarks):
    played = reckon(KIND, OUT, told("Interpreted", on))

    assert (flags(played), played.look.phase) == (remarks, "interpreted")


def test_nothing_is_due_before_the_document_is_out():
    played = reckon(KIND, PROPOSED, told("Planned", "2025-09-02"), on="2026-01-05")

    assert (due(played), played.look.phase, clocks_of(played)) == (None, "planned", ())


def clocks_of(played):
    return played.beside


def test_a_document_without_a_plan_is_not_received():  # INT-2
    sent = told("Submitted", "2025-09-10")

    assert refused(reckon(KIND, PROPOSED, sent)) == [("Submitted", "国办发〔2016〕80号")]
    planned = reckon(KIND, PROPOSED, told("Planned", "2025-09-02"), sent)
    assert (refused(planned), planned.look.phase) == ([], "submitted")


def test_a_document_that_came_out_without_a_plan_is_marked():
    assert flags(reckon(KIND, PROPOSED, OUT)) == ["no_plan"]
    assert flags(reckon(KIND, PROPOSED, told("Planned", "2025-09-02"), OUT)) == []


def test_no_interpretation_comes_before_its_document():
    early = reckon(KIND, PROPOSED, told("Planned", "2025-09-02"), told("Interpreted", "2025-09-03"))

    assert refused(early) == [("Interpreted", "国办发〔2016〕80号")]


@pytest.mark.parametrize(
    ("links", "remarks"),
    [("both", []), ("", []), ("none", ["not_linked"]), ("to_document", ["not_linked"])],
)
def test_document_and_interpretation_link_to_each_other(links, remarks):  # INT-6
    played = reckon(KIND, OUT, told("Interpreted", "2025-10-09", links=links))

    assert flags(played) == remarks
    mended = reckon(
        KIND, OUT, told("Interpreted", "2025-10-09", links=links), told("Linked", "2025-10-10", links="both")
    )
    assert flags(mended) == []


def test_an_excerpt_is_marked_and_an_excused_document_owes_nothing():  # INT-7
    assert flags(reckon(KIND, OUT, told("Interpreted", "2025-10-09", excerpt=True))) == ["excerpt"]
    excused = reckon(KIND, OUT, told("Excused", "2025-10-09", reason="人事任免"))
    assert (due(excused), excused.look.phase) == (None, "excused")


def test_who_drafts_interprets_and_the_head_first():  # INT-4
    def remarks(**plan: str) -> list[str]:
        proposed = told("Proposed", "2025-10-09", title="办法", unit="housing")
        return flags(reckon(KIND, proposed, told("Planned", "2025-10-10", **plan)))

    assert remarks(unit="housing", by="head") == []
    assert remarks() == []
    assert remarks(unit="water", by="expert") == ["not_by_drafter", "not_by_head"]


@pytest.mark.parametrize(
    ("scope", "remarks"),
    [("normative", ["excused_in_scope"]), ("draft", ["excused_in_scope"]), ("none", []), ("", [])],
)
def test_a_document_of_a_kind_to_be_interpreted_is_not_excused_unremarked(scope, remarks):  # INT-5
    excused = told("Excused", "2025-10-13", reason="内容简单")

    drafted = reckon(KIND, told("Proposed", "2025-10-09", title="办法", scope=scope), excused)
    published = reckon(KIND, told("DocumentPublished", "2025-10-09", scope=scope), excused)

    assert (flags(drafted), flags(published)) == (remarks, remarks)
    assert published.look.phase == "excused"
