import pytest
from .conftest import NARROW, WIDE, Visit

pytestmark = [pytest.mark.browser]


def test_shots(visit: Visit):
    for size, name in ((WIDE, "w"), (NARROW, "n")):
        for lang in ("zh-hans", "en"):
            s = visit("", size, lang)
            for path in (
                "",
                "policies/",
                "catalogue/",
                "catalogue/bureau-housing/",
                "rates/",
                "data/",
                "request/",
                "follow/",
            ):
                p = s.go("/portal/" + path)
                p.screenshot(path=f"/tmp/shots/portal-{path.replace('/', '_')}-{name}-{lang}.png")
            d = visit("director", size, lang)
            for path in ("openness/", "openness/catalogue/", "openness/catalogue/bureau-housing/"):
                p = d.go("/" + path)
                p.screenshot(path=f"/tmp/shots/staff-{path.replace('/', '_')}-{name}-{lang}.png")
            r = visit("rules", size, lang)
            p = r.go("/rules/columns/")
            p.screenshot(path=f"/tmp/shots/columns-{name}-{lang}.png")
