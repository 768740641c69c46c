"""What happened lately in the matters a person may see."""

import dataclasses
import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, OuterRef, Subquery, TextField, When
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import TransitionLog
from awards.models import AwardCycle, Contribution, Nomination, Reward
from funds.models import Application, Change, DuesRecord, Plaque
from mentors.models import Difficulty, Document, ExcusedWeek, Visit
from mentors.ties import ties_of
from pairings.models import Agreement, Seminar
from pilotwork import clock
from pilotwork.sql import OneOf
from reports.todo import PREPARED
from units.models import Suggestion

RECENT = dt.timedelta(days=60)
# What is said of a matter and not done to it: its word goes before, "协议有异议".
WHOLE = {"有异议", "补充成果"}
TONES = {"reject": "r", "decline": "r", "revoke": "r", "terminate": "r", "reverse": "r"}
TONES |= {"send_back": "a", "send_back_closure": "a", "reduce": "a", "reopen": "a"}
TONES |= {"cancel": "r", "dispute": "a", "take_down": "a", "reverse_refund": "r"}


@dataclasses.dataclass(frozen=True)
class Source:
    """One kind of matter: what it is called by, its page, and the word for it where the label of
    what was done does not say it."""

    model: type
    title: str
    page: str
    word: str = ""


UNIT = "pilot_unit__organisation__name"
SOURCES = (
    Source(Application, "name", "funds:application"),
    Source(Change, "application__name", "funds:change"),
    Source(DuesRecord, UNIT, "funds:dues_record", "团费"),
    Source(Plaque, UNIT, "funds:plaque", "铜牌"),
    Source(Reward, UNIT, "awards:reward", "奖励"),
    Source(AwardCycle, "programme__name", "awards:cycle", "评优"),
    Source(Nomination, "organisation__name", "awards:nomination", "推荐"),
    Source(Contribution, UNIT, "awards:contribution", "突出贡献"),
    Source(Seminar, "title", "pairings:seminar", "座谈会"),
    Source(Agreement, "title", "pairings:agreement", "协议"),
    Source(Visit, UNIT, "mentors:visit", "走访"),
    Source(ExcusedWeek, UNIT, "mentors:excuse", "免访"),
    Source(Difficulty, "description", "mentors:difficulty", "困难"),
    Source(Document, UNIT, "mentors:document", "方案与总结"),
    Source(Suggestion, "text", "units:suggestion", "意见建议"),
)


@dataclasses.dataclass(frozen=True)
class Happening:
    """One line: what, on which matter, by whom and when; `tone` colours its dot."""

    label: str
    title: str
    url: str
    who: str
    when: dt.datetime
    tone: str


def _visible(source, user):
    """The log rows of one kind of matter that `user` may know of.

    The county sees every matter that has a log (a draft has none yet), so nothing is looked up;
    but for what visitors say of somebody's own unit.
    """
    rows = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(source.model)
    )
    if user.is_county and source.model is not Suggestion:
        return rows
    seen = source.model.objects.visible_to(user).order_by()
    return rows.filter(object_id__in=seen.values("pk"))


def _query(user, limit):
    """(kind of matter, matter, label, verb, who, when, title) of what happened, newest first.

    Of each kind of matter its own last ones are found by index; only those are put in order, and
    only what is shown is looked up. One after the other (`OneOf`): as joins, a database that knows
    nothing of its tables yet may look for all of them at every row of the log.
    """
    since = clock.end_of(clock.today() - RECENT)
    parts, titles = [], []
    for source in SOURCES:
        last = _visible(source, user).filter(at__gte=since).order_by("-at", "-pk")
        part = TransitionLog.objects.filter(OneOf("pk", last.values("pk")[:limit]))
        parts.append(part.order_by().values("pk"))
        named = source.model._base_manager.filter(pk=OuterRef("object_id")).order_by()
        kind = ContentType.objects.get_for_model(source.model)
        titles.append(When(content_type=kind, then=Subquery(named.values(source.title)[:1])))
    newest = TransitionLog.objects.filter(OneOf("pk", parts[0].union(*parts[1:], all=True)))
    shown = newest.order_by("-at", "-pk").values("pk")[:limit]
    return (
        TransitionLog.objects.filter(OneOf("pk", shown))
        .order_by("-at", "-pk")
        .values_list("content_type", "object_id", "label", "verb", "by_name", "at")
        .annotate(title=Case(*titles, output_field=TextField()))
    )


def happenings_for(user, limit):
    """The last `limit` Happenings of the past 60 days that `user` may know of (one query)."""

    def build(anybody):
        return _query(anybody, limit)

    rows = PREPARED.rows(f"happenings {limit}", build, user, ties_of(user))
    kinds = ContentType.objects.get_for_models(*(source.model for source in SOURCES))
    sources = {kinds[source.model].pk: source for source in SOURCES}
    return [_happening(sources[kind], *row) for kind, *row in rows]


def _happening(source, matter, label, verb, who, when, title):
    word = "" if source.word in label else source.word
    url = reverse(source.page, args=[matter])
    said = f"{word}{label}" if label in WHOLE else f"{label}{word}"
    return Happening(said, title[:40], url, who, _moment(when), TONES.get(verb, "g"))


def _moment(value):
    """A moment as the database's own driver gives it: SQLite keeps it as words, in UTC."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=dt.UTC)
