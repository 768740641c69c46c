"""Settings for the tests: the application's own, with cheap passwords and throwaway places.

DATABASE_URL chooses the database as for the application; without it the tests run on SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from pilotwork import settings as application
from pilotwork.settings import *  # noqa: F403

# One folder for a whole run: the processes that pytest-xdist starts inherit the variable, and the
# process that made the folder takes it away.
if "PILOTWORK_TEST_DIR" not in os.environ:
    os.environ["PILOTWORK_TEST_DIR"] = tempfile.mkdtemp(prefix="pilotwork-tests-")
    atexit.register(shutil.rmtree, os.environ["PILOTWORK_TEST_DIR"], ignore_errors=True)
TEST_DIR = Path(os.environ["PILOTWORK_TEST_DIR"])

DEBUG = False
DEMO_MODE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A whole day, so that tests that live through hours are not asked for the password again;
# tests/accounts/test_freshness.py is.
REAUTH_MINUTES = 8 * 60
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

DATABASES = application.DATABASES
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real use: threads and the browser's server get connections of their own. A
    # test run need not survive a power failure, so nothing waits for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
else:
    # An idle connection of the browser's server would keep the test database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

MEDIA_ROOT = str(TEST_DIR / "media")
GUIDE_PICTURES = TEST_DIR / "guide-pictures"
# Hashed storage wants collectstatic first; live_server serves straight from the sources.
STATIC_ROOT = str(TEST_DIR / "static")
Path(STATIC_ROOT).mkdir(exist_ok=True)
STORAGES = {
    **application.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
