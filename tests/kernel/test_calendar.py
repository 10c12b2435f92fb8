"""Which days are worked, by which notice, and what was known when."""

import json
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.calendar import (
    Calendar,
    CalendarInvalid,
    CalendarMissing,
    load_year,
    read_year,
    shipped_years,
)
from qianshao.kernel.calendar_data import shipped_festivals, statutes

CHINA = Calendar.china()
DAY = timedelta(days=1)
ANNOUNCED = st.dates(date(2010, 1, 1), date(2026, 10, 31))


def off_days(calendar, first, last):
    return [day.on for day in calendar.days(first, last) if not day.workday]


def test_every_day_from_2010_to_2026_agrees_with_two_other_sources():
    other = holidays.CN(years=range(2010, 2027))
    on = date(2010, 1, 1)
    while on.year < 2027:
        works = CHINA.is_workday(on)
        assert works == other.is_working_day(on), f"holidays says otherwise of {on}"
        assert works == chinese_calendar.is_workday(on), f"chinesecalendar says otherwise of {on}"
        on += DAY


def test_the_years_before_2010_agree_with_chinesecalendar():
    on = date(2007, 1, 1)
    while on.year < 2010:
        assert CHINA.is_workday(on) == chinese_calendar.is_workday(on), on
        on += DAY


@pytest.mark.parametrize(
    ("on", "workday", "name", "kind"),
    [
        (date(2025, 9, 26), True, "", "weekday"),
        (date(2025, 9, 27), False, "", "weekend"),
        (date(2025, 9, 28), True, "国庆节、中秋节", "makeup"),
        (date(2025, 10, 4), False, "国庆节、中秋节", "holiday"),
        (date(2025, 10, 11), True, "国庆节、中秋节", "makeup"),
        (date(2018, 12, 29), True, "元旦", "makeup"),
        (date(2018, 12, 31), False, "元旦", "holiday"),
        (date(2020, 2, 3), True, "", "weekday"),
        (date(2013, 10, 12), True, "国庆节", "makeup"),
    ],
)
def test_a_day_says_what_it_is(on, workday, name, kind):
    day = CHINA.day(on)

    assert (day.workday, day.name, day.kind, day.provisional) == (workday, name, kind, False)


def test_a_day_cites_the_notice_that_made_it():
    notice = CHINA.day(date(2026, 10, 1)).notice

    assert notice is not None
    assert (notice.number, notice.issued_on, notice.verified) == (
        "国办发明电〔2025〕7号",
        date(2025, 11, 4),
        True,
    )


@pytest.mark.parametrize(
    ("start", "n", "reached"),
    [
        (date(2025, 9, 25), 20, date(2025, 10, 29)),
        (date(2025, 9, 27), 1, date(2025, 9, 28)),  # the Sunday is worked
        (date(2025, 10, 1), 1, date(2025, 10, 9)),
        (date(2025, 10, 9), -1, date(2025, 9, 30)),
        (date(2025, 10, 4), -3, date(2025, 9, 28)),
        (date(2025, 10, 4), 0, date(2025, 10, 4)),
        (date(2019, 12, 31), 20, date(2020, 2, 5)),
        (date(2020, 1, 23), 1, date(2020, 2, 3)),
    ],
)
def test_the_start_is_never_counted(start, n, reached):
    assert CHINA.add_workdays(start, n) == reached


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2025, 10, 9), date(2025, 10, 16), 6),
        (date(2025, 10, 16), date(2025, 10, 9), -6),
        (date(2025, 10, 1), date(2025, 10, 8), 0),
        (date(2025, 9, 25), date(2025, 9, 25), 0),
    ],
)
def test_days_between_count_the_end_and_not_the_start(start, end, days):
    assert CHINA.workdays_between(start, end) == days


@given(ANNOUNCED, st.integers(-60, 40))
def test_adding_is_always_what_counting_day_by_day_gives(start, n):
    step = DAY if n > 0 else -DAY
    on, left = start, abs(n)
    while left:
        on += step
        left -= CHINA.is_workday(on)

    assert CHINA.add_workdays(start, n) == on


@given(ANNOUNCED, ANNOUNCED)
def test_between_is_always_a_count_of_working_days(a, b):
    low, high = min(a, b), max(a, b)
    count = sum(day.workday for day in CHINA.days(low, high)) - CHINA.is_workday(low)

    assert CHINA.workdays_between(low, high) == count
    assert CHINA.workdays_between(high, low) == -count


@given(ANNOUNCED)
def test_the_next_and_the_previous_working_day_are_the_nearest(on):
    assert on <= CHINA.next_workday(on)
    assert CHINA.previous_workday(on) <= on
    assert CHINA.is_workday(CHINA.next_workday(on))
    assert CHINA.is_workday(CHINA.previous_workday(on))
    assert CHINA.workdays_between(CHINA.previous_workday(on), CHINA.next_workday(on)) <= 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CHINA.is_workday(date(2028, 1, 1)),
        lambda: CHINA.day(date(2006, 12, 31)),
        lambda: CHINA.add_workdays(date(2027, 12, 20), 20),
        lambda: CHINA.add_workdays(date(2030, 1, 1), 1),
        lambda: CHINA.add_workdays(date(2000, 1, 1), 1),
        lambda: CHINA.add_workdays(date(2007, 1, 4), -1),
        lambda: CHINA.add_workdays(date(2030, 1, 1), -1),
        lambda: CHINA.workdays_between(date(2027, 1, 1), date(2028, 1, 1)),
        lambda: CHINA.is_provisional(date(2027, 1, 1), date(2028, 1, 1)),
        lambda: CHINA.festivals(2009),
    ],
)
def test_a_year_without_a_calendar_is_never_weekends_only(ask):
    with pytest.raises(CalendarMissing):
        ask()


def test_the_error_of_a_missing_year_says_what_to_do():
    with pytest.raises(
        CalendarMissing, match=r"没有 2028 年的工作日历.*2027年12月31日.*请先载入该年的放假通知"
    ):
        CHINA.is_workday(date(2028, 5, 1))


@pytest.mark.parametrize(
    ("known_on", "on", "workday"),
    [
        (date(2020, 1, 25), date(2020, 1, 31), True),
        (date(2020, 1, 26), date(2020, 1, 31), False),
        (date(2020, 1, 25), date(2020, 2, 1), True),  # still a make-up Saturday
        (date(2020, 1, 26), date(2020, 2, 1), False),
        (date(2020, 1, 26), date(2020, 2, 3), True),
        (date(2019, 3, 21), date(2019, 5, 2), True),
        (date(2019, 3, 22), date(2019, 5, 2), False),
        (date(2019, 3, 21), date(2019, 4, 28), False),
        (date(2019, 3, 22), date(2019, 4, 28), True),
        (date(2019, 3, 21), date(2019, 5, 1), False),
        (date(2015, 5, 12), date(2015, 9, 3), True),
        (date(2015, 5, 13), date(2015, 9, 3), False),
        (date(2015, 5, 13), date(2015, 9, 6), True),
    ],
)
def test_a_later_notice_changes_only_what_is_known_from_its_day_on(known_on, on, workday):
    assert Calendar.china(known_on).is_workday(on) is workday


def test_the_extension_of_2020_is_cited_for_its_own_days_only():
    assert CHINA.day(date(2020, 1, 30)).notice.number == "国办发明电〔2019〕16号"
    assert CHINA.day(date(2020, 2, 2)).notice.number == "国办发明电〔2020〕1号"


def test_a_year_not_yet_announced_has_the_statutory_days_only_and_says_so():
    calendar = Calendar.china(date(2024, 11, 11))

    assert off_days(calendar, date(2025, 9, 29), date(2025, 10, 10)) == [
        date(2025, 10, 1),
        date(2025, 10, 2),
        date(2025, 10, 3),
        date(2025, 10, 4),
        date(2025, 10, 5),
        date(2025, 10, 6),  # the Mid-Autumn festival
    ]
    assert not off_days(calendar, date(2025, 9, 29), date(2025, 9, 30))
    assert calendar.day(date(2025, 10, 6)).provisional
    assert calendar.is_workday(date(2025, 9, 28)) is False
    assert Calendar.china(date(2024, 11, 12)).is_workday(date(2025, 9, 28)) is True


@pytest.mark.parametrize(
    ("known_on", "year", "off"),
    [
        # 2014 under the law known in 2012: the eve of the Spring Festival was still a day off
        (date(2012, 12, 31), 2014, [date(2014, 1, 30), date(2014, 1, 31), date(2014, 2, 3)]),
        # 2025 before and after the order of November 2024
        (date(2024, 11, 9), 2025, [date(2025, 1, 29), date(2025, 1, 30), date(2025, 1, 31)]),
        (
            date(2024, 11, 10),
            2025,
            [date(2025, 1, 28), date(2025, 1, 29), date(2025, 1, 30), date(2025, 1, 31)],
        ),
    ],
)
def test_an_unannounced_year_follows_the_law_as_it_was_known(known_on, year, off):
    festival = shipped_festivals()[year]["春节"]
    days = Calendar.china(known_on).days(festival - 3 * DAY, festival + 7 * DAY)

    assert [day.on for day in days if day.name == "春节" and day.on.weekday() < 5] == off


def test_2027_is_provisional_with_its_thirteen_weekdays_off():
    days = CHINA.days(date(2027, 1, 1), date(2027, 12, 31))
    weekdays_off = [day.on for day in days if day.name and day.on.weekday() < 5]

    assert all(day.provisional for day in days)
    assert not any(day.kind == "makeup" for day in days)
    assert " ".join(f"{on:%m-%d}" for on in weekdays_off) == (
        "01-01 02-05 02-08 02-09 02-10 04-05 05-03 05-04 06-09 09-15 10-01 10-04 10-05"
    )


def test_the_last_days_of_december_wait_for_the_next_notice():
    assert not CHINA.is_provisional(date(2026, 1, 1), date(2026, 12, 28))
    assert CHINA.is_provisional(date(2026, 12, 28), date(2026, 12, 29))
    assert not CHINA.is_provisional(date(2025, 12, 1), date(2026, 1, 31))


def test_only_late_december_was_ever_moved_by_the_next_years_notice():
    reached_back = [
        listed.on
        for year in shipped_years()
        for edition in year.editions
        for listed in edition.days
        if listed.on.year < year.year
    ]

    assert len(reached_back) == 10
    assert min(on.day for on in reached_back) == 29


def test_years_without_notice_and_festivals_are_missing():
    calendar = Calendar.china(date(2008, 6, 1))

    assert calendar.last_day == date(2008, 12, 31)
    with pytest.raises(CalendarMissing):
        calendar.add_workdays(date(2008, 12, 25), 20)
    with pytest.raises(CalendarMissing, match="截至 2006年12月1日 没有任何年份的节假日安排"):
        Calendar.china(date(2006, 12, 1))


def test_statutory_days_are_off_in_every_announced_year():
    for year, festivals in shipped_festivals().items():
        law = [statute for statute in statutes() if statute.first_year <= year][-1]
        for festival, offsets in law.days.items():
            for offset in offsets:
                assert not CHINA.is_workday(festivals[festival] + offset * DAY), (year, festival)


def test_festivals_are_the_days_themselves():
    assert CHINA.festivals(2025)["中秋"] == date(2025, 10, 6)
    assert CHINA.festivals(2027)["春节"] == date(2027, 2, 6)


def test_one_calendar_is_built_once():
    assert Calendar.china() is Calendar.china()
    assert Calendar.china(date(2020, 1, 20)).known_on == date(2020, 1, 20)


def notice(**changes):
    """An invented notice for 2027."""
    edition = {
        "notice": {"title": "虚构的2027年通知", "url": "", "issued_on": "2026-12-01", "verified": False},
        "days": [
            {"name": "元旦", "off": ["2027-01-01/2027-01-03"], "work": ["2026-12-27"]},
            {"name": "春节", "off": ["2027-02-05/2027-02-12"], "work": ["2027-02-14"]},
        ],
    }
    return json.dumps({"year": 2027, "editions": [edition | changes]}, ensure_ascii=False)


def test_a_new_notice_turns_a_provisional_year_into_an_announced_one(tmp_path):
    path = tmp_path / "2027.json"
    path.write_text(notice(), "utf-8")
    calendar = Calendar.from_years([*shipped_years(), load_year(path)])

    assert calendar.day(date(2027, 2, 11)).kind == "holiday"
    assert calendar.day(date(2027, 2, 14)).kind == "makeup"
    assert calendar.is_workday(date(2026, 12, 27))
    assert not calendar.is_provisional(date(2026, 12, 29), date(2027, 12, 28))


def test_a_notice_is_unknown_before_its_day():
    years = [*shipped_years(), read_year(notice(), "2027.json")]

    assert Calendar.from_years(years, known_on=date(2026, 11, 30)).day(date(2027, 2, 11)).provisional


def test_the_same_notice_twice_is_one_and_two_versions_of_it_are_refused():
    year = read_year(notice(), "a.json")
    other = read_year(notice(days=[{"name": "元旦", "off": ["2027-01-01"], "work": []}]), "b.json")

    assert Calendar.from_years([*shipped_years(), year, year]).is_workday(date(2027, 2, 14))
    with pytest.raises(CalendarInvalid, match="《虚构的2027年通知》出现两次"):
        Calendar.from_years([*shipped_years(), year, other])


NEW_YEAR = {"name": "元旦", "off": ["2027-01-01"], "work": []}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "2027.json 第 1 行不是有效的 JSON"),
        ("[]", "文件：应为对象"),
        ('{"year": 2027}', "文件：缺少 editions"),
        ('{"year": "2027", "editions": []}', "year：应为年份数字"),
        ('{"year": 2027, "editions": []}', "至少要有一个通知"),
        ('{"year": 2027, "editions": {}}', "editions：应为列表"),
        (notice(source="x"), "第 1 个通知：有不认识的项：source"),
        (notice(days=[]), "没有列出任何日期"),
        (notice(days=[NEW_YEAR, NEW_YEAR]), "2027-01-01 重复出现（元旦、元旦）"),
        (notice(days=[NEW_YEAR | {"off": ["2028-01-01"]}]), "2028-01-01 不属于 2027 年的安排"),
        (notice(days=[NEW_YEAR | {"off": ["2026-11-30"]}]), "2026-11-30 不属于 2027 年的安排"),
        (notice(days=[NEW_YEAR | {"off": ["1月1日"]}]), "“1月1日”不是日期，应写作 2025-10-01"),
        (notice(days=[NEW_YEAR | {"off": ["2027-01-03/2027-01-01"]}]), "起止日期不对"),
        (notice(days=[NEW_YEAR | {"off": "2027-01-01"}]), "第 1 个通知 off：应为列表"),
        (notice(notice={"title": "通知", "url": ""}), "缺少 issued_on、verified"),
        (
            notice(notice={"title": "通知", "url": "", "issued_on": None, "verified": False}),
            "issued_on 不明时须填 known_from",
        ),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_the_reason(text, complaint):
    with pytest.raises(CalendarInvalid) as refused:
        read_year(text, "2027.json")

    assert complaint in str(refused.value)
    assert str(refused.value).startswith("2027.json")
