"""A ZIP for the archive: names, what is listed of its files, and what cannot be read."""

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwork.paper.bundle import CHANGED, MISSING, Bundle, safe_name


class Kept:
    """A kept file as far as a bundle knows it."""

    def __init__(self, content, sha256=None):
        self.content = content
        self.sha256 = sha256 or hashlib.sha256(content or b"").hexdigest()

    def open_stored(self):
        if self.content is None:
            raise FileNotFoundError
        return io.BytesIO(self.content)


def unpacked(bundle):
    """{path: content} of the finished bundle."""
    with bundle.finish() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("实施方案.pdf", "实施方案.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\a.exe", "C__Windows_a.exe"),
        ('座谈会 "纪要"?\n*.docx', "座谈会 _纪要__ _.docx"),
        ("..", "未命名"),
        (" . ", "未命名"),
        ("方案. ", "方案"),
        ("con.pdf", "_con.pdf"),
        ("COM1", "_COM1"),
        ("\u202efdp.exe\x00", "fdp.exe"),
        ("长" * 100 + ".jpeg", "长" * 75 + ".jpeg"),
        ("关于某事。第1版", "关于某事。第1版"),
    ],
)
def test_a_name_is_safe_on_every_system(typed, safe):
    assert safe_name(typed) == safe


@given(st.text(max_size=120))
def test_no_text_makes_a_path_or_a_name_too_long(text):
    name = safe_name(text)
    assert 0 < len(name) <= 81
    assert not set(name) & set('\\/:*?"<>|\n\t\x00')
    assert name == name.strip(" ")
    assert not name.endswith(".")
    assert safe_name(name) == name


def test_files_of_one_name_are_numbered_also_where_capitals_do_not_count():
    bundle = Bundle()
    photos = bundle.root.folder("照片")
    for name in ("A.jpg", "a.jpg", "A.jpg", "B.jpg"):
        photos.add(name, name.encode())
    bundle.root.folder("照片").add("A.jpg", b"other")
    assert list(unpacked(bundle)) == [
        "照片/A.jpg",
        "照片/a（2）.jpg",
        "照片/A（3）.jpg",
        "照片/B.jpg",
        "照片（2）/A.jpg",
    ]


def test_every_file_is_listed_with_its_size_and_checksum():
    bundle = Bundle()
    bundle.root.add("说明.txt", b"abc")
    bundle.root.folder("大").add("一.bin", source=io.BytesIO(b"x" * 3_000_000))
    members = {member.path: member for member in bundle.members}
    contents = unpacked(bundle)
    assert contents.keys() == members.keys()
    for path, content in contents.items():
        assert members[path].size == len(content)
        assert members[path].sha256 == hashlib.sha256(content).hexdigest()
        assert members[path].remark == ""


def test_a_kept_file_that_is_gone_or_changed_is_said_to_be_and_the_rest_goes_on():
    bundle = Bundle()
    bundle.root.add_attachment("有.pdf", Kept(b"%PDF"))
    bundle.root.add_attachment("无.pdf", Kept(None, "ab" * 32))
    bundle.root.add_attachment("改.pdf", Kept(b"%PDF", "cd" * 32))
    remarks = {member.path: member.remark for member in bundle.members}
    assert remarks == {"有.pdf": "", "无.pdf": MISSING, "改.pdf": CHANGED}
    assert [member.sha256 for member in bundle.members][1] == "ab" * 32
    assert set(unpacked(bundle)) == {"有.pdf", "改.pdf"}


def test_the_way_to_the_root_leads_out_of_every_folder():
    bundle = Bundle()
    assert bundle.root.to_root("样式.css") == "样式.css"
    assert bundle.root.folder("经费").folder("甲").to_root("样式.css") == "../../样式.css"
    assert unpacked(bundle) == {}


def test_a_failure_puts_the_half_written_file_away():
    bundle = Bundle()
    bundle.root.add("一.txt", b"1")
    with pytest.raises(AttributeError), bundle:
        bundle.root.add("二.txt", source=object())
    with pytest.raises(ValueError, match="closed"):
        bundle.finish()
