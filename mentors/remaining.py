"""What was logged along with a visit and stays when that counts no more: which records, set right how.

They count by their own rules, so whoever declines or withdraws the visit, and whoever reads it later,
must know.
"""

import dataclasses

from django.urls import reverse

from mentors.models import DifficultyState, guides
from mentors.visit_page import list_of
from pilotwork.templatetags.pilotwork import yuan

# How a difficulty is set right depends on whose turn it is.
DIFFICULTY_WAYS = {
    DifficultyState.RAISED: "解决以前，写法由单位或现任指导员更正。",
    DifficultyState.SOLVED: "单位确认后才计入；没有解决的，由单位点“尚未解决”。",
    DifficultyState.CONFIRMED: "单位已确认解决，不能再更正。",
}


@dataclasses.dataclass(frozen=True)
class Remaining:
    """One record: what it is, how it is set right, and the address (with its words) for that."""

    what: str
    way: str
    link: str
    url: str


def shown_to(visit, user, panel):
    """The Remaining records: for who may decline the visit, or is about to withdraw it, and for
    everybody once it counts no more."""
    offered = {verb.name for verb in [panel.verb, *panel.beside, *panel.others] if verb}
    is_withdrawing = panel.verb is not None and panel.verb.name == "withdraw"
    if "decline" in offered or is_withdrawing or visit.is_out:
        return remaining_of(visit, user)
    return []


def remaining_of(visit, user):
    """The Remaining records of the visit, as `user` finds them; of an archive none is set right."""
    found = [make(visit) for make in (_difficulty, _money, _activity, _research)]
    found = [one for one in found if one]
    if visit.sealed:
        return [Remaining(what, "", "查看", url) for what, _, url, _ in found]
    corrects = any(form for *_, form in found) and guides(visit.pilot_unit, user).exists()
    return [
        Remaining(what, way, "更正", form)
        if form and corrects
        else Remaining(what, way, "查看", url)
        for what, way, url, form in found
    ]


# Each: (what it is, how it is set right, where it stands, its form of correction or "").


def _difficulty(visit):
    difficulty = getattr(visit, "difficulty", None)
    if difficulty is None:
        return None
    what = f"实际困难“{difficulty}”（{difficulty.get_state_display()}）"
    url = reverse("mentors:difficulty", args=[difficulty.pk])
    return what, DIFFICULTY_WAYS[difficulty.state], url, ""


def _money(visit):
    money = getattr(visit, "coordination", None)
    if money is None:
        return None
    way = "由该单位现任指导员更正；其实没有到位的，清空到位日期就不计入。"
    if not money.received_on:
        way = "未到位，不计入；由该单位现任指导员更正。"
    form = reverse("mentors:correct_coordination", args=[money.pk])
    what = f"经费协调 {yuan(money.amount)} 元（{money.source}）"
    return what, way, list_of(visit, "coordinations"), form


def _activity(visit):
    activity = getattr(visit, "activity", None)
    if activity is None:
        return None
    way = "登记后不能更正名称或撤销。"
    return f"特色活动“{activity.name}”", way, list_of(visit, "activities"), ""


def _research(visit):
    research = getattr(visit, "research", None)
    if research is None:
        return None
    way = "内容和日期由该单位现任指导员更正，不能撤销。"
    form = reverse("mentors:correct_research", args=[research.pk])
    return f"调研“{research}”", way, list_of(visit, "research"), form
