"""The import as a job: run in the background, stopped and taken up again, its upload removed when done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportRun
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work, WorkRefused
from qianshao.kit.sheets.model import Sheet, SheetError
from qianshao.kit.sheets.opening import open_sheet
from qianshao.kit.telling import sentence

from . import faults, mapping, running, uploads
from .spec import ImportSpec, spec_of

KIND = "import"


def register() -> None:
    """Say that imports are done here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def start(run: ImportRun, *, actor: Actor, now: datetime) -> Job:
    """Queue the run, again when it was stopped; raises ``NotAllowed``."""
    running.importer(spec_of(run.spec), actor)
    uploads.sweep(now)
    return services.start(kind=KIND, key=_key(run), payload={"run": run.pk}, actor=actor, now=now)


def job_of(run: ImportRun) -> Job | None:
    """The job that does the run, when it was started from a page."""
    return Job.objects.filter(key=_key(run)).first()


def _key(run: ImportRun) -> str:
    return f"import:{run.pk}"


def sheet_at(spec: ImportSpec, run: ImportRun) -> Sheet:
    """The run's upload read as its sort of sheet; raises ``Gone`` or ``SheetError``."""
    return open_sheet(
        uploads.place(run.path), known=lambda name: mapping.known(spec, name), sheet=run.sheet, name=run.file
    )


def work_off(work: Work) -> dict[str, Any]:
    """The handler: safe to run again from the start, for the run knows how far it is."""
    run = ImportRun.objects.get(pk=work.payload["run"])
    spec = spec_of(run.spec)
    if run.state == "done" and not (uploads.folder() / run.path).exists():
        return {"run": run.pk}
    try:
        sheet = sheet_at(spec, run)
        if run.state != "done":
            running.go(
                run,
                spec,
                sheet,
                actor=work.actor,
                clock=work.now,
                beat=lambda run: work.beat(run.line, sheet.lines),
            )
        if run.faulty:
            faults.write(uploads.faults_of(run.pk), sheet, runs.faults_of(run))
    except SheetError as error:
        uploads.drop(run.path)
        raise WorkRefused(sentence(error.words)) from error
    except (uploads.Gone, NotAllowed) as error:
        raise WorkRefused(str(error)) from error
    uploads.drop(run.path)
    return {"run": run.pk}
