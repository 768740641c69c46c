"""What a text is filled with: the figures and lists of one programme at one cutoff day."""

import dataclasses
import datetime as dt

from django.db.models import CharField, OuterRef, Value
from django.urls import reverse

from mentors import weeks
from pairings.models import Agreement, Topic
from pilotwork.paper.official import Run
from pilotwork.sql import NumberOf
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.figures import FIGURES, ISSUES, PAGED, figure_url, in_words, measure
from units.models import PilotProgramme, PilotUnit

NO_TOPIC, OTHER_TOPICS = "待双方商定的事项", "双方约定的事项"
NO_ISSUE = "截至目前，没有逾期未访的周次、逾期未结项的项目和未解决的困难。"
ORDINALS = "一二三四五六七八九十"


@dataclasses.dataclass(frozen=True)
class Material:
    """The figures as they are printed, {key: words}, and the lists, {key: [Run]}, of one day.

    `values` are the numbers behind the words.
    """

    programme: PilotProgramme
    on: dt.date
    values: dict
    words: dict
    lists: dict

    def runs_of(self, placeholder):
        """What stands in the text for `placeholder`."""
        if placeholder.key in self.lists:
            return self.lists[placeholder.key]
        return [Run(self.words[placeholder.key], placeholder.key)]

    def address_of(self, key):
        """The page of the records behind the figure `key`."""
        if key in PAGED:
            return figure_url(key, self.programme, self.on)
        # Which weeks they are stands in the table of all weeks.
        return f"{reverse('mentors:five_ones')}?programme={self.programme.pk}"


def gather(programme, on):
    """The Material of `programme` at the end of the day `on`, in four queries."""
    values = measure(programme, on) | open_issues(programme, on)
    words = {
        key: in_words(key, value) if key in FIGURES else str(value) for key, value in values.items()
    }
    lists = {"cutoff": cn_full_date(on), "programme": programme.name, **names_of(programme, on)}
    lists = {key: [Run(text)] for key, text in lists.items()}
    lists["problem_list"] = problem_list(values, words)
    return Material(programme, on, values, words, lists)


def names_of(programme, on):
    """{list: text} of who guides which unit, who is paired with whom, and what pairs agreed on.

    As of the day `on`, units by name; one query for all three.
    """
    topics = Agreement.topics.field.model.objects.filter(
        agreement__in=FIGURES["agreements"].rows(programme, on).order_by()
    )
    # The very records that the numbers before the lists count.
    rows = _named("mentor_list", FIGURES["mentors"].rows(programme, on)).union(
        _named("pair_list", FIGURES["pairs"].rows(programme, on), "partner__name"),
        topics.order_by().values_list(*map(_text, ("topic_list", "", "")), "topic", _text("")),
        all=True,
    )
    found = {"mentor_list": [], "pair_list": [], "topic_list": set()}
    for key, _, unit, name, post in sorted(rows):
        if key == "topic_list":
            found[key].add(name)
        else:
            found[key].append(f"{unit}—{name}（{post}）" if post else f"{unit}—{name}")
    return {
        "mentor_list": "；".join(found["mentor_list"]) or "尚未选派",
        "pair_list": "；".join(found["pair_list"]) or "尚未结对",
        "topic_list": topics_in_words(found["topic_list"]),
    }


def _text(words):
    return Value(words, output_field=CharField())


def _named(key, rows, *name):
    """(key, the unit's sort key and name, the other's name and post) of assignments or pairings."""
    unit = "pilot_unit__organisation__"
    other = (*name, _text("")) if name else ("mentor__name", "mentor__post")
    return rows.order_by().values_list(_text(key), f"{unit}name_key", f"{unit}name", *other)


def topics_in_words(found):
    """The topics `found` (a set) in their usual order."""
    named = [topic.label for topic in Topic if topic in found and topic != Topic.OTHER]
    if not named:
        return OTHER_TOPICS if found else NO_TOPIC
    return "、".join(named) + ("等" if Topic.OTHER in found else "")


def open_issues(programme, on):
    """{key: number} of what was still open at the end of the day `on`, in two queries."""
    here = {"pilot_unit": OuterRef("pk")}
    units = list(
        PilotUnit.objects.filter(programme=programme, joined_on__lte=on)
        .select_related("programme")
        .annotate(
            **{
                key: NumberOf(issue.rows(programme, on).filter(**here).values("pk"))
                for key, issue in ISSUES.items()
            }
        )
    )
    numbers = {key: sum(getattr(unit, key) for unit in units) for key in ISSUES}
    return {"overdue_weeks": overdue_weeks(programme, units, on), **numbers}


def overdue_weeks(programme, units, on):
    """How many due weeks of `units` had ended by `on` without a visit or an excuse (one query).

    Visits and excuses count as they were decided by then.
    """
    ended = [day for day in weeks.mondays_of(programme, on) if day + weeks.WEEK <= on]
    visited, facts = weeks.visited_by_week(programme, units, on)
    counts = weeks.coverage(units, facts, visited, ended, on)
    return sum(due - covered for due, covered in counts.values())


def problem_list(values, words):
    """What is still open, in sentences, each figure a run of its own; what is nought is left out."""
    issues = [
        ("overdue_weeks", "走访还不够经常，应访未访的有", "周次"),
        ("missing_closures", "结项还不够及时，活动结束后逾期未报结项的有", "项"),
        ("open_difficulties", "部分实际困难有待解决，尚未解决的有", "件"),
    ]
    found = [issue for issue in issues if values[issue[0]]]
    runs = []
    for number, (key, words_before, unit) in enumerate(found):
        ordinal = f"{ORDINALS[number]}是" if len(found) > 1 else ""
        end = "。" if number == len(found) - 1 else "；"
        runs += [Run(ordinal + words_before), Run(words[key], key), Run(unit + end)]
    return runs or [Run(NO_ISSUE)]
