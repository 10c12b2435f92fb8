"""A command as a person types it, in this process: the same words, streams and exit status, without starting Django anew."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from django.test import override_settings

from qianshao.site.commands import main


def run(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run ``qianshao`` in Chinese over a data folder; nothing is typed in."""
    arguments = ["qianshao", "--lang", "zh", *map(str, words)]
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        override_settings(HOME=home),
        patch.object(sys, "argv", arguments),
        patch("gc.freeze"),  # of a process that lives for one command
        Path(os.devnull).open(encoding="utf-8") as nothing,
        patch.object(sys, "stdin", nothing),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
