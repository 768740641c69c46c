"""帮助: the guide of docs/ as a page."""

import re
from functools import cache

import markdown
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

GUIDE = "docs/guide.zh.md"


def anchor(heading, separator):
    """A heading's anchor: its own words, which browsers show as they are."""
    return heading.strip().replace(" ", separator)


# How the reader writes a paragraph that is nothing but a picture.
PICTURE = re.compile(r'<p><img alt="([^"]*)" src="guide-pictures/([a-z-]+)\.webp" /></p>\n?')


@cache
def guide_page(pictures=frozenset()):
    """The guide as {"toc": [{"id", "name"}], "body": HTML}, read once per process.

    `pictures` are the names of those that are there; of the others nothing is shown. The body is
    the only text of the site that is marked safe: it comes from our own file.
    """

    def shown(match):
        words, name = match.groups()
        if name not in pictures:
            return ""
        source = reverse("reports:help_picture", args=[name])
        image = f'<img src="{source}" alt="{words}" loading="lazy">'
        return f"<figure>{image}<figcaption>{words}</figcaption></figure>\n"

    source = (settings.BASE_DIR / GUIDE).read_text(encoding="utf-8")
    reader = markdown.Markdown(
        extensions=["toc", "tables"],
        extension_configs={"toc": {"slugify": anchor, "toc_depth": "2-2"}},
    )
    body = PICTURE.sub(shown, reader.convert(source))
    toc = [{"id": token["id"], "name": token["name"]} for token in reader.toc_tokens]
    return {"toc": toc, "body": SafeString(body)}
