"""Settings of the office, from the environment.

======================  ==============================================================================
``DATABASE_URL``        database; default: SQLite in ``COMITY_OFFICE_DATA``
``COMITY_OFFICE_DATA``  folder of database and published log; default: the user's data folder
``COMITY_SECRET_KEY``   signing key of sessions; without it a new one is made at each start
``COMITY_LOG_ORIGIN``   name of the log, as ``register.example/spectrum``
``COMITY_LOG_SEED``     file with the log's 32-byte private key in hexadecimal, readable by its owner only
``COMITY_WITNESSES``    public keys of the log's witnesses, comma-separated
``COMITY_REGISTER``     file of licences and protected receivers beside the office's own awards
``COMITY_ALLOWED_HOSTS``  host names, comma-separated; default: none but localhost
``COMITY_DEBUG``        ``1`` for error pages with details; never in production
======================  ==============================================================================
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import platformdirs

DATA = Path(os.environ.get("COMITY_OFFICE_DATA") or Path(platformdirs.user_data_dir("comity")) / "office")
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'office.sqlite3'}"

SECRET_KEY = os.environ.get("COMITY_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = os.environ.get("COMITY_DEBUG") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("COMITY_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if h]

#: SQLite: one writer at a time from the first statement, readers never wait, and a commit is on disk when it
#: returns (an acknowledged submission survives a power cut).
_SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def _database() -> dict[str, Any]:
    database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600))
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = _SQLITE
        database["CONN_MAX_AGE"] = 0
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "comity.office.ledger",
    "comity.office.cases",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "comity.office.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "static/"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]
LANGUAGE_CODE = "en"

LOG_FOLDER = DATA / "log"
LOG_ORIGIN = os.environ.get("COMITY_LOG_ORIGIN", "comity.localhost/register")
REGISTER = Path(os.environ["COMITY_REGISTER"]) if os.environ.get("COMITY_REGISTER") else None
WITNESSES = [line for line in os.environ.get("COMITY_WITNESSES", "").split(",") if line.strip()]
LOG_SEED = Path(os.environ.get("COMITY_LOG_SEED") or DATA / "log.seed")
