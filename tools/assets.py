"""Copy what the pages take from npm into the package, so that nothing is fetched when they are shown.

Run after ``npm ci``; safe to run again. Licences travel with the files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from stylesheet import Named, kept, sources

ROOT = Path(__file__).resolve().parents[1]
FROM = ROOT / "node_modules"
TO = ROOT / "src" / "qianshao" / "site" / "static" / "vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
}


def main() -> None:
    """Copy each file, leaving out the source-map line that would name a file we do not ship, and styles nothing uses."""
    TO.mkdir(parents=True, exist_ok=True)
    named = Named(sources(TO.parents[2]))
    for source, name in FILES.items():
        text = (FROM / source).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if "sourceMappingURL=" not in line[:60]]
        whole = "\n".join(lines) + "\n"
        (TO / name).write_text(kept(whole, named) if name.endswith(".css") else whole, encoding="utf-8")
    for old in TO.iterdir():
        if old.name not in FILES.values():
            shutil.rmtree(old) if old.is_dir() else old.unlink()


if __name__ == "__main__":
    main()
