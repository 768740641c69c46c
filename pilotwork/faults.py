"""What goes wrong outside the code: the disk is full, the uploads' folder refuses, the database is away.

`fault_of` tells such a fault from a mistake of ours, by the numbers that the system, SQLite and
PostgreSQL give, never by their words. `reports.views.public.server_error` makes the page of it.
"""

import errno
import sqlite3
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.db.utils import Error as DatabaseError


class StorageError(OSError):
    """The place where uploads are kept refused to write or to read; the cause says why."""


@dataclass(frozen=True)
class Fault:
    """What people are told: `status` of the answer, `retry_after` seconds for machines."""

    name: str
    status: int
    retry_after: int
    heading: str
    lead: str
    advice: str


DISK_FULL = Fault(
    "disk_full",
    507,
    300,
    "服务器磁盘已满，这次没有保存",
    "服务器上没有空间存放新的内容。已经办结的事项不受影响，仍可查阅。",
    "请把编号告诉系统管理员，腾出空间后再提交。",
)
UPLOADS_REFUSED = Fault(
    "uploads_refused",
    503,
    300,
    "附件存不进去，这次没有保存",
    "服务器存放附件的地方暂时不能读写。已经办结的事项不受影响。",
    "不急的请稍后再试；急的可以先不带附件提交，并把编号告诉系统管理员。",
)
DATABASE_AWAY = Fault(
    "database_away",
    503,
    30,
    "数据库暂时连不上",
    "系统正在等数据库恢复，恢复后自动可用，不用做别的。已经办结的事项不受影响。",
    "请稍等一分钟再试；十分钟后还不行，请把编号告诉系统管理员。",
)
DATABASE_BUSY = Fault(
    "database_busy",
    503,
    10,
    "现在太忙，这次没有办成",
    "等候别人的办理结束等得太久，系统放弃了这一次。已经办结的事项不受影响。",
    "请稍等半分钟再试；总是这样，请把编号告诉系统管理员。",
)

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_BUSY: DATABASE_BUSY,
    sqlite3.SQLITE_LOCKED: DATABASE_BUSY,
    sqlite3.SQLITE_PROTOCOL: DATABASE_BUSY,
    sqlite3.SQLITE_READONLY: DATABASE_AWAY,
    sqlite3.SQLITE_IOERR: DATABASE_AWAY,
    sqlite3.SQLITE_CANTOPEN: DATABASE_AWAY,
    sqlite3.SQLITE_NOMEM: DATABASE_AWAY,
    sqlite3.SQLITE_CORRUPT: DATABASE_AWAY,
    sqlite3.SQLITE_NOTADB: DATABASE_AWAY,
}
# SQLSTATE, whole or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL = {
    "53100": DISK_FULL,
    "53": DATABASE_AWAY,  # insufficient resources: memory, too many connections
    "08": DATABASE_AWAY,  # connection exceptions
    "57": DATABASE_AWAY,  # shut down, starting up
    "57014": DATABASE_BUSY,  # cancelled, as by a time limit
    "58": DATABASE_AWAY,  # system errors
    "25006": DATABASE_AWAY,  # read-only
    "40": DATABASE_BUSY,  # deadlock, serialisation
    "55P03": DATABASE_BUSY,  # lock not available
}


def fault_of(error) -> Fault | None:
    """The Fault behind an exception or one of those that it followed from; None for a mistake of
    ours, which is a 500."""
    while error is not None:
        fault = _fault_of_one(error)
        if fault is not None:
            return fault
        error = error.__cause__ or error.__context__
    return None


def _fault_of_one(error):
    if isinstance(error, OSError) and error.errno in FULL:
        return DISK_FULL
    if isinstance(error, StorageError):
        return DISK_FULL if getattr(error.__cause__, "errno", None) in FULL else UPLOADS_REFUSED
    return _database_fault(error) if isinstance(error, DatabaseError) else None


def _database_fault(error):
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The lowest byte is the kind, the rest its particulars.
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "pgcode", None)
    if state:
        return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
    # Without a code nobody answered: refused, broken off, closed.
    return DATABASE_AWAY if isinstance(error, OperationalError | InterfaceError) else None
