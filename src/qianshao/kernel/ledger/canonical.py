"""Canonical JSON: restricted JCS (RFC 8785), the one form in which an entry is hashed.

Restricted means: ASCII keys, strings, booleans, null, whole numbers below 2**53, lists and objects. No floats: money is
in fen, rates are in basis points. Within that, sorting keys and leaving out white space is all that RFC 8785 asks, so the
standard library's own encoder writes it (a property test holds it against an independent implementation). Text is
kept as it was received; no Unicode folding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

LARGEST = 2**53 - 1

_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), sort_keys=True
)


def _writer() -> Callable[[Any], str]:
    """The encoder's C core, made once; its own ``encode`` makes one for each value, at a third of the time."""
    core = getattr(json.encoder, "c_make_encoder", None)
    if core is None:
        return _encoder.encode
    write = core(None, _encoder.default, json.encoder.encode_basestring, None, ":", ",", True, False, False)

    def written(value: Any) -> str:
        return "".join(write(value, 0))

    return written


_write = _writer()


class NotCanonical(ValueError):
    """A value or bytes outside the canonical form; the sentence names the place."""


_PLAIN = frozenset((str, bool, type(None)))


def _fine(value: Any) -> bool:
    """Whether a value is within the form, told without its path: what a dictionary holds is looked at in whole rows."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if kind is dict:
        try:
            if not all(map(str.isascii, value)):
                return False
        except TypeError:  # a key that is no text
            return False
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    return _PLAIN.issuperset(map(type, value)) or all(map(_fine, value))


def encode(value: Any) -> bytes:
    """The canonical bytes of a value; raises ``NotCanonical`` naming the path of what cannot be written."""
    try:
        if not _fine(value):
            _check(value, "$")
        return _write(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with a lone surrogate cannot be written") from error
    except (TypeError, RecursionError) as error:
        raise NotCanonical(f"{error}") from error


def _check(value: Any, path: str) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{path}: {value} is outside ±(2**53 - 1)")
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical(f"{path}: key {key!r} is not ASCII text")
            if type(item) is not str:
                _check(item, f"{path}.{key}")
    elif kind is list or kind is tuple:
        for number, item in enumerate(value):
            _check(item, f"{path}[{number}]")
    else:
        raise NotCanonical(f"{path}: {kind.__name__} cannot be written (no floats, no other types)")


def _no_float(text: str) -> Any:
    raise NotCanonical(f"{text} is a fraction; only whole numbers are written")


_read: Callable[[str], Any] = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode


def decode(raw: bytes) -> Any:
    """Read canonical bytes; raises ``NotCanonical`` when they are not exactly what ``encode`` would write."""
    try:
        value = _read(raw.decode())
        again = _write(value).encode()
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from error
    if again != raw:
        raise NotCanonical("not in canonical form: key order, white space, escapes or a repeated key")
    if not _fine(value):
        _check(value, "$")
    return value


_TOGETHER = 64  # bodies read in one call: the reader's start costs as much as reading one of them


def decode_many(raws: Sequence[bytes]) -> list[Any]:
    """Read many canonical bytes at once, each to its value or to the ``NotCanonical`` that ``decode`` raises for it.

    Joined to one list they are read in a third of the time. Whatever the joined text was read as, each value is written again by
    itself and held against its own bytes, so nothing passes here that would not pass alone.
    """
    found: list[Any] = []
    for first in range(0, len(raws), _TOGETHER):
        piece = raws[first : first + _TOGETHER]
        try:
            values = _read_together([raw.decode() for raw in piece])
        except UnicodeError:
            values = None
        found.extend(map(_value_or_fault, piece) if values is None else values)
    return found


def canonical_texts(texts: Sequence[str]) -> list[bool]:
    """Of many texts, each already known to be UTF-8, whether ``decode`` would take it."""
    found: list[bool] = []
    for first in range(0, len(texts), _TOGETHER):
        piece = texts[first : first + _TOGETHER]
        if _read_together(piece) is not None:
            found.extend([True] * len(piece))
        else:
            found.extend(not isinstance(_value_or_fault(text.encode()), NotCanonical) for text in piece)
    return found


def _read_together(texts: Sequence[str]) -> list[Any] | None:
    try:
        values = _read(f"[{','.join(texts)}]")
        if len(values) != len(texts):
            return None
        for text, value in zip(texts, values, strict=True):
            if _write(value) != text or not _fine(value):
                return None
    except (UnicodeError, ValueError, TypeError, RecursionError):
        return None
    return list(values)


def _value_or_fault(raw: bytes) -> Any:
    try:
        return decode(raw)
    except NotCanonical as fault:
        return fault
