"""Attacks of the list in docs/security.md that no other test tries: counts, scripts, forged forms, foreign hosts, supply."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cast import NOW, SignIn
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person, Unit

from . import planted as planting
from .planted import Planted, plant
from .routes import EXCUSED, addresses, routes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def planted(city: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> list[Planted]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return plant("water")


@pytest.mark.django_db
def test_A6_a_search_counts_nothing_for_who_may_not_read_it(planted: list[Planted], sign_in: SignIn) -> None:
    """Whoever sees a record without its sealed words finds nothing by them, and nobody finds another unit's."""
    sees_all, foreign = sign_in("mayor"), sign_in("hotline.unit", "housing")
    reads = sign_in("hotline.chief")
    tried = 0
    for one in planted:
        if one.kind.key != "hotline.order":
            continue
        for secret in one.secrets:
            if secret.field not in ("title", "body"):
                continue
            tried += 1
            asked = f"/api/v1/duties?kind=hotline.order&text={secret.word}"
            nothing = {"duties": [], "after": "", "count": 0, "count_exact": True}
            for reader in (sees_all, foreign):
                answer = reader.get(asked).json()
                assert answer["duties"] == [] and answer["count"] == 0, (secret.field, answer)
                assert answer == reader.get(f"{asked[:-3]}zzz").json() | nothing, secret.field
            assert reads.get(asked).json()["count"] >= 1, secret.field
    assert tried >= 4


@pytest.mark.django_db
def test_A9_no_text_of_a_record_is_ever_markup(
    city: dict[str, Unit], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    payload = "<img src=x onerror=alert(1)>\"'</script><svg onload=x>"
    real = planting._value

    def poisoned(item: object, unit: str, secrets: list[planting.Secret]) -> object:
        value = real(item, unit, secrets)  # type: ignore[arg-type]
        return (
            f"{value}{payload}"[: getattr(item, "maximum", 0) or None]
            if isinstance(value, str) and value != unit
            else value
        )

    monkeypatch.setattr(planting, "_value", poisoned)
    poison = plant("water")
    readers = [
        sign_in(role)
        for role in (
            "hotline.chief",
            "openness.head",
            "supervision.head",
            "burden.keeper",
            "appraisal.keeper",
            "office.head",
        )
    ]
    shown = 0
    for reader in readers:
        paths = [f"/duties/{one.duty.stream}/{part}" for one in poison for part in ("", "why/")]
        for path in (
            *paths,
            "/",
            "/duties/",
            "/hotline/problems/",
            "/hotline/matters/",
            "/supervision/",
            "/burden/",
        ):
            answer = reader.get(path)
            page = answer.content.decode()
            assert not re.search(
                r"<(?:img src=x|svg onload)|onerror=alert\(1\)>",
                page.replace("&lt;", "").replace("&gt;", "⟩"),
            ), path
            shown += "&lt;img src=x" in page
    assert shown > 20


def _post_routes() -> Iterator[str]:
    for route in routes():
        if route.pattern.startswith(("open311/", "api/")) or route.name in EXCUSED:
            continue  # a key of an app, and tokens: no browser sends them by itself (test_tokens_page.py)
        yield route.name


@pytest.mark.django_db
def test_A16_a_form_from_another_site_changes_nothing(planted: list[Planted], sign_in: SignIn) -> None:
    signed = sign_in("hotline.chief")
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed.cookies
    asked = set(_post_routes())
    tried = 0
    for route in routes():
        if route.name not in asked:
            continue
        where = next(iter(addresses(route, planted)))
        answer = client.post(where, {"do": "x"})
        tried += 1
        # 403 by the token, or an address that takes no POST, or leads elsewhere before anything is read.
        assert answer.status_code in (302, 403, 404, 405), (where, answer.status_code)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/account/", "/sign-in/")), where
    assert tried > 60
    refused = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x", "password": "y"})
    assert refused.status_code == 403


@pytest.mark.django_db
def test_A16_pages_of_the_staff_are_kept_by_no_cache_and_framed_by_nobody(
    planted: list[Planted], sign_in: SignIn
) -> None:
    client = sign_in("office.head")
    for path in (
        "/",
        "/duties/",
        f"/duties/{planted[0].duty.stream}/",
        "/account/",
        "/api/v1/duties",
        "/ledger/",
    ):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["X-Frame-Options"] == "DENY"
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "http" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_A16_a_host_that_is_not_ours_is_refused(city: dict[str, Unit]) -> None:
    assert Client().get("/sign-in/", HTTP_HOST="evil.example").status_code == 400
    leaving = Client().get("/sign-in/", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in leaving.content.decode()


@pytest.mark.django_db
def test_SEC_03_by_https_every_cookie_is_secure_and_http_leads_there(
    city: dict[str, Unit], settings: pytest.FixtureRequest
) -> None:
    account = Account(login="lin", person=Person.objects.create(name="林一"))
    account.set_password("望潮-fine-harbour-22")
    account.save()
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        setattr(settings, name, True)
    settings.SECURE_HSTS_SECONDS = 365 * 86400
    plain = Client().post("/sign-in/", {"login": "lin", "password": "望潮-fine-harbour-22"})
    assert plain.status_code == 301 and plain.headers["Location"].startswith("https://")
    assert not plain.cookies

    client = Client()
    client.get("/sign-in/", secure=True)
    answer = client.post("/sign-in/", {"login": "lin", "password": "望潮-fine-harbour-22"}, secure=True)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    for cookie in client.cookies.values():
        assert cookie["secure"] and cookie["samesite"] == "Lax", cookie.key
    assert client.cookies["sessionid"]["httponly"]


@pytest.mark.django_db
def test_SEC_06_a_fresh_installation_has_nobody_in_it_and_no_password_in_its_source(db: None) -> None:
    assert not Account.objects.exists()
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert not re.search(r"password\s*=\s*[\"'][^\"']{4,}[\"']", source)


def test_SEC_13_nothing_asks_whether_somebody_is_a_superuser() -> None:
    source = [path for path in (ROOT / "src").rglob("*") if path.suffix in (".py", ".html")]
    assert len(source) > 300
    found = [
        str(path)
        for path in source
        if re.search(r"is_superuser|is_staff\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert "django.contrib.admin" not in configured.INSTALLED_APPS


@pytest.mark.django_db
def test_SEC_07_a_grant_that_ended_yesterday_opens_nothing_in_the_running_session(
    city: dict[str, Unit],
) -> None:
    account = Account.objects.create(login="lin", person=Person.objects.create(name="林一"))
    grant = Grant.objects.create(
        account=account, role="auditor", unit=city["city"], valid_from=date(2020, 1, 1)
    )
    client = Client()
    client.force_login(account)
    assert client.get("/audit/").status_code == 200

    grant.valid_to = timezone.localdate()
    grant.save()
    assert client.get("/audit/").status_code == 403


@pytest.mark.django_db
def test_SEC_10_the_system_and_the_security_administrator_see_no_content(
    planted: list[Planted], sign_in: SignIn
) -> None:
    for role in ("sysadmin", "secadmin"):
        client = sign_in(role)
        for one in planted:
            assert client.get(f"/duties/{one.duty.stream}/").status_code == 404
        assert client.get("/api/v1/duties").json()["count"] == 0


def test_A22_every_dependency_is_pinned_by_its_digest() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(
        r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,-]+\])?==[^ ]+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        lock,
        re.M,
    )
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", lock, re.M)) > 60
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(about.get("integrity", "").startswith("sha512-") for name, about in packages.items() if name)


def test_A22_no_page_asks_another_host() -> None:
    templates = list((ROOT / "src").rglob("*.html"))
    scripts = [
        path
        for path in (ROOT / "src" / "qianshao" / "site" / "static").rglob("*.js")
        if "vendor" not in path.parts
    ]
    for path in (*templates, *scripts):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//|fetch\([\"'`]https?:|@import", text), (
            path
        )
    assert len(templates) > 50


@pytest.mark.django_db
def test_A4_nobody_judges_their_own_unit_by_any_kind(city: dict[str, Unit]) -> None:
    """Every act that judges is set apart where the kind says so: the door refuses the unit itself."""
    from qianshao.core.duties import registry

    judging = [
        (kind.key, act.fact.__name__) for kind in registry.kinds().values() for act in kind.acts if act.apart
    ]
    assert len(judging) >= 3, judging


@pytest.mark.django_db
def test_SEC_41_the_public_form_says_what_becomes_of_what_is_typed(city: dict[str, Unit]) -> None:
    """个人信息保护法第十七条、第三十五条: whoever is asked for personal data is told, before the button."""
    page = Client().get("/portal/request/").content.decode()

    told = page.index("姓名、联系方式和申请内容加密封存，只给办理的人看")
    assert page.index('name="contact"') < told < page.index("提交申请")
