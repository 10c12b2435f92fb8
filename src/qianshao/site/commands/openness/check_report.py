"""Check yearly reports of information disclosure against the identities of the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit import telling
from qianshao.modules.openness.report import check, opening
from qianshao.modules.openness.report.finding import Finding
from qianshao.modules.openness.report.model import Report, Unreadable
from qianshao.modules.openness.report.notes import Note, notes

from ..answering import FOUND, UNUSABLE
from ..saying import CommandError, document, say
from .group import openness


@openness.command("check-report", help=gettext_lazy("核对政府信息公开工作年度报告的勾稽关系。"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def check_report(files: tuple[Path, ...], as_json: bool) -> None:
    """Reports (.docx, .html, .xlsx, .json) or folders of them; several years of a body are compared.

    Exit 0: all balance. Exit 1: something was found. Exit 2: a file cannot be read.
    """
    paths = list(opening.files_in(files))
    if not paths:
        raise CommandError(_("文件夹里没有年度报告（.docx、.html、.xlsx、.json）。"))
    reports: list[Report] = []
    unread: dict[str, str] = {}
    where: dict[int, str] = {}
    for path in paths:
        try:
            found = opening.reports_in(path)
        except Unreadable as error:
            unread[str(path)] = telling.sentence(error.words)
            continue
        reports += found
        where.update((id(report), str(path)) for report in found)
    if unread and not reports and len(paths) == 1:
        raise CommandError(next(iter(unread.values())))
    findings, remarked = check.check(reports), notes(reports)
    if as_json:
        document(
            _document(paths, reports, findings, unread, where) | {"notes": [_row(note) for note in remarked]}
        )
    else:
        _print(reports, findings, remarked, unread)
    if unread:
        raise SystemExit(UNUSABLE)
    if findings:
        raise SystemExit(FOUND)


def _document(
    paths: list[Path],
    reports: list[Report],
    findings: list[Finding],
    unread: dict[str, str],
    where: dict[int, str],
) -> dict[str, Any]:
    rows = [(finding, _row(finding)) for finding in findings]
    files: list[dict[str, Any]] = [
        {
            "file": where[id(report)],
            "body": report.body,
            "year": report.year,
            "form": report.form,
            "unplaced": report.strange,
            "findings": [row for finding, row in rows if finding.report is report],
        }
        for report in reports
    ]
    files += [{"file": name, "error": sentence} for name, sentence in unread.items()]
    order = {str(path): place for place, path in enumerate(paths)}
    return {
        "balanced": not findings and not unread,
        "findings": [row for _finding, row in rows],
        "files": sorted(files, key=lambda each: order[each["file"]]),
    }


def _row(finding: Finding | Note) -> dict[str, Any]:
    return {**finding.as_json(), "says": telling.sentence(finding.says)}


def _print(
    reports: list[Report], findings: list[Finding], remarked: list[Note], unread: dict[str, str]
) -> None:
    for report in reports:
        own = [finding for finding in findings if finding.report is report]
        head = _("{file}：{body} {year} 年").format(
            file=report.file, body=report.body or _("（未写机关）"), year=report.year or "？"
        )
        click.echo(f"{head}  " + (_("{n} 处问题").format(n=len(own)) if own else _("勾稽关系相符")))
        for finding in own:
            click.echo(f"  {finding.id}  {telling.sentence(finding.says)}")
            if finding.where.quote:
                click.echo(_("      原文：{quote}").format(quote=finding.where.quote))
            if finding.suspect:
                click.echo(
                    _("      多半是“{row}”“{column}”：填 {stands}，应为 {should}").format(
                        row=finding.suspect.row,
                        column=finding.suspect.column,
                        stands=finding.suspect.stands,
                        should=finding.suspect.should,
                    )
                )
        for note in remarked:
            if note.report is report:
                click.echo(_("  提示：{note}").format(note=telling.sentence(note.says)))
        for label in report.strange:
            say(_("  未能识别的行：{label}").format(label=label))
    for sentence in unread.values():
        say(sentence)
