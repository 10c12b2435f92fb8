"""What a duty is called on lists: its own title, the unsealed one for those who may read it, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.duties.stream import unsealed
from qianshao.kernel.declare import Kind, fields_of

from .asking import module_of
from .masking import scrub
from .timeline import Reader


@dataclass(frozen=True, slots=True)
class Title:
    """A title as this reader sees it; ``sealed`` when it is not the title itself."""

    text: str
    sealed: bool = False


def may_read(duty: Duty, kind: Kind, actor: Actor) -> bool:
    """Whether the actor may read the sealed texts of a duty."""
    return actor.may(f"{module_of(kind)}.text", path_of(duty))


def reader(duty: Duty, kind: Kind, actor: Actor, revealed: frozenset[int] = frozenset()) -> Reader:
    """What of a duty's sealed texts the actor reads."""
    whole = actor.may(f"{module_of(kind)}.reveal", path_of(duty))
    return Reader(may_read(duty, kind, actor), revealed, whole)


def titles(duties: Sequence[Duty], actor: Actor) -> dict[str, Title]:
    """The title of each duty by stream, at most two queries; the duties carry their units."""
    found: dict[str, Title] = {}
    closed: list[Duty] = []
    for duty in duties:
        kind = registry.kind(duty.kind)
        if not kind.sealed_title:
            found[duty.stream] = Title(scrub(duty.title))
        elif may_read(duty, kind, actor):
            closed.append(duty)
        else:
            found[duty.stream] = Title(duty.topic or _("内容已封存"), sealed=True)
    return found | _opened(closed, actor)


def _opened(duties: Sequence[Duty], actor: Actor) -> dict[str, Title]:
    kept_back = {
        duty.stream
        for duty in duties
        if (mark := registry.kind(duty.kind).withheld)
        and f"|{mark}|" in duty.marks
        and not actor.may(f"{duty.kind.partition('.')[0]}.reveal", path_of(duty))
    }
    kinds = {duty.stream: registry.kind(duty.kind) for duty in duties}
    if not kinds:
        return {}
    found: dict[str, Title] = {}
    for (stream, _sseq), values in sorted(unsealed(kinds.keys()).items()):
        title = values.get(kinds[stream].sealed_title)
        if title and stream not in found:
            names = [values[name] for name in _names_of(kinds[stream]) if values.get(name)]
            found[stream] = Title(scrub(title, names, whole=stream in kept_back))
    gone = Title(_("（已依法删除）"), sealed=True)
    return {stream: found.get(stream, gone) for stream in kinds}


def _names_of(kind: Kind) -> set[str]:
    return {field.name for act in kind.acts for field in fields_of(act.fact) if field.mask == "name"}
