"""A real gunicorn in processes of its own, which a test may kill and start again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED_WITHIN = 60  # seconds


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def group_of(pid):
    """The group of a process, None when it has just ended."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


class Server:
    """gunicorn with two workers of four threads on a port of its own."""

    def __init__(self, log, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = Path(log)
        arguments = [f"--bind=127.0.0.1:{self.port}", "--workers=2", "--threads=4"]
        arguments += ["--no-control-socket", "--log-level=critical", "pilotwork.wsgi"]
        environment = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"} | environment
        self.starter = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.starter", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("ab"),
            text=True,
        )
        assert self.starter.stdout.readline() == "ready\n", self.words()
        self.group = None

    def _ask(self, *words):
        self.starter.stdin.write(" ".join(words) + "\n")
        self.starter.stdin.flush()
        return int(self.starter.stdout.readline())

    def warm(self, browser, path):
        """Let every server to come know a page already, so that it is quick from the beginning."""
        assert self._ask("warm", browser.cookie, path) == 200, path

    def start(self):
        """Start gunicorn and wait until it listens."""
        self.group = self._ask("start")
        deadline = time.monotonic() + STARTED_WITHIN
        while not self.listens():
            assert time.monotonic() < deadline, f"gunicorn does not listen: {self.words()}"
            time.sleep(0.005)

    def listens(self):
        """Whether a connection is taken."""
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    def kill(self):
        """kill -9 of the whole group: no process of it does anything any more."""
        os.killpg(self.group, signal.SIGKILL)
        self.group = None
        # They share the socket: when nobody listens any more, the last of them is dead.
        while self.listens():
            time.sleep(0.002)

    def processes(self):
        """The numbers of the processes that serve."""
        running = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in running if group_of(pid) == self.group]

    def words(self):
        """What the server has logged."""
        return self.log.read_text(encoding="utf-8")

    def close(self):
        """Nothing is left running."""
        if self.group:
            self.kill()
        self.starter.stdin.close()
        self.starter.wait()


@contextlib.contextmanager
def serving(folder, database, **environment):
    """A Server that is not started yet, on the database of the address `database`."""
    media = folder / "media"
    environment = {"DATABASE_URL": database, "MEDIA_ROOT": str(media)} | environment
    server = Server(folder / "server.log", **environment)
    try:
        yield server
    finally:
        server.close()
