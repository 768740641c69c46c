"""What a text is filled with: the figures and lists of one programme at one cutoff day."""

import dataclasses
import datetime as dt

from django.db.models import F
from django.urls import reverse

from funds.models import Application, State
from mentors import weeks
from mentors.models import Difficulty, MentorAssignment
from pairings.models import Agreement, Pairing, Topic
from pilotwork import clock
from pilotwork.paper.official import Run
from pilotwork.sql import AddDays, NumberOf
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.figures import FIGURES, figure_url, in_words, measure
from units.models import PilotProgramme, PilotUnit

NO_TOPIC = "双方约定的事项"
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
        if key in FIGURES:
            return figure_url(key, self.programme, self.on)
        return reverse(ISSUE_PAGES[key])


# Where one sees what is still open; those lists show today's state.
ISSUE_PAGES = {
    "overdue_weeks": "mentors:five_ones",
    "missing_closures": "funds:applications",
    "open_difficulties": "mentors:difficulties",
}


def gather(programme, on):
    """The Material of `programme` at the end of the day `on`, in a fixed number of queries."""
    values = measure(programme, on) | open_issues(programme, on)
    words = {
        key: in_words(key, value) if key in FIGURES else str(value) for key, value in values.items()
    }
    lists = {
        "cutoff": [Run(cn_full_date(on))],
        "programme": [Run(programme.name)],
        "mentor_list": [Run(mentor_list(programme, on))],
        "pair_list": [Run(pair_list(programme, on))],
        "topic_list": [Run(topic_list(programme, on))],
        "problem_list": problem_list(values, words),
    }
    return Material(programme, on, values, words, lists)


def mentor_list(programme, on):
    """Each unit with its mentors of the day and their posts: 单位—刘（团县委副书记）；…"""
    rows = MentorAssignment.objects.current(on).filter(pilot_unit__programme=programme)
    rows = rows.select_related("pilot_unit__organisation", "mentor")
    return _list(rows, lambda row: _person(row.mentor), "尚未选派")


def pair_list(programme, on):
    """Each unit with its partner of the day: 单位—结对单位；…"""
    rows = Pairing.objects.current(on).filter(pilot_unit__programme=programme)
    rows = rows.select_related("pilot_unit__organisation", "partner")
    return _list(rows, lambda row: row.partner.name, "尚未结对")


def _list(rows, other, nothing):
    rows = rows.order_by("pilot_unit__organisation__name_key", "pilot_unit", "starts_on", "pk")
    named = [f"{row.pilot_unit.organisation.name}—{other(row)}" for row in rows]
    return "；".join(named) or nothing


def _person(user):
    return f"{user.name}（{user.post}）" if user.post else user.name


def topic_list(programme, on):
    """The topics of the agreements that count, in their usual order and each once."""
    rows = FIGURES["agreements"].rows(programme, on)
    found = set(
        Agreement.topics.field.model.objects.filter(agreement__in=rows.order_by()).values_list(
            "topic", flat=True
        )
    )
    named = [topic.label for topic in Topic if topic in found and topic != Topic.OTHER]
    if not named:
        return NO_TOPIC
    return "、".join(named) + ("等" if Topic.OTHER in found else "")


def open_issues(programme, on):
    """{key: number} of what was still open at the end of the day `on`."""
    numbers = PilotProgramme.objects.filter(pk=programme.pk).values_list(
        NumberOf(missing_closures(programme, on).values("pk")),
        NumberOf(open_difficulties(programme, on).values("pk")),
    )
    closures, difficulties = numbers.get()
    return {
        "overdue_weeks": overdue_weeks(programme, on),
        "missing_closures": closures,
        "open_difficulties": difficulties,
    }


def overdue_weeks(programme, on):
    """How many due weeks of all units had ended by `on` without a visit or an excuse."""
    units = list(PilotUnit.objects.filter(programme=programme, joined_on__lte=on))
    for unit in units:
        unit.programme = programme
    facts = weeks.facts_of(units)
    calendar = weeks.Calendar(facts.overrides)
    mondays = weeks.mondays_of(programme, on)
    tallies = (
        weeks.tally(weeks.weeks_of(unit, facts[unit.pk], calendar, mondays, on), on)
        for unit in units
    )
    return sum(one.overdue for one in tallies)


def missing_closures(programme, on):
    """Applications that stood approved at the end of `on`, their activity over longer than allowed."""
    due = AddDays(F("ends_on"), F("pilot_unit__programme__closure_grace_days"))
    return (
        Application.objects.filter(pilot_unit__programme=programme)
        .as_of(clock.end_of(on))
        .annotate(due_on=due)
        .filter(state_then=State.APPROVED, due_on__lt=on)
        .order_by()
    )


def open_difficulties(programme, on):
    """Difficulties raised by `on` that the unit had not confirmed as solved by then."""
    raised = Difficulty.objects.filter(pilot_unit__programme=programme, raised_on__lte=on)
    return raised.exclude(confirmed_on__lte=on).order_by()


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
