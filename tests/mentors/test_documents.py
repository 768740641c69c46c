"""实施方案 and 总结报告: versions, who confirms, what the cell says."""

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from mentors.actions.records import (
    confirm_document,
    send_back_document,
    upload_document,
    upload_version,
)
from mentors.models import Document, DocumentKind, DocumentVersion
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.refusals import Refused


def paper(text):
    """An accepted PDF."""
    return Accepted(f"{text}.pdf", "application/pdf", b"%PDF-1.7 " + text.encode())


def uploaded(county, text="初稿", by=None, kind=DocumentKind.PLAN):
    """A document of the county's unit."""
    return upload_document(county.unit, by=by or county.member, kind=kind, upload=paper(text))


def versions(document):
    """[(number, name)] of the versions, newest first."""
    return list(document.versions.values_list("number", "name"))


def test_every_upload_is_a_version_and_none_is_lost(county):
    document = uploaded(county)
    again = uploaded(county, "二稿", by=county.mentor)
    assert document == again
    upload_version(document, by=county.member, upload=paper("三稿"))
    assert versions(document) == [(3, "三稿.pdf"), (2, "二稿.pdf"), (1, "初稿.pdf")]
    assert [version.is_intact for version in document.versions.all()] == [True] * 3
    log = Document.objects.get().log
    assert [(row.verb, row.details["version"]) for row in log] == [
        ("upload", 1),
        ("upload", 2),
        ("upload", 3),
    ]


def test_plan_and_summary_report_are_two_documents(county):
    uploaded(county)
    uploaded(county, kind=DocumentKind.SUMMARY)
    assert Document.objects.count() == 2


def test_a_returned_document_waits_again_after_a_new_version(county):
    document = send_back_document(uploaded(county), by=county.reviewer, opinion="缺预算。")
    assert (document.state, document.main_verb) == ("returned", "upload")
    document = upload_version(document, by=county.member, upload=paper("二稿"))
    assert (document.state, document.main_verb) == ("uploaded", "confirm")
    assert document.log[1].opinion == "缺预算。"


def test_a_new_version_of_a_confirmed_document_is_to_be_confirmed_anew(county):
    document = confirm_document(uploaded(county), by=county.reviewer)
    assert (document.state, document.confirmed_on) == ("confirmed", clock.today())
    document = uploaded(county, "二稿")
    assert (document.state, document.confirmed_on) == ("uploaded", None)


def test_who_uploads_anew_is_told_first_that_the_confirmation_falls(client, county):
    document = uploaded(county)
    address = reverse("mentors:act_on_document", args=[document.pk, "upload"])
    client.force_login(county.member)
    assert "须重新确认" not in client.get(address).content.decode()
    confirm_document(document, by=county.reviewer)
    assert "上传新版本后须重新确认" in client.get(address).content.decode()


def test_the_reviewer_does_not_confirm_a_version_that_he_has_not_seen(county):
    document = uploaded(county)
    seen = document.last_number
    uploaded(county, "二稿")
    with pytest.raises(Refused, match="请核对最新内容"):
        confirm_document(document, by=county.reviewer, seen=seen)
    assert Document.objects.get().state == "uploaded"


def test_a_newer_version_waits_from_its_own_upload_on(county):
    first = uploaded(county).state_since
    assert uploaded(county, "二稿").state_since > first


@pytest.mark.parametrize("name", ["mentor", "former_mentor", "staff_member", "parent_member"])
def test_whoever_is_tied_to_the_unit_does_not_confirm_its_documents(county, name):
    document = uploaded(county)
    Document.objects.update(began_on=county.programme.starts_on)
    for verb in (confirm_document, send_back_document):
        with pytest.raises(NotPermitted) as caught:
            verb(document, by=county.people[name], opinion="好。")
        assert "回避" in caught.value.reason
        assert county.reviewer in caught.value.who_can


@pytest.mark.parametrize("name", ["neighbour", "former_mentor", "other_mentor", "reviewer"])
def test_only_the_unit_and_its_mentor_upload(county, name):
    with pytest.raises(NotPermitted):
        uploaded(county, by=county.people[name])
    uploaded(county)
    with pytest.raises(NotPermitted):
        uploaded(county, by=county.people[name])
    assert DocumentVersion.objects.count() == 1


def test_who_sees_a_document_sees_its_versions(county):
    uploaded(county)
    for name, may in [
        ("member", True),
        ("mentor", True),
        ("former_mentor", True),
        ("leader", True),
        ("neighbour", False),
        ("stranger", False),
        ("former_member", False),
        ("partner", False),
    ]:
        person = county.people[name]
        assert Document.objects.visible_to(person).exists() == may, name
        assert DocumentVersion.objects.visible_to(person).exists() == may, name
