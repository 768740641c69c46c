"""Machines that serve the site together: each a gunicorn of its own, with nothing shared but what is
named, and a browser to ask them."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests
from django.db import connection
from django.urls import reverse
from lxml import html

from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
STARTED_WITHIN, PATIENCE = 60, 60  # seconds


def address_of_the_tests_database():
    """DATABASE_URL of the database that the tests are using."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    user = ":".join(filter(None, [config["USER"], config["PASSWORD"]]))
    port = f":{config['PORT']}" if config["PORT"] else ""
    return f"postgres://{user}@{config['HOST']}{port}/{config['NAME']}"


class Machine:
    """A gunicorn with two threads, its own folder, and the environment it is given."""

    def __init__(self, folder, **environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folder.mkdir()
        self.log = folder / "log"
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        settings |= {"DATABASE_URL": address_of_the_tests_database()}
        settings |= {"PILOTWORK_TEST_DIR": str(folder)}
        bind = f"--bind=127.0.0.1:{self.port}"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", bind, "--threads=2", "pilotwork.wsgi"],
                cwd=ROOT,
                env={**os.environ, **settings, **environment},
                stderr=log,
            )

    def wait(self):
        """Wait until it answers."""
        deadline = time.monotonic() + STARTED_WITHIN
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            assert time.monotonic() < deadline, self.log.read_text()
            assert self._process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def stop(self):
        """Stop it, and wait until it has."""
        self._process.terminate()
        self._process.wait(PATIENCE)


@contextlib.contextmanager
def machines(folder, number=2, **environment):
    """So many Machines on the tests' database, with `environment` besides."""
    started = [Machine(folder / f"machine{n}", **environment) for n in range(number)]
    try:
        for machine in started:
            machine.wait()
        yield started
    finally:
        for machine in started:
            machine.stop()


class Browser:
    """One person's browser, which asks whichever machine it is sent to, as behind one host name."""

    def __init__(self):
        self.session = requests.Session()
        # Nothing of this machine's proxies stands between.
        self.session.trust_env = False

    def get(self, machine, path):
        """The answer to an address, redirects not followed."""
        return self._ask("GET", machine, path)

    def post(self, machine, path, fields, files=None):
        """The answer to a form that is sent."""
        return self._ask("POST", machine, path, data=fields, files=files)

    def _ask(self, method, machine, path, **content):
        address = f"http://127.0.0.1:{machine.port}{path}"
        return self.session.request(
            method, address, timeout=PATIENCE, allow_redirects=False, **content
        )

    def form(self, machine, path, action):
        """{name: value} of the form on the page `path` that is sent to the address `action`."""
        answer = self.get(machine, path)
        assert answer.status_code == 200, (path, answer.status_code)
        forms = html.fromstring(answer.content).forms
        return dict(next(form for form in forms if (form.action or path) == action).form_values())

    def sign_in(self, machine, username, password=PASSWORD):
        """Try to sign in at a machine; returns the answer."""
        path = reverse("accounts:sign_in")
        fields = self.form(machine, path, path)
        return self.post(machine, path, fields | {"username": username, "password": password})
