"""The import of units and people as a job: in the background, taken up again after a crash, its upload removed when done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.imports.models import ImportRun
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work, WorkRefused
from qianshao.core.org.imports import BadSheet
from qianshao.core.org.services import MANAGE, BadChange
from qianshao.kit.imports import uploads
from qianshao.kit.sheets.model import SheetError
from qianshao.kit.telling import sentence

from . import sheets

KIND = "org-import"
_SPEC = "org."


def register() -> None:
    """Say that these imports are done here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def spec_of(run: ImportRun) -> sheets.Spec:
    """Which sheet a run reads."""
    return sheets.spec_of(run.spec.removeprefix(_SPEC))


def keep(spec: sheets.Spec, *, path: str, name: str, actor: Actor, now: datetime) -> ImportRun:
    """Note an upload, so that whoever comes back finds it; the same file again is the same run. Raises ``SheetError``."""
    sheet = sheets.opened(spec, uploads.place(path), name)
    there = ImportRun.objects.filter(
        spec=_SPEC + spec.key, sha256=sheet.sha256, actor=actor.key, state="new"
    ).first()
    if there is not None and (uploads.folder() / there.path).exists():
        uploads.drop(path)
        return there
    return ImportRun.objects.create(
        spec=_SPEC + spec.key,
        file=name[:200],
        path=path,
        sha256=sheet.sha256,
        signature="",
        columns={},
        constants={},
        source="org",
        lines=sheet.lines,
        actor=actor.key,
        made_at=now,
    )


def runs() -> Any:
    """The imports of units and people so far, the latest first."""
    return ImportRun.objects.filter(spec__startswith=_SPEC).order_by("-made_at", "-id")


def start(run: ImportRun, *, actor: Actor, now: datetime) -> Job:
    """Queue the run, again when it failed; raises ``NotAllowed``."""
    if not actor.may(MANAGE):
        raise NotAllowed(_("没有管理单位的权限"))
    ImportRun.objects.filter(pk=run.pk).update(state="running", beat_at=now)
    return services.start(kind=KIND, key=_key(run), payload={"run": run.pk}, actor=actor, now=now)


def job_of(run: ImportRun) -> Job | None:
    """The job that does the run, once it was started."""
    return Job.objects.filter(key=_key(run)).first()


def _key(run: ImportRun) -> str:
    return f"{KIND}:{run.pk}"


def work_off(work: Work) -> dict[str, Any]:
    """The handler: safe to run again from the start, for a row written before is a row known."""
    run = ImportRun.objects.get(pk=work.payload["run"])
    if run.state == "done":
        return {"run": run.pk}
    spec = spec_of(run)
    try:
        preview = spec.preview(sheets.opened(spec, uploads.place(run.path), run.file))
        before = run.new
        ImportRun.objects.filter(pk=run.pk).update(known=max(0, preview.same - before), faulty=preview.faulty)

        def beat(done: int, total: int) -> None:
            ImportRun.objects.filter(pk=run.pk).update(new=before + done, beat_at=work.now())
            work.beat(done, total)

        done = sheets.add(spec, preview, actor=work.actor, clock=work.now, beat=beat)
    except (SheetError, BadSheet, BadChange, NotAllowed, uploads.Gone) as error:
        words = sentence(error.words) if isinstance(error, SheetError) else str(error)
        raise WorkRefused(words) from error
    now = work.now()
    ImportRun.objects.filter(pk=run.pk).update(
        state="done", new=before + done, finished_at=now, beat_at=now, line=run.lines
    )
    if not preview.problems:
        uploads.drop(run.path)
    return {"run": run.pk}
