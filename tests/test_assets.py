"""Style sheet and icons: what pages ask for is there, and the security policy lets it through."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from pilotwork import assets

ICON_TAG = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']""")
FOUND = Path(settings.BASE_DIR) / "node_modules" / "bootstrap"


@pytest.fixture(autouse=True)
def _node_modules():
    if not FOUND.is_dir():
        pytest.skip("node_modules is missing: run make install")


def test_every_icon_that_a_template_names_is_in_the_sprite():
    named = {
        name
        for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for name in ICON_TAG.findall(template.read_text(encoding="utf-8"))
    }
    assert named - set(assets.ICONS) == set()


def test_the_sprite_holds_each_icon_once():
    symbols = ElementTree.fromstring(assets.sprite())
    assert [symbol.get("id") for symbol in symbols] == list(assets.ICONS)
    assert list(assets.ICONS) == sorted(set(assets.ICONS))


def test_an_icon_that_does_not_exist_is_named():
    with pytest.raises(ImproperlyConfigured, match="no-such-icon"):
        assets.sprite(["no-such-icon"])


def test_the_style_sheet_draws_nothing_inline_and_its_pictures_are_served():
    text = Path(finders.find(assets.STYLE_SHEET)).read_text(encoding="utf-8")
    assert "data:" not in text
    assert "sourceMappingURL" not in text
    pictures = re.findall(r'url\("(.*?)"\)', text)
    assert len(pictures) > 10
    for picture in pictures:
        ElementTree.parse(finders.find(f"bootstrap/{picture}"))


def test_the_charts_are_one_file_that_says_its_licence_and_names_no_map():
    text = Path(finders.find(assets.CHARTS)).read_text(encoding="utf-8")
    assert "MIT License" in text[:200]
    assert "sourceMappingURL" not in text


def test_nothing_else_of_the_packages_is_served():
    for name in (
        "bootstrap/package.json",
        "bootstrap/../icons.svg",
        "bootstrap.min.css",
        "chart.js/chart.umd.min.js.map",
        "chart.js/package.json",
    ):
        assert finders.find(name) is None


def test_without_node_modules_the_message_says_what_to_run(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(ImproperlyConfigured, match="make install"):
        assets.node_modules()


def test_all_static_files_can_be_collected_with_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert [path.name for path in tmp_path.glob("icons.*.svg")] != []
