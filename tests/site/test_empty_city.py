"""A city on its first morning: one unit, an account for each role, nothing else. No page breaks, none is bare."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from cast import SignIn, put_down
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from qianshao.core.duties import registry
from qianshao.kit.duties.figure import indicators

pytestmark = pytest.mark.django_db
# Addresses that lead out, or answer machines.
_NOT_PAGES = (
    "static/",
    "api/",
    "open311/",
    "health",
    "metrics",
    "sign-out/",
    "setup/",
    "portal/",
    "language/",
)
_HOLDS = ("tbody", "ul", "ol", "dl", "select")


def addresses() -> list[str]:
    """Every address without parameters, every list of a kind, every figure, every form that opens a duty."""
    found: set[str] = set()

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for item in patterns:
            here = before + str(item.pattern)
            if isinstance(item, URLResolver):
                walk(item.url_patterns, here)
            elif "<" not in here and "(" not in here and not here.startswith(_NOT_PAGES):
                found.add("/" + here)

    walk(get_resolver().url_patterns, "")
    for kind in registry.kinds().values():
        found.add(f"/duties/?kind={kind.key}")
        found |= {f"/duties/new/{kind.key}/{act.fact.__name__}/" for act in kind.acts if act.opens}
    found |= {f"/figures/{key}/" for key in indicators()}
    return sorted(found)


class Bareness(HTMLParser):
    """Lists and tables with nothing in them; a datalist is for typing and may be empty."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self._open: list[list[str | int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for holder in self._open:
            holder[1] = int(holder[1]) + 1
        if tag in _HOLDS:
            self._open.append([tag, 0, str(dict(attrs))])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HOLDS and self._open:
            name, inside, attrs = self._open.pop()
            if not inside:
                self.bare.append(f"<{name} {attrs}>")


def bare(page: str) -> list[str]:
    reader = Bareness()
    reader.feed(page)
    return reader.bare


def test_bareness_is_seen_where_it_is() -> None:
    assert bare("<table><tbody></tbody></table><ul><li>x</li></ul>") == ["<tbody {}>"]


def test_no_page_of_an_empty_city_breaks_or_is_bare(sign_in: SignIn, settings: Settings) -> None:
    """Each page by the first two roles that may open it: what lies on it hardly depends on who looks."""
    settings.SECOND_FACTOR_ROLES = frozenset()
    opened = dict.fromkeys(addresses(), 0)
    wrong: list[str] = []
    for role in sorted(registry.roles()):
        client = sign_in(role, "city")
        for address in [address for address, times in opened.items() if times < 2]:
            answer = client.get(address)
            put_down(answer)
            if answer.status_code in (302, 403, 404, 405):
                continue
            opened[address] += 1
            if answer.status_code != 200:
                wrong.append(f"{role} {address}: {answer.status_code}")
            elif answer["Content-Type"].startswith("text/html") and not answer.streaming:
                page = answer.content.decode()
                wrong += [f"{role} {address}: {one}" for one in bare(page)]
                if not re.search(r"<h1", page):
                    wrong.append(f"{role} {address}: no heading")
    assert wrong == []
    assert sum(times == 2 for times in opened.values()) > 100


@pytest.mark.database
def test_an_empty_list_says_why_and_what_to_do(sign_in: SignIn) -> None:
    client = sign_in("office.head", "office")
    for address, words in {
        "/duties/?kind=hotline.order": ("没有符合条件的事项", "登记或导入事项后会出现在这里"),
        "/desk/": ("还没有关注事项", "在事项页点“关注”"),
    }.items():
        page = unescape(client.get(address).content.decode())
        assert all(word in page for word in words), address
