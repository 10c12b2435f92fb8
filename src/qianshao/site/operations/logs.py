"""Log lines that say what happened, where and in which request, and nothing about anybody.

An exception's own text may quote what somebody wrote, so only its type and the places it passed are logged; numbers that name a
person are hidden in every message. ``QIANSHAO_LOG_FORMAT=json`` gives one JSON object a line for a collector.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from django.http import HttpRequest

from qianshao.kit.duties.masking import scrub

request_id: ContextVar[str] = ContextVar("request_id", default="")
_OURS = ("route", "method", "status", "ms", "actor", "unit", "about", "allowed", "address")


class Formatter(logging.Formatter):
    """One line for each record, as JSON or as text."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record without anything personal."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(_message(record)),
        }
        if request_id.get():
            told["request"] = request_id.get()
        told |= {name: getattr(record, name) for name in _OURS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["where"] = _places(record.exc_info[2])
        if self.as_json:
            return json.dumps(told, ensure_ascii=False, default=str)
        at, level, logger, message = (told.pop(name) for name in ("at", "level", "logger", "message"))
        return " ".join(
            [f"{at} {level} {logger} {message}", *(f"{name}={value}" for name, value in told.items())]
        )


def _message(record: logging.LogRecord) -> str:
    """The message; of an exception among its blanks only the type, of an address only the route."""
    if isinstance(record.args, tuple):
        record = logging.makeLogRecord(record.__dict__)
        record.args = tuple(
            type(blank).__name__ if isinstance(blank, BaseException) else blank for blank in record.args or ()
        )
    text = record.getMessage()
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        # Django names the address; a calendar's holds its secret, and others a number of somebody's duty.
        match = request.resolver_match
        text = text.replace(request.path, match.route if match else "(none)")
    return text


def _places(tb: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(tb)
    ]
