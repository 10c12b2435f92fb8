"""The tree of commands: each is found where it is said to be, and none is left out."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qianshao.site.commands.root import PLACES, root


@pytest.mark.parametrize("name", PLACES)
def test_every_command_is_found(name: str) -> None:
    found = root.get_command(click.Context(root), name)

    assert found is not None
    assert found.name == name
    assert CliRunner().invoke(root, [name, "--help"]).exit_code == 0


def test_no_command_is_left_out() -> None:
    said = CliRunner().invoke(root, ["--help"]).output

    assert all(f"  {name} " in said for name in PLACES)
    for place in set(PLACES.values()):
        module = import_module(f"qianshao.site.commands.{place}")
        assert {each.name for each in module.COMMANDS} == {n for n, where in PLACES.items() if where == place}


def test_a_command_loads_no_other(tmp_path: Path) -> None:
    asked = "from qianshao.site.commands.root import root; root(['rules', '--help'], standalone_mode=False)"
    code = (
        f"import django, sys; django.setup(); {asked}; print(*(m for m in sys.modules if '.commands.' in m))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "qianshao.site.settings", "QIANSHAO_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)

    loaded = {name.rpartition(".")[2] for name in done.stdout.splitlines()[-1].split()}
    assert loaded & set(PLACES.values()) == {"rules"}
