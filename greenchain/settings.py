"""One file of settings; what differs per machine comes from the environment (docs/operations.md lists it).

Without any variable set the embedded defaults serve: SQLite and an embedded Valkey under ``var/``.
"""

import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from greenchain.folder import local_secret, local_socket

# Forms and admin classes say which model they are for, as querysets do.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("GREENCHAIN_VAR", default=str(BASE_DIR / "var"))).absolute()
DEBUG = env.bool("DEBUG", default=False)
EMBEDDED = not env.str("SECRET_KEY", default="")
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret(VAR_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "greenchain.registers.RegistersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "greenchain",
    "greenchain.audit",
    "greenchain.jobs",
    "greenchain.accounts",
    "suppliers",
    "certification",
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
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "greenchain.web.RefusalMiddleware",
]

ROOT_URLCONF = "greenchain.urls"
WSGI_APPLICATION = "greenchain.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
# As Django 6 will do; until then it warns whichever way this stands.
FORMS_URLFIELD_ASSUME_HTTPS = True
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASE: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "greenchain.sqlite3"}
if env.str("DATABASE_URL", default=""):
    DATABASE = env.db("DATABASE_URL")
if DATABASE["ENGINE"].endswith("sqlite3"):
    Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASE["OPTIONS"] = {
        # IMMEDIATE is what makes a read-modify-write safe where select_for_update is a no-op.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000",
    }
else:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["OPTIONS"] = {"connect_timeout": 3, **DATABASE.get("OPTIONS", {})}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/work/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "greenchain.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "greenchain.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
if STATIC_ROOT:  # a server: files collected once, under names that may be cached for ever
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
WHITENOISE_USE_FINDERS = not STATIC_ROOT
MEDIA_ROOT = VAR_DIR / "vault"
NETWORK_DIR = VAR_DIR / "network"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024

MAIL = env.email("EMAIL_URL", default="consolemail://")
SIGNING_KEY = env.str("SIGNING_KEY", default="", multiline=True)
UNTP_VERSION = "0.7.0"

EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST = MAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT = MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="GreenChain <no-reply@localhost>")

# allauth keeps its rate limits here; several web processes share them with CACHE_URL=dbcache://rate_limits.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

REDIS_URL = env.str("REDIS_URL", default="") or f"redis+socket://{quote(str(local_socket(VAR_DIR)))}"
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # longer than any task may take, else a running task is given out again
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "greenchain"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TIMEZONE = TIME_ZONE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "greenchain.accounts.keys.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["greenchain.resources.parsing.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "greenchain.resources.paging.Cursor",
    "DEFAULT_SCHEMA_CLASS": "greenchain.resources.schema.Schema",
    "EXCEPTION_HANDLER": "greenchain.web.problem_json",
    "PAGE_SIZE": 50,
    "NUM_PROXIES": 1 if env.bool("HTTPS", default=False) else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GreenChain",
    "DESCRIPTION": _("Green certification of factories and their supply chains."),
    "VERSION": "1",
    "LICENSE": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    "SERVERS": [{"url": "/"}],  # wherever it is installed
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "greenchain.resources.schema.any_of",
        "greenchain.resources.schema.none_too",
        "greenchain.resources.schema.whole",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Supposing": "certification.chain.api.chains.SUPPOSED",
        "WhatEnum": "suppliers.sharing.models.Access.What",
        "Status": "certification.workflow.Status",
        "TitleStatus": "certification.designation.api.register.LIFE",
        "ClaimStatus": "suppliers.claim.models.Claim.Status",
        "SubjectKind": "certification.scheme.subject.KEYS",
        "RegionKind": "suppliers.place.models.Region.Kind",
        "AuthorityKind": "suppliers.place.models.Authority.Kind",
        "IndustryKind": "suppliers.place.models.Industry.Kind",
        "ParkKind": "suppliers.enterprise.models.Park.Kind",
        "EvidenceKind": "suppliers.evidence.api.KIND_KEYS",
        "AccidentGrade": "suppliers.record.models.ComplianceRecord.Severity",
        "RecordKind": "suppliers.record.models.ComplianceRecord.Kind",
        "LinkKind": "suppliers.supply.models.SupplyLink.Kind",
        "Level": "suppliers.place.api.LEVELS",
        "DepartmentKind": "certification.consultation.api.KINDS",
        "MailWay": "certification.delivery.kinds.Way",
        "Duty": "certification.scheme.deadlines.Duty",
        "Owed": "certification.surveillance.models.Owed",
        "FormOpinionOutcome": "certification.surveillance.annual.FormOpinion.Outcome",
        "ProposalOutcome": "certification.surveillance.models.Proposal.Outcome",
        "EnterpriseChangeKind": "suppliers.enterprise.changes.EnterpriseChange.Kind",
        "EnterpriseChangeStatus": "suppliers.enterprise.changes.EnterpriseChange.Status",
        "Mark": "certification.scheme.deadlines.Mark",
        "Counting": "certification.scheme.terms.Counting",
        "StudyState": "certification.impact.api.STATES",
        "ReleaseState": "certification.release.api.STATES",
        "PackageState": "certification.printing.api.STATES",
        "ResultState": "certification.api.whatif.STATES",
        "Verdict": "certification.api.whatif.VERDICTS",
        "SeverityEnum": "certification.assessment.models.Severity",
        "NonconformitySeverity": "certification.corrective.models.Severity",
        "NonconformityState": "certification.corrective.models.Nonconformity.State",
        "QuestionState": "certification.inquiry.models.Question.State",
        "VisitState": "certification.verification.models.Verification.State",
        "ResultEnum": "certification.verification.models.Result",
        "WeakTellerStateEnum": "certification.chain.status.State",
        "RiskGrade": "certification.sourcing.models.Grade",
        "SupplierAuditKind": "certification.sourcing.models.SupplierAudit.Kind",
        "SupplierAuditResult": "certification.sourcing.models.SupplierAudit.Result",
        "SupplierAuditState": "certification.sourcing.api.audits.AUDIT_STATES",
        "AuditFindingState": "certification.sourcing.api.audits.FINDING_STATES",
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:  # behind one proxy that ends TLS, as in deploy/nginx.conf
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
