"""The import in the browser: hand in, say what the columns are, preview, run, stop, go on, and what it found."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cast import NOW, SignIn
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tables import HEADER, LETTERS, write_csv, write_locked

from qianshao.core.duties.models import Duty
from qianshao.core.imports.models import ImportLine, ImportRun
from qianshao.core.jobs import runner
from qianshao.core.jobs.models import Job
from qianshao.kit.imports import running, uploads

pytestmark = pytest.mark.django_db
FAULTY = ("9", "=路灯", "2025-02-30", "没有这一天", "", "")


@pytest.fixture(autouse=True)
def _no_uploads_left() -> None:
    for path in uploads.folder().iterdir():
        path.unlink()


def kept() -> list[str]:
    """What lies in the folder of uploads."""
    return sorted(path.name for path in uploads.folder().iterdir())


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def hand_in(client: Client, content: bytes, name: str = "letters.csv") -> Any:
    return client.post("/import/", {"spec": "hotline.order", "file": SimpleUploadedFile(name, content)})


def letters(folder: Path, rows: Sequence[Sequence[str]] = LETTERS) -> bytes:
    return write_csv(folder / "letters.csv", rows).read_bytes()


def run_of(response: Any) -> ImportRun:
    return ImportRun.objects.get(pk=int(response["Location"].split("/")[2]))


def mapped(client: Client, run: ImportRun, **changes: str) -> Any:
    """Answer the form of the columns as proposed, with changes by header."""
    keys = ("number", "title", "received_at", "body", "reply", "replied_at")
    answers = {
        f"column-{place}": changes.get(name, key)
        for place, (name, key) in enumerate(zip(HEADER, keys, strict=True))
    }
    return client.post(
        f"/import/{run.pk}/columns/",
        {**answers, "whole-channel": "board", "whole-appeal": "", "source": "12345"},
    )


def work() -> None:
    while runner.work_once(lambda: NOW):
        pass


def imported(client: Client, folder: Path, rows: Sequence[Sequence[str]] = LETTERS) -> ImportRun:
    run = run_of(hand_in(client, letters(folder, rows)))
    mapped(client, run)
    client.post(f"/import/{run.pk}/", {"do": "start"})
    work()
    run.refresh_from_db()
    return run


def test_a_sheet_goes_from_the_upload_to_its_figures_and_nothing_of_it_stays_on_disk(
    sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("hotline.agent")

    run = run_of(hand_in(client, letters(tmp_path)))
    columns = text(client.get(f"/import/{run.pk}/columns/"))
    assert "留言时间" in columns and "路灯不亮" in columns
    assert mapped(client, run)["Location"] == f"/import/{run.pk}/preview/"
    looked = text(client.get(f"/import/{run.pk}/preview/"))
    assert "共 4 行，还没有写入任何内容。" in looked and "2025年10月9日" in looked
    assert Duty.objects.count() == 0 and len(kept()) == 1

    client.post(f"/import/{run.pk}/", {"do": "start"})
    waiting = text(client.get(f"/import/{run.pk}/"))
    work()
    found = client.get(f"/import/{run.pk}/")

    assert 'hx-trigger="every 1s"' in waiting
    report = found.context["report"]
    assert (report["answered_in_time"], report["answered_late"], report["open_overdue"]) == (2, 1, 1)
    assert kept() == []


def test_every_figure_of_the_result_opens_the_list_it_counts(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    run = imported(client, tmp_path)
    page = text(client.get(f"/import/{run.pk}/"))

    links = re.findall(
        r'<a[^>]*href="(/import/\d+/records/[^"]*)"[^>]*>(?:<span class="figure-value">)?(\d+)<', page
    )
    lists = [(client.get(path).context["page"].paginator.count, path) for path, _count in links]

    assert len(links) >= 12
    assert lists == [(int(count), path) for path, count in links]


def test_the_columns_are_asked_about_once(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    imported(client, tmp_path)

    again = hand_in(client, letters(tmp_path, [*LETTERS, ("5", *LETTERS[0][1:])]))

    assert again["Location"].endswith("/preview/")


def test_columns_that_leave_out_what_is_needed_are_told_and_nothing_is_kept(
    sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("hotline.agent")
    run = run_of(hand_in(client, letters(tmp_path)))

    answer = mapped(client, run, 留言时间="")
    twice = mapped(client, run, 留言时间="title")

    assert answer.status_code == 422 and "没有指明哪一列是：受理时间。" in text(answer)
    assert "--map" not in text(answer)
    assert "“标题”对应了两列，请只留一列。" in text(twice)


def test_faulty_rows_are_named_by_cell_and_come_back_as_a_sheet(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    run = run_of(hand_in(client, letters(tmp_path, [*LETTERS, FAULTY])))
    mapped(client, run)
    looked = text(client.get(f"/import/{run.pk}/preview/"))
    client.post(f"/import/{run.pk}/", {"do": "start"})
    work()

    page = text(client.get(f"/import/{run.pk}/"))
    sheet = client.get(f"/import/{run.pk}/errors.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.iter_rows())

    assert "C列“留言时间”" in looked and "“受理时间”没有这一天或这一时刻" in looked
    assert "没有导入的 1 行" in page and "“受理时间”没有这一天或这一时刻" in page
    assert [cell.value for cell in rows[1]][3:6] == ["9", "=路灯", "2025-02-30"]
    assert {cell.data_type for cell in rows[1][1:6]} == {"s"}
    assert kept() == [f"errors-{run.pk}.xlsx"]


def test_what_nobody_came_back_for_is_swept_away(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    run = imported(client, tmp_path, [*LETTERS, FAULTY])
    hand_in(client, b"a,b\n1,2\n")

    assert uploads.sweep(NOW.replace(year=2030)) == len(kept()) + 2
    assert "错误表已经清除" in text(client.get(f"/import/{run.pk}/errors.xlsx", follow=True))


def test_an_import_is_stopped_and_taken_up_where_it_was(
    sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.batches, "__defaults__", (1,))
    client = sign_in("hotline.agent")
    run = run_of(hand_in(client, letters(tmp_path)))
    mapped(client, run)
    client.post(f"/import/{run.pk}/", {"do": "start"})
    seconds = iter(range(1000))
    recorded = running._record

    def stopped_after_two(run: ImportRun, *rest: Any) -> None:
        recorded(run, *rest)
        if run.rows == 2:
            client.post(f"/import/{run.pk}/", {"do": "stop"})

    monkeypatch.setattr(running, "_record", stopped_after_two)
    runner.work_once(lambda: NOW + timedelta(seconds=2 * next(seconds)))
    run.refresh_from_db()
    halted = text(client.get(f"/import/{run.pk}/"))
    assert (run.state, run.rows, Duty.objects.count(), len(kept())) == ("stopped", 2, 2, 1)
    assert "导入停在第 3 行，此前各行均已写入。" in halted

    client.post(f"/import/{run.pk}/", {"do": "start"})
    work()
    run.refresh_from_db()

    assert (run.state, run.new, Duty.objects.count(), kept()) == ("done", 4, 4, [])


def test_an_upload_that_is_not_wanted_is_cleared(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    run = run_of(hand_in(client, letters(tmp_path)))

    answer = client.post(f"/import/{run.pk}/", {"do": "clear"}, follow=True)

    assert "上传的文件已经清除。" in text(answer)
    assert (kept(), ImportRun.objects.count()) == ([], 0)


def test_what_is_no_table_is_refused_and_not_kept(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("hotline.agent")
    locked = write_locked(tmp_path / "locked.xlsx").read_bytes()
    told = [
        (locked, "工作簿设有打开密码，请去掉密码后再导入。"),
        (b"\n \n", "文件是空的，没有可以导入的内容。"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "这不是表格。请选择 .csv、.xlsx、.xls 或 .ods 文件。"),
    ]

    for content, sentence in told:
        upload = SimpleUploadedFile("a.xlsx", content)
        page = text(client.post("/import/", {"file": upload}, follow=True))
        assert sentence in page
    assert "请先选择一个文件。" in text(client.post("/import/", follow=True))
    assert (
        client.post("/import/", {"spec": "nothing", "file": SimpleUploadedFile("a", b"a")}).status_code == 404
    )
    assert (kept(), ImportRun.objects.count()) == ([], 0)


ROUTES = ["columns/", "preview/", "", "records/", "errors.xlsx"]


def test_only_those_with_the_right_over_the_city_see_any_of_it(sign_in: SignIn, tmp_path: Path) -> None:
    run = imported(sign_in("hotline.agent"), tmp_path, [*LETTERS, FAULTY])
    strangers = [
        sign_in("hotline.unit", "housing"),
        sign_in("learning.clerk", "office"),
    ]

    for client in strangers:
        seen = [client.get(f"/import/{run.pk}/{route}").status_code for route in ROUTES]
        did = [
            client.post(f"/import/{run.pk}/", {"do": what}).status_code for what in ("start", "stop", "clear")
        ]
        assert seen + did + [client.get("/import/").status_code] == [403] * 9
        assert hand_in(client, b"a,b\n").status_code == 403
    assert {Client().get(f"/import/{run.pk}/{route}").status_code for route in ROUTES} == {302}
    assert kept() == [f"errors-{run.pk}.xlsx"]


def test_a_colleague_sees_the_result_and_never_the_upload(sign_in: SignIn, tmp_path: Path) -> None:
    owner, colleague = sign_in("hotline.agent"), sign_in("hotline.chief", name="林二")
    waiting = run_of(hand_in(owner, letters(tmp_path)))
    done = imported(owner, tmp_path, [*LETTERS, FAULTY])
    stopped = ImportRun.objects.create(
        **{
            field.name: getattr(done, field.name)
            for field in ImportRun._meta.fields
            if field.name not in ("id", "state")
        },
        state="stopped",
    )

    assert [colleague.get(f"/import/{waiting.pk}/{route}").status_code for route in ROUTES] == [
        404,
        404,
        404,
        200,
        404,
    ]
    assert [colleague.get(f"/import/{done.pk}/{route}").status_code for route in ("", "records/")] == [
        200,
        200,
    ]
    assert colleague.get(f"/import/{done.pk}/errors.xlsx").status_code == 404
    assert "errors.xlsx" not in text(colleague.get(f"/import/{done.pk}/"))
    assert 'value="start"' not in text(colleague.get(f"/import/{stopped.pk}/"))
    assert colleague.post(f"/import/{stopped.pk}/", {"do": "clear"}).status_code == 404
    assert f"/import/{waiting.pk}/" not in text(colleague.get("/import/"))
    assert len(kept()) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("group=nothing", 404),
        ("group=faulty", 404),
        ("month=2025-09", 200),
        ("month=99999999999999999999", 404),
        ("month=2025-13", 404),
        ("unit=%00", 200),
        ("unit=-", 200),
        ("page=x", 200),
    ],
)
def test_questions_nobody_meant_to_ask_get_an_answer(
    sign_in: SignIn, tmp_path: Path, query: str, status: int
) -> None:
    client = sign_in("hotline.agent")
    run = imported(client, tmp_path)

    assert client.get(f"/import/{run.pk}/records/?{query}").status_code == status


def test_a_list_of_records_asks_as_many_questions_for_three_as_for_one(
    sign_in: SignIn, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in("hotline.agent")
    run = imported(client, tmp_path)
    client.get(f"/import/{run.pk}/records/")
    counts = []
    for group in ("answered_late", "total"):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/import/{run.pk}/records/?group={group}")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_no_cell_of_a_sheet_is_kept_beside_the_sealed_facts(sign_in: SignIn, tmp_path: Path) -> None:
    run = imported(sign_in("hotline.agent"), tmp_path, [*LETTERS, FAULTY])

    kept_rows = [
        *ImportRun.objects.values(),
        *ImportLine.objects.values(),
        *run.faults.values(),
        *Job.objects.values(),
    ]

    assert "路灯" not in str(kept_rows) and "没有这一天" in str(kept_rows)
