"""What the pages of dues say: colour and words of a state, facts, timeline, the year's figures."""

import dataclasses
from decimal import Decimal

from django.db.models import Count, F
from django.urls import reverse

from funds.actions.dues_refunds import payee_gap
from funds.models import DuesMethod, DuesRecord, DuesState
from funds.models.dues import TO_REFUND
from funds.presenters import who
from pilotwork.money import round_to_fen, to_yuan, total, yuan
from pilotwork.templatetags.pilotwork import cn_full_date

TONES = {DuesState.SETTLED: "g"}
TIMELINE_TONES = dict.fromkeys(("send_back", "amend", "reopen"), "a") | dict.fromkeys(
    ("reverse_payment", "reverse_refund", "revoke_waiver", "void_use"), "r"
)
# The words before the amounts that a log row remembers.
DETAIL_WORDS = {"payable": "应上缴", "paid": "实缴", "amount": "金额"}
PERCENT = 100


def state_words(dues):
    """The state in words; what a confirmed record waits for depends on its money."""
    if dues.state == DuesState.SETTLED and not dues.payable:
        return "无应缴"
    if dues.state != DuesState.CONFIRMED:
        return dues.get_state_display()
    if dues.unpaid:
        return "待免缴" if dues.method == DuesMethod.KEEP else "待缴清"
    return dues.get_state_display() if dues.refundable else "重新办理"


def tone_of(dues, *, waits_for_me=False):
    """The colour of the state's tag: blue when it waits for the reader."""
    return "bl" if waits_for_me else TONES.get(dues.state, "a")


def timeline(dues):
    """What happened, newest first, for components/timeline.html."""
    return [
        {
            "title": row.label,
            "text": "；".join(filter(None, [row.opinion.strip().rstrip("。；"), details_of(row)])),
            "who": who(dues, row),
            "when": row.at,
            "tone": TIMELINE_TONES.get(row.verb, "g"),
        }
        for row in reversed(dues.log)
    ]


def details_of(row):
    """The amounts and papers a log row remembers, in words."""
    details = row.details
    words = [
        f"{word} {yuan(to_yuan(details[key]))} 元"
        for key, word in DETAIL_WORDS.items()
        if details.get(key) is not None
    ]
    if details.get("method"):
        words.append(details["method"])
    if details.get("receipt_number"):
        words.append(f"票据号 {details['receipt_number']}")
    if details.get("voucher"):
        words.append(f"凭单 {details['voucher']}")
    if row.minutes_number:
        words.append(f"会议纪要号：{row.minutes_number}")
    return "，".join(words)


def facts(dues):
    """What is recorded besides the amounts, for components/facts.html."""
    unit = dues.pilot_unit
    reckoned = ""
    if dues.members is not None:
        reckoned = f"{dues.members} 人"
        if dues.rate is not None:
            reckoned += f" × {yuan(dues.rate)} 元"
    payee = dues.payer
    account = f"{payee.payee_name}\n{payee.payee_bank}\n{payee.payee_account}"
    rows = [
        {"label": "单位", "value": unit, "url": reverse("reports:unit", args=[unit.pk])},
        {"label": "年度", "value": f"{dues.year} 年"},
        {"label": "办法", "value": dues.get_method_display()},
        {"label": "计算", "value": reckoned or "直接填写应上缴金额"},
        {"label": "收款账户", "value": payee_gap(dues) or account},
        {"label": "登记人", "value": dues.recorded_by},
    ]
    if dues.is_via_parent:
        rows.insert(3, {"label": "缴退途径", "value": f"经{payee}缴纳和退返"})
    if dues.no_dues_reason:
        rows.insert(3, {"label": "无应缴的理由", "value": dues.no_dues_reason})
    if dues.refunded:
        received = cn_full_date(dues.received_on) or "单位尚未确认"
        rows.append({"label": "确认到账", "value": received})
    return rows


@dataclasses.dataclass(frozen=True)
class Totals:
    """The sums of one year's records in yuan, and how many can be refunded now."""

    payable: Decimal
    paid: Decimal
    waived: Decimal
    refunded: Decimal
    due: int

    @property
    def refundable(self):
        return self.paid - self.refunded


def totals_of(records):
    """The Totals of `records`, in one query."""
    found = records.aggregate(
        of_payable=total("payable"),
        of_paid=total("paid"),
        of_waived=total("waived"),
        of_refunded=total("refunded"),
        due=Count("pk", filter=TO_REFUND),
    )
    return Totals(
        payable=found["of_payable"],
        paid=found["of_paid"],
        waived=found["of_waived"],
        refunded=found["of_refunded"],
        due=found["due"],
    )


@dataclasses.dataclass(frozen=True)
class Share:
    """What the county passes on upward of one programme's dues of a year: percent and yuan."""

    programme: str
    percent: int
    collected: Decimal

    @property
    def amount(self):
        """The share in yuan, rounded to fen."""
        return round_to_fen(self.collected * self.percent / PERCENT)


def shares_of(year):
    """The Share of every programme with records of `year`, in one query; refunds do not lower it."""
    programme = F("pilot_unit__programme")
    rows = (
        DuesRecord.objects.filter(year=year)
        .order_by(programme)
        .values_list("pilot_unit__programme__name", "pilot_unit__programme__dues_share")
        .annotate(collected=total("paid"))
    )
    return [Share(*row) for row in rows]
