"""Verbs on imports: keep what was uploaded, and write it once it is confirmed."""

from django.db import IntegrityError, transaction

from accounts.matters import NotPermitted
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.imports.kind import counts_of, digest_of
from reports.imports.kinds import KINDS
from reports.imports.rows import Outcome, sample_cells
from reports.models import ImportUpload

OUTDATED = "您看过预览以后，数据有了变化，一行也没有写入。请核对最新的预览，再确认。"


def require(kind, by):
    """Raise NotPermitted unless `by` may import this kind of list."""
    reason = kind.why_not(by)
    if reason:
        raise NotPermitted(reason)


@transaction.atomic
def keep_upload(kind, *, by, name, sheet):
    """Keep the rows of a read Sheet for their preview; returns the ImportUpload.

    The template's sample row is left out. Uploads of more than a day ago are thrown away. For who
    may import the kind (NotPermitted). Refused when nothing but the sample is there.
    """
    require(kind, by)
    ImportUpload.objects.outdated().delete()
    sample = sample_cells(kind.columns)
    lines = [line for line in sheet.lines if line.faults or line.cells != sample]
    if not lines:
        raise Refused("除了示例行没有内容，请从示例行的下一行开始填写。", "file")
    return ImportUpload.objects.create(
        kind=kind.slug,
        name=name,
        rows=[[line.number, line.cells, line.faults] for line in lines],
        unknown=sheet.unknown,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )


def confirm(upload, *, by, seen):
    """Write every row of an upload, or none; returns the upload with its result.

    `seen` is the digest of the preview that the person confirms. Every row is compared again under
    lock; a second call returns the first one's result. For who may import the kind (NotPermitted).
    Refused when the data have changed since, a row has an error, nothing would be written, or a
    room's verb refuses a row.
    """
    try:
        return _confirm(upload, by=by, seen=seen)
    except IntegrityError:
        # Somebody has just entered one of the rows himself, where no lock keeps him from it.
        raise Refused(OUTDATED, stale=True) from None


@transaction.atomic
def _confirm(upload, *, by, seen):
    kind = KINDS[upload.kind]
    require(kind, by)
    upload = ImportUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.confirmed_at:
        return upload
    kind.lock()
    rows = kind.plan(upload.rows, by)
    counts = counts_of(rows)
    if digest_of(rows) != seen:
        raise Refused(OUTDATED, stale=True)
    if counts[Outcome.ERROR]:
        raise Refused("还有错误的行，改好文件后重新上传。", stale=True)
    if not counts[Outcome.NEW] and not counts[Outcome.CHANGED]:
        raise Refused("全部未变，没有需要导入的内容。", stale=True)
    kind.write(rows, by)
    upload.confirmed_at, upload.result, upload.rows = clock.now(), counts, []
    upload.save(update_fields=["confirmed_at", "result", "rows"])
    return upload
