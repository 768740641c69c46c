"""What a pair of the tests does together, brought into any state through the verbs."""

from pairings.actions.agreements import enter_agreement
from pairings.actions.joint import confirm, dispute, withdraw
from pairings.actions.seminars import enter_seminar
from pairings.models import Agreement, Seminar, Topic
from tests.factories import days_ago

STARTED = 9  # days ago
OBJECTION = "地点写错了。"


def talk(**changed):
    """What is written of a seminar of three days ago."""
    content = {
        "title": "养护座谈会",
        "held_on": days_ago(3),
        "place": "活动室",
        "attendees": "双方各三人",
        "minutes": "商定每月讲课一次。",
    }
    return content | changed


def deal(**changed):
    """What is written of an agreement of three days ago."""
    content = {
        "title": "养护课堂协议",
        "topics": [Topic.FORESTRY],
        "signed_on": days_ago(3),
        "starts_on": days_ago(3),
        "ends_on": days_ago(-300),
        "terms": "每月讲课一次。",
        "steps": "先讲修剪。",
        "results": "",
    }
    return content | changed


def seminar(county, pairing, by=None, **changed):
    """A seminar as its side has entered it (by default the unit's)."""
    return enter_seminar(pairing, by=by or county.member, **talk(**changed))


def agreement(county, pairing, by=None, **changed):
    """An agreement as its side has entered it (by default the unit's)."""
    return enter_agreement(pairing, by=by or county.member, **deal(**changed))


ENTER = {Seminar: seminar, Agreement: agreement}


def bring(county, pairing, kind, state, **changed):
    """A seminar or agreement (`kind`) in `state`, entered by the unit."""
    joint = ENTER[kind](county, pairing, **changed)
    if state == "disputed":
        return dispute(joint, by=county.partner, opinion=OBJECTION)
    if state in {"confirmed", "withdrawn"}:
        joint = confirm(joint, by=county.partner)
    if state == "withdrawn":
        joint = withdraw(joint, by=county.reviewer, opinion="重复登记。")
    return joint
