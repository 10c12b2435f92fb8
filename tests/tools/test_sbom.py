"""The list of parts is exactly what the lock files install, each with the digest it is checked by."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_SEC_22_every_locked_package_is_in_the_list_with_its_digest() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "sbom.py")], capture_output=True, text=True, check=True
    )
    listed = {part["purl"]: part for part in json.loads(made.stdout)["components"]}

    lock = (ROOT / "requirements.lock").read_text("utf-8")
    python = {
        f"pkg:pypi/{name.lower()}@{version}"
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M)
    }
    npm = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert {purl for purl in listed if purl.startswith("pkg:pypi/")} == python
    assert sum(purl.startswith("pkg:npm/") for purl in listed) == len(npm) - 1
    assert all(
        part["hashes"] and all(len(one["content"]) in (64, 128) for one in part["hashes"])
        for part in listed.values()
    )
    assert "pkg:pypi/django" in {purl.partition("@")[0] for purl in listed}
