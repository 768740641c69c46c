"""What an application may ask for and still should be looked at twice: said, never refused."""

from funds.models.states import EDITABLE, PENDING, State
from pilotwork import clock
from pilotwork.money import ZERO, yuan
from pilotwork.templatetags.pilotwork import cn_full_date


def cautions_of(application, available):
    """Sentences for whoever writes or decides on it or on its closure; none once it is decided.

    `available` is what the fund has now, in yuan (None before any entry).
    """
    if application.state in {State.CLOSING, State.CLOSURE_REVIEWED}:
        return closure_cautions(application)
    if application.state not in {*EDITABLE, *PENDING}:
        return []
    cautions = []
    if application.state in EDITABLE and not application.in_active_programme():
        cautions.append(application.in_active_programme.refusal)
    requested, available = application.requested_amount, available or ZERO
    if requested > available:
        cautions.append(
            f"申请由基金承担 {yuan(requested)} 元，超过基金现有可用余额 {yuan(available)} 元；"
            "核定金额不能超过审批时的可用余额。"
        )
    return [*cautions, *late_end(application.programme, application.ends_on)]


def late_end(programme, ends_on):
    """Sentences on an activity that would end on the day `ends_on` (or None) after the programme."""
    if not ends_on or ends_on <= programme.last_day:
        return []
    return [
        f"活动到 {cn_full_date(ends_on)} 才结束，晚于试点结束的"
        f" {cn_full_date(programme.last_day)}，请核对日期。"
    ]


def closure_cautions(application):
    """Sentences for whoever files a closure or decides on it."""
    if application.ends_on <= clock.today():
        return []
    ends_on = cn_full_date(application.ends_on)
    return [f"活动到 {ends_on} 才结束，现在就结项，请核对活动时间和支出；时间提前了的，先办变更。"]
