"""Which class a citizen's message belongs to, learned from messages clerks have classified.

``load`` a model that ``qianshao hotline train`` wrote, then ``suggest``::

    model = sorting.load(Path("classes.model"))
    label, confidence, second, because = sorting.suggest(model, "路灯不亮", "门口的路灯坏了三天")

A suggestion is a hint to the clerk and never an entry. How it works and how good it is: docs/hotline-classes.md.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from . import store
from .model import Model, Suggestion
from .store import BadModel

__all__ = ["BadModel", "Model", "Suggestion", "load", "suggest"]


def load(path: Path) -> Model:
    """The model in a file, read again only when the file changed.

    Raises ``BadModel`` (its ``words`` are a sentence for the user) or ``OSError``.
    """
    told = path.stat()
    return _loaded(path.resolve(), told.st_mtime_ns, told.st_size, told.st_ino)


@lru_cache(maxsize=2)
def _loaded(path: Path, _changed: int, _size: int, _number: int) -> Model:
    model = store.read(path)
    suggest(model, "热", "线")  # builds the tables of the first use here rather than while a clerk types
    return model


def suggest(model: Model, title: str, body: str) -> Suggestion:
    """The likely class of one message, in a few milliseconds; either text may be empty."""
    return model.suggest([(title, body)])[0]
