"""The demo installation: its database, its static files, its server."""

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from pilotwork.demo_accounts import ACCOUNTS, PASSWORD
from pilotwork.launch.install import NODE_MODULES, PYTHON, ROOT, is_stamped, run, stamp, tail
from pilotwork.launch.talk import Trouble, say, write

HOST = "127.0.0.1"
VAR = ROOT / "var"
DATABASE = VAR / "pilotwork.sqlite3"
LOCK = VAR / "server.lock"
STARTED_WITHIN = 60  # seconds


def refuse_production():
    """The demo's known passwords must never get into a real installation's database."""
    if os.environ.get("PILOTWORK_ENV", "development") != "development":
        raise Trouble(
            "make run 只用于演示；PILOTWORK_ENV 不是 development，已停止。正式部署见 README。",
            "make run is the demo, but PILOTWORK_ENV is not development. See README to deploy.",
        )


def chosen_port():
    """The port (int) that PORT names, 8000 without it. Raises Trouble if it is no free port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT={text} 不是有效的端口号。", f"PORT={text} is not a port number.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Trouble(
                    f"没有权限使用端口 {port}，请换一个，例如：make run PORT=8001",
                    f"Port {port} is not allowed; choose another: make run PORT=8001",
                ) from error
            raise Trouble(
                f"端口 {port} 已被占用。可能演示已在运行；或换一个端口：make run PORT={port + 1}",
                f"Port {port} is taken. Stop what uses it or: make run PORT={port + 1}",
            ) from error
    return port


def demo_environment():
    """The variables that the demo's processes run with."""
    return {**os.environ, "DEMO_MODE": "1", "PYTHONUNBUFFERED": "1"}


def manage(*arguments):
    """Run a management command of the demo installation. Raises Trouble when it fails."""
    done = run([PYTHON, "manage.py", *arguments], env=demo_environment())
    if done.returncode:
        raise Trouble(
            f"manage.py {' '.join(arguments)} 失败。",
            f"manage.py {' '.join(arguments)} failed:\n" + tail(done, lines=25),
        )


def prepare_data():
    """Migrate, and load the demo into a database that holds nothing yet; data is kept."""
    VAR.mkdir(exist_ok=True)
    say("正在准备数据库", "Preparing the database")
    manage("migrate", "--verbosity=0")
    manage("load_demo", "--if-empty")


def prepare_assets():
    """Collect the static files, if any source of them changed since the last time."""
    sources = [
        ROOT / "static",
        ROOT / "pilotwork" / "assets.py",
        ROOT / "pilotwork" / "settings.py",
        ROOT / "requirements.txt",
        NODE_MODULES / ".lock.sha256",
        *sorted(folder for folder in ROOT.glob("*/static") if folder.parent != VAR),
    ]
    done = VAR / "static" / ".sources.sha256"
    if is_stamped(done, *sources):
        return
    say("正在生成静态文件", "Collecting static files")
    # Files that npm unpacks all bear the same old date, so collectstatic cannot see a newer one.
    manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
    stamp(done, *sources)


def reset():
    """Throw the demo's database and uploads away and load it afresh.

    Refuses while the demo is running, and for a database that DATABASE_URL names: only the
    launcher's own file may be deleted.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("MEDIA_ROOT"):
        raise Trouble(
            "已设置 DATABASE_URL 或 MEDIA_ROOT，为避免误删数据，不予重置。请先取消该变量。",
            "DATABASE_URL or MEDIA_ROOT is set: demo-reset deletes only the demo's own files.",
        )
    if is_running():
        raise Trouble(
            "演示正在运行，请先在其窗口按 Ctrl+C 停止，再重置。",
            "The demo is running. Stop it with Ctrl+C first.",
        )
    for name in (DATABASE.name, f"{DATABASE.name}-wal", f"{DATABASE.name}-shm"):
        (VAR / name).unlink(missing_ok=True)
    shutil.rmtree(VAR / "media", ignore_errors=True)
    prepare_data()
    say("演示数据已重置，运行 make run 开始。", "The demo is fresh again: make run")


def is_running():
    """Whether a demo is being served from this folder: its processes hold the lock."""
    if not LOCK.exists():
        return False
    with LOCK.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def serve(port):
    """Serve the demo on `port` until Ctrl+C or SIGTERM. Raises Trouble if it does not start."""
    command = [PYTHON, "-m", "gunicorn", "pilotwork.wsgi:application", f"--bind={HOST}:{port}"]
    command += ["--workers=2", "--threads=4", "--no-control-socket", "--log-level=warning"]
    with LOCK.open("w") as lock:
        # Shared, because two ports may be served at once; handed on, so that it tells the truth
        # even when this process is killed and the server lives on.
        fcntl.flock(lock, fcntl.LOCK_SH)
        server = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=demo_environment(),
            pass_fds=[lock.fileno()],
        )
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        wait_until_it_answers(server, port)
        introduce(port)
        server.wait()
    except KeyboardInterrupt:
        say("\n已停止。数据保留，再次运行 make run 即可继续。", "Stopped; your data is kept.")
    finally:
        server.terminate()
        server.wait()


def wait_until_it_answers(server, port):
    """Return when the health check answers, saying what is not well; raise Trouble if it does not in
    time."""
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=10):
                return
        except urllib.error.HTTPError as unwell:
            words = unwell.read().decode().strip()
            say(f"已启动，但有不正常之处：{words}", "Started, but not all is well")
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Trouble(
        "服务未能启动，原因见上方输出。", "The server did not start; see its messages above."
    )


def introduce(port):
    """Print the address and who one can sign in as."""
    say(f"\n试点工作台已启动：http://{HOST}:{port}", "ready")
    say(f"演示账号（密码均为 {PASSWORD}）", f"demo accounts, password {PASSWORD}")
    for username, label in ACCOUNTS:
        write(sys.stdout, f"  {username:<12} {label}")
    say("按 Ctrl+C 停止", "Ctrl+C stops it; the data is kept")
