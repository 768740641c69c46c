"""Is a backup whole: the file's own checksum, every member's, and the number of rows."""

import hashlib
import zipfile
import zlib

from pilotwork.refusals import Refused
from reports.backup.box import checksum_of, chunks_of, table_member


def check(box):
    """Read the whole backup; returns whether a checksum lay beside it.

    Raises Refused that names the first part which is not as it was written.
    """
    has_checksum = check_checksum(box.path)
    members = box.manifest["members"]
    if sorted(box.names()) != sorted(members):
        raise Refused(f"{box.path} 里的文件与清单不符。")
    rows = {table_member(table["model"]): table["rows"] for table in box.manifest["tables"]}
    for name, noted in members.items():
        _check_member(box, name, noted["sha256"], rows.get(name))
    return has_checksum


def check_checksum(path):
    """Compare the file with the checksum beside it; returns whether there is one."""
    try:
        noted = checksum_of(path).read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return False
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if noted[:1] != [found]:
        raise Refused(f"{path} 与旁边的校验和（{checksum_of(path).name}）不符：文件被改动或损坏。")
    return True


def _check_member(box, name, sha256, rows):
    digest, lines = hashlib.sha256(), 0
    try:
        with box.open(name) as member:
            for chunk in chunks_of(member):
                digest.update(chunk)
                lines += chunk.count(b"\n")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused(f"备份中的 {name} 已损坏。") from error
    if digest.hexdigest() != sha256:
        raise Refused(f"备份中的 {name} 与清单上的校验和不符。")
    if rows not in {None, lines}:
        raise Refused(f"备份中的 {name} 有 {lines} 行，清单上是 {rows} 行。")
