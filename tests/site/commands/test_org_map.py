"""The map of the city is set on the console: checked, told, kept, taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qianshao.core.org.models import Unit
from qianshao.kit.citymap import keeping
from qianshao.site.commands.root import root
from qianshao.site.commands.saying import CommandError

pytestmark = [pytest.mark.django_db]
SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]


def run(*words: object) -> Result:
    return CliRunner().invoke(root, ["org", "map", *[str(word) for word in words]])


@pytest.fixture(autouse=True)
def _no_map() -> Iterator[None]:
    yield
    keeping.drop()


def sheet(folder: Path, *names: str) -> Path:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
        for name in names
    ]
    file = folder / "city.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def test_a_map_is_set_with_its_approval_number_and_taken_away(city: dict[str, Unit], tmp_path: Path) -> None:
    done = run(sheet(tmp_path, "刺东县"), "--approval", "GS 0001", "--json")

    assert json.loads(done.stdout) == {
        "fitted": ["county-1"], "strangers": [], "without_shape": [], "points": 5, "written": True,
    }  # fmt: skip
    kept = keeping.current()
    assert kept is not None and kept.approval == "GS 0001"
    assert json.loads(run("--remove", "--yes", "--json").stdout) == {"removed": True}
    assert keeping.current() is None


def test_strangers_are_told_and_asked_about_and_a_dry_run_writes_nothing(
    city: dict[str, Unit], tmp_path: Path
) -> None:
    file = sheet(tmp_path, "刺东县", "外县")

    tried, refused, kept = run(file, "--dry-run"), run(file), run(file, "--yes")

    assert "外县" in tried.stderr and tried.exit_code == 0
    assert (refused.exit_code, "--yes" in str(refused.exception)) == (1, True)
    assert kept.exit_code == 0 and keeping.current() is not None


def test_a_file_that_is_no_map_is_one_sentence_and_status_1(city: dict[str, Unit], tmp_path: Path) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text("{", encoding="utf-8")

    for file, said in (
        (bad, "不是合格的 JSON"),
        (tmp_path / "none", "没有"),
        (sheet(tmp_path, "外县"), "对得上"),
    ):
        result = run(file)

        assert (result.exit_code, isinstance(result.exception, CommandError)) == (1, True)
        assert said in str(result.exception)
    assert isinstance(run().exception, CommandError)
    assert keeping.current() is None
