"""The application's settings as a server runs them, with the floor beside the site."""

from pilotwork.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor"
DEBUG = False
# Templates are cached as in production; hashed static names want collectstatic, which costs nothing
# per request here.
STORAGES = {
    "default": {"BACKEND": "pilotwork.files.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
