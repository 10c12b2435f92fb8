"""The model's file: what was written is read, and nothing else is."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sorting_letters import examples

from qianshao.modules.hotline import sorting
from qianshao.modules.hotline.sorting import store, training
from qianshao.modules.hotline.sorting.store import BadModel


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "classes.model"
    store.write(training.train(examples(20), lambda _done, _of: None).model, path)
    return path


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same zip with its parts changed."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def test_a_model_read_again_says_the_same(written: Path, tmp_path: Path) -> None:
    model = store.read(written)

    store.write(model, tmp_path / "again")

    assert (tmp_path / "again").read_bytes() == written.read_bytes()
    assert sorting.suggest(model, "枫桥路灯", "路灯坏了").label == "市政"
    assert len(model.about["training_sha256"]) == 64


def test_a_model_is_read_once_until_its_file_changes(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(written.read_bytes())
    first = sorting.load(path)

    assert sorting.load(path) is first
    os.utime(path, ns=(1, 1))
    assert sorting.load(path) is not first


def test_any_flipped_byte_is_noticed_or_changes_nothing(written: Path, tmp_path: Path) -> None:
    whole = written.read_bytes()
    bad = tmp_path / "bad"
    noticed = 0
    for place in range(11, len(whole), len(whole) // 60):
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        try:
            model = store.read(bad)
        except BadModel:
            noticed += 1
        else:
            assert all(
                np.array_equal(a, b) for a, b in zip(model.weights, store.read(written).weights, strict=True)
            )

    assert noticed > 50


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_file_cut_short_is_refused(written: Path, tmp_path: Path, keep: float) -> None:
    whole = written.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])

    with pytest.raises(BadModel, match="重新训练"):
        store.read(tmp_path / "cut")


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("message_id,title,body\n", encoding="utf-8")
    (tmp_path / "pickle").write_bytes(pickle.dumps({"a": 1}))
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("a.txt", "a")

    for name in ("text", "pickle", "zip"):
        with pytest.raises(BadModel, match="这不是分类模型文件"):
            store.read(tmp_path / name)


def test_a_changed_header_or_part_is_refused(written: Path, tmp_path: Path) -> None:
    def other_class(parts: dict[str, bytes]) -> None:
        parts["header.json"] = parts["header.json"].replace("市政".encode(), "水利".encode())

    def other_weights(parts: dict[str, bytes]) -> None:
        parts["title.words.weights.npy"] = parts["title.words.weights.npy"][:-1] + b"\x01"

    for change in (other_class, other_weights):
        with pytest.raises(BadModel, match="损坏"):
            store.read(rewritten(written, tmp_path / "m", change))


def forged(parts: dict[str, bytes], name: str, content: bytes) -> None:
    """Another part, with all digests made to fit."""
    parts[name] = content
    header = json.loads(parts["header.json"])
    header["parts"][name] = hashlib.sha256(content).hexdigest()
    parts["header.json"] = json.dumps(header, ensure_ascii=False).encode()
    parts["header.sha256"] = hashlib.sha256(parts["header.json"]).hexdigest().encode()


def test_an_array_of_objects_is_never_unpickled(written: Path, tmp_path: Path) -> None:
    out = io.BytesIO()
    np.save(out, np.array([Boom()], object), allow_pickle=True)

    with pytest.raises(BadModel, match="损坏"):
        store.read(
            rewritten(written, tmp_path / "m", lambda parts: forged(parts, "bias.npy", out.getvalue()))
        )


@pytest.mark.parametrize("shape", ["(3000000000000,)", "(-3,)", "(3, 3)", "()", "(2,)"])
def test_an_array_whose_shape_lies_is_refused_without_taking_memory(
    written: Path, tmp_path: Path, shape: str
) -> None:
    def lie(parts: dict[str, bytes]) -> None:
        head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
        forged(
            parts, "bias.npy", b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + head.encode() + bytes(12)
        )

    with pytest.raises(BadModel, match="损坏"):
        store.read(rewritten(written, tmp_path / "m", lie))


class Boom:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("the model's file ran code",))


def test_another_version_is_named(written: Path, tmp_path: Path) -> None:
    def newer(parts: dict[str, bytes]) -> None:
        parts["header.json"] = parts["header.json"].replace(b'"version":1', b'"version":2')

    with pytest.raises(BadModel, match="第 2 版，本程序读第 1 版"):
        store.read(rewritten(written, tmp_path / "m", newer))


def test_a_bomb_is_refused_before_it_is_unpacked(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 20 * 2**20)

    def swell(parts: dict[str, bytes]) -> None:
        parts["body.words.keys.npy"] = bytes(21 * 2**20)

    with pytest.raises(BadModel, match="解开后超过 20 MB"):
        store.read(rewritten(written, tmp_path / "m", swell))


def test_a_model_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"old")

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        store.write(store.read(written), path)

    assert [entry.name for entry in tmp_path.iterdir()] == ["m"]
    assert path.read_bytes() == b"old"
