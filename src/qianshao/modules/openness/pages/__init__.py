"""Reading a government page: what it says of itself, where it says so, and how sure we are.

Free of Django; needs selectolax only. ``read`` is the door; ``bounded.Reader`` is the same door with a limit
of time and memory, for pages that come from outside.
"""

from .page import Found, Link, Page
from .reading import read

__all__ = ["Found", "Link", "Page", "read"]
