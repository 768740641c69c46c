"""The file of a backup: a ZIP whose last member, the manifest, lists every other with its SHA-256.

It is written under a temporary name and gets its own only when every byte is on the disk, so that
one that was cut off is never taken for a backup. Beside it lies NAME.sha256, as `sha256sum -c` reads
it.
"""

import datetime as dt
import errno
import fcntl
import hashlib
import io
import json
import os
import re
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path

from pilotwork import clock
from pilotwork.paper.dates import full_date
from pilotwork.refusals import Refused
from reports.backup.tables import in_parts

FORMAT = 1
MANIFEST = "manifest.json"
HEADS = "ledger_heads.json"
TABLES, MEDIA = "tables/", "media/"
NAME = re.compile(r"pilotwork-(\d{8}-\d{6})\.zip")
TEMPORARY = re.compile(r"\.pilotwork-\d{8}-\d{6}\.(zip|sha256)\.part")
MOMENT = "%Y%m%d-%H%M%S"
CHUNK = 1024 * 1024
LINES = 500  # written at a time
LEVEL = 3  # of compression: more takes twice the time and saves a tenth
# Compressed already.
COMPRESSED = (".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Writer:
    """A backup being written into `target` (a binary file)."""

    def __init__(self, target):
        self.members = {}
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)

    def write(self, name, chunks):
        """Enter a member of these chunks of bytes; returns its SHA-256 in hex."""
        # A ZipInfo is stored as it is, a bare name compressed.
        info = zipfile.ZipInfo(name) if name.endswith(COMPRESSED) else name
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}
        return digest.hexdigest()

    def write_lines(self, name, lines):
        """Enter a member of these lines of text, many at a time; returns how many there were."""
        number = 0

        def chunks():
            nonlocal number
            for part in in_parts(lines, LINES):
                number += len(part)
                yield "".join(part).encode()

        self.write(name, chunks())
        return number

    def abandon(self):
        """Let go of a ZIP that will never be whole."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def finish(self, manifest):
        """Enter the manifest, a dict, with the list of all members, and close the ZIP."""
        manifest = {"format": FORMAT, **manifest, "members": self.members}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        self._zip.writestr(MANIFEST, text.encode())
        self._zip.close()


def table_member(label):
    """The member that holds the rows of a model, `funds.entry`."""
    return f"{TABLES}{label}.jsonl"


def chunks_of(file):
    """Yield what a binary file holds, in parts."""
    while chunk := file.read(CHUNK):
        yield chunk


# --- Its place --------------------------------------------------------------------------------


@contextmanager
def place_for(folder):
    """Give a Writer for a new backup in `folder` and the path it will have once the block is done.

    Raises Refused when there is no room, no right to write, or another backup being written there; no
    rubbish is left then, nor by one that was killed before.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(folder):
            path = folder / f"pilotwork-{clock.local(clock.now()):{MOMENT}}.zip"
            yield from _written(path)
    except OSError as error:
        words = "磁盘空间不足" if error.errno in NO_ROOM else error.strerror or error
        raise Refused(f"备份没有写成：{words}（{error.filename or folder}）。") from error


@contextmanager
def _alone_in(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"另一个备份正在写入 {folder}，请等它完成。") from None
        for path in folder.iterdir():
            if TEMPORARY.fullmatch(path.name):
                path.unlink()
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _written(path):
    if path.exists():
        raise Refused(f"{path} 已经存在。")
    temporary = path.with_name(f".{path.name}.part")
    beside = path.with_name(f".{path.stem}.sha256.part")
    try:
        with open(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            writer = Writer(file)
            try:
                yield writer, path
            finally:
                writer.abandon()
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with open(beside, "x", encoding="utf-8") as file:
            file.write(f"{digest}  {path.name}\n")
            file.flush()
            os.fsync(file.fileno())
        # The checksum first: a backup without one could be damaged and nobody would see.
        beside.replace(checksum_of(path))
        temporary.replace(path)
    finally:
        for rubbish in (temporary, beside):
            with suppress(OSError):
                rubbish.unlink(missing_ok=True)


def checksum_of(path):
    """The path of the checksum that lies beside a backup."""
    return Path(f"{path}.sha256")


# --- Reading ----------------------------------------------------------------------------------


class Box:
    """A backup opened for reading; used in a `with` block.

    Raises Refused when the file is no whole backup or its manifest is of a format not known here.
    """

    def __init__(self, path):
        self.path = Path(path)
        try:
            self._zip = zipfile.ZipFile(self.path)
        except OSError as error:
            raise Refused(f"打不开 {path}：{error.strerror}。") from error
        except zipfile.BadZipFile as error:
            raise Refused(f"{path} 不是完整的备份文件。") from error
        try:
            self.manifest = json.loads(self._zip.read(MANIFEST))
            found = self.manifest["format"]
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            self._zip.close()
            raise Refused(f"{path} 不是本系统的备份，或已损坏。") from error
        if found != FORMAT:
            self._zip.close()
            raise Refused(f"备份的格式是第 {found} 版，本程序只认第 {FORMAT} 版。")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self._zip.close()

    @property
    def made_at(self):
        """When it was made, in words and by the clocks of Shanghai."""
        moment = clock.local(dt.datetime.fromisoformat(self.manifest["made_at"]))
        return f"{full_date(moment.date())} {moment:%H:%M}"

    def names(self):
        """The members that are really in the file, without the manifest."""
        return [name for name in self._zip.namelist() if name != MANIFEST]

    def open(self, name):
        """Open a member as a binary file."""
        return self._zip.open(name)

    def rows(self, label):
        """Yield the decoded rows of a model's table."""
        with io.TextIOWrapper(self.open(table_member(label)), encoding="utf-8") as lines:
            yield from map(json.loads, lines)
