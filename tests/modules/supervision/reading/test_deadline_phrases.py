"""Phrases of deadlines and the last day they mean, in a document of 10 March 2025."""

from datetime import date

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.modules.supervision.reading.deadlines import Frame, day_of, whole
from qianshao.modules.supervision.reading.due import in_prose
from qianshao.modules.supervision.reading.folding import fold

FRAME = Frame(2025, date(2025, 3, 10), Calendar.china())


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("年底前", "2025-12-31"),
        ("今年底", "2025-12-31"),
        ("年内", "2025-12-31"),
        ("2026年底", "2026-12-31"),
        ("2027年", "2027-12-31"),
        ("上半年", "2025-06-30"),
        ("明年上半年", "2026-06-30"),
        ("下半年", "2025-12-31"),
        ("一季度", "2025-03-31"),
        ("第三季度", "2025-09-30"),
        ("三季度末", "2025-09-30"),
        ("2026年第一季度", "2026-03-31"),
        ("前三季度", "2025-09-30"),
        ("6月底", "2025-06-30"),
        ("六月底前", "2025-06-30"),
        ("2025年6月底前", "2025-06-30"),
        ("2028年2月底前", "2028-02-29"),
        ("9月上旬", "2025-09-10"),
        ("十二月中旬前", "2025-12-20"),
        ("2025年12月", "2025-12-31"),
        ("6月30日前", "2025-06-30"),
        ("２０２５年６月３０日前", "2025-06-30"),
        ("二〇二五年六月三十日", "2025-06-30"),
        ("2025-06-30", "2025-06-30"),
        ("2025.6", "2025-06-30"),
        ("2025/6/30前", "2025-06-30"),
        ("2025年至2027年", "2027-12-31"),
        ("2025—2027年", "2027-12-31"),
        ("2025年3月至10月", "2025-10-31"),
        ("3月—10月", "2025-10-31"),
        ("4-12月", "2025-12-31"),
        ("一周内", "2025-03-17"),
        ("15日内", "2025-03-25"),
        ("10个工作日内", "2025-03-24"),
        ("本意见印发之日起30日内", "2025-04-09"),
        ("3个月内", "2025-06-10"),
        ("半年内", "2025-09-10"),
        ("两年内", "2027-03-10"),
        ("国庆节前", "2025-09-30"),
        ("6月底完成", "2025-06-30"),
    ],
)
def test_a_phrase_means_its_last_day_beyond_doubt(phrase, day):
    meant = day_of(fold(phrase), FRAME)

    assert (meant.day, meant.doubts) == (date.fromisoformat(day), ())
    assert whole(fold(phrase))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("6月前", "2025-05-31"),
        ("2026年前", "2025-12-31"),
        ("三季度前", "2025-06-30"),
        ("2月底前", "2025-02-28"),
        ("2月30日前", "2025-02-28"),
        ("每季度末", None),
        ("立即整改", None),
        ("汛期前", None),
        ("收到申请之日起5个工作日内", None),
    ],
)
def test_a_phrase_in_doubt_gives_its_reason(phrase, day):
    meant = day_of(fold(phrase), FRAME)

    assert meant.day == (date.fromisoformat(day) if day else None)
    assert meant.doubts


@pytest.mark.parametrize("phrase", ["长期坚持", "长期", "持续推进", "常态化开展", "常年坚持"])
def test_what_never_ends_has_no_day_and_no_doubt(phrase):
    assert day_of(phrase, FRAME) == day_of("长期", FRAME)
    assert whole(phrase)


@pytest.mark.parametrize("phrase", ["年底前", "第三季度", "6月底"])
def test_without_a_year_there_is_no_day(phrase):
    meant = day_of(phrase, Frame(None, None, FRAME.calendar))

    assert meant.day is None and meant.doubts


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("年底前建成码头。", ["年底前"]),
        ("该项工作于2025年4月底前完成。", ["2025年4月底前"]),
        ("到2027年底，建成公园。", ["2027年底"]),
        ("第三季度完成招标。", ["第三季度"]),
        ("一季度生产总值增长5%。", []),
        ("2025年1月1日至12月31日，对企业给予补贴。", []),
        ("从2025年1月1日起施行。", []),
        ("截至2024年底，已建成12座。", []),
        ("审批时限压缩到3个工作日内。", []),
        ("5年内引进人才100名。", ["5年内"]),
        ("10个工作日内制定方案。", ["10个工作日内"]),
        ("持续推进改革，长期坚持开放。", []),
        ("建立台账，长期坚持。", ["长期坚持"]),
        ("在国家扶贫日前后开展活动。", []),
        ("目前进展顺利，前期准备充分。", []),
    ],
)
def test_running_text_sets_a_deadline_or_does_not(sentence, phrases):
    assert [sentence[start:end] for start, end in in_prose(sentence, 0, len(sentence))] == phrases
