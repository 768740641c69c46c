"""Settings of the servers that these tests start: the application's own, its database's included.

Only passwords are cheap to check and assets need no collecting first.
"""

from pilotwork import settings as application
from pilotwork.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **application.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
