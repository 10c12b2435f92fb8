"""What an administrator copies from ``deploy/`` and reads in ``docs/operations.md`` is true of this version."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY, DOCS = ROOT / "deploy", ROOT / "docs" / "operations.md"
_SETTING = re.compile(r"QIANSHAO_[A-Z0-9_]+")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def _known() -> set[str]:
    """The settings the code reads."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        found |= set(_SETTING.findall(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_accepts_the_units(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert "ExecStart=/opt/qianshao/bin/" in text
    named = set(re.findall(r"/opt/qianshao/bin/(\w+)", text))
    assert named <= {"qianshao", "gunicorn"}
    if shutil.which("systemd-analyze") is None:
        for line in text.splitlines():
            assert not line or line.startswith(("#", "[")) or "=" in line
        return
    there = tmp_path / unit.name.replace("@", "@1") if "@" in unit.name else tmp_path / unit.name
    there.write_text(re.sub(r"/opt/qianshao/bin/\w+", "/bin/true", text), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(there)], capture_output=True, text=True, check=False
    )
    mine = [line for line in done.stderr.splitlines() if there.name in line]
    assert mine == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_units_call_commands_that_exist(unit: Path) -> None:
    from qianshao.site.commands.root import PLACES

    words = re.findall(r"/opt/qianshao/bin/qianshao (\w+)", unit.read_text(encoding="utf-8"))
    assert words
    assert set(words) <= PLACES.keys()


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx" / "qianshao.conf").read_text(encoding="utf-8")
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}")
    for line in bare.splitlines():
        assert not line.strip() or line.rstrip().endswith((";", "{", "}"))
    # Whoever is asked for must be asked for: a client's own word about where it comes from is not passed on.
    assert "X-Forwarded-For $remote_addr" in text
    nginx = shutil.which("nginx")
    if nginx is None:
        return
    key, certificate = tmp_path / "key.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "1",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    text = text.replace("/etc/ssl/qianshao", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n", encoding="utf-8")
    done = subprocess.run([nginx, "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_setting_of_the_example_and_of_the_units_is_known() -> None:
    named: set[str] = set()
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            named |= set(_SETTING.findall(path.read_text(encoding="utf-8")))

    assert named - _known() == {"QIANSHAO_WORKERS"}  # read by the unit of the pages itself


def test_every_setting_stands_in_the_document() -> None:
    text = DOCS.read_text(encoding="utf-8")
    told = set(_SETTING.findall(text))
    # `QIANSHAO_BACKUP_FOLDER`, `_AT`, `_KEEP` share their beginning.
    for row in re.findall(r"^\| (`QIANSHAO.*?) \|", text, re.M):
        first = _SETTING.findall(row)[0]
        for ending in re.findall(r"`(_[A-Z_]+)`", row):
            parts = first.split("_")
            told |= {"_".join(parts[:length]) + ending for length in range(2, len(parts) + 1)}

    assert _known() - told == set()


def test_every_alarm_asks_for_a_measure_that_exists() -> None:
    rules = (DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bqianshao_[a-z_]+", rules))
    source = "".join(
        (ROOT / "src" / "qianshao" / name).read_text(encoding="utf-8")
        for name in ("core/measures.py", "site/operations/state.py")
    )
    made = set(re.findall(r'"(qianshao_[a-z_]+)"', source))
    made |= {f"qianshao_{name}_age_seconds" for name in re.findall(r'\("(\w+)", "Since', source)}
    ends = ("_bucket", "_count", "_sum", "_total")
    bare = {name.removesuffix(next((end for end in ends if name.endswith(end)), "")) for name in asked}

    assert asked
    assert bare - made == set()


def test_the_document_names_commands_that_exist() -> None:
    from qianshao.site.commands.root import PLACES

    named = set(re.findall(r"(?<![/@-])\bqianshao (\w+)", DOCS.read_text(encoding="utf-8")))
    assert named - PLACES.keys() == set()
    assert {"backup", "restore", "rebuild", "ledger", "hooks"} <= named
