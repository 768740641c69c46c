"""What the audit records by itself, what it never keeps, and that nobody can change it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import AuditEvent, AuditKind
from pilotwork.appendonly import AppendOnlyError
from tests.journeys import bring
from tests.people import receive

PASSWORD = "correct-horse-battery"


@pytest.fixture
def visitor(county):
    """A browser at an address of its own, and a person with a password."""
    county.approver.set_password(PASSWORD)
    county.approver.save()
    return Client(REMOTE_ADDR="192.0.2.7")


def sign_in(client, username, password):
    return client.post("/accounts/sign-in/", {"username": username, "password": password})


def events():
    return list(
        AuditEvent.objects.order_by("id").values_list("kind", "by__username", "title", "client")
    )


def test_signing_in_and_out_is_recorded_with_person_and_address(county, visitor):
    name, changes = county.approver.username, county.approver.history.count()
    sign_in(visitor, name, PASSWORD)
    visitor.post("/accounts/sign-out/")
    visitor.post("/accounts/sign-out/")
    assert events() == [("sign_in", name, "", "192.0.2.7"), ("sign_out", name, "", "192.0.2.7")]
    assert county.approver.history.count() == changes, "signing in is no change of the person"


def test_a_failed_sign_in_names_the_account_but_never_what_was_typed_where_there_is_none(
    county, visitor
):
    sign_in(visitor, county.approver.username, "wrong")
    sign_in(visitor, "my-secret-password", "x")
    assert events() == [
        ("failed", county.approver.username, "", "192.0.2.7"),
        ("failed", None, "登录名不存在", "192.0.2.7"),
    ]
    fields = [f.attname for f in AuditEvent._meta.concrete_fields]
    kept = str(list(AuditEvent.objects.values_list(*fields)))
    assert "my-secret-password" not in kept
    assert "wrong" not in kept


def test_a_lockout_is_recorded(county, visitor):
    for _ in range(5):
        sign_in(visitor, county.approver.username, "wrong")
    kinds = [kind for kind, *_ in events()]
    assert kinds.count("failed") == 5
    assert "locked" in kinds


def test_a_printed_form_an_export_and_nothing_else_leave_an_event(county, visitor):
    application = bring(county, "approved")
    sign_in(visitor, county.approver.username, PASSWORD)
    form = f"/funds/applications/{application.pk}/approval-form/"
    export = "/funds/applications/?format=xlsx&q=林下"
    for address in ("/", "/funds/applications/", f"/funds/applications/{application.pk}/"):
        assert visitor.get(address).status_code == 200
    visitor.head(form)
    visitor.get("/funds/accounts/999999/?format=xlsx")
    printed = visitor.get(form)
    assert printed.status_code == visitor.get(export).status_code == 200
    rows = AuditEvent.objects.exclude(kind=AuditKind.SIGN_IN).order_by("id")
    assert list(rows.values_list("kind", "path", "object_id")) == [
        ("print", form, application.pk),
        ("export", "/funds/applications/?format=xlsx&q=林下", None),
    ]
    assert rows[0].title.startswith("立项审批表")
    assert rows[0].request_id == printed["X-Request-ID"]
    assert rows[1].title.endswith(".xlsx")


def test_nobody_can_change_or_delete_an_event_not_even_in_sql(county):
    receive(county, "1")
    AuditEvent.objects.create(kind=AuditKind.EXPORT, by=county.leader, by_name="x", title="台账")
    event = AuditEvent.objects.get()
    for change in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    for sql in ("UPDATE accounts_auditevent SET title = ''", "DELETE FROM accounts_auditevent"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert AuditEvent.objects.get().title == "台账"


@pytest.fixture
def unwritable(county):
    """A database that takes no more audit events."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER audit_is_full BEFORE INSERT ON accounts_auditevent "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            connection.check_constraints()
            cursor.execute("ALTER TABLE accounts_auditevent ADD CHECK (false) NOT VALID")


def test_what_cannot_be_recorded_is_not_given_out(county, client, request):
    application = bring(county, "approved")
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    request.getfixturevalue("unwritable")
    for address in (
        f"/funds/applications/{application.pk}/approval-form/",
        "/funds/applications/?format=xlsx",
    ):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "没有提供" in answer.content.decode()
        assert "Content-Disposition" not in answer
    assert client.get("/funds/applications/").status_code == 200, "pages stay readable"
