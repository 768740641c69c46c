"""One settings file for every installation; what differs comes from environment variables.

PILOTWORK_ENV names the kind of installation:

* ``development`` (default): SQLite, demo mode possible, no secrets needed;
* ``production``: every variable marked "required" below must be set, or Django refuses to start.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pilotwork.buckets import upload_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env.str("PILOTWORK_ENV", default="development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured("PILOTWORK_ENV must be development or production.")
IN_PRODUCTION = ENVIRONMENT == "production"


def required(name, development_default, read=env.str):
    """Read a variable that production must set; `development_default` serves elsewhere.

    An empty one counts as not set. Raises ImproperlyConfigured when production lacks it, so a
    half-configured server never starts.
    """
    if env.str(name, default=""):
        return read(name)
    if IN_PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return development_default


DEBUG = env.bool("DEBUG", default=False)
DEMO_MODE = env.bool("DEMO_MODE", default=False)
if IN_PRODUCTION and (DEBUG or DEMO_MODE):
    raise ImproperlyConfigured("DEBUG and DEMO_MODE cannot be on in production.")

SECRET_KEY = required("SECRET_KEY", "development-only-" + "k" * 50)
ALLOWED_HOSTS = required(
    "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"], env.list
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "pilotwork",
    "accounts",
    "units",
    "mentors",
    "funds",
    "pairings",
    "awards",
    "reports",
    "pilotwork.site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "django_tables2",
    "rules",
    "simple_history",
]

MIDDLEWARE = [
    "pilotwork.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pilotwork.intake.IntakeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "accounts.middleware.AuditMiddleware",
    "accounts.middleware.FreshnessMiddleware",
    "reports.middleware.ProgrammeMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pilotwork.urls"
WSGI_APPLICATION = "pilotwork.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.navigation.navigation",
            ],
            "builtins": ["pilotwork.templatetags.pilotwork"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Database -------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(
        required("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'pilotwork.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock when a transaction begins: SQLite ignores
    # select_for_update(), and this is what makes the same verbs right on it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Seconds to wait for another one's writing; after that the answer is 503.
        "timeout": env.int("DATABASE_TIMEOUT", default=60),
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that has gone without a word is noticed in seconds, not in the system's two hours.
    options = {
        "connect_timeout": env.int("DATABASE_TIMEOUT", default=5),
        "keepalives_idle": 20,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # A page's queries have many small parts: compiling such a plan takes seconds, running it none.
    # What pilotwork/prepared.py prepares is planned once for whatever it is asked with. And a row
    # found by index costs little more than the next one, on any disk without moving parts.
    # Given here, the system's own PGOPTIONS would be passed over: they come last and win.
    # The order in which the ORM joins is good: trying all others takes longer than the query.
    faster = "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
    faster += " -c join_collapse_limit=4"
    own = options.get("options") or env.str("PGOPTIONS", default="")
    options["options"] = f"{faster} {own}".strip()
    DATABASES["default"]["OPTIONS"] = options
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sign-in ---------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.RegistrationCodeBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "accounts.passwords.MinimumLength",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=8) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "reports.views.public.csrf_failure"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Axes keeps what was posted in a failed attempt; these never in the clear.
AXES_SENSITIVE_PARAMETERS = ["username", "code", "new_password1", "new_password2"]
# Whoever holds a county duty, or sets up the installation, signs in with a code of his phone too.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=IN_PRODUCTION)
# For how long after typing the password sensitive things can be done without typing it again.
REAUTH_MINUTES = env.int("REAUTH_MINUTES", default=15)
# How many proxies of our own stand before gunicorn: their address is not the visitor's.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "pilotwork.address.client_address"

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- Ledgers --------------------------------------------------------------------------------

# Who stands as 制表单位 over an exported list: a function of the user.
LEDGER_ISSUER = "units.issuer.issuer_for"

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pilotwork.assets.NodeModulesFinder",
]
STORAGES = {
    "default": upload_storage(env),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Where `manage.py guide_pictures` puts the pictures of the 帮助 page.
GUIDE_PICTURES = Path(env.path("GUIDE_PICTURES", default=str(BASE_DIR / "var" / "guide-pictures")))
# Uploads are never served by a web server: a view checks who may see them first. They lie in
# MEDIA_ROOT unless MEDIA_STORAGE names a bucket (pilotwork/buckets.py).
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "pilotwork.files.DiskUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# Where manage.py backup writes unless it is told another folder.
BACKUP_FOLDER = env.path("BACKUP_FOLDER", default=str(BASE_DIR / "var" / "backups"))

# --- Daily digest: manage.py send_digest -----------------------------------------------------

# The address people open the site at, for the link in messages; messages know no request.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
DIGEST_EMAIL = env.bool("DIGEST_EMAIL", default=False)
# Groups of 企业微信, 钉钉 and others, each as an address that apprise understands.
DIGEST_GROUPS = env.list("DIGEST_GROUPS", default=[])
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="")

# --- Security -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if IN_PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # Only the health check is asked from inside, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Health and logs ------------------------------------------------------------------------

# Less free space than this for uploads or for the SQLite file, and the health check says so.
MIN_FREE_MB = env.int("MIN_FREE_MB", default=200)
# JSON, with a line for each request; else lines for people, of what went wrong alone.
LOG_AS_JSON = env.bool("LOG_AS_JSON", default=IN_PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "pilotwork.log_lines.JSONLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_AS_JSON else "line",
        }
    },
    "loggers": {
        # A refused or missing page is an answer, not an incident; Django would log a traceback.
        "django.request": {"level": "ERROR"},
        # It names who was locked out and from where; the administrator's page shows that.
        "axes": {"level": "ERROR"},
        "pilotwork.request_log": {"level": "INFO" if LOG_AS_JSON else "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
