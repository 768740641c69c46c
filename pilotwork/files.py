"""Uploaded files: what is let in, where it is kept, how it is given out.

The type is found in the content, never believed from the name; pictures are drawn anew without
metadata, so that no location leaves with them (DOMAIN, Principles); nothing has a public address.
"""

import contextlib
import hashlib
import io
import os
import posixpath
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import models
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from PIL import Image, ImageOps

from pilotwork import clock
from pilotwork.faults import StorageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2000
MAX_NAME = 120
MAX_ZIP_ENTRIES = 2000
MAX_UNZIPPED = 200 * 1024 * 1024
MAX_FILES = 10

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}
ACCEPT = ",".join(f".{end}" for ends in EXTENSIONS.values() for end in ends)
SHOWN_IN_BROWSER = {PDF, JPEG, PNG}
KINDS = "PDF、JPG、PNG、DOCX、XLSX"
EXECUTABLE_HEADS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")


@dataclass(frozen=True)
class Accepted:
    """A file that passed: cleaned name, type found in the content, bytes as they are kept."""

    name: str
    content_type: str
    content: bytes


def clean_name(name) -> str:
    """Return the bare file name: no folders, control or direction characters, ≤ 120 characters."""
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    # C* are control, format (direction overrides, zero width), surrogates and unassigned; Zl, Zp
    # break lines.
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029")
    name = "".join("_" if c in '<>:"|?*' else c for c in name)
    name = " ".join(name.split()).strip(". ")
    stem, dot, end = name.rpartition(".")
    if not dot:
        return name[:MAX_NAME] or "附件"
    end = end[:10]
    return f"{stem[: MAX_NAME - len(end) - 1].strip() or '附件'}.{end}"


def validate_upload(uploaded) -> Accepted:
    """Return what is kept of one uploaded file (a Django UploadedFile).

    Raises ValidationError in Chinese, naming the file, when it is empty, over 20 MB, of a type that
    is not let in, named as something else than it is, a picture of over 50 million pixels, a Word
    or Excel file with macros or one that unpacks to more than 200 MB.
    """
    name = clean_name(uploaded.name or "")
    try:
        if not uploaded.size:
            raise ValidationError("文件是空的。", code="empty")
        if uploaded.size > MAX_BYTES:
            raise ValidationError("文件超过 20 MB。", code="too_large")
        uploaded.seek(0)
        content = uploaded.read(MAX_BYTES + 1)
        content_type = _type_of(content)
        _check_extension(name, content_type)
        if content_type in {JPEG, PNG}:
            content = _drawn_anew(content, content_type)
    except ValidationError as error:
        raise ValidationError(f"“{name}”：{error.message}", code=error.code) from error
    return Accepted(name, content_type, content)


def _type_of(content):
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if content.startswith(EXECUTABLE_HEADS):
        raise ValidationError("这是可执行程序，不能上传。", code="executable")
    raise ValidationError(f"只能上传 {KINDS} 文件。", code="type")


def _office_type(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_entries(entries)
            contents = package.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise ValidationError(f"只能上传 {KINDS} 文件，且文件须完好。", code="type") from None
    names = {entry.filename for entry in entries}
    if b"macroEnabled" in contents or any("vbaproject" in name.lower() for name in names):
        raise ValidationError("含有宏，请另存为不含宏的文件。", code="macros")
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise ValidationError(f"只能上传 {KINDS} 文件。", code="type")


def _check_entries(entries):
    # The sizes are what the zip's own directory claims; reading past a claim is an error in
    # zipfile, and nothing but the small list of types is unpacked here.
    too_many = len(entries) > MAX_ZIP_ENTRIES
    if too_many or sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
        raise ValidationError("文件解压后过大。", code="bomb")
    types = [entry for entry in entries if entry.filename == "[Content_Types].xml"]
    if any(entry.file_size > 1024 * 1024 for entry in types):
        raise ValidationError("文件解压后过大。", code="bomb")


def _check_extension(name, content_type):
    ends = EXTENSIONS[content_type]
    if name.rpartition(".")[2].lower() not in ends:
        raise ValidationError(f"内容是 {ends[0].upper()}，与文件扩展名不符。", code="extension")


def _drawn_anew(content, content_type):
    """Return the picture turned upright, at most 2000 px a side, without any metadata."""
    kind = "JPEG" if content_type == JPEG else "PNG"
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            # The header is read, the pixels are not yet: a picture bomb ends here.
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError("图片超过 5000 万像素。", code="pixels")
            picture.verify()
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(picture)
            see_through = kind == "PNG" and upright.has_transparency_data
            upright = upright.convert("RGBA" if see_through else "RGB")
    except Image.DecompressionBombError:
        raise ValidationError("图片超过 5000 万像素。", code="pixels") from None
    except (OSError, SyntaxError, ValueError, TypeError, EOFError):
        raise ValidationError("图片已损坏，打不开。", code="broken") from None
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    # Comments, colour profiles and the like ride along in `info`.
    upright.info = {}
    drawn = io.BytesIO()
    upright.save(drawn, kind, quality=85, optimize=True)
    return drawn.getvalue()


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Large files on their way in: a hostile name, whose ending the temporary file takes over, is
    cleaned before the disk could refuse it."""

    def new_file(self, field_name, file_name, *args, **kwargs):
        super().new_file(field_name, clean_name(file_name), *args, **kwargs)


# --- Form field -----------------------------------------------------------------------------


class UploadsInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """Several files at once; cleans to a list of `Accepted`, empty when nothing was chosen.

    `max_files` limits how many at a time (default 10). Every refused file is named.
    """

    widget = UploadsInput

    def __init__(self, *, max_files=MAX_FILES, **kwargs):
        self.max_files = max_files
        each = f"每个不超过 20 MB，一次最多 {max_files} 个" if max_files > 1 else "不超过 20 MB"
        kwargs.setdefault("help_text", f"{KINDS}，{each}。")
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": ACCEPT}

    def clean(self, data, initial=None):
        """Return the accepted files; raises ValidationError with one message a refused file.

        The browser sends none of them a second time: that the good ones have gone too is said.
        """
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > self.max_files:
            raise ValidationError(f"一次最多上传 {self.max_files} 个文件。", code="too_many")
        accepted, refused = [], []
        for file in files:
            try:
                accepted.append(validate_upload(file))
            except ValidationError as error:
                refused.append(error)
        if refused and accepted:
            refused.append(ValidationError("其余文件也没有保存，请改正后一并重新选择。"))
        if refused:
            raise ValidationError(refused)
        return accepted


# --- Keeping and giving out -----------------------------------------------------------------


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under MEDIA_ROOT that have no address: a view checks who may see them.

    What the disk refuses is a StorageError, and nothing half written stays behind.
    """

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError as error:
            with contextlib.suppress(OSError):
                self.delete(name)
                os.rmdir(os.path.dirname(self.path(name)))
            raise StorageError("An upload could not be written.") from error

    def _open(self, name, mode="rb"):
        try:
            return super()._open(name, mode)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StorageError("An upload could not be read.") from error

    def url(self, name):
        raise ValueError("An uploaded file has no address; serve() it after checking who asks.")


# The name that migrations know it by.
@deconstructible(path="pilotwork.files.PrivateStorage")
class Uploads(Storage):
    """Wherever the installation keeps its uploads: the storage that the settings name."""

    def save(self, name, content, max_length=None):
        return storages["default"].save(name, content, max_length)

    def _open(self, name, mode="rb"):
        return storages["default"].open(name, mode)

    def delete(self, name):
        storages["default"].delete(name)

    def exists(self, name):
        return storages["default"].exists(name)

    def size(self, name):
        return storages["default"].size(name)

    def listdir(self, path):
        return storages["default"].listdir(path)

    def get_modified_time(self, name):
        return storages["default"].get_modified_time(name)

    def url(self, name):
        return storages["default"].url(name)


def random_path(instance, filename):
    """Return `uploads/<random folder>/file.<ext>`, which tells and can be guessed from nothing."""
    end = posixpath.splitext(filename)[1].lower()
    return f"uploads/{uuid.uuid4().hex}/file{end}"


class Attachment(models.Model):
    """A kept file; rooms derive their own and add what it belongs to."""

    file = models.FileField(
        "文件", upload_to=random_path, storage=Uploads(), max_length=120, editable=False
    )
    name = models.CharField("文件名", max_length=MAX_NAME)
    size = models.PositiveBigIntegerField("字节数", editable=False)
    sha256 = models.CharField("校验和", max_length=64, editable=False)
    content_type = models.CharField("类型", max_length=80, editable=False)
    uploaded_at = models.DateTimeField("上传时间", default=clock.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="上传人",
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @classmethod
    def keep(cls, accepted, *, by, **fields):
        """Store one `Accepted` file uploaded by `by`; `fields` say what it belongs to."""
        content = accepted.content
        return cls.objects.create(
            file=ContentFile(content, name=accepted.name),
            name=accepted.name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content_type=accepted.content_type,
            uploaded_by=by,
            **fields,
        )

    def open_stored(self):
        """Open what lies in the storage now; raises FileNotFoundError when nothing does."""
        return self.file.storage.open(self.file.name, "rb")

    @property
    def is_picture(self):
        return self.content_type in {JPEG, PNG}

    @property
    def is_intact(self):
        """Whether the stored bytes are still those that were uploaded."""
        try:
            with self.open_stored() as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def serve(attachment) -> FileResponse:
    """Return the response with an attachment's content; the caller has checked who may see it.

    Pictures and PDF open in the browser, the rest is saved. Nothing is cached or run. Raises
    Http404 when the file is no longer there.
    """
    try:
        file = attachment.open_stored()
    except FileNotFoundError:
        raise Http404("文件不在存储中，请联系系统管理员从备份恢复。") from None
    response = FileResponse(
        file,
        as_attachment=attachment.content_type not in SHOWN_IN_BROWSER,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
