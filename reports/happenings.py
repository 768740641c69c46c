"""What happened lately in the matters a person may see."""

import dataclasses
import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import TransitionLog
from funds.models import Application, Change
from pilotwork import clock
from units.models import Suggestion

RECENT = dt.timedelta(days=60)
SHOWN = ("pk", "content_type", "object_id", "label", "verb", "by_name", "at")
# What was done is only understood with what it was done to.
OBJECTS = {Suggestion: "意见建议"}
TONES = {"reject": "r", "decline": "r", "revoke": "r", "terminate": "r", "reverse": "r"}
TONES |= {"send_back": "a", "send_back_closure": "a", "reduce": "a", "reopen": "a"}


@dataclasses.dataclass(frozen=True)
class Happening:
    """One line: what, on which matter, by whom and when; `tone` colours its dot."""

    label: str
    title: str
    url: str
    who: str
    when: dt.datetime
    tone: str


def _sources():
    """(content type, model, the field its title stands in, the URL's name) of what is shown."""
    kinds = [
        (Application, "name", "funds:application"),
        (Change, "application__name", "funds:change"),
        (Suggestion, "text", "units:suggestion"),
    ]
    types = ContentType.objects.get_for_models(*[model for model, _, _ in kinds])
    return [(types[model].pk, model, title, url) for model, title, url in kinds]


def _visible(type_id, model, user):
    """The log rows of one kind of matter that `user` may know of.

    The county sees every matter that has a log (a draft has none yet), so nothing is looked up;
    but for what visitors say of somebody's own unit.
    """
    if user.is_county and model is not Suggestion:
        return Q(content_type=type_id)
    seen = model.objects.visible_to(user).order_by()
    return Q(content_type=type_id, object_id__in=seen.values("pk"))


def happenings_for(user, limit):
    """The last `limit` Happenings of the past 60 days that `user` may know of (one query).

    Of each kind of matter its own last ones are found by index; only those are put in order.
    """
    sources = _sources()
    parts = []
    for type_id, model, title, _ in sources:
        recent = TransitionLog.objects.filter(
            _visible(type_id, model, user), at__gte=clock.now() - RECENT
        )
        last = recent.order_by("-at", "-pk").values("pk")[:limit]
        named = model.objects.filter(pk=OuterRef("object_id")).order_by().values(title)
        part = TransitionLog.objects.filter(pk__in=last).order_by()
        parts.append(part.annotate(title=Subquery(named)).values(*SHOWN, "title"))
    rows = parts[0].union(*parts[1:], all=True).order_by("-at", "-pk")[:limit]
    about = {type_id: (model, url) for type_id, model, _, url in sources}
    return [_happening(row, *about[row["content_type"]]) for row in rows]


def _happening(row, model, url):
    return Happening(
        f"{row['label']}{OBJECTS.get(model, '')}",
        row["title"][:40],
        reverse(url, args=[row["object_id"]]),
        row["by_name"],
        row["at"],
        TONES.get(row["verb"], "g"),
    )
