"""A model as a file: a zip of plain arrays and one JSON header, nothing that can run.

The parts are named and their digests stand in the header; the header's own digest stands beside it, so damage is
noticed. Sizes are read from the zip's directory and held while unpacking. The same model gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qianshao.kernel.words import Words, say

from .grams import Runs
from .model import Model
from .views import VIEWS, View

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT = "qianshao-hotline-classes"
VERSION = 1
MOST_BYTES = 2**30  # of the file, and of all its parts unpacked
_HEADER, _DIGEST = "header.json", "header.sha256"
_ARRAYS = {"symbols": "|u1", "keys": "<u8", "texts": "<u4", "weights": "<f4"}
_SINCE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell; the time of training is not part of a model


class BadModel(ValueError):
    """The file is no model of this version, or damaged; ``words`` say which."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def write(model: Model, path: Path) -> str:
    """Write the model beside its place and move it there; gives its SHA-256. Raises ``OSError``."""
    parts = {"bias.npy": _packed(model.bias, "<f4"), "prior.npy": _packed(model.prior, "<f4")}
    for view, weights in zip(model.views, model.weights, strict=True):
        import numpy as np

        symbols = np.frombuffer("\n".join(view.runs.symbols).encode("utf-8"), np.uint8)
        for name, array in (
            ("symbols", symbols),
            ("keys", view.runs.keys),
            ("texts", view.runs.texts),
            ("weights", weights),
        ):
            parts[f"{view.name}.{name}.npy"] = _packed(array, _ARRAYS[name])
    header = {
        "format": FORMAT,
        "version": VERSION,
        "classes": list(model.classes),
        "training": model.views[0].training,
        "about": model.about,
        "parts": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(parts.items())},
    }
    raw = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(aside, "x") as archive:
            named = {_HEADER: raw, _DIGEST: hashlib.sha256(raw).hexdigest().encode(), **parts}
            for name, content in named.items():
                member = zipfile.ZipInfo(name, _SINCE)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system = 3
                archive.writestr(member, content, compresslevel=6)
        digest = _sha256(aside)
        aside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
    return digest


def _packed(array: npt.NDArray[Any], kind: str) -> bytes:
    import numpy as np

    out = io.BytesIO()
    np.lib.format.write_array(out, np.ascontiguousarray(array, kind), version=(1, 0), allow_pickle=False)
    return out.getvalue()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Model:
    """Read a model; raises ``BadModel``, or ``OSError`` where the file cannot be opened."""
    if path.stat().st_size > MOST_BYTES:
        raise BadModel(say("模型文件超过 {n} MB，没有读取。", n=MOST_BYTES // 2**20))
    try:
        with zipfile.ZipFile(path) as archive:
            return _model(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadModel(_foreign()) from error
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadModel):
            raise
        raise BadModel(_damaged()) from error


def _foreign() -> Words:
    return say("这不是分类模型文件，或者文件已损坏。请用 qianshao hotline train 重新训练。")


def _damaged() -> Words:
    return say("模型文件已损坏或被改动过。请用 qianshao hotline train 重新训练。")


def _model(archive: zipfile.ZipFile) -> Model:
    members = {member.filename: member for member in archive.infolist()}
    if not {_HEADER, _DIGEST} <= set(members):
        raise BadModel(_foreign())
    if sum(member.file_size for member in members.values()) > MOST_BYTES:
        raise BadModel(say("模型文件解开后超过 {n} MB，没有读取。", n=MOST_BYTES // 2**20))
    raw = _unpacked(archive, members[_HEADER])
    header = json.loads(raw)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise BadModel(_foreign())
    if header.get("version") != VERSION:
        raise BadModel(
            say(
                "模型文件是第 {theirs} 版，本程序读第 {ours} 版。请重新训练。",
                theirs=str(header.get("version"))[:20],
                ours=VERSION,
            )
        )
    if _unpacked(archive, members[_DIGEST]).decode("ascii") != hashlib.sha256(raw).hexdigest():
        raise BadModel(_damaged())
    parts: dict[str, Any] = {}
    for name, digest in header["parts"].items():
        content = _unpacked(archive, members[name])
        if hashlib.sha256(content).hexdigest() != digest:
            raise BadModel(_damaged())
        parts[name] = content
    return _built(header, parts)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A part, never more than the directory says; raises ``BadModel``."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise BadModel(_damaged())
    return content


def _built(header: dict[str, Any], parts: dict[str, Any]) -> Model:
    import numpy as np

    def array(name: str, kind: str, *shape: int | None) -> npt.NDArray[Any]:
        raw = io.BytesIO(parts[name])
        if np.lib.format.read_magic(raw) != (1, 0):
            raise BadModel(_damaged())
        have, by_column, dtype = np.lib.format.read_array_header_1_0(raw)
        fits = dtype.str == kind and not by_column and len(have) == len(shape)
        if not fits or any(want not in (None, size) for want, size in zip(shape, have, strict=True)):
            raise BadModel(_damaged())
        # Over the bytes that are there: a shape that lies takes no memory, it does not fit.
        return np.frombuffer(parts[name], dtype, offset=raw.tell()).reshape(have)

    classes = tuple(map(str, header["classes"]))
    views, weights = [], []
    for name, (_where, unit) in VIEWS.items():
        keys = array(f"{name}.keys.npy", "<u8", None)
        size = len(keys)
        spelled = array(f"{name}.symbols.npy", "|u1", None).tobytes().decode("utf-8")
        symbols = tuple(spelled.split("\n")) if spelled else ()
        single = unit == "character" and any(len(symbol) != 1 for symbol in symbols)
        if single or len(symbols) > size or (size > 1 and not (keys[1:] > keys[:-1]).all()):
            raise BadModel(_damaged())
        runs = Runs(unit, symbols, keys, array(f"{name}.texts.npy", "<u4", size))
        views.append(View(name, runs, int(header["training"])))
        weights.append(array(f"{name}.weights.npy", "<f4", size, len(classes)))
    bias, prior = (array(f"{name}.npy", "<f4", len(classes)) for name in ("bias", "prior"))
    if not classes or not all(np.isfinite(one).all() for one in (bias, prior, *weights)):
        raise BadModel(_damaged())
    return Model(classes, tuple(views), tuple(weights), bias, prior, dict(header["about"]))
