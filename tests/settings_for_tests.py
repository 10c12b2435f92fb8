"""The product's own settings over a throw-away data folder, one for each test process."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="qianshao-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["QIANSHAO_HOME"] = _folder
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # the browser tests' loop stays in the thread of all tests after it
)

from qianshao.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECOND_FACTOR_ROLES: frozenset[str] = frozenset()  # tests of the second factor ask for it themselves
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - whitenoise warns of a folder that is not there
