"""Settings of the servers that these tests start: the application's own, its database's included.

Only passwords are cheap to check and assets need no collecting first. MAX_PAGES makes SQLite's file as
good as full when it has so many pages.
"""

import os

from pilotwork import settings as application
from pilotwork.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **application.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

DATABASES = application.DATABASES
if os.environ.get("MAX_PAGES", "0") != "0":
    DATABASES["default"]["OPTIONS"]["init_command"] += (
        f"PRAGMA max_page_count={os.environ['MAX_PAGES']};"
    )
