"""Which letters a request calls for, and what stands in them before anybody types."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.openness.letters import prefilled, writing
from qianshao.modules.openness.letters.kinds import LETTERS, REMEDIES, replies_for
from qianshao.modules.openness.letters.offered import Around, Offer
from qianshao.modules.openness.requests import facts as f
from qianshao.modules.openness.requests.outcomes import OUTCOMES
from qianshao.modules.openness.requests.state import fold

AROUND = Around("市住房和城乡建设局", "YQ-2026-1", date(2026, 2, 9), "刺桐市人民政府")


def at(on: str) -> datetime:
    return datetime.fromisoformat(on).replace(tzinfo=SHANGHAI)


RECEIVED = f.Received(
    at=at("2026-01-05T09:30"),
    channel="web",
    confirmed_on=date(2026, 1, 6),
    applicant="王五",
    wanted="征地批复",
)


def offered(*facts: f.AnyFact) -> dict[str, Offer]:
    found = prefilled.offers(fold([RECEIVED, *facts]), AROUND)
    return {f"{offer.key}/{offer.number}": offer for offer in found}


def test_a_new_request_has_its_receipt_and_drafts_of_everything_else() -> None:
    offers = offered()

    receipt = offers["registration_receipt/1"]
    assert receipt.ready
    assert receipt.values["received_on"] == date(2026, 1, 6)
    assert receipt.values["due_on"] == date(2026, 2, 9)
    assert set(receipt.blanks) == {"number", "contact", "phone"}
    drafts = {offer.key for offer in offers.values() if not offer.ready}
    assert drafts == set(LETTERS) - {"registration_receipt"}


@pytest.mark.parametrize("outcome", [key for key, each in OUTCOMES.items() if each.said])
def test_a_reply_given_leaves_only_its_own_letters(outcome: str) -> None:
    answered = f.Answered(
        at=at("2026-01-20"), outcome=outcome, reason="理由若干", review_told=True, dated_on=date(2026, 1, 19)
    )

    offers = offered(answered)

    assert {offer.key for offer in offers.values()} == {
        "registration_receipt",
        *(letter.key for letter in replies_for(OUTCOMES[outcome].code)),
    }
    for offer in offers.values():
        assert offer.ready
        if offer.key != "registration_receipt":
            assert offer.values["dated_on"] == date(2026, 1, 19)
            assert not {"review_body", "reason"} & set(offer.blanks)


def test_what_was_asked_stands_in_the_notice() -> None:
    offers = offered(
        f.CorrectionAsked(at=at("2026-01-08"), until=date(2026, 1, 23), items="文号"),
        f.Corrected(at=at("2026-01-12")),
        f.Extended(
            at=at("2026-02-02"), days=10, agreed_by="主任", reason="检索档案", told_on=date(2026, 2, 3)
        ),
    )

    notice, extension = offers["correction_notice/1"], offers["extension_notice/1"]
    assert (notice.values["items"], notice.values["until"]) == ("文号", date(2026, 1, 23))
    assert notice.values["dated_on"] == date(2026, 1, 8)
    assert (extension.values["days"], extension.values["reason"]) == (10, "检索档案")
    assert extension.values["dated_on"] == date(2026, 2, 3)


def test_every_third_party_asked_has_a_letter_of_its_own() -> None:
    offers = offered(
        f.Consulted(at=at("2026-01-08"), whom="third_party", name="甲公司"),
        f.Consulted(at=at("2026-01-09"), whom="third_party", name="乙公司"),
        f.Consulted(at=at("2026-01-09"), whom="co_maker", name="市水利局"),
    )

    assert offers["third_party_letter/1"].values["third_party"] == "甲公司"
    assert offers["third_party_letter/2"].values["third_party"] == "乙公司"
    assert offers["co_maker_letter/1"].values["organ"] == "市水利局"


@pytest.mark.parametrize(
    ("facts", "key", "field", "value"),
    [
        ((f.Withdrawn(at=at("2026-01-09")),), "reply.O22/1", "withdrawn_on", date(2026, 1, 9)),
        (
            (
                f.FeeNotified(at=at("2026-01-09"), fen=223_050),
                f.GivenUp(at=at("2026-02-20"), because="fee_unpaid"),
            ),
            "reply.O21/1",
            "amount",
            "2230.5",
        ),
        (
            (
                f.CorrectionAsked(at=at("2026-01-08"), until=date(2026, 1, 23), items="文号"),
                f.GivenUp(at=at("2026-01-24"), because="not_corrected"),
            ),
            "reply.O20/1",
            "until",
            date(2026, 1, 23),
        ),
    ],
)
def test_an_end_without_a_reply_has_its_letter(
    facts: tuple[f.AnyFact, ...], key: str, field: str, value: object
) -> None:
    assert offered(*facts)[key].values[field] == value


def test_every_letter_offered_can_be_written() -> None:
    for offer in offered().values():
        assert writing.write(offer.key, offer.values)[:2] == b"PK"
    assert {"review_body"} == set(REMEDIES) - {"court"}
