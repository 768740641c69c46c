"""The virtual environment and node_modules, installed once and again when their pins change."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pilotwork.launch.talk import Trouble, say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NPM = 7  # the first that reads the form of our package-lock.json


def install():
    """Bring .venv and node_modules to what is pinned; seconds when they already are.

    Raises Trouble when a tool is missing or a download fails.
    """
    make_environment()
    requirements = ROOT / "requirements.txt"
    done = VENV / ".requirements.sha256"
    if not is_stamped(done, requirements):
        say("正在安装 Python 依赖（首次约一两分钟）", "Installing Python packages")
        pip_install(requirements)
        stamp(done, requirements)
    lock = ROOT / "package-lock.json"
    done = NODE_MODULES / ".lock.sha256"
    if not is_stamped(done, lock):
        say("正在安装样式与图标", "Installing style sheet and icons")
        npm_install()
        stamp(done, lock)


def make_environment():
    """Create .venv, or create it anew when its Python no longer starts (moved or upgraded)."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", "import pip"]):
        return
    say("正在创建虚拟环境 .venv", "Creating the virtual environment")
    made = run([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:
        raise Trouble(
            "无法创建虚拟环境：当前 Python 缺少 venv 模块（Debian/Ubuntu 请安装 python3-venv）。",
            f"{sys.executable} cannot create .venv (on Debian/Ubuntu install python3-venv).\n"
            + tail(made),
        )


def pip_install(requirements):
    """Install exactly the hashed pins of the file `requirements` into .venv."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = run([*command, "--require-hashes", "-r", requirements])
    if done.returncode:
        raise Trouble(
            "依赖安装失败，请检查网络或 pip 源后重试。",
            f"pip could not install {requirements.name}; check the network and try again.\n"
            + tail(done),
        )


def npm_install():
    """`npm ci` with the npm on PATH, else with the one that a PyPI package carries."""
    environment = dict(os.environ)
    npm = system_npm()
    if npm is None:
        say("未找到 npm，改用 PyPI 上的 Node.js", "No npm on PATH: taking Node.js from PyPI")
        try:
            pip_install(ROOT / "requirements-node.txt")
        except Trouble as trouble:
            raise Trouble(
                "未找到 npm（需要 7 以上），也无法从 PyPI 安装 Node.js。请安装 Node.js 后重试。",
                f"There is no npm {OLDEST_NPM}+ and none from PyPI either. Install Node.js.\n"
                + trouble.english,
            ) from trouble
        npm = VENV / "bin" / "npm"
        environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    done = run([npm, "ci", "--loglevel=error"], env=environment)
    if done.returncode:
        raise Trouble(
            "npm ci 失败，请检查网络或 npm 源后重试。",
            "npm ci failed; check the network and try again.\n" + tail(done),
        )


def system_npm():
    """The path of the npm on PATH, or None when there is none that works and is new enough."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = run([npm, "--version"])
    major = asked.stdout.strip().splitlines()[-1:] or [""]
    number = major[0].split(".")[0]
    is_fit = asked.returncode == 0 and number.isdigit() and int(number) >= OLDEST_NPM
    return npm if is_fit else None


def run(command, **options):
    """Run a command in the project's folder, nothing on its stdin, and keep what it prints."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def succeeds(command):
    """Whether the command can be started and exits with 0."""
    try:
        return run(command).returncode == 0
    except OSError:
        return False


def tail(done, lines=15):
    """The last lines that a failed command printed, for the person to read."""
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-lines:])


def fingerprint(*paths):
    """A digest over the names and contents of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp_file, *paths):
    """Whether `stamp` was called for the files as they are now."""
    return stamp_file.is_file() and stamp_file.read_text() == fingerprint(*paths)


def stamp(stamp_file, *paths):
    """Note in `stamp_file` that the step which depends on `paths` is done."""
    stamp_file.write_text(fingerprint(*paths))
