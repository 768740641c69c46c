"""The Word file as pages, as LibreOffice lays them out."""

import re
import shutil
import subprocess

import pytest

from tests.ground.official import SENTENCE, block, written

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="no LibreOffice here: apt install libreoffice-writer-nogui poppler-utils",
)


def pages_of(folder, *contents):
    """Convert Word files to PDF; return of each its pages as lists of lines."""
    names = [f"{number}.docx" for number, _ in enumerate(contents)]
    for name, content in zip(names, contents, strict=True):
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", *names, folder=folder)
    for name in names:
        text = run("pdftotext", "-layout", name.replace("docx", "pdf"), "-", folder=folder)
        pages = text.removesuffix("\f").split("\f")
        # LibreOffice sets figures off from characters, whatever the file says.
        lines = [[line.replace(" ", "") for line in page.splitlines()] for page in pages]
        yield [[line for line in page if line] for page in lines]


def run(*command, folder):
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, timeout=120
    )
    return result.stdout


@needs_office
@pytest.mark.long
def test_a_full_page_is_a4_and_has_22_lines_of_28_characters(tmp_path):
    body = [block("paragraph", "试点工作" * 370), block("paragraph", SENTENCE)]
    [pages] = pages_of(tmp_path, written(blocks=body))
    about = run("pdfinfo", "0.pdf", folder=tmp_path)
    width, height = map(float, re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", about).groups())
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    assert [page[-1] for page in pages] == ["—1—", "—2—", "—3—"]
    assert [len(line) for line in pages[1][:-1]] == [28] * 22


@needs_office
@pytest.mark.long
def test_however_long_the_text_no_page_is_empty_and_the_signature_never_stands_alone(tmp_path):
    bodies = [["试" * 26] * lines + ["点" * 60] for lines in range(11, 35)]
    files = [written(blocks=[block("paragraph", text) for text in body]) for body in bodies]
    lengths = set()
    for pages in pages_of(tmp_path, *files):
        assert all(len(page) > 1 for page in pages)
        *text, signature, date, _ = pages[-1]
        assert (signature, date) == ("共青团静海县委员会", "2026年5月4日")
        assert text[-1].startswith("点")
        lengths.add(len(pages))
    assert lengths == {1, 2}
