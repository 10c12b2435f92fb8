"""A record about oneself that is wrong is checked, corrected or not, and the applicant is told (第四十一条)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from reckoning import due, flags, reckon, refused, told

from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.openness.letters import of_records, writing
from qianshao.modules.openness.letters.offered import Around
from qianshao.modules.openness.records import facts as f
from qianshao.modules.openness.records.rules import fold

KIND, LAW = "openness.record", "政府信息公开条例 第四十一条"
DISPUTED = told("Disputed", "2025-09-25", channel="in_person", proof=True)
CORRECTED = told("Settled", "2025-10-20", outcome="corrected", reads="登记面积 89 平方米")
AROUND = Around("市自然资源局", "GZ-2025-1", date(2025, 10, 29), "刺桐市人民政府")


def test_a_correction_nobody_was_told_of_is_not_done() -> None:
    settled = reckon(KIND, DISPUTED, CORRECTED)

    assert (settled.look.phase, settled.look.closed_at, due(settled)) == ("settled", None, "2025-10-29")


@pytest.mark.parametrize(("on", "remarks"), [("2025-10-29", []), ("2025-10-30", ["late_record"])])
def test_the_applicant_is_told_in_the_citys_days_or_it_is_marked(on: str, remarks: list[str]) -> None:
    played = reckon(KIND, DISPUTED, CORRECTED, told("ApplicantTold", on))

    assert (played.look.phase, due(played), flags(played)) == ("told", "2025-10-29", remarks)
    assert played.look.topic == "审核属实，予以更正"


@pytest.mark.parametrize(
    "settled",
    [
        {"outcome": "corrected"},
        {"outcome": "accurate", "reason": " "},
        {"outcome": "transferred"},
        {"outcome": "redirected"},
    ],
)
def test_an_outcome_without_its_substance_is_refused(settled: dict[str, str]) -> None:
    played = reckon(KIND, DISPUTED, told("Settled", "2025-10-09", **settled))

    assert refused(played) == [("Settled", LAW)]


def test_what_was_not_settled_cannot_be_told_and_nothing_follows_the_end() -> None:
    early = reckon(KIND, DISPUTED, told("ApplicantTold", "2025-10-09"))
    over = reckon(KIND, DISPUTED, told("TakenBack", "2025-10-09"), CORRECTED)
    twice = reckon(
        KIND, DISPUTED, CORRECTED, told("Settled", "2025-10-21", outcome="redirected", to="市公安局")
    )

    assert refused(early) == [("ApplicantTold", LAW)]
    assert [fact for fact, _article in refused(over)] == ["Settled"]
    assert [fact for fact, _article in refused(twice)] == ["Settled"]


def test_every_outcome_has_its_letters_and_a_transfer_has_two() -> None:
    at = datetime(2025, 9, 25, 9, tzinfo=SHANGHAI)
    disputed = f.Disputed(at=at, channel="web", applicant="王五", record="不动产登记面积")

    def keys(outcome: str) -> list[str]:
        settled = f.Settled(at=at, outcome=outcome, reads="89", to="市公安局", reason="与原件一致")
        found = of_records.offers(fold([disputed, settled]), AROUND)
        assert all(offer.ready for offer in found)
        return [offer.key for offer in found]

    assert {outcome: keys(outcome) for outcome in f.OUTCOMES} == {
        "corrected": ["record_receipt", "record.corrected"],
        "accurate": ["record_receipt", "record.accurate"],
        "transferred": ["record_receipt", "record.transferred", "record.handed_on"],
        "redirected": ["record_receipt", "record.redirected"],
    }
    drafts = of_records.offers(fold([disputed]), AROUND)
    assert [offer.key for offer in drafts] == list(of_records.RECORD_LETTERS)
    assert writing.write(drafts[0].key, drafts[0].values)[:2] == b"PK"
