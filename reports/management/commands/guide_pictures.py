"""manage.py guide_pictures: the pictures of the 帮助 page, taken from the demo in a real browser.

The demo gets a database, files and a port of its own for this; what the installation holds is not
touched.
"""

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL import Image
from playwright.sync_api import sync_playwright

from pilotwork.demo_accounts import PASSWORD
from reports.guide_pictures import PICTURES

STARTED_WITHIN = 60  # seconds
QUALITY = 60
HOST = "127.0.0.1"
BROWSER = ["--no-sandbox", "--disable-gpu", "--no-first-run"]


class Command(BaseCommand):
    help = "从演示数据截取帮助页的配图（需要 chromium）。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--into", type=Path, help="默认是设置里的 GUIDE_PICTURES")

    def handle(self, *, into, **options):
        folder = into or settings.GUIDE_PICTURES
        browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
        if not browser:
            raise CommandError("没有找到 chromium，请先安装：apt install chromium fonts-noto-cjk")
        folder.mkdir(parents=True, exist_ok=True)
        with demo() as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=BROWSER)
            for picture in PICTURES.values():
                keep(take(chromium, address, picture), folder / f"{picture.name}.webp")
                self.stdout.write(f"{picture.name}.webp")
            chromium.close()


@contextlib.contextmanager
def demo():
    """Serve the demo from a folder that is thrown away afterwards; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        own = {
            "PILOTWORK_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "pilotwork.settings",
            "DEMO_MODE": "1",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "STATIC_ROOT": f"{folder}/static",
        }
        environment = os.environ | own
        for step in (["migrate", "-v0"], ["load_demo"], ["collectstatic", "-v0", "--noinput"]):
            run([sys.executable, "manage.py", *step], environment)
        gunicorn = [sys.executable, "-m", "gunicorn", "pilotwork.wsgi", f"--bind={HOST}:{port}"]
        server = subprocess.Popen(
            [*gunicorn, "--no-control-socket", "--log-level=warning"],
            cwd=settings.BASE_DIR,
            env=environment,
        )
        try:
            wait_for(f"http://{HOST}:{port}/healthz", server)
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()
            server.wait()


def run(command, environment):
    """Run a step of the demo. Raises CommandError with what it said when it fails."""
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(f"{' '.join(command[1:])}：{done.stderr[-2000:]}")


def free_port():
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(address, server):
    """Return when the server answers there; raises CommandError when it does not in time."""
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CommandError("演示没有启动。")


def take(chromium, address, picture):
    """The picture as PNG bytes, taken by a browser in which only its person is signed in."""
    context = chromium.new_context(
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    page.goto("/accounts/sign-in/")
    page.fill("[name=username]", picture.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(picture.address)
    if picture.click:
        page.locator(picture.click).first.click()
    page.wait_for_load_state("networkidle")
    taken = page.screenshot()
    context.close()
    return taken


def keep(taken, path):
    """Write the picture as a light WebP."""
    with Image.open(io.BytesIO(taken)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
