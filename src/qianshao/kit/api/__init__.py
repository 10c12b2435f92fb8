"""The JSON API: the same doors, filters and figures as the pages, for programs that sign in as somebody.

Errors are problem documents (RFC 9457) whose ``detail`` is the sentence a page would show. A program shows a token of
its owner (``Authorization: Bearer …``, RFC 6750); whoever is signed in through the browser's session may use it as well,
and what writes then also needs the CSRF token.
"""

from . import acts, duties, figures, kinds
from .root import api

__all__ = ("api",)

for _part in (kinds, duties, acts, figures):  # in the order they are described
    api.add_router("", _part.calls)
