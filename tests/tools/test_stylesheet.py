"""The style sheet the pages wait for: what nothing names is left out, and nothing else is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from stylesheet import Named, kept, sources  # noqa: E402


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".btn{a:b}.nav{c:d}", ".btn{a:b}"),
        (".btn,.nav{a:b}", ".btn{a:b}"),
        (".btn .nav{a:b}", ""),
        ("a:hover,[type=x]{a:b}", "a:hover,[type=x]{a:b}"),
        (".btn:not(.nav,.btn){a:b}", ""),
        (".alert-danger{a:b}", ".alert-danger{a:b}"),
        ("@media print{.nav{a:b}}", ""),
        ("@media print{.nav{a:b}.btn{c:d}}", "@media print{.btn{c:d}}"),
        ("@keyframes nav{0%{a:b}to{c:d}}", "@keyframes nav{0%{a:b}to{c:d}}"),
        ('@charset "UTF-8";.nav{a:b}', '@charset "UTF-8";'),
        ('.btn{content:"}.nav{"}', '.btn{content:"}.nav{"}'),
        (".w-1\\/2{a:b}/* .btn{} */", ""),
    ],
)
def test_a_rule_stays_when_something_names_all_its_classes(css: str, left: str) -> None:
    named = Named(['<b class="btn alert-{% if bad %}x{% endif %}">'])

    assert kept(css, named) == left


def test_a_style_sheet_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="never closed"):
        kept(".btn{a:b", Named([]))


def test_the_style_sheet_served_is_that_of_the_templates_as_they_are() -> None:
    whole = ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
    served = ROOT / "src" / "qianshao" / "site" / "static" / "vendor" / "tabler.min.css"
    if not whole.exists():
        pytest.skip("run make setup first")
    named = Named(sources(ROOT / "src" / "qianshao"))

    lines = [
        line
        for line in whole.read_text(encoding="utf-8").splitlines()
        if "sourceMappingURL=" not in line[:60]
    ]
    assert served.read_text(encoding="utf-8") == kept("\n".join(lines) + "\n", named), "run tools/assets.py"
    assert ".btn{" in served.read_text(encoding="utf-8")
    assert "form-select" in named and "alert-danger" in named and "carousel-item" not in named
