"""Files of .pdf made on the spot: their lines, their ruled tables, and those that cannot be read."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from pathlib import Path

import pypdf
import pytest

from qianshao.kit.papers.model import Cell, Line, PaperError, Table
from qianshao.kit.papers.opening import open_paper
from qianshao.kit.papers.rulings import Word, joined, page_blocks

_MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""
Drawn = Sequence[tuple[float, float, str]]


def made(pages: Sequence[tuple[Drawn, Sequence[tuple[float, float, float, float]]]]) -> bytes:
    """A .pdf with words at places and lines between points; its font is named, not embedded."""
    streams = []
    for words, lines in pages:
        told = "".join(
            f"BT /F 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, text in words
        )
        told += "".join(f"{x0} {y0} m {x1} {y1} l S\n" for x0, y0, x1, y1 in lines)
        streams.append(told.encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(_MAP), _MAP),
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * number} 0 R>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def box(
    xs: Sequence[float], ys: Sequence[float], *without: tuple[float, float, float, float]
) -> list[tuple[float, float, float, float]]:
    """All lines of a grid, in pieces, except some."""
    level = [(left, y, right, y) for y in ys for left, right in itertools.pairwise(xs)]
    upright = [(x, low, x, high) for x in xs for low, high in itertools.pairwise(ys)]
    return [line for line in level + upright if line not in without]


def opened(folder: Path, content: bytes) -> list[Line | Table]:
    path = folder / "文件.pdf"
    path.write_bytes(content)
    return open_paper(path)


WORDS = (
    (50, 760, "刺桐市责任分解表"),
    (60, 715, "任务"),
    (160, 715, "牵头单位"),
    (60, 675, "修路"),
    (160, 655, "市交通"),
    (160, 640, "运输局"),
    (60, 635, "架桥"),
)
MERGED = box((50, 150, 300), (620, 660, 700, 740), (150, 660, 300, 660))


def test_lines_and_a_ruled_table_with_a_merged_cell_are_read(tmp_path):
    assert opened(tmp_path, made([(WORDS, MERGED)])) == [
        Line("刺桐市责任分解表"),
        Table(
            (
                Cell(0, 0, "任务"),
                Cell(0, 1, "牵头单位"),
                Cell(1, 0, "修路"),
                Cell(1, 1, "市交通\n运输局", 2, 1),
                Cell(2, 0, "架桥"),
            )
        ),
    ]


def test_a_table_over_two_pages_is_one_and_page_numbers_are_left_out(tmp_path):
    first = ((*WORDS, (300, 20, "— 1 —")), MERGED)
    second = (
        ((60, 715, "种树"), (160, 715, "市林业局"), (60, 675, "种花"), (300, 20, "— 2 —")),
        box((50, 150, 300), (660, 700, 740)),
    )
    blocks = opened(tmp_path, made([first, second]))

    assert [type(block) for block in blocks] == [Line, Table]
    assert [cell.text for cell in blocks[1].cells if cell.row >= 3] == ["种树", "市林业局", "种花", ""]


def test_a_page_without_lines_is_read_as_printed(tmp_path):
    words = [(50, 760 - 20 * n, f"第{n}行文字，写明要做的事情。") for n in range(1, 5)]

    assert [block.text for block in opened(tmp_path, made([(words, [])]))] == [text for _x, _y, text in words]


def test_a_scan_is_refused(tmp_path):
    with pytest.raises(PaperError, match="可能是扫描件"):
        opened(tmp_path, made([([], [])]))


def test_a_file_with_a_password_is_refused(tmp_path):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made([(WORDS, MERGED)])))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)

    with pytest.raises(PaperError, match="设有打开密码"):
        opened(tmp_path, out.getvalue())


def test_a_file_cut_short_is_refused_or_read_never_worse(tmp_path):
    whole = made([(WORDS, MERGED)])

    for end in range(60, len(whole), 400):
        try:
            assert opened(tmp_path, whole[:end])
        except PaperError as refused:
            assert str(refused)


def test_borders_drawn_twice_are_one_line():
    xs, ys = (50, 150, 300), (660, 700, 740)
    twice = [*box(xs, ys), *((x0 + 2, y0 + 2, x1 + 2, y1 + 2) for x0, y0, x1, y1 in box(xs, ys))]
    (table,) = page_blocks([Word(60, 715, 12, "甲"), Word(160, 675, 12, "乙")], twice)

    assert isinstance(table, Table)
    assert [(cell.row, cell.column, cell.text) for cell in table.cells] == [
        (0, 0, "甲"),
        (0, 1, ""),
        (1, 0, ""),
        (1, 1, "乙"),
    ]


def test_a_drawing_of_thousands_of_lines_is_no_table():
    lines = box([float(10 * n) for n in range(60)], [float(10 * n) for n in range(60)])

    assert page_blocks([Word(60, 715, 12, "甲")], lines) == [Line("甲")]


def test_tables_of_different_width_stay_apart():
    narrow, wide = (
        Table((Cell(0, 0, "甲"), Cell(0, 1, "乙"))),
        Table((Cell(0, 0, "丙"), Cell(0, 1, "丁"), Cell(0, 2, "戊"))),
    )

    assert joined([[narrow], [wide]]) == [narrow, wide]
