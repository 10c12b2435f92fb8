"""Pages of very different making, all invented: what is read, what is left alone, and never a guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qianshao.modules.openness.pages import read
from qianshao.modules.openness.pages.page import FIELDS
from qianshao.site.commands.openness import COMMANDS

TITLE = "刺桐市人民政府关于加强渔港管理的通知"
TEXT = (
    "<p>"
    + "为做好本市渔港安全生产工作，经市人民政府同意，现将有关事项通知如下，请结合实际认真贯彻执行。" * 4
    + "</p>"
)
HEAD = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>"
BODY = "<p>刺桐市人民政府</p>"


def rows(count: int, row: str) -> str:
    return "".join(row.format(i=i, day=f"{i:02d}") for i in range(1, count + 1))


# name → (page, what is read; a field that is not named here must be missing)
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "frames": (
        "<title>刺桐市渔业局</title><frameset cols='20,80'><frame src='l.html'><frame src='m.html'></frameset>",
        {"title": "刺桐市渔业局", "kind": "other"},
    ),
    "scripts only": (
        "<head><title>详情</title><script src='/app.js'></script></head><body><div id=app></div><noscript>请启用脚本</noscript>",
        {"kind": "other"},
    ),
    "labels over values in a table": (
        f"{HEAD}<table><tr><th>索引号</th><th>发文字号</th><th>成文日期</th><th>公开日期</th></tr>"
        f"<tr><td>A1</td><td>刺政〔2024〕21号</td><td>2024-06-01</td><td>2024-06-03</td></tr></table>{TEXT}",
        {"document_number": "刺政〔2024〕21号", "formed_on": "2024-06-01", "published_on": "2024-06-03", "kind": "policy_document"},
    ),
    "a definition list": (
        f"{HEAD}<dl><dt>发文字号</dt><dd>刺政〔2024〕21号</dd><dt>成文日期</dt><dd>2024年6月1日</dd></dl>{TEXT}",
        {"document_number": "刺政〔2024〕21号", "formed_on": "2024-06-01", "kind": "policy_document"},
    ),
    "odd colons": (
        f"{HEAD}<li><b>文　　号：</b>刺政〔2024〕21号</li><li><b>发布时间∶</b>2024-06-03 10∶05</li>{TEXT}",
        {"document_number": "刺政〔2024〕21号", "published_on": "2024-06-03", "kind": "policy_document"},
    ),
    **{
        f"the year written {year}": (f"{HEAD}{TEXT}{BODY}<p>{year}年六月一日</p>", {"formed_on": "2024-06-01", "kind": "article"})
        for year in ("二〇二四", "二○二四", "二零二四", "二０二四", "二O二四", "二0二四", "二◯二四")
    },
    "a day nobody can place": (f"{HEAD}{TEXT}{BODY}<p>甲辰年五月初一</p>", {"kind": "article"}),
    "no title tag": (f"<body><h1>{TITLE}</h1>{TEXT}", {"kind": "article"}),
    "neither title tag nor heading": (f"<p>发布日期:2024-06-03</p>{TEXT}", {"title": "", "published_on": "2024-06-03", "kind": "article"}),
    "a title tag of the template": (
        f"<title>信息公开-详情</title><body><h2>{TITLE}</h2><div>时间：2024-06-03 浏览：88次</div>{TEXT}",
        {"published_on": "2024-06-03", "kind": "article"},
    ),
    "a title tag with the site's name": (
        f"<title>刺桐市渔业局</title><body><h1>刺桐市渔业局</h1><h1>{TITLE}</h1>{TEXT}", {"kind": "article"},
    ),
    "a title tag never closed": (
        f"<html><title>{TITLE}<body><h1>{TITLE}<p>发布时间：2024-06-03<p>来源：渔业局{TEXT}",
        {"published_on": "2024-06-03", "source": "渔业局", "kind": "article"},
    ),
    "a list in a table": (
        "<title>政策文件</title><table>"
        + rows(11, "<tr><td>{i}</td><td><a href='/t{i}.html'>关于印发第{i}号办法的通知</a></td><td>刺渔〔2024〕{i}号</td><td>2024-06-{day}</td></tr>"),
        {"title": "政策文件", "kind": "list"},
    ),
    "a list without days": (
        "<title>政策解读 - 刺桐市渔业局</title><div>当前位置：首页 > 政策解读</div>" + rows(14, "<li><a href='/t{i}.html'>《第{i}号办法》政策解读</a></li>"),
        {"title": "政策解读", "column": "政策解读", "site_name": "刺桐市渔业局", "kind": "list"},
    ),
    "a list in English": (
        "<title>News</title>" + rows(11, "<li><a href='/n{i}.html'>Port news number {i}</a> <span>June {i}, 2024</span></li>"),
        {"title": "News", "kind": "list"},
    ),
    "an article in English": (
        "<title>Zayton opens a new fishing port</title><h1>Zayton opens a new fishing port</h1><p>Published: 3 June 2024 Source: Zayton Daily</p><p>"
        + "The port will serve two hundred boats and give work to many people of the coast. " * 6,
        {"title": "Zayton opens a new fishing port", "published_on": "2024-06-03", "source": "Zayton Daily", "kind": "article"},
    ),
    "an article with recommendations below": (
        f"{HEAD}<p>发布时间：2024-06-03</p>{TEXT}<h3>相关文章</h3>" + rows(9, "<li><a href='/t{i}.html'>关于第{i}号通知</a> 2023-05-{day}</li>"),
        {"published_on": "2024-06-03", "kind": "article"},
    ),
    "pictures with captions": (
        "<title>一图读懂《渔港管理办法》</title><h1>一图读懂《渔港管理办法》</h1><div>发布时间：2024-06-05</div><img src=1.jpg><p>图1 出台背景</p><img src=2.jpg><p>图2 主要措施</p>",
        {"title": "一图读懂《渔港管理办法》", "published_on": "2024-06-05", "kind": "interpretation"},
    ),
    "a report of a training": (
        f"<title>市渔业局举办政策解读培训班</title><h1>市渔业局举办政策解读培训班</h1>{TEXT}",
        {"title": "市渔业局举办政策解读培训班", "kind": "article"},
    ),
    "a day that is an event's": (
        f"{HEAD}<p>活动时间：2024-07-01</p><p>报名截止日期：2024-06-20</p>{TEXT}", {"kind": "article"},
    ),
    "days of other acts": (
        f"{HEAD}<p>实施日期：2024-07-01</p><p>废止日期：2025-01-01</p><p>征集时间：2024-06-01 至 2024-07-01</p>{TEXT}", {"kind": "article"},
    ),
    "days nobody sees": (
        f"{HEAD}<!-- 发布时间：2019-01-01 --><span style='display:none'>发布时间：2019-01-01</span>{TEXT}", {"kind": "article"},
    ),
    "a day without a century": (f"{HEAD}<p>[ 24-6-3 ]</p>{TEXT}", {"kind": "article"}),
    "day and month that may be either": (f"<meta name=PubDate content='03/06/2024'>{HEAD}{TEXT}", {"kind": "article"}),
    "a number of milliseconds": (f"<meta name=PubDate content='1717380000000'>{HEAD}{TEXT}", {"kind": "article"}),
    "the only time element": (
        f"{HEAD}<time datetime='2024-06-03T08:00:00+08:00'>3天前</time>{TEXT}", {"published_on": "2024-06-03", "kind": "article"},
    ),
    "two time elements": (
        f"{HEAD}<time datetime='2024-06-03'>前天</time><time datetime='2024-07-01'>下月</time>{TEXT}", {"kind": "article"},
    ),
    "data for machines": (
        f"<script type='application/ld+json'>{{\"datePublished\":\"2024-06-03\"}}</script>{HEAD}{TEXT}", {"published_on": "2024-06-03", "kind": "article"},
    ),
    "data for machines, torn": (f"<script type='application/ld+json'>{{\"datePublished\":</script>{HEAD}{TEXT}", {"kind": "article"}),
    "labels left empty": (f"{HEAD}<div>来源：　　发布时间：　　点击：12</div>{TEXT}", {"kind": "article"}),
    "numbers that are no site code": (f"{HEAD}{TEXT}<p>电话 05951234567 公安备案 35990002000001号</p>", {"kind": "article"}),
    "the order a rule came out with": (
        f"<title>刺桐市渔港管理办法</title><h1>刺桐市渔港管理办法</h1><p>（2024年5月20日刺桐市人民政府令第15号公布　自2024年7月1日起施行）</p>{TEXT}",
        {"title": "刺桐市渔港管理办法", "document_number": "刺桐市人民政府令第15号", "kind": "policy_document"},
    ),
    "another's number in a note": (
        f"{HEAD}<p>刺政〔2024〕21号</p><p>（刺政〔2020〕3号同时废止）</p>{TEXT}", {"document_number": "刺政〔2024〕21号", "kind": "policy_document"},
    ),
    "traditional characters": (
        f"{HEAD}<p>發布日期：2024-06-03</p><p>來源：漁業局</p>{TEXT}", {"published_on": "2024-06-03", "source": "漁業局", "kind": "article"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_a_person_reads_it(name: str) -> None:
    page, wanted = PAGES[name]

    found = read(page.encode())

    titled = {} if "title" in wanted or name == "scripts only" else {"title": TITLE}
    assert {field: found.get(field) for field in FIELDS if found.get(field)} == titled | {
        field: value for field, value in wanted.items() if value
    }


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_page_reads_alike_in_whatever_it_was_saved_in(name: str, encoding: str) -> None:
    page = PAGES[name][0]

    before, after = read(page.encode()), read(page.encode(encoding))

    assert {field: after.get(field) for field in FIELDS} == {field: before.get(field) for field in FIELDS}


@pytest.mark.parametrize("name", PAGES)
def test_every_value_has_its_place_and_every_other_field_its_reason(name: str) -> None:
    told = read(PAGES[name][0].encode()).document()

    for field in FIELDS:
        proof = told["evidence"][field]
        if told[field] is None:
            assert proof["how"] == "not_assessable"
            assert next(one["why"] for one in told["not_assessable"] if one["field"] == field)
        else:
            assert proof["where"] and proof["confidence"] in ("high", "medium", "low")


@pytest.mark.parametrize(
    ("name", "said"), [("frames", "框架"), ("scripts only", "脚本"), ("a title tag never closed", "没有结束")]
)
def test_what_stood_in_the_way_is_remarked(name: str, said: str) -> None:
    assert any(said in remark for remark in read(PAGES[name][0].encode()).remarks)


@pytest.mark.parametrize(
    ("name", "field", "confidence"),
    [
        ("a title tag with the site's name", "title", "medium"),
        ("neither title tag nor heading", "kind", "low"),
        ("the only time element", "published_on", "medium"),
        ("the order a rule came out with", "document_number", "medium"),
    ],
)
def test_a_weak_sign_is_not_held_for_sure(name: str, field: str, confidence: str) -> None:
    assert read(PAGES[name][0].encode()).found[field].confidence == confidence


def test_days_in_the_wrong_order_are_remarked() -> None:
    page = f"{HEAD}<p>发布日期：2024-05-30</p>{TEXT}{BODY}<p>2024年6月1日</p>"

    assert any("晚于发布日期" in remark for remark in read(page.encode()).remarks)


def test_a_day_that_has_not_come_is_told_and_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(f"<meta name=PubDate content='2098-06-03 10:00'>{HEAD}{TEXT}", "utf-8")

    told: dict[str, Any] = json.loads(
        CliRunner().invoke(COMMANDS[0], ["read-page", str(file), "--json"]).stdout
    )

    proof = told["evidence"]["published_on"]
    assert (told["published_on"], proof["confidence"], proof["note"]) == ("2098-06-03", "low", "日期晚于今天")
