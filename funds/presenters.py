"""What the pages of an application say about it: colour and words of its state, steps, timeline."""

from funds.models import ChangeState, State
from funds.models.states import FINAL, PENDING
from funds.papers import approval_opinions
from pilotwork import clock
from pilotwork.money import to_yuan, yuan
from pilotwork.templatetags.pilotwork import cn_full_date

TONES = {
    State.DRAFT: "n",
    State.RETURNED: "r",
    State.CLOSED: "g",
    State.REJECTED: "r",
    State.WITHDRAWN: "n",
    State.REVOKED: "n",
    State.TERMINATED: "n",
}
CHANGE_TONES = {
    ChangeState.APPROVED: "g",
    ChangeState.DECLINED: "r",
    ChangeState.WITHDRAWN: "n",
}
IN_REVIEW = "审核中"
TIMELINE_TONES = {
    "send_back": "a",
    "send_back_closure": "a",
    "reopen": "a",
    "decline": "r",
} | dict.fromkeys(("reject", "revoke", "terminate", "reverse"), "r")
# The words before the amounts that a log row remembers.
DETAIL_WORDS = {
    "requested_amount": "申请",
    "before": "原核定",
    "amount": "金额",
    "spent_total": "实际支出",
    "spent_from_fund": "其中基金",
    "due_back": "应退",
    "released": "释放占用",
}
# Where the same key means something narrower.
VERB_WORDS = dict.fromkeys(("approve", "reduce"), {"amount": "核定"})


def state_words(application, user):
    """The state as this person sees it: who decides is the county's affair (DOMAIN, Money)."""
    is_pending = application.state in PENDING
    return IN_REVIEW if is_pending and not user.is_county else application.get_state_display()


def tone_of(application, *, waits_for_me=False):
    """The colour of the state's tag: blue when it waits for the reader, amber while under way."""
    return "bl" if waits_for_me else TONES.get(application.state, "a")


# --- Steps --------------------------------------------------------------------------------------


def steps(application):
    """The bar of seven steps; a matter that ended early has its end as the last one."""
    first = {}
    for row in application.log:
        first[row.verb] = row
    reached = _reached(application)
    labels = [
        ("提交", first.get("resubmit") or first.get("submit")),
        ("指导员意见", first.get("mentor_opinion")),
        ("初审", first.get("review")),
        ("审批", first.get("approve")),
        ("拨付", first.get("pay")),
        ("实施", None),
        ("结项", first.get("close")),
    ]
    bar = []
    for position, (label, row) in enumerate(labels):
        status = "done" if position < reached else "now" if position == reached else "todo"
        if label == "指导员意见":
            # It is asked for and blocks nothing: done when given, never what everybody waits for.
            status = "done" if row else "todo"
        when = f"{clock.local(row.at):%m-%d}" if row and status == "done" else ""
        bar.append({"label": label, "when": when, "status": status})
    if application.state in FINAL and application.state != State.CLOSED:
        ended = {"label": application.get_state_display(), "when": "", "status": "now"}
        bar = [step for step in bar if step["status"] == "done"] + [ended]
    return bar


def _reached(application):
    """The position of the step that is under way; one past the last when all are done."""
    if application.state == State.APPROVED:
        return 5 if application.sums.unpaid <= 0 else 4
    if application.state in FINAL:
        done = {"approve": 4, "review": 3, "submit": 1}
        verbs = {row.verb for row in application.log}
        return 7 if application.state == State.CLOSED else _first_of(done, verbs)
    return {
        State.DRAFT: 0,
        State.RETURNED: 0,
        State.SUBMITTED: 2,
        State.REVIEWED: 3,
        State.CLOSING: 6,
        State.CLOSURE_REVIEWED: 6,
    }[application.state]


def _first_of(positions, verbs):
    return next((position for verb, position in positions.items() if verb in verbs), 0)


# --- Timeline and opinions ------------------------------------------------------------------------


def timeline(matter, rows):
    """What happened, newest first, for components/timeline.html."""
    return [
        {
            "title": row.label,
            "text": "；".join(filter(None, [_plain(row.opinion), details_of(row)])),
            "who": who(matter, row),
            "when": row.at,
            "tone": TIMELINE_TONES.get(row.verb, "g"),
        }
        for row in reversed(rows)
    ]


def _plain(opinion):
    return opinion.strip().rstrip("。；") if opinion else ""


def details_of(row):
    """The amounts and papers a log row remembers, in words."""
    words = [
        f"{word} {yuan(to_yuan(row.details[key]))} 元"
        for key, word in (DETAIL_WORDS | VERB_WORDS.get(row.verb, {})).items()
        if row.details.get(key) not in (None, "", "0.00")
    ]
    if row.details.get("voucher"):
        words.append(f"凭单 {row.details['voucher']}")
    if row.minutes_number:
        words.append(f"会议纪要号：{row.minutes_number}")
    return "，".join(words)


def who(matter, row):
    """Who did it, whose opinion he entered, and that he may give an opinion at most."""
    if row.verb == "superior_opinion":
        return f"{matter.pilot_unit.organisation.parent} · 由{row.by_name}录入"
    tie = matter.tie_of(row.by_id)
    if not tie:
        return row.by_name
    return (
        f"{row.by_name}（{tie}，按规定回避）"
        if row.verb == "mentor_opinion"
        else f"{row.by_name}（{tie}）"
    )


def opinions(application):
    """The opinions in the order of the form, missing ones said: [{label, verdict, missing, row, who}].

    As on the printed form, of the version that is now on the table; earlier ones are in the log.
    """
    rows = approval_opinions(application)
    asked = [
        ("指导员意见", rows["mentor"], "指导员意见尚未提出"),
        ("初审意见", rows["review"], "尚未初审"),
        ("审批意见", rows["approval"], "尚未审批"),
    ]
    if not application.pilot_unit.has_county_parent:
        asked.insert(0, ("上级团组织意见", rows["superior"], "上级团组织意见尚未录入"))
    return [
        {
            "label": label,
            "row": row,
            "who": who(application, row) if row else "",
            "verdict": row.label if row and row.act else "",
            "missing": missing,
        }
        for label, row, missing in asked
    ]


def last_return(application):
    """The log row by which the application came back to the unit, or None when it did not."""
    if application.state != State.RETURNED:
        return None
    return next((row for row in reversed(application.log) if row.target == State.RETURNED), None)


# --- Content ----------------------------------------------------------------------------------


def facts(application):
    """The content for components/facts.html."""
    activity = application.signature_activity
    return [
        {"label": "活动目的", "value": application.purpose},
        {"label": "活动方案", "value": application.plan},
        {
            "label": "时间地点",
            "value": "，".join(filter(None, [period(application), application.place])),
        },
        {"label": "参加人员", "value": application.participants},
        {"label": "特色活动", "value": str(activity) if activity else "不关联"},
        {"label": "联系人", "value": f"{application.contact} {application.phone}".strip()},
        {
            "label": "收款账户",
            "value": "\n".join(
                filter(
                    None,
                    [application.payee_name, application.payee_bank, application.payee_account],
                )
            ),
        },
    ]


def period(application):
    """The days of the activity as they are read, 11月23日至25日; empty without dates."""
    start, end = application.starts_on, application.ends_on
    if not start or not end:
        return cn_full_date(start or end)
    if start == end:
        return cn_full_date(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{cn_full_date(start)}至{end.day}日"
    return f"{cn_full_date(start)}至{cn_full_date(end)}"
