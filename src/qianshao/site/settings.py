"""Settings, all from the environment; every default serves the demonstration on one machine."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from .home import home, secret

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
HOME = home()

DEBUG = os.environ.get("QIANSHAO_DEBUG") == "1"
SECRET_KEY = secret("django").hex()
ALLOWED_HOSTS = os.environ.get("QIANSHAO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("QIANSHAO_ORIGINS", "").split(",") if origin]
HTTPS = os.environ.get("QIANSHAO_HTTPS") == "1"


class BadDatabase(ValueError):
    """QIANSHAO_DATABASE is neither empty nor postgresql://user:password@host:port/name."""


def database(url: str) -> dict[str, object]:
    """The database setting for a URL; an empty one is SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "qianshao.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
                    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadDatabase(
            f"QIANSHAO_DATABASE={url.split('@')[-1]!r}: write postgresql://user:password@host:port/name, "
            "or leave it empty for the embedded database"
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database(os.environ.get("QIANSHAO_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CORE = ["ledger", "org", "accounts", "files", "duties", "meters", "merits", "notices", "jobs", "imports"]
MODULES = ["hotline", "learning", "openness", "supervision", "burden", "appraisal"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "ninja",
    *(f"qianshao.core.{name}" for name in CORE),
    "qianshao.kit",
    *(f"qianshao.modules.{name}" for name in MODULES),
    "qianshao.site",
    "qianshao.site.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qianshao.site.middleware.StaffPages",
]

ROOT_URLCONF = "qianshao.site.urls"
WSGI_APPLICATION = "qianshao.site.wsgi.application"
AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "cockpit"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

CSRF_FAILURE_VIEW = "qianshao.site.views.errors.csrf"
OPEN_PAGES = ("/sign-in/", "/language/", "/health/", "/static/", "/portal/", "/open311/")
OPEN311_PER_MINUTE = int(os.environ.get("QIANSHAO_OPEN311_PER_MINUTE") or 30)  # requests one key may send
OPEN311_PER_DAY = int(os.environ.get("QIANSHAO_OPEN311_PER_DAY") or 5_000)
OPEN311_JURISDICTION = os.environ.get("QIANSHAO_JURISDICTION", "qianshao.local")
CITY_NAME = os.environ.get("QIANSHAO_CITY", "刺桐市")
# What the site shows on a duty's page beside what is drawn from its kind: a function of (request, duty, stream).
BESIDE = {
    "openness.finding": "qianshao.site.views.evidence.beside",
    "openness.request": "qianshao.site.views.letters.beside",
    "openness.yearly_report": "qianshao.site.views.yearly.beside",
}
# Navigation beside the kinds of duties: module (empty: the system), capability needed (empty: everyone signed in), title, address name.
PLACES = (
    ("hotline", "hotline.receive", "受理台", "hotline-desk"),
    ("hotline", "hotline.read", "热线三率", "hotline-rates"),
    ("hotline", "hotline.read", "退单台账", "hotline-returns"),
    ("hotline", "hotline.text", "同一诉求", "hotline-matters"),
    ("hotline", "hotline.read", "上升与季节", "hotline-rising"),
    ("hotline", "hotline.read", "地图与日历", "hotline-spread"),
    ("hotline", "hotline.read", "问题与成效", "hotline-problems"),
    ("hotline", "hotline.read", "分类模型", "hotline-learning"),
    ("openness", "openness.read", "电子监察", "openness"),
    ("supervision", "supervision.read", "督查督办", "supervision"),
    ("burden", "burden.read", "减负台账", "burden"),
    ("appraisal", "appraisal.read", "综合评比", "appraisal"),
    ("", "hotline.import", "导入", "import"),
    ("", "", "账本", "ledger"),
    ("", "", "规则", "rules"),
    ("", "", "日历", "calendar"),
    ("", "", "单位名录", "units"),
)
# Kinds whose duties come as an official document, with the name of its address.
PAPERS = {"supervision.slip": "slip-paper"}

# Who suggests what while an agent types (site/hotline/suggesting.py). Classes come from a model that was trained, orders about the same
# matter from an index of the newest ones in memory; where there is none yet, both from the search index, like units and answers.
HOTLINE_MODEL = Path(os.environ.get("QIANSHAO_HOTLINE_MODEL") or HOME / "hotline-classes.model")
HOTLINE_DESK_ORDERS = int(
    os.environ.get("QIANSHAO_HOTLINE_DESK_ORDERS") or 20_000
)  # the newest; about 10 KB of memory each
HOTLINE_SUGGESTERS = {
    "topics": "qianshao.site.hotline.learned.topics",
    "units": "qianshao.site.hotline.neighbours.units",
    "similar": "qianshao.site.hotline.matching.similar",
    "similar_by": "qianshao.site.hotline.matching.similar_by",
    "answers": "qianshao.site.hotline.neighbours.answers",
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qianshao.kit.context.page",
            ],
            "builtins": ["qianshao.kit.templatetags.kit"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOG_NAME = os.environ.get("QIANSHAO_LOG_NAME", "qianshao")
SEARCH_KEY = secret("search")
PORTAL_KEY = secret("portal")

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_SAVE_EVERY_REQUEST = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # a decision's 200 items, each with its eight fields
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("QIANSHAO_LOG", "WARNING")},
}
