"""An administrator sees no duties; the first page holds what waits for them, and nobody else's work."""

from __future__ import annotations

from html import unescape

import pytest
from cast import SignIn

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize(
    ("role", "doors"),
    [
        ("sysadmin", ["/going-live/", "/organisation/codes/", "/people/"]),
        ("secadmin", ["/organisation/grants/", "/people/"]),
        ("rules.keeper", ["/rules/", "/calendar/load/"]),
    ],
)
def test_an_administrator_begins_with_their_own_work(sign_in: SignIn, role: str, doors: list[str]) -> None:
    client = sign_in(role, "city", "管理")

    answer = client.get("/")

    assert [item.url for item in answer.context["managing"]] == doors
    for item in answer.context["managing"]:
        assert f'<a class="figure" href="{item.url}">' in unescape(answer.content.decode())
        assert client.get(item.url).status_code == 200


def test_who_sees_duties_has_the_cockpit_and_none_of_it(sign_in: SignIn) -> None:
    answer = sign_in("mayor", "city", "市长").get("/")

    assert "managing" not in answer.context and answer.context["board"] is not None
