"""The printed forms of joint work: a seminar's minutes, an agreement."""

from django.urls import reverse

from pairings.models import JointState, Side
from pilotwork.paper.prints import Paper
from pilotwork.templatetags.pilotwork import cn_full_date


def term_of(agreement):
    """The agreement's term in words."""
    return f"{cn_full_date(agreement.starts_on)}至{cn_full_date(agreement.ends_on)}"


def _context(joint, noun):
    """What both forms need: the row, its sides, who entered and who confirmed it."""
    confirmed = [row for row in joint.log if row.target == JointState.CONFIRMED]
    return {
        "joint": joint,
        "unit": joint.organisations[Side.UNIT],
        "partner": joint.organisations[Side.PARTNER],
        "entered": joint.log[0],
        "confirmed": confirmed[0] if confirmed and not joint.is_on_behalf else None,
        "withdrawn": joint.log[-1] if joint.state == JointState.WITHDRAWN else None,
        "chain_head": joint.log[-1].digest,
        "back_url": reverse(f"pairings:{noun}", args=[joint.pk]),
    }


def minutes(seminar):
    """座谈会纪要, with room for both sides to sign and seal."""
    context = _context(seminar, "seminar")
    context["photos"] = seminar.photos.filter(removed_at=None).count()
    return Paper("pairings/print_seminar.html", context)


def agreement_form(agreement):
    """活动协议, with room for both sides to sign and seal."""
    context = _context(agreement, "agreement")
    context |= {"term": term_of(agreement), "topics": agreement.topic_labels}
    return Paper("pairings/print_agreement.html", context)
