"""What is declared: kinds of duty, their acts and fields, for the reader's rights."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.kernel.declare import Kind, fields_of
from qianshao.kit import telling
from qianshao.kit.staff import StaffRequest

from .shapes import ActOut, FieldOut, KindOut

calls = Router()


@calls.get(
    "/kinds",
    response=list[KindOut],
    summary=gettext_noop("事项类型、操作与字段"),
    description=gettext_noop("账号可以查看的全部声明。"),
)
def kinds(request: HttpRequest) -> list[KindOut]:
    """Everything declared that this actor may read."""
    actor = cast(StaffRequest, request).actor
    return [
        KindOut(
            key=kind.key,
            title=telling.sentence(kind.title),
            law=kind.law,
            phases={phase.key: telling.sentence(phase.title) for phase in kind.phases},
            acts=[_act_out(kind, number, actor) for number in range(len(kind.acts))],
            figures=[indicator.key for indicator in kind.indicators],
        )
        for kind in registry.kinds().values()
        if actor.paths(kind.reads)
    ]


def _act_out(kind: Kind, number: int, actor: Actor) -> ActOut:
    act = kind.acts[number]
    fields = [
        FieldOut(
            name=item.name,
            label=telling.sentence(item.label),
            shape=item.shape,
            required=item.required,
            sealed=item.sealed,
            options={key: telling.sentence(title) for key, title in item.options},
            maximum=item.maximum,
            hint=telling.sentence(item.hint),
        )
        for item in fields_of(act.fact)
    ]
    return ActOut(
        fact=act.fact.__name__,
        title=telling.sentence(act.title),
        opens=act.opens,
        evidence=act.evidence,
        allowed=actor.may(act.who),
        fields=fields,
    )
