"""Pages as sites really write them, invented here; each test names the trap."""

from __future__ import annotations

import time
from datetime import date

import pytest

from qianshao.modules.openness.pages import read
from qianshao.modules.openness.pages.page import FIELDS

URL = "https://www.citong.gov.cn/zwgk/zcwj/202405/t20240530_1001.html"
META = (
    '<meta name="SiteName" content="刺桐市人民政府"><meta name="SiteIDCode" content="3599000001">'
    '<meta name="ColumnName" content="政策文件"><meta name="ColumnType" content="政策文件">'
)
BODY = (
    "<p>"
    + "为做好本市古港遗址的保护工作，经市人民政府同意，现将有关事项通知如下，请结合实际认真贯彻执行。" * 4
    + "</p>"
)


def page(head: str = "", body: str = "", url: str = ""):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return read(html.encode(), url=url)


def policy(table: str = "", signature: str = "", more: str = ""):
    title = "刺桐市人民政府关于加强古港遗址保护的通知"
    return page(
        META + f'<meta name="ArticleTitle" content="{title}">',
        f"<h1>{title}</h1>{table}{BODY}{signature}{more}",
        URL,
    )


CATALOGUE = (
    "<table><tr><td>索 引 号：</td><td>QZ00100-2024-00012</td><td>发文机关：</td><td>刺桐市人民政府</td></tr>"
    "<tr><td>文 号：</td><td>刺政﹝2024﹞12号</td><td>成文日期：</td><td>2024年05月20日</td></tr>"
    "<tr><td>标　　题：</td><td>刺桐市人民政府关于加强古港遗址保护的通知</td><td>发布日期：</td><td>2024-05-30</td></tr></table>"
)


def test_the_catalogue_table_gives_number_and_both_days():
    read_page = policy(CATALOGUE)

    assert read_page.get("document_number") == "刺政〔2024〕12号"
    assert read_page.day("formed_on") == date(2024, 5, 20)
    assert read_page.day("published_on") == date(2024, 5, 30)
    assert read_page.get("kind") == "policy_document"
    assert read_page.found["formed_on"].how == "catalogue_table"


@pytest.mark.parametrize(
    "printed, number",
    [
        ("刺政〔2024〕12号", "刺政〔2024〕12号"),
        ("刺政［2024］12号", "刺政〔2024〕12号"),
        ("刺政[2024]12号", "刺政〔2024〕12号"),
        ("刺政（2024）12号", "刺政〔2024〕12号"),
        ("刺政办规〔 2024 〕 3 号", "刺政办规〔2024〕3号"),
        ("刺政发【2024】７号", "刺政发〔2024〕7号"),
        ("刺桐市人民政府令第12号", "刺桐市人民政府令第12号"),
        ("刺桐市财政局公告2024年第3号", "刺桐市财政局公告2024年第3号"),
    ],
)
def test_document_numbers_are_read_in_every_bracket(printed, number):
    assert policy(f"<p>文号：{printed}</p>").get("document_number") == number


def test_a_number_quoted_in_a_sentence_is_not_the_documents_own():
    quoted = "<p>根据《国务院办公厅关于印发某某方案的通知》（国办发〔2023〕5号）要求，制定本方案，请遵照执行，有关事项如下。</p>"

    assert policy(more=quoted).get("document_number") is None


@pytest.mark.parametrize(
    "printed",
    [
        "二〇二四年五月二十日",
        "二○二四年五月二十日",
        "二零二四年五月廿日",
        "2024 年 5 月 20 日",
        "２０２４年５月２０日",
    ],
)
def test_a_signature_gives_the_day_the_document_was_formed(printed):
    read_page = policy(signature=f"<p>刺桐市人民政府</p><p>{printed}</p><p>（此件主动公开）</p>")

    assert read_page.day("formed_on") == date(2024, 5, 20)
    assert read_page.found["formed_on"].how == "signature"


def test_a_day_in_an_annex_is_not_the_signature():
    annex = "<p>附件</p><p>活动安排</p><p>2024年9月15日</p>"

    assert policy(more=annex).get("formed_on") is None


@pytest.mark.parametrize("colon", ["：", ":", "∶", "﹕", "꞉", " ：", "： "])
def test_every_sign_that_looks_like_a_colon_is_one(colon):
    line = f"<div class='info'>发布时间{colon}2024-05-30 09{colon.strip()}15 来源{colon}刺桐日报</div>"
    read_page = policy(line)

    assert read_page.day("published_on") == date(2024, 5, 30)
    assert read_page.get("source") == "刺桐日报"


@pytest.mark.parametrize(
    "meta, body, wanted",
    [
        # A default nobody changed against what is printed.
        ("2020-01-01", "发布日期：2024-05-30", "2024-05-30"),
        ("1970-01-01 08:00:00", "发布日期：2024-05-30", "2024-05-30"),
        ("2020-01-01 00:00:00", "", None),
        # The mark of a template that was never filled.
        ("${pubDate}", "发布日期：2024-05-30", "2024-05-30"),
        ("{{ article.date }}", "", None),
        ("yyyy-MM-dd HH:mm", "", None),
        # A day that does not exist is none.
        ("2024-02-30", "", None),
        ("2024-05-30 24:61", "", "2024-05-30"),
        ("20240530", "", "2024-05-30"),
        ("2024.05.30 09:24:36 GMT+08:00", "", "2024-05-30"),
        ("Thu May 30 09:24:36 CST 2024", "", "2024-05-30"),
        ("2024-05-30T09:24:36+08:00", "", "2024-05-30"),
    ],
)
def test_a_template_date_is_never_taken_for_the_day_of_publication(meta, body, wanted):
    read_page = page(
        META
        + f'<meta name="ArticleTitle" content="关于古港遗址的通知"><meta name="PubDate" content="{meta}">',
        f"<h1>关于古港遗址的通知</h1><div>{body}</div>{BODY}",
    )

    assert read_page.get("published_on") == wanted
    assert (wanted is None) == ("published_on" in read_page.missing)


def test_the_time_the_page_was_generated_gives_way_to_the_printed_day():
    read_page = page(
        META
        + '<meta name="ArticleTitle" content="关于古港遗址的通知"><meta name="PubDate" content="2025-01-06 03:00:11">'
        '<meta name="others" content="页面生成时间 2025-01-06 03:00:11">',
        f"<h1>关于古港遗址的通知</h1><div>发布时间：2024-05-30</div>{BODY}",
    )

    assert read_page.get("published_on") == "2024-05-30"
    assert read_page.others["published_on"][0].value == "2025-01-06"


def test_todays_date_and_the_foot_of_the_page_are_no_days_of_publication():
    read_page = page(
        "<title>关于古港遗址的说明_刺桐市人民政府</title>",
        f"<div>今天是2026年11月25日 星期三</div><h1>关于古港遗址的说明</h1>{BODY}"
        "<div class='footer'>更新日期：2026-11-24 版权所有 © 2020-2026 备案日期：2021-03-04</div>",
    )

    assert read_page.get("published_on") is None
    assert read_page.get("title") == "关于古港遗址的说明"
    assert read_page.get("site_name") == "刺桐市人民政府"


def test_a_page_without_any_label_is_read_from_what_is_printed():
    read_page = page(
        "<title>古港遗址公园今起开放-刺桐市文化和旅游局网站</title>",
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/xw/'>新闻中心</a> &gt; <a href='/xw/dt/'>工作动态</a></div>"
        "<div class='con'><h2>古港遗址公园今起开放</h2><div class='xx'><span>2024/05/30</span><span> 来源：局办公室 </span><span>作者：甲</span></div>"
        f"{BODY}</div><div>网站标识码：3599000042</div>",
    )

    assert (read_page.get("title"), read_page.get("column")) == ("古港遗址公园今起开放", "工作动态")
    assert (read_page.get("published_on"), read_page.get("source")) == ("2024-05-30", "局办公室")
    assert (read_page.get("site_id_code"), read_page.get("kind")) == ("3599000042", "article")


TEXT = "<html><head>{meta}<title>刺桐市人民政府关于古港遗址保护的通知</title></head><body><h1>刺桐市人民政府关于古港遗址保护的通知</h1><p>来源：刺桐市人民政府办公室</p><p>经市人民政府同意，现将有关事项通知如下，请认真贯彻执行。</p></body></html>"


@pytest.mark.parametrize(
    "real, header, meta",
    [
        ("gb2312", "", '<meta charset="gb2312">'),
        ("gbk", "", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
        ("gb18030", "text/html; charset=utf-8", ""),
        ("gbk", "", '<meta charset="utf-8">'),
        ("utf-8", "text/html; charset=GBK", '<meta charset="gbk">'),
        ("utf-8", "", ""),
        ("utf-8-sig", "", '<meta charset="gb2312">'),
        ("utf-16", "", '<meta charset="gb2312">'),
        ("utf-16-le", "", ""),
        ("gbk", "text/html; charset=ISO-8859-1", ""),
        ("gbk", "", '<?xml version="1.0" encoding="GBK"?>'),
    ],
)
def test_a_wrong_declaration_of_the_encoding_does_not_garble_the_page(real, header, meta):
    data = TEXT.format(meta=meta).encode(real)

    read_page = read(data, content_type=header)

    assert read_page.get("title") == "刺桐市人民政府关于古港遗址保护的通知"
    assert read_page.get("source") == "刺桐市人民政府办公室"


def test_big5_labelled_gbk_is_seen_through():
    text = "<title>關於古港遺址保護的通知</title><meta charset='gbk'><h1>關於古港遺址保護的通知</h1><p>經市政府同意，現將有關事項通知如下，請認真執行。</p>"

    assert read(text.encode("big5")).get("title") == "關於古港遺址保護的通知"


def test_a_list_has_no_date_number_or_source_of_its_own():
    rows = "".join(
        f"<li><a href='./t2024053{n}_10{n}.html'>刺桐市关于第{n}批古港遗址的公告</a><span>2024-05-1{n}</span></li>"
        for n in range(8)
    )
    read_page = page(
        META + "<title>政策文件_刺桐市人民政府</title>",
        f"<ul>{rows}</ul>",
        "https://www.citong.gov.cn/zwgk/zcwj/",
    )

    assert (read_page.get("kind"), read_page.get("title")) == ("list", "政策文件")
    assert read_page.get("published_on") is None
    assert len(read_page.listed) == 8


def test_policy_interpretation_and_annexes_are_linked_by_role():
    read_page = policy(
        CATALOGUE,
        more="<p>附件：<a href='P020240530.docx'>保护范围图.docx</a></p><div>相关解读</div><ul><li><a href='../../zcjd/t20240531_1.html'>"
        "《刺桐市人民政府关于加强古港遗址保护的通知》政策解读</a></li></ul><div class='nav'><a href='/zcjd/'>政策解读</a></div>",
    )

    assert [(link.role, link.href) for link in read_page.links] == [
        ("attachment", "https://www.citong.gov.cn/zwgk/zcwj/202405/P020240530.docx"),
        ("interpretation", "https://www.citong.gov.cn/zwgk/zcjd/t20240531_1.html"),
    ]


def test_an_interpretation_names_its_policy():
    title = "《刺桐市人民政府关于加强古港遗址保护的通知》政策解读"
    read_page = page(
        META.replace("政策文件", "政策解读")
        + f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-05-31 10:00">',
        f"<h1>{title}</h1>{BODY}<p>相关文件：<a href='../zcwj/t20240530_1001.html'>刺桐市人民政府关于加强古港遗址保护的通知</a></p>",
        "https://www.citong.gov.cn/zwgk/zcjd/t20240531_1.html",
    )

    assert read_page.get("kind") == "interpretation"
    assert [(link.role, link.href) for link in read_page.links] == [
        ("policy", "https://www.citong.gov.cn/zwgk/zcwj/t20240530_1001.html")
    ]


def test_labels_are_found_in_any_case_and_the_first_with_a_value_counts():
    read_page = page('<META NAME="sitename" CONTENT=""><meta name="SITENAME" content="刺桐市人民政府">')

    assert read_page.get("site_name") == "刺桐市人民政府"


@pytest.mark.parametrize(
    "code, wanted",
    [
        ("3599000001", "3599000001"),
        ("bm05000001", "bm05000001"),
        ("BM05000001", "bm05000001"),
        ("123", None),
        ("", None),
    ],
)
def test_a_site_code_is_ten_digits_or_bm_and_eight(code, wanted):
    assert page(f'<meta name="SiteIDCode" content="{code}">').get("site_id_code") == wanted


HOSTILE = {
    "empty": b"",
    "zero bytes": b"\x00" * 5000,
    "random": bytes(range(256)) * 400,
    "deep": b"<div>" * 200_000 + "<h1>到底</h1>".encode(),
    "attributes": b"<div " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">x",
    "bold": b"".join(b"<b id=%d><p>" % n for n in range(3_000)),
    "unclosed": b"<title>" + "通知".encode() * 50_000,
    "comment": b"<!--" * 50_000,
    "labels": "发布日期：".encode() * 50_000,
    "brackets": "刺政〔2024".encode() * 50_000,
    "digits": b"<p>" + b"2024-" * 200_000,
    "control": "<title>通\x01知\x1b[31m</title><h1>通\u202e知</h1>".encode(),
    "large": ("<p>" + "古港遗址公告" * 100 + "</p>").encode() * 7_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_page_is_read_in_bounded_time_and_every_field_is_answered(name):
    began = time.process_time()

    read_page = read(HOSTILE[name])

    assert time.process_time() - began < 10
    assert {*read_page.found, *read_page.missing} == set(FIELDS)
    assert not any(char in (read_page.get("title") or "") for char in "\x01\x1b\u202e")


def test_the_document_tells_value_place_and_certainty_of_every_field():
    told = policy(CATALOGUE).document()

    assert list(told)[:10] == [*FIELDS, "links"]
    for name in FIELDS:
        assert set(told["evidence"][name]) >= {"where", "how", "confidence"}
        assert (told[name] is None) == (told["evidence"][name]["how"] == "not_assessable")
    assert {one["field"] for one in told["not_assessable"]} == {name for name in FIELDS if told[name] is None}


FLOOD = "刺桐市水利局关于做好防汛工作的通知"
READ = {
    "document_number": "刺水〔2024〕3号",
    "formed_on": "2024-05-20",
    "published_on": "2024-05-30",
    "kind": "policy_document",
}


@pytest.mark.parametrize(
    "html, wanted",
    [
        pytest.param(
            "<ul><li><span>发布机构：</span>刺桐市水利局</li><li><span>生成日期：</span>2024-05-20</li><li><span>公开日期：</span>2024-05-30</li>"
            f"<li><span>文　　号：</span>刺水〔2024〕3号</li><li><span>名　　称：</span>{FLOOD}</li></ul>",
            READ | {"title": FLOOD},
            id="a catalogue made of list items",
        ),
        pytest.param(
            f"<title>{FLOOD}</title><dl><dt>成文日期</dt><dd>2024-05-20</dd><dt>发布日期</dt><dd>2024-05-30</dd><dt>文号</dt><dd>刺水[2024]3号</dd>"
            "<dt>失效日期</dt><dd>2029-05-20</dd></dl>",
            READ,
            id="a list of terms, with the day it ceases to hold",
        ),
        pytest.param(
            f"<title>{FLOOD}</title><table><tr><th>文号</th><th>成文日期</th><th>发布日期</th></tr><tr><td>刺水〔2024〕3号</td><td>2024-05-20</td>"
            "<td>2024-05-30</td></tr></table>",
            READ,
            id="a row of headings over a row of values",
        ),
        pytest.param(
            f"<TITLE>{FLOOD}</TITLE><table><tr><td>文号<td>刺水〔2024〕3号<tr><td>成文日期<td>2024年5月20日<td>发布日期<td>2024年5月30日</div></table></span>",
            READ,
            id="end tags left out and wrong ones added",
        ),
        pytest.param(
            f"<title>{FLOOD}</title><h1>{FLOOD}</h1><p>刺水〔2024〕3号</p><p>[2024-05-30 10:00]　[来源：刺桐日报]</p>{BODY}"
            "<p>　　　　刺桐市水利局　　2024年5月20日</p><p>刺桐市水利局办公室　　2024年5月21日印发</p>",
            READ | {"source": "刺桐日报"},
            id="no table: the number under the title, the day in the signature",
        ),
        pytest.param(
            f"<title>刺桐市人民政府令</title><h1>刺桐市人民政府令</h1><p>第45号</p>{BODY}<p>市长　甲某</p><p>2024年5月20日</p>",
            {"document_number": "刺桐市人民政府令第45号", "formed_on": "2024-05-20", "kind": "policy_document"},
            id="an order, signed by a person",
        ),
        pytest.param(
            f"<title>一图读懂防汛工作</title><h1>一图读懂防汛工作</h1><p>时间：2024年5月30日 10时20分　来源：刺桐日报　作者：甲</p>{BODY}",
            {"published_on": "2024-05-30", "source": "刺桐日报", "kind": "interpretation"},
            id="an interpretation in a picture",
        ),
        pytest.param(
            f"<title>{FLOOD}</title><h1>{FLOOD}</h1><script>document.write('发布日期：'+new Date())</script><span>发布日期：</span>{BODY}",
            {"published_on": None, "title": FLOOD},
            id="a day only a script would write",
        ),
        pytest.param(
            "<title>刺桐市人民政府</title><meta name=SiteName content=刺桐市人民政府>"
            + "".join(f"<li><a href=/{n}.html>刺桐市召开第{n}次工作会议</a><span>2024-05-{n}</span></li>" for n in range(10, 20)),
            {"kind": "other", "published_on": None},
            id="a home page",
        ),
    ],
)  # fmt: skip
def test_pages_of_many_makes_are_read(html, wanted):
    read_page = read((html + BODY if "防汛" in html and "<h1>" not in html else html).encode())

    assert {name: read_page.get(name) for name in wanted} == wanted
