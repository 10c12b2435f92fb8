"""Where this installation keeps its data: the folder named by QIANSHAO_HOME."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The data folder, made when missing; ``home/`` of the checkout, or of the working folder when installed."""
    named = os.environ.get("QIANSHAO_HOME")
    root = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    folder = Path(named).expanduser() if named else root / "home"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def secret(name: str, size: int = 32) -> bytes:
    """A random secret kept in a file of the data folder, made once and readable by its owner only."""
    path = home() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(size))
    return path.read_bytes()
