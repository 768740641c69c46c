"""Importing a list as a person does: the file, its preview, the confirmation."""

from django.urls import reverse

from pilotwork.paper.sheet import read_sheet
from reports.imports import actions
from reports.imports.kind import counts_of, digest_of
from reports.imports.kinds import KINDS
from reports.models import ImportUpload
from tests.ground.sheets import uploaded


def keep(kind, table, by):
    """Upload a table (rows with their headings, or bytes); returns the ImportUpload."""
    kind = KINDS[kind]
    sheet = read_sheet(uploaded(table), headings=kind.headings, required=kind.required)
    return actions.keep_upload(kind, by=by, name="名单.xlsx", sheet=sheet)


def plan(upload, by=None):
    """The Rows of the upload's preview."""
    return KINDS[upload.kind].plan(upload.rows, by or upload.uploaded_by)


def outcomes(kind, table, by):
    """{outcome: how many rows}, those only that have any, of a table's preview."""
    counts = counts_of(plan(keep(kind, table, by)))
    return {outcome: count for outcome, count in counts.items() if count}


def errors(kind, table, by):
    """[(number, heading, sentence)] of a table's preview."""
    return [(row.number, *error) for row in plan(keep(kind, table, by)) for error in row.errors]


def confirm(upload):
    """Confirm what the preview shows now; returns the upload with its result."""
    seen = digest_of(plan(upload))
    return actions.confirm(upload, by=upload.uploaded_by, seen=seen)


def bring_in(kind, table, by):
    """Upload and confirm a table; returns {outcome: how many rows} as the result says."""
    result = confirm(keep(kind, table, by)).result
    return {outcome: count for outcome, count in result.items() if count}


def post_file(client, kind, table, name="名单.xlsx"):
    """The answer to uploading a table on the page."""
    return client.post(
        reverse("reports:import_upload", args=[kind]), {"file": uploaded(table, name)}
    )


def posted(client, kind, table):
    """The upload that the page has kept, and the text of its preview."""
    answer = post_file(client, kind, table)
    assert answer.status_code == 302, answer.content.decode()
    upload = ImportUpload.objects.latest("pk")
    return upload, client.get(answer["Location"]).content.decode()
