"""A declaration that would break a promise of the house is refused at start-up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from qianshao.kernel.declare import (
    Act,
    BadDeclaration,
    Fact,
    Kind,
    Module,
    Phase,
    Reaction,
    Watch,
    check,
    text,
)
from qianshao.kernel.figures import Indicator, Selection
from qianshao.kernel.merit import ForbiddenInput
from qianshao.modules.learning.module import MODULE, SESSION


@dataclass(frozen=True, kw_only=True)
class Thing(Fact):
    """Anything."""

    name: str = text("名称")


def test_a_pause_without_a_second_clock_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="second clock"):
        replace(SESSION, phases=(*SESSION.phases, Phase("waiting", "等待", paused=True)))


def test_a_kind_nobody_can_open_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="no act opens it"):
        replace(SESSION, acts=(Act(Thing, "做", who="x"),))


def test_two_acts_with_one_fact_are_refused() -> None:
    with pytest.raises(BadDeclaration, match="same fact"):
        replace(SESSION, acts=(*SESSION.acts, Act(SESSION.acts[0].fact, "又一次", who="x")))


def test_an_act_that_opens_a_duty_takes_nothing() -> None:
    opening = replace(SESSION.acts[0], takes="somewhere.take")

    with pytest.raises(BadDeclaration, match="a plan comes first"):
        replace(SESSION, acts=(opening, *SESSION.acts[1:]))


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (replace(MODULE, key="other"), "does not begin with other."),
        (replace(MODULE, opens=("hotline.nothing",)), "which no module declares"),
        (
            replace(MODULE, reactions=(Reaction("r", "learning.session:Never", "x.y"),)),
            "which no module declares",
        ),
        (replace(MODULE, watches=(Watch(("hotline.nothing",), "x.y"),)), "which no module declares"),
    ],
)
def test_modules_are_held_against_each_other(module: Module, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said):
        check([module])


def test_an_appraisal_that_counts_study_hours_is_refused_with_the_rules_name() -> None:
    hours = Indicator(
        "learning.hours",
        "学时",
        "学时合计",
        lambda scope: Selection(),
        inputs=("study.hours",),
        appraisal=True,
    )
    kind: Kind = replace(SESSION, indicators=(hours,))

    with pytest.raises(ForbiddenInput, match="BUR-14"):
        check([replace(MODULE, kinds=(kind,))])
