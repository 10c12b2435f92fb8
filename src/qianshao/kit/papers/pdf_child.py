"""Takes the text out of one .pdf and writes it as JSON; runs alone, under limits, see ``pdf``."""

from __future__ import annotations

import json
import logging
import resource
import sys
from typing import Any

MEMORY = 1536 * 2**20  # bytes of address space
SECONDS = 110  # of processor time
MOST_PAGES = 1000
MOST_CHARACTERS = 12_000_000


def main(path: str) -> dict[str, Any]:
    """``pages``: the text of each; or ``error``: password, pages, broken."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "password"}
        if len(reader.pages) > MOST_PAGES:
            return {"error": "pages"}
        pages: list[str] = []
        size = 0
        for page in reader.pages:
            text = page.extract_text() or ""
            size += len(text)
            if size > MOST_CHARACTERS:
                return {"error": "pages"}
            pages.append(text)
    except MemoryError:
        return {"error": "limits"}
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {"error": "broken"}
    return {"pages": pages}


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(main(sys.argv[1])).encode("ascii"))
