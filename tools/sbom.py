"""Write the parts the product is made of as a CycloneDX 1.5 document: ``python tools/sbom.py [FILE]``.

Read from the two lock files, so it lists exactly what ``make setup`` installs, with the digests it is checked by. An advisory
check takes this file; it needs the network of whoever releases and is no part of the product.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def parts() -> list[dict[str, Any]]:
    """Every Python and every npm package, by name."""
    return sorted([*_python(), *_npm()], key=lambda part: str(part["purl"]))


def _python() -> list[dict[str, Any]]:
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    found = []
    for name, version, rest in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)([^\n]*)", text, re.M):
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)
        found.append(_part(f"pkg:pypi/{name.lower()}@{version}", name, version, "SHA-256", hashes))
    return found


def _npm() -> list[dict[str, Any]]:
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    found = []
    for path, about in locked.items():
        if not path:
            continue
        name = path.rpartition("node_modules/")[2]
        digest = base64.b64decode(about["integrity"].removeprefix("sha512-")).hex()
        purl = f"pkg:npm/{name.replace('@', '%40')}@{about['version']}"
        found.append(_part(purl, name, about["version"], "SHA-512", [digest]))
    return found


def _part(purl: str, name: str, version: str, algorithm: str, digests: list[str]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": algorithm, "content": digest} for digest in digests],
    }


def document() -> dict[str, Any]:
    """The whole document; the same lock files give the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "qianshao", "name": "qianshao"}},
        "components": parts(),
    }


def main(where: str = "") -> None:
    """To the file named, or to the console."""
    text = json.dumps(document(), indent=1) + "\n"
    if where:
        Path(where).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:2])
