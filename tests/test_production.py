"""Production settings: refuse to start half-configured, and Django's own check finds nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

COMPLETE = {
    "PILOTWORK_ENV": "production",
    "SECRET_KEY": "3f9c0a7b5d1e48" * 5,
    "ALLOWED_HOSTS": "pilot.example.org",
    "DATABASE_URL": "postgres://pilot@db.example.org/pilot",
}


DEPLOYMENT = ("--deploy", "--fail-level", "WARNING")


def check(*options, **variables):
    """Run `manage.py check` with just these variables; returns the finished process."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *(options or DEPLOYMENT)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_configuration_passes_the_deployment_check():
    done = check(**COMPLETE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_a_missing_variable_is_named_and_nothing_starts(name):
    done = check(**{key: value for key, value in COMPLETE.items() if key != name})
    assert done.returncode == 1
    assert f"{name} must be set in production." in done.stderr


def test_an_empty_variable_counts_as_not_set():
    empty = {"SECRET_KEY": "", "ALLOWED_HOSTS": "", "DATABASE_URL": ""}
    done = check("--fail-level", "WARNING", PILOTWORK_ENV="development", **empty)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["DEMO_MODE", "DEBUG"])
def test_neither_demo_nor_debugging_can_be_on(name):
    done = check(**COMPLETE, **{name: "1"})
    assert done.returncode == 1
    assert "cannot be on in production." in done.stderr


def test_an_unknown_kind_of_installation_is_refused():
    done = check(**{**COMPLETE, "PILOTWORK_ENV": "prodution"})
    assert done.returncode == 1
    assert "PILOTWORK_ENV must be development or production." in done.stderr


@pytest.mark.long
def test_a_bucket_without_its_keys_is_no_place_for_uploads():
    done = check(**COMPLETE, MEDIA_STORAGE="s3", S3_BUCKET="uploads", S3_REGION="cn-north-1")
    assert done.returncode == 1
    assert "S3_ACCESS_KEY, S3_SECRET_KEY must be set for MEDIA_STORAGE=s3." in done.stderr


@pytest.mark.long
def test_a_complete_bucket_passes_the_deployment_check():
    keys = {"S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}
    bucket = {
        "MEDIA_STORAGE": "s3",
        "S3_BUCKET": "uploads",
        "S3_ENDPOINT": "https://s3.example.org",
    }
    done = check(**COMPLETE, **bucket, **keys)
    assert (done.returncode, done.stderr) == (0, "")


SAYS = """
import json
from pilotwork import settings
names = "SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SECURE"
names += " CSRF_COOKIE_HTTPONLY SECURE_SSL_REDIRECT REQUIRE_SECOND_FACTOR REAUTH_MINUTES"
print(json.dumps({name: getattr(settings, name, None) for name in names.split()}))
"""


def settings_of(**variables):
    """What the settings say with just these variables."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.long
def test_production_keeps_cookies_to_https_and_scripts_out_and_asks_for_the_second_factor():
    assert settings_of(**COMPLETE) == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "REQUIRE_SECOND_FACTOR": True,
        "REAUTH_MINUTES": 15,
    }


@pytest.mark.long
def test_the_second_factor_is_asked_for_where_the_office_says_so():
    assert settings_of(**COMPLETE, REQUIRE_SECOND_FACTOR="0")["REQUIRE_SECOND_FACTOR"] is False
    assert settings_of()["REQUIRE_SECOND_FACTOR"] is False
    assert settings_of(REQUIRE_SECOND_FACTOR="1")["REQUIRE_SECOND_FACTOR"] is True
