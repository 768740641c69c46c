"""A ZIP for the archive, written file by file, however much goes into it.

Names are made safe for every system (Windows included), lie inside their folder whatever was typed,
and are unlike each other even where capitals do not count. Every file is entered in a list with its
size and SHA-256.
"""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pilotwork import clock

IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger goes to a temporary file
CHUNK = 1024 * 1024
LONGEST_FILE, LONGEST_FOLDER = 80, 40  # characters, so that a path stays within Windows' 260
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
# Names that Windows keeps for devices, whatever ending follows.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.| )", re.IGNORECASE)
# Compressed already: doing it again takes time and saves nothing.
COMPRESSED = (".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx", ".zip")
MISSING, CHANGED = "缺失", "与上传时的校验和不符"


def safe_name(name: str, longest: int = LONGEST_FILE) -> str:
    """Return `name` as a file or folder can be called anywhere, in at most `longest` characters.

    An ending of up to ten characters is kept. Never empty, never a path.
    """
    name = unicodedata.normalize("NFC", name)
    # C* are control and direction marks, halves of characters and what is not assigned.
    name = "".join(" " if char.isspace() else char for char in name)
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = " ".join(NOT_IN_NAMES.sub("_", name).split()).strip(". ")
    stem, ending = _split(name)
    name = stem[: longest - len(ending)].rstrip(". ") + ending
    return DEVICES.sub(r"_\1", name, count=1) if DEVICES.match(name) else name or "未命名"


def _split(name):
    """(stem, ending with its dot); no ending where it does not look like one."""
    stem, dot, ending = name.rpartition(".")
    looks_like_one = stem and ending.isascii() and ending.isalnum() and len(ending) <= 10
    return (stem, dot + ending) if looks_like_one else (name, "")


@dataclass(frozen=True)
class Member:
    """A file of the bundle: path, size in bytes, SHA-256 in hex, and what is wrong with it."""

    path: str
    size: int
    sha256: str
    remark: str = ""


class Bundle:
    """A ZIP being written; `members` lists what is in it, `finish` gives it out.

    Used in a `with` block, whose failure puts the half-written file away.
    """

    def __init__(self):
        self.members = []
        self.root = Folder(self)
        self._made_at = clock.local(clock.now()).timetuple()[:6]
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115, given out
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            self._zip.close()
            self._file.close()

    def finish(self):
        """Close the ZIP and return it as a binary file at its beginning; the caller closes it."""
        self._zip.close()
        self._file.seek(0)
        return self._file

    def write(self, path, source, expected=""):
        """Enter what the binary file `source` holds; `expected` is its SHA-256 as once noted."""
        info = ZipInfo(path, self._made_at)
        info.compress_type = ZIP_STORED if path.lower().endswith(COMPRESSED) else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        found = digest.hexdigest()
        remark = CHANGED if expected and expected != found else ""
        self.members.append(Member(path, size, found, remark))


class Folder:
    """One folder of a bundle; it is there once something is in it."""

    def __init__(self, bundle, path="", depth=0):
        self.bundle, self.path, self.depth = bundle, path, depth
        self._taken = set()

    def folder(self, name):
        """Return a new folder in this one, of that name or, where it is taken, a numbered one."""
        path = f"{self.path}{self._free(name, LONGEST_FOLDER)}/"
        return Folder(self.bundle, path, self.depth + 1)

    def add(self, name, content: bytes | None = None, *, source=None):
        """Add a file with `content`, or with what the binary file `source` holds."""
        path = self.path + self._free(name, LONGEST_FILE)
        self.bundle.write(path, source or io.BytesIO(content))

    def add_attachment(self, name, attachment):
        """Add a kept file (pilotwork.files.Attachment); one that is gone is entered as missing."""
        path = self.path + self._free(name, LONGEST_FILE)
        try:
            stored = attachment.open_stored()
        except FileNotFoundError:
            self.bundle.members.append(Member(path, 0, attachment.sha256, MISSING))
            return
        with stored:
            self.bundle.write(path, stored, expected=attachment.sha256)

    def to_root(self, name):
        """The way from a file in this folder to `name` in the bundle's root."""
        return "../" * self.depth + name

    def _free(self, name, longest):
        """A safe name that nothing in this folder has yet."""
        found, number = safe_name(name, longest), 1
        while found.casefold() in self._taken:
            number += 1
            stem, ending = _split(safe_name(name, longest - 6))
            found = f"{stem}（{number}）{ending}"
        self._taken.add(found.casefold())
        return found
