"""What may be uploaded, how it is kept and how it is given out."""

import io
import struct
import zipfile
import zlib
from datetime import date
from unicodedata import category

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from funds.models import Application, ApplicationAttachment
from pilotwork.files import (
    DOCX,
    JPEG,
    MAX_BYTES,
    PDF,
    PNG,
    XLSX,
    Attachment,
    UploadsField,
    clean_name,
    random_path,
    serve,
    validate_upload,
)
from units.models import Organisation, PilotProgramme, PilotUnit

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
RIGHT_TO_LEFT = "\u202e"


def picture(kind="JPEG", size=(40, 20), mode="RGB", **options):
    content = io.BytesIO()
    Image.new(mode, size, "red").save(content, kind, **options)
    return content.getvalue()


def office(folder="word", main="document.xml", types=b"<Types/>", **more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(f"{folder}/{main}", "<x/>")
        for name, data in more.items():
            package.writestr(f"{folder}/{name}", data)
    return content.getvalue()


def bomb():
    """A PNG of 60,000 × 60,000 pixels in some dozen bytes."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="application/x-whatever")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("方案.pdf", PDF_BYTES, PDF),
        ("照片.JPG", picture(), JPEG),
        ("照片.jpeg", picture(), JPEG),
        ("图.png", picture("PNG"), PNG),
        ("总结.docx", office(), DOCX),
        ("预算.xlsx", office("xl", "workbook.xml"), XLSX),
    ],
)
def test_papers_and_pictures_are_let_in_by_their_content(name, content, content_type):
    accepted = validate_upload(upload(name, content))
    assert (accepted.name, accepted.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("大.pdf", PDF_BYTES + b" " * MAX_BYTES, "too_large"),
        ("发票.pdf", b"MZ\x90\x00" + b"\0" * 64, "executable"),
        ("发票.pdf", b"\x7fELF\x02\x01\x01", "executable"),
        ("脚本.png", b"#!/bin/sh\n", "executable"),
        ("页面.pdf", b"<html><script>alert(1)</script>", "type"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("图.png", picture(), "extension"),
        ("程序.exe", PDF_BYTES, "extension"),
        ("没有扩展名", PDF_BYTES, "extension"),
        ("断.jpg", picture(size=(400, 400))[:-200], "broken"),
        ("坏.png", picture("PNG")[:40], "broken"),
        ("炸弹.png", bomb(), "pixels"),
        ("宏.docx", office(vbaProject=b"x"), "macros"),
        ("宏.xlsx", office("xl", "workbook.xml", b"application/x.macroEnabled.main"), "macros"),
        ("压缩包.docx", office("other", "thing.xml"), "type"),
        ("断.docx", office()[:60], "type"),
    ],
)
def test_anything_else_is_refused_and_named(name, content, code):
    with pytest.raises(ValidationError) as refusal:
        validate_upload(upload(name, content))
    assert refusal.value.code == code
    assert refusal.value.message.startswith(f"“{name}”：")


def test_a_word_file_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("pilotwork.files.MAX_UNZIPPED", 100_000)
    content = office(padding=b"\0" * 200_000)
    assert len(content) < 2000
    with pytest.raises(ValidationError) as refusal:
        validate_upload(upload("大.docx", content))
    assert refusal.value.code == "bomb"


def test_a_word_file_of_thousands_of_parts_is_refused(monkeypatch):
    monkeypatch.setattr("pilotwork.files.MAX_ZIP_ENTRIES", 2)
    with pytest.raises(ValidationError) as refusal:
        validate_upload(upload("多.docx", office(one=b"1")))
    assert refusal.value.code == "bomb"


def test_a_photo_loses_its_location_and_comment_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(size=(300, 100), exif=exif, comment=b"secret place")
    assert b"Maker" in content
    assert b"secret place" in content
    kept = validate_upload(upload("走访.jpg", content)).content
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (100, 300)
        assert dict(shown.getexif()) == {}
    assert b"secret place" not in kept


def test_a_large_photo_is_shrunk_and_keeps_its_shape():
    kept = validate_upload(upload("大.jpg", picture(size=(5000, 2500)))).content
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (2000, 1000)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "I;16"])
def test_every_kind_of_png_can_be_kept(mode):
    content = io.BytesIO()
    Image.new(mode, (30, 30)).save(content, "PNG")
    kept = validate_upload(upload("图.png", content.getvalue())).content
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (30, 30)


def test_what_hides_behind_a_picture_is_not_kept():
    kept = validate_upload(upload("图.png", picture("PNG") + b"PK\x03\x04<script>")).content
    assert b"<script>" not in kept


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\用户\\桌面\\方案.pdf", "方案.pdf"),
        (f"方案{RIGHT_TO_LEFT}fdp.exe", "方案fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        (".pdf", "pdf"),
        ("", "附件"),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text(max_size=300))
def test_no_name_is_long_empty_or_deceiving(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert clean_name(cleaned) == cleaned
    assert not [c for c in cleaned if category(c)[0] == "C" or c in "/\\"]


class UploadForm(forms.Form):
    files = UploadsField(label="附件", required=False, max_files=2)


def form_with(*files):
    return UploadForm({}, MultiValueDict({"files": list(files)}))


def test_several_files_are_taken_at_once():
    form = form_with(upload("一.pdf", PDF_BYTES), upload("二.jpg", picture()))
    assert form.is_valid()
    assert [accepted.name for accepted in form.cleaned_data["files"]] == ["一.pdf", "二.jpg"]


def test_no_file_is_an_empty_list():
    form = form_with()
    assert form.is_valid()
    assert form.cleaned_data["files"] == []


def test_every_refused_file_is_named_at_once():
    form = form_with(upload("一.exe", b"MZ"), upload("二.pdf", b""))
    assert form.errors["files"] == [
        "“一.exe”：这是可执行程序，不能上传。",
        "“二.pdf”：文件是空的。",
    ]


def test_of_a_bad_file_beside_a_good_one_it_is_said_that_the_good_one_is_gone_too():
    form = form_with(upload("一.exe", b"MZ"), upload("二.pdf", PDF_BYTES))
    assert list(form.errors["files"])[1:] == ["其余文件也没有保存，请改正后一并重新选择。"]


def test_more_files_than_allowed_are_refused():
    form = form_with(*[upload(f"{n}.pdf", PDF_BYTES) for n in range(3)])
    assert form.errors["files"] == ["一次最多上传 2 个文件。"]


def test_the_browser_is_told_that_several_files_of_these_kinds_are_welcome():
    html = str(form_with()["files"])
    assert " multiple" in html
    assert 'accept=".pdf,.jpg,.jpeg,.png,.docx,.xlsx"' in html


@pytest.fixture
def kept(db, settings, tmp_path):
    """A PDF kept with an application."""
    settings.MEDIA_ROOT = tmp_path
    day = date(2026, 5, 4)
    person = User.objects.create_user("wangkou", name="王口镇")
    programme = PilotProgramme.objects.create(name="试点", year=2026, starts_on=day, ends_on=day)
    unit = PilotUnit.objects.create(
        programme=programme,
        organisation=Organisation.objects.create(name="王口镇团委"),
        joined_on=day,
    )
    application = Application.objects.create(
        pilot_unit=unit, name="植树", began_on=day, created_by=person
    )
    accepted = validate_upload(upload("方案.pdf", PDF_BYTES))
    return ApplicationAttachment.keep(
        accepted, by=person, application=application, purpose="proposal"
    )


def test_a_kept_file_is_the_uploaded_one_under_a_path_of_no_meaning(kept, tmp_path):
    kept.refresh_from_db()
    assert (kept.name, kept.size, kept.content_type) == ("方案.pdf", len(PDF_BYTES), PDF)
    assert kept.is_intact
    assert b"".join(serve(kept).streaming_content) == PDF_BYTES
    on_disk = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in on_disk] == [kept.file.name]


def test_a_file_changed_or_lost_on_the_disk_is_no_longer_intact(kept, tmp_path):
    path = tmp_path / kept.file.name
    path.write_bytes(PDF_BYTES + b" ")
    assert not kept.is_intact
    path.unlink()
    assert not kept.is_intact
    with pytest.raises(Http404):
        serve(kept)


class Kept:
    """Stands for any room's attachment: `serve` needs no more than this."""

    def __init__(self, name, content_type, content=b"x"):
        self.name, self.content_type, self.content = name, content_type, content

    def open_stored(self):
        if self.content is None:
            raise FileNotFoundError
        return io.BytesIO(self.content)


@pytest.mark.parametrize(
    ("content_type", "how"), [(PDF, "inline"), (JPEG, "inline"), (DOCX, "attachment")]
)
def test_a_file_is_given_out_so_that_nothing_in_it_can_run(content_type, how):
    response = serve(Kept("方案 一.pdf", content_type))
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Content-Disposition"] == (
        f"{how}; filename*=utf-8''%E6%96%B9%E6%A1%88%20%E4%B8%80.pdf"
    )


def test_a_file_lost_from_the_disk_is_said_to_be_lost():
    with pytest.raises(Http404, match="文件不在存储中"):
        serve(Kept("方案.pdf", PDF, content=None))


def test_the_stored_path_tells_nothing_and_has_no_address():
    one, two = (random_path(None, "王口镇方案.PDF") for _ in range(2))
    assert one != two
    assert "王口" not in one
    assert one.endswith("/file.pdf")
    with pytest.raises(ValueError, match="no address"):
        Attachment._meta.get_field("file").storage.url(one)
