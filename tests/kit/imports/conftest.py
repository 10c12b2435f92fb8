"""Runs of the hotline's sheets, from a file to the duties, without the page and without the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from cast import NOW
from tables import write_csv

from qianshao.core.accounts.actor import machine
from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportRun
from qianshao.kit.imports import mapping, running
from qianshao.kit.imports.preview import Preview, preview
from qianshao.kit.imports.spec import ImportSpec, spec_of
from qianshao.kit.sheets.model import Sheet
from qianshao.kit.sheets.opening import open_sheet

ROBOT = machine("import")


class Taken(NamedTuple):
    """A finished run and what it said beforehand."""

    run: ImportRun
    foreseen: Preview
    sheet: Sheet

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, those that occur."""
        names = (*runs.OUTCOMES, "faulty")
        return {name: count for name in names if (count := getattr(self.run, name))}

    @property
    def faults(self) -> list[tuple[int, tuple[str, ...], str, str]]:
        """Row, columns, problem and mend of what was not taken in."""
        return [
            (fault.row, fault.columns, str(fault.problem), str(fault.mend))
            for fault in runs.faults_of(self.run)
        ]


Take = Callable[..., Taken]


@pytest.fixture
def spec() -> ImportSpec:
    """The hotline's sheet."""
    return spec_of("hotline.order")


@pytest.fixture
def take(city: object, spec: ImportSpec, tmp_path: Path) -> Take:
    """Preview and import rows or a file: ``take(LETTERS)``, ``take(path)``."""

    def taken(rows: object, header: tuple[str, ...] | None = None, *, source: str = "") -> Taken:
        path = rows if isinstance(rows, Path) else tmp_path / "letters.csv"
        if not isinstance(rows, Path):
            write_csv(path, rows, header) if header else write_csv(path, rows)  # type: ignore[arg-type]
        sheet = open_sheet(path, known=lambda name: mapping.known(spec, name))
        start = mapping.propose(spec, sheet.header)
        reading = mapping.answered(spec, sheet.header, start, {}, {}, source)
        foreseen = preview(spec, sheet, reading, NOW)
        run = runs.open_run(
            spec=spec.key,
            file=sheet.file,
            sha256=sheet.sha256,
            signature=mapping.signature(sheet.header),
            lines=sheet.lines,
            reading=reading,
            actor=ROBOT,
            now=NOW,
        )
        running.go(run, spec, sheet, actor=ROBOT, clock=lambda: NOW, beat=lambda run: None)
        return Taken(run, foreseen, sheet)

    return taken
