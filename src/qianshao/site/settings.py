"""Settings, all from the environment; every default serves the demonstration on one machine."""

from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from qianshao.core.accounts.provider import Provider

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

CORE = [
    "ledger",
    "org",
    "accounts",
    "files",
    "duties",
    "meters",
    "merits",
    "notices",
    "jobs",
    "imports",
    "hooks",
    "feeds",
    "onboarding",
    "desk",
]
MODULES = ["hotline", "learning", "openness", "supervision", "burden", "appraisal"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
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
    "qianshao.site.operations.observing.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random against BREACH; static files are compressed already
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qianshao.site.setup.first_run.FirstRun",
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


def number(name: str, usual: int, least: int = 0) -> int:
    """A whole number from the environment; raises ``ValueError`` naming the variable."""
    text = os.environ.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise ValueError(f"{name}={text!r}: write a whole number, {least} or more")
    return int(text)


def listed(name: str, usual: str = "") -> tuple[str, ...]:
    """The parts of an environment variable with commas between them."""
    return tuple(part.strip() for part in os.environ.get(name, usual).split(",") if part.strip())


# Doors. Every value and what it answers to: docs/security.md.
PASSWORD_LENGTH = number("QIANSHAO_PASSWORD_LENGTH", 10, least=8)
SAMPLE = (
    HOME / "sample-city.json"
).exists()  # its people are invented: no telephones, and passwords on the screen
PASSWORD_DAYS = number("QIANSHAO_PASSWORD_DAYS", 0 if SAMPLE else 90)  # 0: no password is too old
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {
        "NAME": "qianshao.core.accounts.passwords.Kinds",
        "OPTIONS": {"kinds": number("QIANSHAO_PASSWORD_KINDS", 3, least=1)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "qianshao.core.accounts.passwords.NotTheName"},
    {
        "NAME": "qianshao.core.accounts.passwords.NotBefore",
        "OPTIONS": {"last": number("QIANSHAO_PASSWORD_HISTORY", 5, least=1)},
    },
]
SIGN_IN_FREE = {
    "login": number("QIANSHAO_SIGN_IN_TRIES", 4, least=1),
    "address": number("QIANSHAO_SIGN_IN_TRIES_OF_ADDRESS", 40, least=1),
}
SIGN_IN_LONGEST = timedelta(minutes=number("QIANSHAO_SIGN_IN_LOCK_MINUTES", 15, least=1))
# The three administrators of GB/T 22239—2019 8.1.5: none holds another role, and two people make one.
ADMINISTRATORS = frozenset({"sysadmin", "secadmin", "auditor"})
# Roles nobody uses by password alone.
SECOND_FACTOR_ROLES = frozenset(
    listed("QIANSHAO_SECOND_FACTOR", "" if SAMPLE else ",".join(sorted(ADMINISTRATORS)))
)
SECOND_FACTOR_KEY = secret("second-factor")
PROXIES = listed("QIANSHAO_PROXIES")  # networks whose X-Forwarded-For is believed
ADMIN_NETWORKS = listed("QIANSHAO_ADMIN_NETWORKS")  # where administrators' pages open; empty: everywhere
SINGLE_SIGN_ON = (
    Provider(
        issuer=os.environ["QIANSHAO_OIDC_ISSUER"],
        client=os.environ.get("QIANSHAO_OIDC_CLIENT", "qianshao"),
        secret_file=Path(os.environ.get("QIANSHAO_OIDC_SECRET_FILE") or HOME / "secrets" / "oidc"),
        title=os.environ.get("QIANSHAO_OIDC_TITLE", "统一身份认证"),
        claim=os.environ.get("QIANSHAO_OIDC_CLAIM", "sub"),
    )
    if os.environ.get("QIANSHAO_OIDC_ISSUER")
    else None
)

CSRF_FAILURE_VIEW = "qianshao.site.views.errors.csrf"
OPEN_PAGES = (
    "/sign-in/",
    "/language/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/feeds/calendar/",
    "/setup/",
    "/static/",
    "/portal/",
    "/open311/",
)
OPEN311_PER_MINUTE = number("QIANSHAO_OPEN311_PER_MINUTE", 30, least=1)  # requests one key may send
OPEN311_PER_DAY = number("QIANSHAO_OPEN311_PER_DAY", 5_000, least=1)
OPEN311_JURISDICTION = os.environ.get("QIANSHAO_JURISDICTION", "qianshao.local")
CITY_NAME = os.environ.get("QIANSHAO_CITY", "刺桐市")
# What the site shows on a duty's page beside what is drawn from its kind: a function of (request, duty, stream).
BESIDE = {
    "openness.document": "qianshao.site.views.interpretations.of_document",
    "openness.finding": "qianshao.site.views.evidence.beside",
    "openness.interpretation": "qianshao.site.views.interpretations.of_interpretation",
    "openness.record": "qianshao.site.views.letters.beside",
    "openness.request": "qianshao.site.views.letters.beside",
    "openness.yearly_report": "qianshao.site.views.yearly.beside",
}
# Navigation beside the kinds of duties: module (empty: the system), capability needed (empty: everyone signed in), title, address name.
PLACES = (
    ("", "city.read", "大屏", "wall"),
    ("hotline", "hotline.receive", "受理台", "hotline-desk"),
    ("hotline", "hotline.read", "热线三率", "hotline-rates"),
    ("hotline", "hotline.read", "退单台账", "hotline-returns"),
    ("hotline", "hotline.text", "同一诉求", "hotline-matters"),
    ("hotline", "hotline.read", "上升与季节", "hotline-rising"),
    ("hotline", "hotline.read", "地图与日历", "hotline-spread"),
    ("hotline", "hotline.read", "问题与成效", "hotline-problems"),
    ("hotline", "hotline.read", "分类模型", "hotline-learning"),
    ("openness", "openness.read", "电子监察", "openness"),
    ("openness", "openness.read", "公开目录", "openness-catalogue"),
    ("supervision", "supervision.read", "督查督办", "supervision"),
    ("burden", "burden.read", "减负台账", "burden"),
    ("appraisal", "appraisal.read", "综合评比", "appraisal"),
    ("appraisal", "appraisal.inspect", "今日抽查", "visits"),
    ("", "", "我的", "desk"),
    ("", "org.manage", "上线清单", "going-live"),
    ("", "org.manage", "单位和人员", "organisation"),
    ("", "people.grant", "待授权", "asked-grants"),
    ("", "hotline.import", "导入", "import"),
    ("", "people.create", "账号", "people"),
    ("", "people.grant", "授权", "people"),
    ("", "audit.read", "审计", "audit"),
    ("", "", "账本", "ledger"),
    ("", "", "规则", "rules"),
    ("", "", "日历", "calendar"),
    ("", "", "单位名录", "units"),
    ("", "", "日历订阅", "feeds"),
    ("", "system.channels", "通知渠道", "deliveries"),
    ("", "system.hooks", "数据推送", "hooks"),
    ("", "", "词汇", "glossary"),
)
# The cockpit: after how many days without an act a unit with duties in hand is named; seconds a page of the wall screen stays.
SILENT_DAYS = int(os.environ.get("QIANSHAO_SILENT_DAYS", "7"))
WALL_SECONDS = int(os.environ.get("QIANSHAO_WALL_SECONDS", "20"))
# Kinds whose duties come as an official document, with the name of its address.
PAPERS = {"supervision.slip": "slip-paper"}

# Who suggests what while an agent types (site/hotline/suggesting.py). Classes come from a model that was trained, orders about the same
# matter from an index of the newest ones in memory; where there is none yet, both from the search index, like units and answers.
HOTLINE_MODEL = Path(os.environ.get("QIANSHAO_HOTLINE_MODEL") or HOME / "hotline-classes.model")
HOTLINE_DESK_ORDERS = number(
    "QIANSHAO_HOTLINE_DESK_ORDERS", 20_000, least=1
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
                "qianshao.site.notices.context.unread",
            ],
            "builtins": [
                "qianshao.kit.templatetags.kit",
                "qianshao.kit.templatetags.desk",
                "qianshao.kit.templatetags.help",
            ],
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
NOTICE_KEY = secret("notices")
# The daily backup by the tick: where, at what time, how many are kept; the keys' copies go elsewhere.
BACKUP_FOLDER = os.environ.get("QIANSHAO_BACKUP_FOLDER", "")
BACKUP_KEYS = os.environ.get("QIANSHAO_BACKUP_KEYS", "")
BACKUP_AT = time.fromisoformat(os.environ.get("QIANSHAO_BACKUP_AT", "02:30"))
BACKUP_KEEP = number("QIANSHAO_BACKUP_KEEP", 14, least=1)
METRICS_TOKEN = os.environ.get("QIANSHAO_METRICS_TOKEN", "")
HOOKS_PRIVATE = os.environ.get("QIANSHAO_HOOKS_PRIVATE") == "1"
# How people reach the product from outside: links in messages and feeds begin with it.
SITE_URL = os.environ.get("QIANSHAO_URL", "http://127.0.0.1:8000").rstrip("/")

SESSION_ENGINE = "qianshao.core.accounts.sessions"
SESSION_IDLE = timedelta(minutes=number("QIANSHAO_SESSION_IDLE_MINUTES", 30, least=1))
SESSION_LONGEST = timedelta(hours=number("QIANSHAO_SESSION_HOURS", 12, least=1))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_SAVE_EVERY_REQUEST = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # a decision's 200 items, each with its eight fields
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "qianshao.site.operations.logs.Formatter",
            "as_json": os.environ.get("QIANSHAO_LOG_FORMAT") == "json",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("QIANSHAO_LOG", "WARNING")},
    # A line for each request, when asked for: by route and account number, never by address or name.
    "loggers": {
        "qianshao.request": {
            "level": "INFO" if os.environ.get("QIANSHAO_LOG_REQUESTS") == "1" else "WARNING"
        },
        "qianshao.trail": {"level": "INFO" if os.environ.get("QIANSHAO_LOG_TRAIL") == "1" else "WARNING"},
    },
}
