"""The reader behind a wall: a child process with a limit of time and memory, replaced when a page breaks it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from .child import LENGTH
from .page import Page

SECONDS = 20.0
_ROOT = str(Path(__file__).resolve().parents[4])


class Unreadable(ValueError):
    """The page could not be read within the limits; nothing on it is assessable."""


class Reader:
    """One child process, started when first needed. Not for use by two threads at once."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, data: bytes, *, url: str = "", content_type: str = "", brief: bool = False) -> Page:
        """As ``reading.read``, without the text when ``brief``; raises ``Unreadable`` when the page takes too long or too much."""
        child = self._running()
        assert child.stdin is not None and child.stdout is not None
        asked = json.dumps(
            {"url": url, "content_type": content_type, "size": len(data), "brief": brief}
        ).encode()
        alarm = threading.Timer(self.seconds, child.kill)
        alarm.start()
        try:
            child.stdin.write(LENGTH.pack(len(asked)) + asked + data)
            child.stdin.flush()
            answer = _answer(child.stdout)
        except (BrokenPipeError, EOFError):
            self.close()
            raise Unreadable(
                f"页面太复杂，{self.seconds:.0f} 秒内读不完，各项均无法判定。请人工查看。"
            ) from None
        finally:
            alarm.cancel()
        if "error" in answer:
            raise Unreadable(f"页面无法解析（{answer['error']}），各项均无法判定。请人工查看。")
        return Page.from_wire(answer)

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        child.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "qianshao.modules.openness.pages.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": _ROOT},
                start_new_session=True,  # Ctrl-C is for the command, which then ends its child
            )
        return self._child


def _answer(source: IO[bytes]) -> dict[str, Any]:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    body = source.read(LENGTH.unpack(head)[0])
    answer: dict[str, Any] = json.loads(body)
    return answer
