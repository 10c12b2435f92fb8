"""Figures: the number, and the queries of exactly the duties behind it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from qianshao.kit import telling
from qianshao.kit.duties import figure
from qianshao.kit.staff import StaffRequest

from .shapes import FigureOut, LeftOut

calls = Router()


@calls.get(
    "/figures",
    response=dict[str, str],
    summary=gettext_noop("指标一览"),
    description=gettext_noop("账号可以查看的指标。"),
)
def figure_keys(request: HttpRequest) -> dict[str, str]:
    """Every figure this actor may ask for."""
    actor = cast(StaffRequest, request).actor
    return {
        key: telling.sentence(indicator.title)
        for key, (kind, indicator) in figure.indicators().items()
        if actor.paths(kind.reads)
    }


@calls.get(
    "/figures/{key}",
    response=FigureOut,
    summary=gettext_noop("一个指标：按单位、按月份"),
    description=gettext_noop("可用 unit、since、until（含当日）、as_of 限定范围。"),
)
def one_figure(request: HttpRequest, key: str) -> FigureOut:
    """``unit``, ``since``, ``until`` (last day, included) and ``as_of`` narrow it."""
    asked = cast(StaffRequest, request)
    _kind, indicator = figure.readable(key, asked.actor)
    scope = figure.scope_of(asked)
    told = figure.tables(indicator, scope, asked.actor, asked.now)
    made, per_unit, per_month = told.figure, told.by_unit, told.by_month
    return FigureOut(
        key=key,
        title=telling.sentence(indicator.title),
        formula=telling.sentence(indicator.formula),
        value=made.value,
        of=made.of,
        rate=made.basis_points / 100 if made.basis_points is not None else None,
        query=made.because.to_query(),
        of_query=made.base.to_query() if made.base else None,
        left_out=[
            LeftOut(why=telling.sentence(words), count=n, query=selection.to_query())
            for words, n, selection in made.left_out
        ],
        by_unit={line.name: [line.figure.value, line.figure.of] for line in per_unit},
        by_month={line.name: [line.figure.value, line.figure.of] for line in per_month},
    )
