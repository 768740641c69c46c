"""帮助: the guide of docs/ as a page."""

from functools import cache

import markdown
from django.conf import settings
from django.utils.safestring import SafeString

GUIDE = "docs/guide.zh.md"


def anchor(heading, separator):
    """A heading's anchor: its own words, which browsers show as they are."""
    return heading.strip().replace(" ", separator)


@cache
def guide_page():
    """The guide as {"toc": [{"id", "name"}], "body": HTML}, read once per process.

    The body is the only text of the site that is marked safe: it comes from our own file.
    """
    source = (settings.BASE_DIR / GUIDE).read_text(encoding="utf-8")
    reader = markdown.Markdown(
        extensions=["toc", "tables"],
        extension_configs={"toc": {"slugify": anchor, "toc_depth": "2-2"}},
    )
    body = reader.convert(source)
    toc = [{"id": token["id"], "name": token["name"]} for token in reader.toc_tokens]
    return {"toc": toc, "body": SafeString(body)}
