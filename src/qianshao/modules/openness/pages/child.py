"""Reads pages for ``bounded.Reader`` in a process of its own, under limits; speaks length-prefixed JSON."""

from __future__ import annotations

import json
import resource
import struct
import sys
from typing import BinaryIO

from .reading import read

MEMORY = 1536 * 2**20  # bytes of address space
LENGTH = struct.Struct(">I")


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every page with what was read, or with the name of the error, until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        asked = json.loads(source.read(LENGTH.unpack(head)[0]))
        data = source.read(asked["size"])
        try:
            answer = read(data, url=asked["url"], content_type=asked["content_type"]).wire()
            if asked["brief"]:
                answer["text"] = ""
        except Exception as error:  # whatever a page does to the reader, the next page gets its turn
            answer = {"error": type(error).__name__}
        told = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
        sink.write(LENGTH.pack(len(told)) + told)
        sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
