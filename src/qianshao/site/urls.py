"""The addresses of the product."""

from __future__ import annotations

from django.urls import include, path

from qianshao.kit.help.views import words

from .views import (
    account,
    cockpit,
    errors,
    evidence,
    health,
    letters,
    openness,
    people,
    rulebook,
    sign_in,
    yearly,
)

urlpatterns = [
    path("", cockpit.show, name="cockpit"),
    path("sign-in/", sign_in.show, name="sign-in"),
    path("account/", account.show, name="account"),
    path("sign-out/", sign_in.leave, name="sign-out"),
    path("language/", sign_in.language, name="language"),
    path("health/", health.show, name="health"),
    path("openness/", openness.show, name="openness"),
    path("openness/bulletin/", openness.bulletin, name="openness-bulletin"),
    path("openness/reports/", yearly.index, name="openness-reports"),
    path("openness/reports/<str:unit>/<int:year>/", yearly.show, name="openness-report"),
    path("openness/reports/<str:unit>/<int:year>/records/", yearly.behind, name="openness-report-records"),
    path(
        "openness/reports/<str:unit>/<int:year>/report.<str:form>", yearly.file, name="openness-report-file"
    ),
    path("rules/", rulebook.rules, name="rules"),
    path("rules/<str:key>/", rulebook.edit, name="rule"),
    path("calendar/", rulebook.calendar, name="calendar"),
    path("units/", people.units, name="units"),
    path("", include("qianshao.site.setup.urls")),
    path("", include("qianshao.kit.duties.urls")),
    path("", include("qianshao.kit.desk.urls")),
    path("glossary/", words, name="glossary"),
    path("duties/<stream:stream>/letters/<str:key>/<int:number>/", letters.write, name="letter"),
    path("duties/<stream:stream>/capture/", evidence.capture, name="capture"),
    path("", include("qianshao.site.supervision.urls")),
    path("", include("qianshao.kit.imports.urls")),
    path("", include("qianshao.kit.ledger.urls")),
    path("hotline/", include("qianshao.site.hotline.urls")),
    path("open311/v2/", include("qianshao.site.hotline.open311.urls")),
    path("portal/", include("qianshao.site.portal.urls")),
    path("api/", include("qianshao.kit.api_urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
