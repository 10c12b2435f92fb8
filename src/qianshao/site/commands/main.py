"""Start Django, pick the language, gather the groups, and turn every foreseen error into one sentence."""

from __future__ import annotations

import gc
import json
import os
import sys

import click


def _language(arguments: list[str]) -> str:
    named = next((a.partition("=")[2] for a in arguments if a.startswith("--lang=")), "")
    if not named and "--lang" in arguments[:-1]:
        named = arguments[arguments.index("--lang") + 1]
    spoken = (
        named or os.environ.get("QIANSHAO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    )
    return "en" if spoken.lower().startswith(("en", "c.", "c_", "posix")) or spoken == "C" else "zh-hans"


def main() -> None:
    """Entry point of the installed command; exits 0, or non-zero with one clear sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianshao.site.settings")
    import django
    from django.conf import settings
    from django.utils import translation

    try:
        settings.DATABASES  # noqa: B018 - a bad environment shows here, before anything starts
    except (ValueError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    django.setup()
    translation.activate(_language(sys.argv[1:]))
    from . import usage
    from .root import root
    from .saying import CommandError, foreseen

    gc.freeze()  # what start-up made stays: long work need not look through it again and again
    try:
        root(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _fail(translation.gettext("已停止。"), 130)
    except click.ClickException as error:
        _fail(usage.sentence(error), error.exit_code)
    except CommandError as error:
        _fail(str(error), error.code)
    except foreseen() as error:
        _fail(str(error), 1)


def _fail(sentence: str, code: int) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    click.echo(sentence, err=True)
    sys.exit(code)
