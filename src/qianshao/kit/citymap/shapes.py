"""Shapes of districts out of a GeoJSON file (RFC 7946), checked before anything is kept; free of Django."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from qianshao.kernel.words import Words, marked, say

LARGEST = 20 * 2**20
"""Bytes of a file."""
MOST_POINTS = 100_000
"""Points of a map: more would make every page that shows it slow."""
_FEWEST = 4  # positions of a ring, the last equal to the first (RFC 7946, 3.1.6)
_DECIMALS = 5  # of a degree: about a metre
_CODES = ("code", "unit", "adcode", "id", "gb", "编码", "代码")
_NAMES = ("name", "name_zh", "NAME", "fullname", "名称")

Ring = list[tuple[float, float]]


class BadMap(ValueError):
    """The file is no map of districts; ``words`` say what is wrong, where, and how to mend it."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class Shape:
    """A district: what the file calls it (codes and names, as written) and its polygons, each a list of rings."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def called(self) -> str:
        """How to speak of it."""
        return next(iter((*self.names, *self.codes)), "?")

    @property
    def points(self) -> int:
        """How many points it has."""
        return sum(len(ring) for rings in self.polygons for ring in rings)


def read(raw: bytes) -> tuple[Shape, ...]:
    """The shapes of a file, in its order; raises ``BadMap``."""
    if len(raw) > LARGEST:
        raise BadMap(say("文件超过 {n} MB；请先简化边界再设置", n=LARGEST // 2**20))
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadMap(say("文件不是 UTF-8 编码；请另存为 UTF-8 的 GeoJSON")) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise BadMap(say("第 {line} 行不是合格的 JSON；请重新导出 GeoJSON", line=line)) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise BadMap(say("最外层须是 FeatureCollection；请导出为 GeoJSON 要素集合"))
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise BadMap(say("文件里没有任何要素（features 是空的）"))
    shapes = tuple(_shape(feature, number) for number, feature in enumerate(features, start=1))
    points = sum(shape.points for shape in shapes)
    if points > MOST_POINTS:
        raise BadMap(
            say(
                "边界共 {n} 个点，最多 {most} 个；请先简化边界（例如每百米一个点）",
                n=points,
                most=MOST_POINTS,
            )
        )
    return shapes


def _shape(feature: Any, number: int) -> Shape:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BadMap(say("第 {n} 个要素的 type 不是 Feature", n=number))
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    codes = _said({**properties, "id": properties.get("id", feature.get("id"))}, _CODES)
    names = _said(properties, _NAMES)
    if not codes and not names:
        raise BadMap(say("第 {n} 个要素没有编码也没有名称；请在 properties 里写 code 或 name", n=number))
    called = (names or codes)[0]
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadMap(say("第 {n} 个要素“{name}”不是面（Polygon 或 MultiPolygon）", n=number, name=called))
    parts = geometry.get("coordinates")
    parts = [parts] if geometry["type"] == "Polygon" else parts
    if not isinstance(parts, list) or not parts:
        raise BadMap(say("第 {n} 个要素“{name}”没有坐标", n=number, name=called))
    return Shape(codes, names, tuple(tuple(_rings(part, number, called)) for part in parts))


def _said(properties: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """What stands under these keys, as text, once each."""
    values = (properties.get(key) for key in keys)
    written = (
        str(value).strip() for value in values if isinstance(value, str | int) and not isinstance(value, bool)
    )
    return tuple(dict.fromkeys(value for value in written if value))


def _rings(part: Any, number: int, called: str) -> Iterator[Ring]:
    if not isinstance(part, list) or not part:
        raise BadMap(say("第 {n} 个要素“{name}”没有坐标", n=number, name=called))
    for ring in part:
        reason = _wrong(ring)
        if reason:
            raise BadMap(say(reason, n=number, name=called))
        yield [(round(float(at[0]), _DECIMALS), round(float(at[1]), _DECIMALS)) for at in ring]


def _wrong(ring: Any) -> str:
    """Why a ring is none, or nothing."""
    if not isinstance(ring, list) or len(ring) < _FEWEST:
        return marked("第 {n} 个要素“{name}”的边界不足四个点")
    for at in ring:
        if not isinstance(at, list) or len(at) < 2 or not all(_number(value) for value in at[:2]):
            return marked("第 {n} 个要素“{name}”的坐标不是数字")
        if abs(at[0]) > 180 or abs(at[1]) > 90:
            return marked("第 {n} 个要素“{name}”的坐标不是经纬度；请转换为经度、纬度（度）")
    if ring[0][:2] != ring[-1][:2]:
        return marked("第 {n} 个要素“{name}”的边界没有闭合（首尾两点不同）")
    return ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
