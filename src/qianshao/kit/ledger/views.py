"""The ledger as anyone signed in may see it: how long, which roots, which checkpoints left the office."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qianshao.core.ledger import anchoring, checkpoints, exporting, gate
from qianshao.core.ledger.models import Checkpoint, Entry, Pending
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.staff import StaffRequest

_SHOWN = 20


def show(request: StaffRequest) -> HttpResponse:
    """Size, roots, what waits for its number, and the newest checkpoints."""
    size, sha256, sm3 = checkpoints.roots()
    last = Entry.objects.order_by("-eid").first()
    context = {
        "size": size,
        "root": sha256.hex(),
        "sm3_root": sm3.hex(),
        "waiting": Pending.objects.count(),
        "checkpoints": Checkpoint.objects.order_by("-id")[:_SHOWN],
        "last": last,
        "closed": gate.flag().exists(),
        "folders": len(anchoring.folders()),
        "may_export": request.actor.may("ledger.export"),
    }
    return render(request, "kit/ledger/ledger.html", context)


def checkpoint(request: StaffRequest) -> HttpResponse:
    """The newest checkpoint as a file, for whoever keeps one."""
    made = Checkpoint.objects.order_by("-id").first()
    response = HttpResponse(
        made.note if made else "", content_type="text/plain; charset=utf-8", status=200 if made else 404
    )
    response["Content-Disposition"] = 'attachment; filename="checkpoint.txt"'
    return response


@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The whole log as a bundle; only for those who audit. It holds no personal data."""
    if not request.actor.may("ledger.export"):
        raise PermissionDenied(_("没有导出账本的权限"))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        exporting.whole(file, now=request.now)
    except exporting.NothingToExport as error:
        file.close()
        messages.info(request, str(error))
        return redirect("ledger")
    file.seek(0)
    day = request.now.astimezone(SHANGHAI).strftime("%Y%m%d")
    return FileResponse(file, as_attachment=True, filename=f"qianshao-ledger-{day}.jsonl")
