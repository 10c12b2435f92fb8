"""The units of the city: as many as the design says, no code or name twice."""

from __future__ import annotations

from collections import Counter

import pytest

from qianshao.core.duties import registry
from qianshao.site.samplecity import cast, plan
from qianshao.site.samplecity.scales import BadScale, scale_of
from qianshao.site.samplecity.topics import TOPICS

CITY = scale_of("small")
UNITS = list(plan.units(CITY.bureaus, CITY.counties, CITY.towns))


def test_the_city_has_the_units_of_the_design():
    kinds = Counter(unit.kind for unit in UNITS)

    assert (kinds["county"], kinds["bureau"], kinds["town"], kinds["office"]) == (12, 60, 160, 1)
    assert len(plan.LEADERS) + sum(people for _code, _name, people in plan.SECTIONS) == 74


def test_no_code_and_no_name_is_given_twice():
    assert max(Counter(unit.code for unit in UNITS).values()) == 1
    assert max(Counter(unit.name for unit in UNITS).values()) == 1


def test_every_unit_stands_below_one_that_came_before_it():
    before: set[str] = {""}
    for unit in UNITS:
        assert unit.parent in before
        before.add(unit.code)


@pytest.mark.parametrize("scale", ["village", "small", "300"])
def test_every_topic_has_a_unit_that_answers_it_in_every_scale(scale):
    size = scale_of(scale)
    codes = {unit.code for unit in plan.units(size.bureaus, size.counties, size.towns)}

    assert {topic.unit for topic in TOPICS} <= codes
    assert {part.unit for part in cast.CAST} <= codes


def test_there_is_an_account_for_every_role_of_the_product():
    assert {part.role for part in cast.CAST} == set(registry.roles())


@pytest.mark.parametrize("text", ["", "huge", "0", "-5", "9999999999", "1e3", "５００"])
def test_a_scale_that_is_neither_a_name_nor_a_number_is_refused(text):
    with pytest.raises(BadScale, match="village、small、city"):
        scale_of(text)
