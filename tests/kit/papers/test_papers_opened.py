"""Documents as offices hand them in, made on the spot; and files that only look like documents."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter

from qianshao.kit.papers.model import Cell, Line, PaperError, Table
from qianshao.kit.papers.opening import open_paper
from qianshao.kit.papers.radicals import plain

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def lines(path: Path) -> list[str]:
    return [block.text for block in open_paper(path) if isinstance(block, Line)]


def table(path: Path) -> Table:
    return next(block for block in open_paper(path) if isinstance(block, Table))


def file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def package(folder: Path, parts: dict[str, bytes], name: str = "文件.docx") -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return file(folder, name, held.getvalue())


def body(markup: str) -> bytes:
    return f'<w:document xmlns:w="{W}"><w:body>{markup}</w:body></w:document>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        "一、修路。\n二、架桥。".encode(),
        b"\xef\xbb\xbf" + "一、修路。\r\n二、架桥。".encode(),
        "一、修路。\r二、架桥。".encode("gb18030"),
        "一、修路。\n二、架桥。".encode("utf-16"),
        "一、修\x00路。\n二、架桥。\x00".encode(),
    ],
)
def test_a_text_is_read_in_any_encoding_and_with_any_line_end(tmp_path, content):
    assert lines(file(tmp_path, "文件.txt", content)) == ["一、修路。", "二、架桥。"]


def test_a_markdown_table_keeps_its_cells_and_may_hide_merged_ones(tmp_path):
    found = table(
        file(tmp_path, "表.md", "标题\n\n| 序号 | 任务 |\n|:--|--|\n| 1 | 甲\\|乙<br>丙 |\n".encode())
    )

    assert found.loose
    assert [(cell.row, cell.column, cell.text) for cell in found.cells] == [
        (0, 0, "序号"),
        (0, 1, "任务"),
        (1, 0, "1"),
        (1, 1, "甲|乙\n丙"),
    ]


def test_a_web_page_gives_its_main_part_and_cells_that_span_rows(tmp_path):
    page = """<html><head><meta charset="gb2312"><title>分解表_某市政府</title></head><body><div class="nav"><a>首页</a></div>
    <div><h1>分解表</h1><p>一、修路</p><table><tr><th>任务</th><th>单位</th><th>时限</th></tr><tr><td>甲</td><td rowspan=2>市教育局</td><td>年底</td></tr>
    <tr><td>乙</td><td>6月</td></tr></table></div></body></html>"""
    path = file(tmp_path, "页.html", page.encode("gb18030"))

    assert lines(path) == ["分解表", "一、修路"]
    assert table(path).cells[4] == Cell(1, 1, "市教育局", 2, 1)
    assert table(path).cells[-1] == Cell(2, 2, "6月")


def test_a_word_document_keeps_merged_cells(tmp_path):
    document = docx.Document()
    document.add_paragraph("责任分解表")
    drawn = document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            drawn.cell(row, column).text = f"{row}{column}"
    drawn.cell(1, 0).merge(drawn.cell(2, 0)).text = "竖"
    drawn.cell(0, 1).merge(drawn.cell(0, 2)).text = "横"
    document.save(str(tmp_path / "表.docx"))

    assert table(tmp_path / "表.docx").cells == (
        Cell(0, 0, "00"),
        Cell(0, 1, "横", 1, 2),
        Cell(1, 0, "竖", 2, 1),
        Cell(1, 1, "11"),
        Cell(1, 2, "12"),
        Cell(2, 1, "21"),
        Cell(2, 2, "22"),
    )


def test_numbers_that_word_prints_by_itself_are_read(tmp_path):
    numbering = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="1">
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
    <w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""
    paragraph = '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="5"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    markup = "".join(
        paragraph.format(*each) for each in ((0, "甲"), (1, "乙"), (1, "丙"), (0, "丁"), (1, "戊"))
    )
    path = package(tmp_path, {"word/document.xml": body(markup), "word/numbering.xml": numbering.encode()})

    assert lines(path) == ["一、甲", "（1）乙", "（2）丙", "二、丁", "（1）戊"]


def test_deleted_words_stay_out_and_inserted_ones_are_read(tmp_path):
    markup = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"

    assert lines(package(tmp_path, {"word/document.xml": body(markup)})) == ["新"]


def test_a_workbook_keeps_merged_ranges_and_writes_days_as_offices_do(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "表.xlsx"))
    sheet = book.add_worksheet("任务")
    sheet.merge_range(0, 0, 0, 2, "责任表")
    sheet.write_row(1, 0, ["任务", "单位", "时限"])
    sheet.write(2, 0, "甲")
    sheet.merge_range(2, 1, 3, 1, "市教育局")
    sheet.write_datetime(
        2, 2, __import__("datetime").datetime(2025, 5, 31), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    sheet.write(3, 0, "乙")
    book.close()
    path = tmp_path / "表.xlsx"

    assert lines(path) == ["责任表"]
    assert Cell(2, 1, "市教育局", 2, 1) in table(path).cells
    assert Cell(2, 2, "2025年5月31日") in table(path).cells


def test_characters_disguised_by_a_pdf_font_are_read_as_themselves():
    assert plain("⼈⺠政府⼀、⻛电（⽉底前）") == "人民政府一、风电（月底前）"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.txt", b"", "空.txt 是空文件。"),
        ("空白.txt", b"\xef\xbb\xbf \r\n", "空白.txt 是空文件。"),
        ("图.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "图.txt 是图片或压缩包，读不了文字，请先识别或解压。"),
        (
            "乱.txt",
            bytes(range(1, 256)) * 40,
            "乱.txt 不是文字文件，或编码无法辨认，请另存为 UTF-8 文本或 .docx。",
        ),
        ("坏.pdf", b"%PDF-1.7\nnothing", "坏.pdf 已损坏，不是完整的 PDF。"),
        ("坏.docx", b"PK\x03\x04 word/document.xml", "坏.docx 已损坏或设有密码，打不开。"),
        (
            "旧.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "旧.doc 是旧版 Word 文件（.doc），请另存为 .docx。",
        ),
        (
            "锁.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "锁.docx 设有打开密码，请去掉密码后再读。",
        ),
        ("富.doc", b"{\\rtf1 hello}", "富.doc 是 RTF 文件，请另存为 .docx。"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path, name, content, words):
    with pytest.raises(PaperError) as refused:
        open_paper(file(tmp_path, name, content))

    assert str(refused.value) == words


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(PaperError, match="是文件夹"):
        open_paper(tmp_path)
    with pytest.raises(PaperError, match="无法打开文件"):
        open_paper(tmp_path / "没有.txt")


def test_a_document_of_pictures_only_is_called_a_scan(tmp_path):
    with pytest.raises(PaperError, match="可能是扫描件"):
        open_paper(package(tmp_path, {"word/document.xml": body("<w:p/>")}))


def test_a_part_that_unpacks_to_much_more_is_refused_before_it_is_unpacked(tmp_path):
    bomb = body("<w:p/>" + " " * 30_000_000)

    with pytest.raises(PaperError, match="解开后过大"):
        open_paper(package(tmp_path, {"word/document.xml": bomb}))


def test_entities_are_not_expanded(tmp_path):
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    markup = (
        f'<!DOCTYPE d [<!ENTITY a0 "哈哈哈">{laughs}]><w:document xmlns:w="{W}"><w:body><w:p><w:r>'
        "<w:t>一、修路。&a9;</w:t></w:r></w:p></w:body></w:document>"
    )

    try:
        read = "".join(lines(package(tmp_path, {"word/document.xml": markup.encode()})))
    except PaperError as refused:
        assert "已损坏" in str(refused)
    else:
        assert len(read) < 100


def test_files_outside_are_not_fetched(tmp_path):
    secret = file(tmp_path, "secret", "机密".encode())
    markup = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document xmlns:w="{W}"><w:body><w:p><w:r>'
        "<w:t>一、修路。&x;</w:t></w:r></w:p></w:body></w:document>"
    )

    try:
        read = "".join(lines(package(tmp_path, {"word/document.xml": markup.encode()})))
    except PaperError:
        return
    assert "机密" not in read
