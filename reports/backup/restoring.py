"""Put a backup back into an empty installation: all of it or nothing.

One transaction. The append-only triggers are away inside it and in force again before it ends: they
refuse an entry that does not come in its account's order, and a table comes in the order of its keys.
"""

import hashlib
from contextlib import contextmanager

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import DatabaseError, transaction

from pilotwork.appendonly import drop_triggers, install_triggers
from pilotwork.refusals import Refused
from reports.backup.box import HEADS, MEDIA
from reports.backup.checking import check
from reports.backup.heads import heads_as_json
from reports.backup.making import applied
from reports.backup.snapshot import go_on_after
from reports.backup.tables import in_parts, kept, tables

PARAMETERS = 20_000  # of one statement; SQLite's limit is its own


def restore(box, connection):
    """Check the backup (a Box), then put back its rows and uploads; returns whether it had a checksum.

    Raises Refused, with nothing changed, when the backup is damaged or was made by another version
    of the program, when the database `connection` is not empty, or when it takes a row not as it was.
    """
    has_checksum = check(box)
    check_version(box.manifest, connection)
    check_empty(connection.alias)
    with placed_uploads(box), transaction.atomic(using=connection.alias):
        # Again: somebody may have begun to work meanwhile.
        check_empty(connection.alias)
        # A failure rolls back that they were away, too.
        drop_triggers(connection)
        _load(box, connection)
        _check_references(connection)
        install_triggers(connection)
        _check_heads(box, connection.alias)
    with connection.cursor() as cursor:
        # What autovacuum would do sooner or later: the planner knows nothing of the tables yet.
        cursor.execute("ANALYZE")
    return has_checksum


# --- Does it fit ------------------------------------------------------------------------------


def check_version(manifest, connection):
    """Refuse a backup whose tables are not exactly those of this program and this database."""
    theirs = set(map(tuple, manifest["migrations"]))
    ours = set(map(tuple, applied(connection)))
    fields = {table["model"]: table["fields"] for table in manifest["tables"]}
    if theirs == ours and fields == {table.label: table.names for table in tables()}:
        return
    commit = manifest["commit"][:12] or "未知"
    raise Refused(
        f"备份是另一版本做的（{commit}）。{_listed('备份多出', theirs - ours)}"
        f"{_listed('本安装多出', ours - theirs)}"
        "请换成做备份时的版本，运行 manage.py migrate，恢复，再升级程序并运行 manage.py migrate。"
    )


def _listed(words, migrations):
    """The first few of some migrations in words; "" without any."""
    names = [".".join(step) for step in sorted(migrations)]
    more = "等" if len(names) > 5 else ""
    return f"{words} {'、'.join(names[:5])}{more}。" if names else ""


def check_empty(alias):
    """Refuse an installation in which anything was entered."""
    filled = [table.label for table in kept() if table.model._base_manager.using(alias).exists()]
    if filled:
        raise Refused(
            f"只能恢复到空的安装，这里 {len(filled)} 张表已有数据（{'、'.join(filled[:5])}…）。"
            "请另建一个空数据库，运行 manage.py migrate 后再恢复。"
        )


# --- Rows -------------------------------------------------------------------------------------


def _load(box, connection):
    numbers = {table["model"]: table["last_number"] for table in box.manifest["tables"]}
    keys = named_keys(box, connection.alias)
    for table in kept():
        try:
            _load_table(box, table, connection, keys)
            with connection.cursor() as cursor:
                go_on_after(cursor, connection, table.model, numbers[table.label])
        except DatabaseError as error:
            raise Refused(f"表 {table.label} 不能按原样恢复：{error}") from error


def _load_table(box, table, connection, keys):
    size = connection.ops.bulk_batch_size(table.names, range(PARAMETERS))
    size = min(size, max(PARAMETERS // len(table.names), 1))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in table.fields)
    one = f"({', '.join(['%s'] * len(table.fields))})"
    insert = f"INSERT INTO {quote(table.model._meta.db_table)} ({columns}) VALUES "
    with connection.cursor() as cursor:
        for part in in_parts(box.rows(table.label), size):
            values = [v for row in part for v in table.parameters(row, connection, keys)]
            cursor.execute(insert + ", ".join([one] * len(part)), values)


def named_keys(box, alias):
    """{model: {key in the backup: key here}} of content types and permissions; lacking ones are made."""
    types, permissions = {}, {}
    for pk, app_label, model in box.rows("contenttypes.contenttype"):
        kind, _ = ContentType.objects.using(alias).get_or_create(app_label=app_label, model=model)
        types[pk] = kind.pk
    for pk, name, kind, codename in box.rows("auth.permission"):
        permission, _ = Permission.objects.using(alias).get_or_create(
            content_type_id=types[kind], codename=codename, defaults={"name": name}
        )
        permissions[pk] = permission.pk
    return {ContentType: types, Permission: permissions}


def _check_references(connection):
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise Refused(f"备份中有的行指向不存在的行：{error}") from error


def _check_heads(box, alias):
    digest = hashlib.sha256()
    for line in heads_as_json(alias, box.manifest["made_at"]):
        digest.update(line.encode())
    if digest.hexdigest() != box.manifest["members"][HEADS]["sha256"]:
        raise Refused("恢复后的账册链首与备份所记不符，没有恢复。")


# --- Uploads ----------------------------------------------------------------------------------


@contextmanager
def placed_uploads(box):
    """Put the backup's uploads into the storage; taken away again when the block fails."""
    placed = []
    try:
        for name in box.names():
            if name.startswith(MEDIA):
                _place(box, name, placed)
        yield
    except BaseException:
        for name in placed:
            storages["default"].delete(name)
        raise


def _place(box, member, placed):
    storage, name = storages["default"], member.removeprefix(MEDIA)
    try:
        if storage.exists(name):
            with storage.open(name, "rb") as there:
                found = hashlib.file_digest(there, "sha256").hexdigest()
            if found != box.manifest["members"][member]["sha256"]:
                raise Refused(f"附件目录里已有另一个 {name}。请换一个空的附件目录。")
            return
        with box.open(member) as content:
            saved = storage.save(name, File(content, name=name))
    except SuspiciousFileOperation as error:
        raise Refused(f"备份中的附件 {name} 不在附件目录之内。") from error
    except OSError as error:
        raise Refused(f"附件 {name} 没有写成：{error.strerror or error}。") from error
    placed.append(saved)
    if saved != name:
        raise Refused(f"附件 {name} 只能存为 {saved}，没有恢复。")
