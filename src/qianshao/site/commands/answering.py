"""Commands that judge or reckon what they are handed, and end with one of a few numbers a script can rely on.

0: done. 1: done, and what was judged is wrong. 2: what was handed over cannot be used, or the answer
cannot be written. The watch knows two more: 3 stopped by the site, 130 stopped by a person.
"""

from __future__ import annotations

from typing import Any

import click

from .saying import CommandError, foreseen

FINE, FOUND, UNUSABLE = 0, 1, 2


class Answering(click.Group):
    """A group whose commands say every foreseen error as one sentence and end with ``UNUSABLE``."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if not isinstance(error, (CommandError, *foreseen())):
                raise
            raise CommandError(str(error), UNUSABLE) from error
