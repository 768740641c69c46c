"""Figures of 经费: the pilot fund, applications, dues that went back, rewards, plaques."""

from django.urls import reverse

from funds.flows import payments, receipts, recoveries
from funds.models import Application, CommitmentKind, Plaque, Source, State
from funds.models.plaque import PlaqueState
from funds.models.states import GRANTED
from pilotwork.clock import end_of
from reports.figures.figure import EachDistinct, EachRow, Figure, SumOfMoney

# Submitted and not withdrawn; a draft has no state in the log yet.
APPLIED = [state for state in State if state not in {State.DRAFT, State.WITHDRAWN}]


# --- Entries of the ledger --------------------------------------------------------------------


def received(programme, on, **more):
    """What came into the programme's pilot fund by the end of `on`."""
    return receipts().filter(account__programme=programme, booked_at__lt=end_of(on), **more)


def from_source(source):
    """The rows of the receipts from one Source."""
    return lambda programme, on: received(programme, on, came_from=source)


def carried_out(programme, on):
    """What left the programme's fund for a later programme's by the end of `on`."""
    return payments().filter(
        account__programme=programme,
        commitment__kind=CommitmentKind.CARRY_OVER,
        booked_at__lt=end_of(on),
    )


def on_projects(flow):
    """The rows of `flow`, a function of funds.flows, that belong to the programme's applications."""

    def rows(programme, on):
        return flow().filter(
            account__programme=programme,
            commitment__kind=CommitmentKind.APPLICATION,
            booked_at__lt=end_of(on),
        )

    return rows


def paid_to(owner):
    """The rows of what was paid to the programme's matters of one kind, by their relation's name."""

    def rows(programme, on):
        unit = {f"commitment__{owner}__pilot_unit__programme": programme}
        return payments().filter(booked_at__lt=end_of(on), **unit)

    return rows


def entry_in_words(entry):
    """What an entry is: its kind, its voucher number and whose money."""
    words = [entry.get_kind_display(), entry.voucher_number, entry.counterparty or entry.memo]
    return " ".join(word for word in words if word)


def of_entries(key, label, meaning, rows, amount, **more):
    """A Figure that sums entries: `amount` names the signed yuan of a row."""
    return Figure(
        key=key,
        label=label,
        unit="元",
        meaning=meaning,
        tally=SumOfMoney(amount),
        rows=rows,
        day=lambda entry: entry.booked_at,
        day_label="记账日期",
        what=entry_in_words,
        address=lambda entry: reverse("funds:voucher", args=[entry.pk]),
        amount=lambda entry: getattr(entry, amount),
        newest=("-booked_at", "-pk"),
        related=("account", *more.pop("related", ())),
        **more,
    )


BY_SOURCE = {"unit_path": None, "split_by": "came_from", "split_words": Source.choices}
WITHOUT_REVERSALS = "扣除已冲销的部分，按记账日期统计。"

FUND = [
    of_entries(
        "fund_received",
        "试点工作基金总额",
        f"试点工作基金账户的全部入账，{WITHOUT_REVERSALS}",
        received,
        "came_in",
        **BY_SOURCE,
    ),
    of_entries(
        "fund_from_working",
        "基金中的工作经费",
        f"试点工作基金中来源为工作经费的入账，{WITHOUT_REVERSALS}",
        from_source(Source.WORKING),
        "came_in",
        **BY_SOURCE,
    ),
    of_entries(
        "fund_from_donation",
        "基金中的社会筹集",
        f"试点工作基金中来源为社会筹集的入账，{WITHOUT_REVERSALS}",
        from_source(Source.DONATION),
        "came_in",
        **BY_SOURCE,
    ),
    of_entries(
        "fund_carried_in",
        "基金中的上次试点结转",
        f"从以前的试点工作基金结转来的入账，{WITHOUT_REVERSALS}",
        from_source(Source.CARRY_OVER),
        "came_in",
        **BY_SOURCE,
    ),
    of_entries(
        "fund_carried_out",
        "结转到以后试点的金额",
        f"试点结束后从本次基金结转到以后试点基金的金额，不是拨付，{WITHOUT_REVERSALS}",
        carried_out,
        "paid",
        unit_path=None,
    ),
]


# --- Applications -----------------------------------------------------------------------------


def in_states(states):
    """The rows of the programme's applications that were in one of `states` at the cutoff."""

    def rows(programme, on):
        applications = Application.objects.filter(pilot_unit__programme=programme)
        return applications.as_of(end_of(on)).filter(state_then__in=states)

    return rows


OF_APPLICATIONS = {
    "what": lambda application: f"{application.number} {application.name}",
    "address": lambda application: reverse("funds:application", args=[application.pk]),
}
BY_SUBMISSION = {
    "newest": ("-submitted_at", "-pk"),
    "day": lambda application: application.submitted_at,
    "day_label": "提交日期",
}
APPLICATIONS = [
    Figure(
        key="units_applied",
        label="提出立项申请的单位",
        unit="个",
        meaning="已提交且未撤回立项申请的试点单位，一个单位只计一次。按提交、撤回的日期统计。",
        tally=EachDistinct("pilot_unit", "该单位已计"),
        rows=in_states(APPLIED),
        **OF_APPLICATIONS,
        **BY_SUBMISSION,
    ),
    Figure(
        key="applications",
        label="立项申请",
        unit="项",
        meaning="已提交且未撤回的立项申请，审核中、已立项和不予立项的都在内。按提交、撤回的日期统计。",
        tally=EachRow(),
        rows=in_states(APPLIED),
        **OF_APPLICATIONS,
        **BY_SUBMISSION,
    ),
    Figure(
        key="approved_amount",
        label="核定金额",
        unit="元",
        meaning="已立项项目的核定金额，核减后按核减的金额计，撤销立项的不计。按审批日期统计。",
        tally=SumOfMoney("approved_then"),
        rows=in_states(GRANTED),
        amount=lambda application: application.approved_then,
        newest=("-decided_then", "-pk"),
        day=lambda application: application.decided_then,
        day_label="核定日期",
        **OF_APPLICATIONS,
    ),
    of_entries(
        "disbursed_amount",
        "已拨付金额",
        f"从试点工作基金拨付给立项项目的金额，{WITHOUT_REVERSALS}收回的结余另计。",
        on_projects(payments),
        "paid",
        unit_path="commitment__application__pilot_unit",
    ),
    of_entries(
        "recovered_amount",
        "收回结余",
        f"立项项目退回试点工作基金的结余，{WITHOUT_REVERSALS}",
        on_projects(recoveries),
        "came_back",
        unit_path="commitment__application__pilot_unit",
    ),
]


# --- Dues, rewards, plaques -------------------------------------------------------------------

DUES = of_entries(
    "dues_refunded",
    "返还团费",
    f"退返给试点单位的团费，{WITHOUT_REVERSALS}免缴留用的不经账户，不在内。",
    paid_to("dues_record"),
    "paid",
    unit_path="commitment__dues_record__pilot_unit",
)
REWARDS = of_entries(
    "rewards_amount",
    "发放典型奖励",
    f"发给典型单位的奖励，{WITHOUT_REVERSALS}",
    paid_to("reward"),
    "paid",
    unit_path="commitment__reward__pilot_unit",
)


def hanging(programme, on):
    """The plaques that hung at the programme's units at the end of `on`."""
    plaques = Plaque.objects.filter(pilot_unit__programme=programme)
    return plaques.as_of(end_of(on)).filter(state_then=PlaqueState.HUNG)


PLAQUES = Figure(
    key="plaques",
    label="挂牌",
    unit="块",
    meaning="截止日挂着的“试点单位”铜牌，已更换、收回的不计。按登记挂牌的日期统计。",
    tally=EachRow(),
    rows=hanging,
    day=lambda plaque: plaque.since_then,
    day_label="登记日期",
    what=lambda plaque: f"“{plaque.text}”铜牌 {plaque.place}",
    address=lambda plaque: reverse("funds:plaque", args=[plaque.pk]),
    newest=("-since_then", "-pk"),
)
