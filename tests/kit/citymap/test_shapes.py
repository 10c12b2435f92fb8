"""A file of shapes is read whole or refused with a sentence that says where it is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qianshao.kit.citymap import shapes
from qianshao.kit.citymap.shapes import BadMap

SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]


def feature(coordinates: Any = None, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_codes_names_and_rings_are_read_from_a_polygon_and_a_multipolygon() -> None:
    raw = collection(
        feature(adcode=350102, name="望潮区"), feature([[SQUARE], [SQUARE]], "MultiPolygon", code="b")
    )

    one, other = shapes.read(b"\xef\xbb\xbf" + raw)

    assert (one.codes, one.names, one.called) == (("350102",), ("望潮区",), "望潮区")
    assert (other.codes, other.names, other.points) == (("b",), (), 10)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe{}", "不是 UTF-8"),
        (b'{"type":', "第 1 行不是合格的 JSON"),
        (b"[" * 100_000, "不是合格的 JSON"),
        (b"[]", "FeatureCollection"),
        (collection(), "没有任何要素"),
        (collection({"type": "Point"}), "第 1 个要素的 type"),
        (collection(feature()), "第 1 个要素没有编码也没有名称"),
        (collection(feature(name="甲"), feature(SQUARE[0], "Point", name="乙")), "第 2 个要素“乙”不是面"),
        (collection(feature([], name="甲")), "“甲”没有坐标"),
        (collection(feature([SQUARE[:3]], name="甲")), "不足四个点"),
        (collection(feature([[[0, 0], [0, "1"], [1, 1], [0, 0]]], name="甲")), "不是数字"),
        (collection(feature([[[0, 0], [0, 500_000], [1, 1], [0, 0]]], name="甲")), "不是经纬度"),
        (collection(feature([SQUARE[:4]], name="甲")), "没有闭合"),
        (collection(feature([[[0, 0]] * 100_001], name="甲")), "最多 100000 个"),
        (b" " * (shapes.LARGEST + 1), "超过 20 MB"),
    ],
)
def test_what_is_no_map_is_refused_with_the_place_and_the_mend(raw: bytes, said: str) -> None:
    with pytest.raises(BadMap) as refused:
        shapes.read(raw)

    assert said in str(refused.value.words)


def test_a_number_that_is_none_in_json_is_no_coordinate() -> None:
    raw = collection(feature([[[0, 0], [0, 1], [1, 1], [0, 0]]], name="甲")).replace(b"1, 1", b"NaN, 1")

    with pytest.raises(BadMap, match="不是数字"):
        shapes.read(raw)
