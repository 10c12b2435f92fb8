"""The product as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianshao.site.settings")
application = get_wsgi_application()

from qianshao.core.initials import initials  # noqa: E402 - after Django is set up

initials("前哨")  # reads the dictionary now, so that the first search does not wait for it
