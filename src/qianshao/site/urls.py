"""The addresses of the product."""

from __future__ import annotations

from django.urls import include, path

from qianshao.kit.help.views import words

from .operations import views as watchdogs
from .views import (
    account,
    account_keys,
    account_security,
    audit,
    catalogue,
    cockpit,
    columns,
    errors,
    evidence,
    letters,
    openness,
    people,
    people_accounts,
    rulebook,
    sign_in,
    yearly,
)

urlpatterns = [
    path("", cockpit.show, name="cockpit"),
    path("sign-in/", sign_in.show, name="sign-in"),
    path("sign-in/second/", sign_in.second, name="sign-in-second"),
    path("sign-in/passkey/begin/", sign_in.passkey_begin, name="sign-in-passkey-begin"),
    path("sign-in/passkey/", sign_in.passkey, name="sign-in-passkey"),
    path("sign-in/outside/", sign_in.away, name="sign-in-outside"),
    path("sign-in/outside/back/", sign_in.back, name="sign-in-outside-back"),
    path("account/", account.show, name="account"),
    path("account/security/", account_security.show, name="account-security"),
    path("account/security/code/", account_security.code, name="account-code"),
    path("account/security/change/", account_security.change, name="account-change"),
    path("account/security/passkey/begin/", account_security.passkey_begin, name="account-passkey-begin"),
    path("account/security/passkey/", account_security.passkey, name="account-passkey"),
    path("account/sessions/", account_keys.sessions, name="account-sessions"),
    path("account/tokens/", account_keys.tokens, name="account-tokens"),
    path("people/", people_accounts.index, name="people"),
    path("people/<int:number>/", people_accounts.one, name="person"),
    path("audit/", audit.show, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("sign-out/", sign_in.leave, name="sign-out"),
    path("language/", sign_in.language, name="language"),
    path("healthz", watchdogs.alive, name="alive"),
    path("readyz", watchdogs.ready, name="ready"),
    path("metrics", watchdogs.metrics, name="metrics"),
    path("openness/", openness.show, name="openness"),
    path("openness/bulletin/", openness.bulletin, name="openness-bulletin"),
    path("openness/catalogue/", catalogue.index, name="openness-catalogue"),
    path("openness/catalogue/<str:unit>/", catalogue.show, name="openness-catalogue-body"),
    path("openness/reports/", yearly.index, name="openness-reports"),
    path("openness/reports/<str:unit>/<int:year>/", yearly.show, name="openness-report"),
    path("openness/reports/<str:unit>/<int:year>/records/", yearly.behind, name="openness-report-records"),
    path(
        "openness/reports/<str:unit>/<int:year>/report.<str:form>", yearly.file, name="openness-report-file"
    ),
    path("rules/", rulebook.rules, name="rules"),
    path("rules/columns/", columns.show, name="columns"),
    path("rules/<str:key>/", rulebook.edit, name="rule"),
    path("calendar/", rulebook.calendar, name="calendar"),
    path("units/", people.units, name="units"),
    path("notices/", include("qianshao.site.notices.urls")),
    path("feeds/", include("qianshao.site.feeds.urls")),
    path("system/", include("qianshao.site.operations.urls")),
    path("units/<str:code>/", people.unit, name="unit"),
    path("search/", include("qianshao.site.search.urls")),
    path("", include("qianshao.site.cockpit.urls")),
    path("", include("qianshao.site.setup.urls")),
    path("", include("qianshao.kit.duties.urls")),
    path("", include("qianshao.kit.desk.urls")),
    path("glossary/", words, name="glossary"),
    path("duties/<stream:stream>/letters/<str:key>/<int:number>/", letters.write, name="letter"),
    path("duties/<stream:stream>/capture/", evidence.capture, name="capture"),
    path("", include("qianshao.site.supervision.urls")),
    path("", include("qianshao.kit.imports.urls")),
    path("", include("qianshao.kit.ledger.urls")),
    path("", include("qianshao.kit.citymap.urls")),
    path("hotline/", include("qianshao.site.hotline.urls")),
    path("open311/v2/", include("qianshao.site.hotline.open311.urls")),
    path("portal/", include("qianshao.site.portal.urls")),
    path("api/", include("qianshao.kit.api_urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
