"""An award cycle brought into any situation through the verbs that people use."""

import datetime as dt

from awards.actions import contributions, cycles, nominations
from awards.models import UNIT_TYPES
from pilotwork import clock

DEEDS = "带头成立青年突击队。"
OPINION = "同意。"
NAME = "郑 · 林地队队长"
FRIDAY_BEFORE_NATIONAL_DAY = dt.datetime(2026, 9, 25, 10, 0, tzinfo=clock.SHANGHAI)
EVERY_TYPE = ["committee", "branch", "official", "member"]


def open_cycle(county, level="city", places=1, year=2026):
    """A cycle in which the two units and the office have `places` of every type."""
    cycle = cycles.open_cycle(
        county.programme, by=county.reviewer, year=year, level=level, types=EVERY_TYPE
    )
    organisations = (county.branch, county.other, county.office)
    rows = {organisation: dict.fromkeys(EVERY_TYPE, places) for organisation in organisations}
    return cycles.set_quotas(cycle, by=county.reviewer, rows=rows)


def draft(county, cycle, organisation=None, by=None, **content):
    """A nomination of the unit by its member, or of `organisation` by `by`, not handed in."""
    organisation = organisation or county.branch
    started = nominations.start_nomination(cycle, organisation, by=by or county.member)
    filled = {
        "award_type": "member",
        "nominee_name": "" if content.get("award_type") in UNIT_TYPES else NAME,
        "deeds": DEEDS,
        "party_opinion": "",
        "is_extra": False,
        "contribution": None,
    } | content
    return nominations.save_nomination(started, by=started.entered_by, **filled)


def nominated(county, cycle, organisation=None, by=None, **content):
    """The same, handed in."""
    written = draft(county, cycle, organisation, by, **content)
    return nominations.submit(written, by=written.entered_by)


def of_the_office(county, cycle, **content):
    """A nomination of an organisation that is no pilot unit, entered by a reviewer."""
    filled = {"nominee_name": "沈 · 干事"} | content
    return nominated(county, cycle, county.office, county.reviewer, **filled)


def reviewed(county, nomination):
    """The nomination after the reviewer agreed."""
    return nominations.review(nomination, by=county.reviewer, opinion=OPINION)


def approved(county, nomination, **typed):
    """The nomination after the approver agreed too."""
    return nominations.approve(
        reviewed(county, nomination), by=county.approver, opinion=OPINION, **typed
    )


def recognised(county, unit=None, person=""):
    """A contribution of the unit that the approver recognised."""
    proposed = contributions.propose(
        unit or county.unit, by=county.reviewer, deeds="抗洪抢险。", person=person
    )
    return contributions.recognise(proposed, by=county.approver, opinion=OPINION)


def posted(county, cycle, on=None):
    """The cycle with its notice posted today, or on the day `on`."""
    return cycles.post(
        cycle,
        by=county.reviewer,
        posted_on=on or clock.today(),
        objections_to="团县委组宣部 000",
    )


def after_the_notice(cycle):
    """The clock on the morning after the notice's last day."""
    day = cycle.notice_ends_on + dt.timedelta(days=1)
    return clock.at(dt.datetime.combine(day, dt.time(9), clock.SHANGHAI))
