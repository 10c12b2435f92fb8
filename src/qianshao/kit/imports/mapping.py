"""Which column means what: a proposal from the names columns usually go by, and the answer checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from qianshao.core.imports.runs import Reading
from qianshao.kit.sheets.header import plain

from .spec import ImportSpec

# What the error sheet adds to the clerk's own columns; left out when such a sheet comes back mended.
FAULT_COLUMNS = ("行号", "问题", "改正办法")
_SOURCE = re.compile(r"[^\s:：/\\]{1,40}")


class BadMapping(ValueError):
    """The columns named do not fit the sheet or leave out what is needed."""


class MissingColumns(BadMapping):
    """Nothing in the sheet was named for columns that are needed."""

    def __init__(self, titles: Sequence[str], header: Sequence[str]) -> None:
        super().__init__(
            _("没有指明哪一列是：{titles}。表格里有：{names}。").format(
                titles="、".join(titles), names="、".join(header)
            )
        )


def own(header: Sequence[str]) -> tuple[str, ...]:
    """The sheet's own columns."""
    return tuple(name for name in header if name not in FAULT_COLUMNS)


def signature(header: Sequence[str]) -> str:
    """The same for sheets with the same columns, in whatever order and however they are spaced."""
    names = sorted(plain(name) for name in own(header))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def known(spec: ImportSpec, name: str) -> bool:
    """Whether a sheet's column usually goes by this name."""
    return plain(name) in _names(spec)


def _names(spec: ImportSpec) -> frozenset[str]:
    return frozenset(name for column in spec.columns for name in (*column.names, plain(column.title)))


def propose(spec: ImportSpec, header: Sequence[str]) -> Reading:
    """The likeliest reading of a header: each column once, the most usual name first."""
    there = {plain(name): name for name in reversed(own(header))}
    columns: dict[str, str] = {}
    for column in spec.columns:
        for name in (plain(column.title), *column.names):
            if name in there and there[name] not in columns.values():
                columns[column.key] = there[name]
                break
    constants = {
        column.key: column.default for column in spec.columns if column.default and column.key not in columns
    }
    return Reading(columns, constants, spec.source)


def answered(
    spec: ImportSpec,
    header: Sequence[str],
    start: Reading,
    changes: Mapping[str, str],
    constants: Mapping[str, str],
    source: str,
) -> Reading:
    """A reading with the person's answers over it; raises ``BadMapping``.

    ``changes`` is header → column key, an empty key meaning that the column is not read.
    """
    by_plain = {plain(name): name for name in own(header)}
    columns = dict(start.columns)
    for written, key in changes.items():
        name = by_plain.get(plain(written))
        if name is None:
            raise BadMapping(
                _("表格里没有“{name}”列。表格里有：{names}。").format(
                    name=written, names="、".join(own(header))
                )
            )
        if key and key not in {column.key for column in spec.columns}:
            raise BadMapping(
                _("没有“{key}”这一项；可用：{keys}。").format(
                    key=key,
                    keys=_("、").join(f"{column.key}（{_(column.title)}）" for column in spec.columns),
                )
            )
        columns = {kept: header for kept, header in columns.items() if header != name}
        if key:
            columns[key] = name
    return checked(spec, header, Reading(columns, {**start.constants, **constants}, source or start.source))


def checked(spec: ImportSpec, header: Sequence[str], reading: Reading) -> Reading:
    """The reading without what is empty, when it can be used; raises ``BadMapping`` naming what is missing."""
    columns = {key: name for key, name in reading.columns.items() if name}
    constants = {key: value for key, value in reading.constants.items() if value and key not in columns}
    if not _SOURCE.fullmatch(reading.source):
        raise BadMapping(_("来源名称须为 1 至 40 个字，不含空格、冒号和斜杠。"))
    gone = [name for name in columns.values() if name not in own(header)]
    if gone:
        raise BadMapping(_("表格里没有“{name}”列。").format(name=_("、").join(gone)))
    if len(set(columns.values())) != len(columns):
        raise BadMapping(_("有一列对应了两项，请只对应一项。"))
    for key, value in constants.items():
        column = spec.column(key)
        if value not in column.options:
            raise BadMapping(
                _("“{title}”可用：{options}。").format(
                    title=_(column.title), options=_("、").join(column.options)
                )
            )
    missing = [
        _(column.title)
        for column in spec.columns
        if column.needed and column.key not in columns and column.key not in constants
    ]
    if missing:
        raise MissingColumns(missing, own(header))
    return Reading(columns, constants, reading.source)
