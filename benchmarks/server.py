"""A real gunicorn beside the large database: how soon it answers, and what a worker weighs."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from benchmarks.databases import LARGE, url_of

PATIENCE = 30  # seconds
STATUS = re.compile(r"^VmRSS:\s+(\d+) kB", re.M)


class Server:
    """gunicorn with one worker of four threads on a free port, from its start on."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.begun = time.perf_counter()
        command = [sys.executable, "-m", "gunicorn", "pilotwork.wsgi", "--threads", "4"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--log-level", "error", "--timeout", "120"]
        own = {"DATABASE_URL": url_of(LARGE), "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        self.process = subprocess.Popen(command, env=os.environ | own)

    def get(self, address, session=""):
        """The status of one request, the answer read to its end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
        connection.request("GET", iri_to_uri(address), headers=cookie)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def first_answer(self, address, session=""):
        """Seconds from the start of gunicorn to the first 200 of an address."""
        while time.perf_counter() - self.begun < PATIENCE:
            with contextlib.suppress(OSError):
                if self.get(address, session) == 200:
                    return time.perf_counter() - self.begun
            time.sleep(0.02)
        raise SystemExit(f"gunicorn did not answer {address} within {PATIENCE} s.")

    def worker_megabytes(self):
        """The resident memory of the worker in MB."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        sizes = [STATUS.search(Path(f"/proc/{pid}/status").read_text()) for pid in children.split()]
        return max(int(size[1]) for size in sizes if size) / 1024

    def stop(self):
        """End gunicorn and wait for it."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def serve(sessions, asked):
    """Serve every page of `asked`: {what was measured: value}."""
    server = Server()
    try:
        figures = {"cold start: sign-in page (s)": server.first_answer(reverse("accounts:sign_in"))}
        home = server.first_answer(reverse("home"), sessions["approver"])
        figures["cold start: home of the approver (s)"] = home
        figures["worker after these two (MB)"] = server.worker_megabytes()
        for address, kind in asked:
            server.get(address, sessions[kind])
        figures["worker after every page (MB)"] = server.worker_megabytes()
    finally:
        server.stop()
    return figures
