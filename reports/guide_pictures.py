"""The guide's pictures: which pages of the demo they show, and where they lie once they are made.

They are made by `manage.py guide_pictures` from the running demo and kept out of the repository;
the 帮助 page shows those that are there and reads well without.
"""

import dataclasses

from django.conf import settings

WIDE, PHONE = 1280, 390


@dataclasses.dataclass(frozen=True)
class Picture:
    """A page as one of the demo's people sees it; `click` is pressed there first, if given."""

    name: str
    username: str
    address: str
    click: str = ""
    width: int = WIDE
    height: int = 800


PICTURES = {
    picture.name: picture
    for picture in (
        Picture("workbench", "secretary", "/"),
        Picture("decision", "secretary", "/", click=".task-act .btn-primary", height=1000),
        Picture("application", "wangkou", "/funds/applications/new/", height=900),
        Picture("visit", "officer", "/mentors/visits/new/", width=PHONE),
        Picture("five-ones", "leader", "/mentors/five-ones/"),
        Picture("account", "clerk", "/funds/accounts/", click="main .panel a"),
        Picture("briefing", "orghead", "/reports/briefing/"),
        Picture("people", "admin", "/accounts/people/"),
        Picture("coverage", "admin", "/mentors/coverage/"),
    )
}


def path_of(name):
    """Where the picture of that name lies."""
    return settings.GUIDE_PICTURES / f"{name}.webp"


def made():
    """The names of the pictures that are there."""
    return frozenset(name for name in PICTURES if path_of(name).is_file())
