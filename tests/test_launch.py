"""What `make run` says when something is in the way, and that it touches nobody else's data."""

import fcntl
import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from pilotwork.launch import demo, install
from pilotwork.launch.talk import Trouble
from tests.reports.servers import serving

ROOT = Path(__file__).resolve().parent.parent


def launch(step, **variables):
    """Run one step of the launcher in a process of its own, as make does."""
    return subprocess.run(
        [sys.executable, "-m", "pilotwork.launch", step],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_named_before_anything_else_happens():
    with socket.create_server((demo.HOST, 0)) as other:
        port = other.getsockname()[1]
        done = launch("run", PORT=str(port))
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Trouble, match="is not a port number"):
        demo.chosen_port()


def test_the_demo_does_not_start_in_production():
    done = launch("run", PILOTWORK_ENV="production")
    assert done.returncode == 1
    assert "make run 只用于演示" in done.stderr


def test_a_reset_never_touches_a_database_that_somebody_named(monkeypatch, tmp_path):
    kept = tmp_path / "real.sqlite3"
    kept.write_bytes(b"real")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{kept}")
    with pytest.raises(Trouble, match="DATABASE_URL"):
        demo.reset()
    assert kept.read_bytes() == b"real"


def test_a_reset_waits_until_the_demo_is_stopped(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("MEDIA_ROOT", raising=False)
    monkeypatch.setattr(demo, "LOCK", tmp_path / "server.lock")
    with demo.LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(Trouble, match="running"):
            demo.reset()
    assert not demo.is_running()


def test_a_step_is_done_again_when_its_pins_change(monkeypatch, tmp_path):
    monkeypatch.setattr(install, "ROOT", tmp_path)
    pins, stamp_file = tmp_path / "pins.txt", tmp_path / "stamp"
    pins.write_text("one==1")
    assert not install.is_stamped(stamp_file, pins)
    install.stamp(stamp_file, pins)
    assert install.is_stamped(stamp_file, pins)
    pins.write_text("one==2")
    assert not install.is_stamped(stamp_file, pins)


class Unwell(BaseHTTPRequestHandler):
    """A server that answers, and says that something is not well."""

    def do_GET(self):
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"disk space low")

    def log_message(self, *args):
        """Nothing on the screen."""


def test_a_demo_that_is_not_well_is_served_all_the_same_and_says_why(capsys):
    with serving(ThreadingHTTPServer((demo.HOST, 0), Unwell)) as server:
        demo.wait_until_it_answers(SimpleNamespace(poll=lambda: None), server.server_port)
    assert "不正常之处：disk space low" in capsys.readouterr().out
