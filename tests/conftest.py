"""What every test has at hand: which tests run where, the browser, and the flush that may delete.

A test that needs what the machine lacks is skipped with the reason. Where CI=true nothing may be
skipped: there a skip is a failure.
"""

import copy
import gc
import os
import shutil

import hypothesis
import pytest
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from hypothesis.configuration import set_hypothesis_home_dir

from accounts.sessions import PASSWORD_AT
from pilotwork import clock
from pilotwork.appendonly import lifted
from reports.demo import load as load_demo
from tests.people import County

IN_CI = os.environ.get("CI", "").lower() == "true"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SHORT_RACE, LONG_RACE = 5, 50  # rounds

# Playwright's loop runs in the main thread, where Django would refuse the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")

set_hypothesis_home_dir("var/hypothesis")
hypothesis.settings.register_profile("short", max_examples=40, deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=400, deadline=None, print_blob=True)


# --- Which tests run --------------------------------------------------------------------------


def pytest_addoption(parser):
    """`--long` adds the long tests and races; `--only-long` runs just what `--long` changes."""
    group = parser.getgroup("pilotwork")
    group.addoption("--long", action="store_true", help="also the long tests, races in full")
    group.addoption("--kills", type=int, default=100, help="how often the server is killed (100)")
    group.addoption("--only-long", action="store_true", help="only long tests and full races")


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their argument: built files hold the time, and every process of a run must
    give a test the same name."""
    return argname if isinstance(val, bytes) else None


def is_long_run(config):
    """Whether the long tests were asked for."""
    return config.getoption("--long") or config.getoption("--only-long")


def pytest_configure(config):
    """Choose how many examples Hypothesis tries, unless the command line says it."""
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("long" if is_long_run(config) else "short")


def changes_in_long_runs(item):
    """Whether `--long` makes a difference for the test: marked so, a race, a property, a page."""
    is_property = getattr(item.obj, "is_hypothesis_test", False)
    is_longer = {"race_rounds", "readers", "small", "tabs", "writers"} & set(item.fixturenames)
    return "long" in item.keywords or is_property or bool(is_longer)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what uses the browser, leave out what was not asked for, skip what cannot run here.

    What one process runs as a whole goes first, so that no process is left alone with it.
    """
    wanted, unwanted = [], []
    for item in items:
        if "page" in item.fixturenames or "browser" in item.fixturenames:
            item.add_marker("browser")
        if config.getoption("--only-long"):
            is_wanted = changes_in_long_runs(item)
        else:
            is_wanted = is_long_run(config) or "long" not in item.keywords
        (wanted if is_wanted else unwanted).append(item)
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no chromium here: apt install chromium"))
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="DATABASE_URL names no PostgreSQL"))
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = wanted
    yield
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish(session):
    """Let the garbage collector pass over what was imported for good: it takes a sixth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def failed_if_skipped(report):
    """Turn a skip into a failure where CI=true; an expected failure stays what it is."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """See `failed_if_skipped`, for tests."""
    return failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    """See `failed_if_skipped`, for whole modules."""
    return failed_if_skipped((yield))


@pytest.fixture(scope="session")
def race_rounds(pytestconfig):
    """How many rounds a race runs (int): few in `make test`, many with `--long`."""
    return LONG_RACE if is_long_run(pytestconfig) else SHORT_RACE


# --- Database ---------------------------------------------------------------------------------

flush = TransactionTestCase._fixture_teardown


def flush_with_triggers_lifted(test_case):
    """Empty the tables after a transactional test, which the append-only triggers would refuse."""
    with lifted():
        flush(test_case)


TransactionTestCase._fixture_teardown = flush_with_triggers_lifted


# --- Sign-in ----------------------------------------------------------------------------------

sign_in = Client._login


def sign_in_as_by_password(client, user, backend=None):
    """Let `force_login` stand for typing the password just now: the session is fresh."""
    sign_in(client, user, backend)
    session = client.session
    session[PASSWORD_AT] = clock.now().timestamp()
    session.save()


Client._login = sign_in_as_by_password


# --- People -----------------------------------------------------------------------------------


@pytest.fixture
def county(db):
    """The county of tests/people.py: a fund of 10,000 yuan and one named person per duty."""
    return County()


@pytest.fixture(scope="module")
def loaded_demo(django_db_setup, django_db_blocker):
    """The demo's Story, loaded once for a module and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo()
        transaction.set_rollback(True)


@pytest.fixture
def story(loaded_demo, db):
    """The demo's Story for one test, which may change what it likes.

    A module that uses it belongs to one xdist group, else every process loads it, and has no test
    that wants an empty database.
    """
    return copy.deepcopy(loaded_demo)


# --- Browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's chromium, as root too, without its own calls to the outside."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_server):
    """A desktop in China looking at the live server: `page.goto("/")` is the home page.

    Taking `page` therefore also gives a test the live server and a transactional database.
    """
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 900},
    }
