"""The city's map in the data folder: shapes fitted to units by code or name, and kept as one file.

The file is the administrator's. A map of a real city may be published only with its approval number (审图号), which is
kept with it and shown under every drawing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from qianshao.core.org.models import Unit
from qianshao.core.org.queries import units_on
from qianshao.kernel.words import say
from qianshao.kit.replacing import replacing

from .shapes import BadMap, Shape

KINDS = ("county", "district")
"""Kinds of units that have a place on the map."""
_OFFICES = ("人民政府", "管理委员会", "管委会")
_FILE = "city-map.geojson"


@dataclass(frozen=True)
class Fitted:
    """Which shape is which unit, which shapes are nobody's, and which units have none."""

    shapes: tuple[tuple[Unit, Shape], ...]
    strangers: tuple[str, ...]
    without: tuple[Unit, ...]


@dataclass(frozen=True)
class CityMap:
    """The map as pages need it: the digest names its address, so that a browser may keep it."""

    digest: str
    approval: str
    codes: frozenset[str]


def file() -> Path:
    """Where the map of this installation stands."""
    return Path(settings.HOME) / _FILE


def area(unit: Unit) -> str:
    """What people call the ground a unit governs: 望潮区人民政府 → 望潮区."""
    for office in _OFFICES:
        if unit.name.endswith(office) and unit.name != office:
            return unit.name.removesuffix(office)
    return unit.name


def districts(on: date) -> list[Unit]:
    """The units of a day that have a place on the map, in the city's own order."""
    return list(units_on(on).filter(kind__in=KINDS))


def fit(shapes: Sequence[Shape], units: Sequence[Unit]) -> Fitted:
    """Match each shape to a unit: by code, else by a name only one unit bears. Raises ``BadMap``."""
    if not units:
        raise BadMap(say("单位名录里还没有县（市、区）；请先导入单位再设置地图"))
    by_code = {unit.code: unit for unit in units}
    named = _by_name(units)
    taken: dict[str, Shape] = {}
    pairs, strangers = [], []
    for shape in shapes:
        unit = next((by_code[code] for code in shape.codes if code in by_code), None)
        unit = unit or next((named[name] for name in shape.names if name in named), None)
        if unit is None:
            strangers.append(shape.called)
        elif unit.code in taken:
            raise BadMap(
                say(
                    "“{one}”和“{other}”都对应单位“{unit}”；请合并成一个要素，或改正编码",
                    one=taken[unit.code].called,
                    other=shape.called,
                    unit=unit.name,
                )
            )
        else:
            taken[unit.code] = shape
            pairs.append((unit, shape))
    if not pairs:
        raise BadMap(
            say(
                "没有一个要素对得上县（市、区）；文件里有“{names}”，单位是“{units}”。请让 code 等于单位编码，或 name 等于单位名称",
                names=_some(shape.called for shape in shapes),
                units=_some(area(unit) for unit in units),
            )
        )
    return Fitted(tuple(pairs), tuple(strangers), tuple(unit for unit in units if unit.code not in taken))


def _by_name(units: Sequence[Unit]) -> Mapping[str, Unit]:
    found: dict[str, set[str]] = {}
    of = {unit.code: unit for unit in units}
    for unit in units:
        for name in {unit.name, unit.short, area(unit)}:
            found.setdefault(name, set()).add(unit.code)
    return {name: of[next(iter(codes))] for name, codes in found.items() if len(codes) == 1}


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return "、".join(listed[:5]) + ("……" if len(listed) > 5 else "")


def keep(fitted: Fitted, approval: str = "") -> Path:
    """Write the map for every page from the next request on; ``approval`` is shown under it. Raises ``OSError``."""
    features = [_feature(unit, shape) for unit, shape in fitted.shapes]
    written = {"type": "FeatureCollection", "approval": approval, "features": features}
    with replacing(file()) as aside:
        aside.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return file()


def _feature(unit: Unit, shape: Shape) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": unit.code, "name": unit.short},
        "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
    }


def drop() -> bool:
    """Take the map away; False where there was none."""
    there = file().is_file()
    file().unlink(missing_ok=True)
    return there


def current() -> CityMap | None:
    """The map that is set, read again only when its file changed; None where there is none or it cannot be read."""
    try:
        told = file().stat()
    except OSError:
        return None
    return _read(file(), told.st_mtime_ns, told.st_size, told.st_ino)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int, _number: int) -> CityMap | None:
    try:
        raw = path.read_bytes()
        found = json.loads(raw)
        codes = frozenset(feature["properties"]["code"] for feature in found["features"])
        return CityMap(hashlib.sha256(raw).hexdigest()[:16], str(found.get("approval", "")), codes)
    except (OSError, ValueError, KeyError, TypeError):
        return None
