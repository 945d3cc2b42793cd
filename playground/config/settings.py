"""All settings. Each comes from the environment with a default that suits `make run`; docs/settings.md lists them."""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy
from kombu import Queue

from playground.config import environment
from playground.config.pool import check_connection

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(environment.text("PLAYGROUND_DATA", str(ROOT / ".data"))).resolve()


def _secret_key() -> str:
    """From the environment; else made once and kept beside the data, so that sessions and keys survive a restart."""
    if given := environment.text("SECRET_KEY"):
        return given
    kept = DATA / "secret_key"
    if not kept.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


def _database(url: str) -> dict[str, object]:
    """`postgres://user:password@host:port/name`, or nothing for SQLite in the data folder. The password may come by
    itself, so that it can be a file.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "playground.sqlite3",
            "CONN_MAX_AGE": None,  # to open the file costs more than most of what is done with it
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            "TEST": {"NAME": DATA / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres://, or be empty for SQLite.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or environment.text("DATABASE_PASSWORD"),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {"pool": {"check": check_connection}},
    }


def _seal(request: HttpRequest) -> str:
    return static("seal.svg")


# ------------------------------------------------------------------------------------------- hosts

PORT = environment.number("PORT", 8000)
# Where people open the app, and the parent of the artifacts' own hosts: http://<id>.localhost:8000
PUBLIC_URL = environment.text("PLAYGROUND_URL", f"http://localhost:{PORT}").rstrip("/")
ARTIFACT_HOST = environment.text("PLAYGROUND_ARTIFACT_HOST", f"localhost:{PORT}")
# False where only one spare host is to be had: artifacts then live at http://<artifact host>/<id>/
ARTIFACT_WILDCARD = environment.flag("PLAYGROUND_ARTIFACT_WILDCARD", True)
SECURE = PUBLIC_URL.startswith("https://")
_app_host = urlsplit(PUBLIC_URL).hostname or "localhost"
_artifact_domain = urlsplit(f"//{ARTIFACT_HOST}").hostname or "localhost"

DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = _secret_key()
# The app's own names. Whatever else is allowed belongs to artifacts: `playground.host.hosts`.
APP_HOSTS = [_app_host, *environment.words("ALLOWED_HOSTS", "127.0.0.1,[::1],localhost" if not SECURE else "")]
ALLOWED_HOSTS = [*APP_HOSTS, f".{_artifact_domain}" if ARTIFACT_WILDCARD else _artifact_domain]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HEARTBEAT = max(1, environment.number("PLAYGROUND_HEARTBEAT", 20))  # seconds that a browser's connection may be silent
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

# ------------------------------------------------------------------------------------ applications

INSTALLED_APPS = [
    "unfold",  # before the admin pages, which it draws
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "servestatic",
    "django_vite",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
    "playground.accounts",
    "playground.gateway",
    "playground.artifacts",
    "playground.webhooks",
    "playground.shelf",
    "playground.runs",
    "playground.host",
    "playground.checks",
    "playground.builds",
    "playground.takeout",
    "playground.gallery",
    "playground.curation",
    "playground.people",
    "playground.operations",
]

MIDDLEWARE = [
    "playground.host.middleware.ArtifactHostMiddleware",  # answers for the artifact hosts; the rest never sees them
    "playground.config.requests.RequestMiddleware",
    "playground.config.shape.ApiErrorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "playground.config.isolation.IsolationMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "playground.accounts.api_auth.BearerTokenMiddleware",
    "playground.accounts.sign_ins.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "playground.accounts.audit.AuditMiddleware",
]

ROOT_URLCONF = "playground.config.urls"
ASGI_APPLICATION = "playground.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "playground" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# The look of the admin pages. Their colours come from frontend/src/admin/admin.css, since a style within the page, as
# unfold would write it, has no nonce.
UNFOLD = {
    "SITE_TITLE": "Playground",
    "SITE_HEADER": "Playground",
    "SITE_SUBHEADER": gettext_lazy("Admin pages"),
    "SITE_URL": "/",
    "SITE_ICON": _seal,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _seal}],
    "SHOW_LANGUAGES": True,
    "COLORS": lambda request: {},
    "SIDEBAR": {"show_search": True, "navigation": "playground.config.navigation.list_groups"},
}

# ---------------------------------------------------------------------------------- data and queues

DATABASES = {"default": _database(environment.text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_embedded_redis = DATA / "run" / "redis_url"  # left by the launcher, for commands run beside it
REDIS_URL = environment.text("REDIS_URL") or (
    _embedded_redis.read_text().strip() if _embedded_redis.exists() else "redis://127.0.0.1:6379/0"
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Who sends a message never waits for a Redis that is gone: what is due is found in the database when it is back.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 2}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Checks and builds take long: a deployment may give them workers of their own. One that names no queue serves all.
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("celery", "checks", "builds")]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_WORKER_LOST_WAIT = 1.0  # seconds until a process that was killed is known to be lost; its build is then free
CELERY_TASK_ROUTES = {
    "playground.checks.tasks.run_next": {"queue": "checks"},
    "playground.builds.tasks.work": {"queue": "builds"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "worker-heartbeat": {
        "task": "playground.config.tasks.beat",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "resume-orphaned-runs": {
        "task": "playground.runs.tasks.resume_orphans",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "pin-forgotten-versions": {"task": "playground.host.tasks.pin_forgotten", "schedule": 3600.0},
    "sweep-checks": {
        "task": "playground.checks.tasks.sweep_checks",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "reap-builds": {
        "task": "playground.builds.tasks.reap",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    # Each night (UTC) everything in the gallery becomes due for a check; one after the other is then seen to.
    "recheck-gallery": {"task": "playground.curation.tasks.begin_round", "schedule": crontab(hour=3, minute=10)},
    "tend-gallery": {
        "task": "playground.curation.tasks.tend",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "sweep-webhooks": {
        "task": "playground.webhooks.tasks.sweep_deliveries",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "sweep-people": {
        "task": "playground.people.tasks.sweep_people",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "clean-up": {"task": "playground.operations.tasks.clean_up_daily", "schedule": 86_400.0},
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedStaticFilesStorage"},
    "artifacts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "artifacts", "base_url": None},
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# Vite has put a hash into these names: Django must not add another, or a module is loaded twice.
SERVESTATIC_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\."
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]
DJANGO_VITE = {"default": {"manifest_path": ROOT / "frontend" / "dist" / "manifest.json"}}

# Days after which it is forgotten; 0: never. See playground/operations/retention.py.
KEEP_DAYS = {
    "guests": environment.number("PLAYGROUND_KEEP_GUESTS_DAYS", 30),  # that did not come back
    "logs": environment.number("PLAYGROUND_KEEP_LOGS_DAYS", 0),  # of finished answers; their versions stay
    "drafts": environment.number("PLAYGROUND_KEEP_DRAFTS_DAYS", 0),  # that were not touched
    "pictures": environment.number("PLAYGROUND_KEEP_PICTURES_DAYS", 0),  # of checks, but for the thumbnail
    "audit": environment.number("PLAYGROUND_KEEP_AUDIT_DAYS", 730),
    "usage": environment.number("PLAYGROUND_KEEP_USAGE_DAYS", 730),
    "orphans": environment.number("PLAYGROUND_KEEP_ORPHANS_DAYS", 30),  # files that nothing refers to any more
}

# -------------------------------------------------------------------------------------------- people


def _mailer() -> dict[str, object]:
    """E-mail through a server, as soon as one is named; else it is printed."""
    if not (host := environment.text("EMAIL_HOST")):
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    options = {
        "host": host,
        "port": environment.number("EMAIL_PORT", 25),
        "username": environment.text("EMAIL_HOST_USER"),
        "password": environment.text("EMAIL_HOST_PASSWORD"),
        "use_tls": environment.flag("EMAIL_USE_TLS", False),
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


SENDS_MAIL = bool(environment.text("EMAIL_HOST"))  # where anybody gets to see it
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "/new"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "playground.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "playground.accounts.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = environment.text("ACCOUNT_EMAIL_VERIFICATION", "none")
# A guest is signed in as a guest, and must still be able to sign in or up.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
MAILERS = {"default": _mailer()}
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"playground@{_app_host}")


def _social_providers() -> dict[str, object]:
    """GitHub and OpenID Connect, each as soon as its client id is set."""
    providers: dict[str, object] = {}
    if client := environment.text("GITHUB_CLIENT_ID"):
        secret = environment.text("GITHUB_CLIENT_SECRET")
        providers["github"] = {"APPS": [{"client_id": client, "secret": secret}], "SCOPE": ["user:email"]}
    if client := environment.text("OIDC_CLIENT_ID"):
        app = {
            "provider_id": "oidc",
            "name": environment.text("OIDC_NAME", "Single sign-on"),
            "client_id": client,
            "secret": environment.text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": environment.text("OIDC_SERVER_URL")},
        }
        providers["openid_connect"] = {"APPS": [app]}
    return providers


SOCIALACCOUNT_PROVIDERS = _social_providers()

# Runs started within an hour, and at the same time.
GUEST_RUNS_PER_HOUR = environment.number("PLAYGROUND_GUEST_RUNS_PER_HOUR", 30)
ADDRESS_RUNS_PER_HOUR = environment.number("PLAYGROUND_ADDRESS_RUNS_PER_HOUR", 120)  # all guests of one IP address
USER_RUNS_PER_HOUR = environment.number("PLAYGROUND_USER_RUNS_PER_HOUR", 240)
# Within a day (UTC): answers, tokens, and cost in the currency that the admin enters prices in; 0: any.
RUNS_PER_DAY = {
    "guest": environment.number("PLAYGROUND_GUEST_RUNS_PER_DAY", 100),
    "address": environment.number("PLAYGROUND_ADDRESS_RUNS_PER_DAY", 1_000),
    "user": environment.number("PLAYGROUND_USER_RUNS_PER_DAY", 2_000),
}
TOKENS_PER_DAY = {
    "guest": environment.number("PLAYGROUND_GUEST_TOKENS_PER_DAY", 2_000_000),
    "address": environment.number("PLAYGROUND_ADDRESS_TOKENS_PER_DAY", 20_000_000),
    "user": environment.number("PLAYGROUND_USER_TOKENS_PER_DAY", 0),
}
COST_PER_DAY = {
    "guest": environment.decimal("PLAYGROUND_GUEST_COST_PER_DAY", "0"),
    "address": environment.decimal("PLAYGROUND_ADDRESS_COST_PER_DAY", "0"),
    "user": environment.decimal("PLAYGROUND_USER_COST_PER_DAY", "0"),
}
ANSWER_TOKENS = environment.number("PLAYGROUND_ANSWER_TOKENS", 200_000)  # of one answer, in all its segments
CONCURRENT_RUNS = environment.number("PLAYGROUND_CONCURRENT_RUNS", 4)

# -------------------------------------------------------------------------------------------- models

DASHSCOPE_BASE_URL = "https://dashscope.aliyuncs.com/compatible-mode/v1"
DASHSCOPE_MODEL = "qwen3-coder-plus"
OPENAI_API_KEY = environment.text("OPENAI_API_KEY")
OPENAI_BASE_URL = environment.text("OPENAI_BASE_URL")
OPENAI_MODEL = environment.text("OPENAI_MODEL")
DASHSCOPE_API_KEY = environment.text("DASHSCOPE_API_KEY")
DEMO_REEL_URL = environment.text("PLAYGROUND_REEL_URL")  # set by the launcher

# ---------------------------------------------------------------------------------------- the shelf

# Where npm packages come from: the registry or a mirror of it; "off" for none.
NPM_REGISTRY = (
    environment.text("PLAYGROUND_NPM_REGISTRY")
    or environment.text("npm_config_registry")
    or "https://registry.npmjs.org"
)
# What was pulled on demand and not used for longest is dropped beyond these.
SHELF_MEGABYTES = environment.number("PLAYGROUND_SHELF_MEGABYTES", 4096)
SHELF_PACKAGES = environment.number("PLAYGROUND_SHELF_PACKAGES", 2000)
ESBUILD = environment.text("PLAYGROUND_ESBUILD")  # the program, where it is not among the frontend's packages

# Where versions may be pushed to, with the person's own token; empty: not at all.
GITHUB_API = environment.text("PLAYGROUND_GITHUB_API", "https://api.github.com")
HUGGINGFACE_URL = environment.text("PLAYGROUND_HUGGINGFACE_URL", "https://huggingface.co")

# Networks of the operator's own that webhooks may be sent to, also by http://; public addresses need none.
WEBHOOK_NETWORKS = environment.networks("PLAYGROUND_WEBHOOK_NETWORKS")

# ---------------------------------------------------------------------------------------- the check

CHECKS = environment.flag("PLAYGROUND_CHECKS", True)  # of each new version by itself
CHROMIUM = environment.text("PLAYGROUND_CHROMIUM")  # the program, where it is not found by itself
QWEN_CODE = environment.text("PLAYGROUND_QWEN_CODE")  # likewise
CHECKS_AT_ONCE = environment.number("PLAYGROUND_CHECKS_AT_ONCE", 1)
CHECKS_PER_HOUR = environment.number("PLAYGROUND_CHECKS_PER_HOUR", 30)  # that one person asks for

# ------------------------------------------------------------------------------------------- builds

BUILD_SLICE = environment.number("PLAYGROUND_BUILD_SLICE", 120)  # seconds after which a build gives way to others'
OPEN_BUILDS = {  # of one person
    "guest": environment.number("PLAYGROUND_GUEST_OPEN_BUILDS", 3),
    "user": environment.number("PLAYGROUND_OPEN_BUILDS", 40),
}
BUILD_LIMITS = {  # of one build
    "model_calls": environment.number("PLAYGROUND_BUILD_MODEL_CALLS", 60),
    "tool_calls": environment.number("PLAYGROUND_BUILD_TOOL_CALLS", 150),
    "seconds": environment.number("PLAYGROUND_BUILD_SECONDS", 2_700),  # waiting not counted
    "input_tokens": environment.number("PLAYGROUND_BUILD_INPUT_TOKENS", 1_500_000),
    "output_tokens": environment.number("PLAYGROUND_BUILD_OUTPUT_TOKENS", 200_000),
    "checks": environment.number("PLAYGROUND_BUILD_CHECKS", 12),
}

# ------------------------------------------------------------------------------------------ security

CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else f"sessionid-{PORT}"  # cookies ignore ports
SESSION_COOKIE_AGE = 90 * 86_400
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked for from within, past the proxy
# Whether the app's neighbours below its domain have HTTPS, for a year, and in every browser's list, only their operator
# can say. One who wants it lets the proxy send that header.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Which pages may show an artifact by its embed code, as `frame-ancestors` has it; "none": no others.
EMBEDDERS = [word for word in environment.words("PLAYGROUND_EMBEDDERS", "*") if word != "none"]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": ["blob:"],  # sounds among an artifact's files
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    # On pages that show one artifact: only its host. See playground/gallery/framing.py.
    "frame-src": [f"{urlsplit(PUBLIC_URL).scheme}://{'*.' if ARTIFACT_WILDCARD else ''}{ARTIFACT_HOST}"],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # a wish may carry images as data: URLs

# ------------------------------------------------------------------------------------- language, time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "playground" / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# ----------------------------------------------------------------------------------- logs and metrics

_log_format = environment.text("PLAYGROUND_LOG_FORMAT", "text")
if _log_format not in ("text", "json"):
    raise ImproperlyConfigured(f"PLAYGROUND_LOG_FORMAT must be text or json, not {_log_format!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "playground.logs.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "playground.logs.JsonFormatter"},
    },
    # They answer 503 while the parts start, and say which: that is no error of ours.
    "filters": {
        "no_health": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not any(path in record.getMessage() for path in ("/healthz", "/readyz")),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": _log_format, "filters": ["no_health"]}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING").upper()},
}

# Who may read /metrics: whoever connects from these networks, or sends the token. Nobody through a proxy without it.
METRICS_TOKEN = environment.text("PLAYGROUND_METRICS_TOKEN")
METRICS_NETWORKS = environment.networks("PLAYGROUND_METRICS_NETWORKS", "127.0.0.0/8,::1/128")
