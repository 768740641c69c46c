"""Pages of 结转: deciding what becomes of what is left of a fund, and one carry-over."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import label_of
from accounts.models import Duty
from accounts.pages import form_page, undoable
from accounts.rules import holds, is_county
from accounts.verbs import panel_for, run_verb
from funds.actions.carry_over import decide_carry_over
from funds.carry_over_verbs import CARRY_OVER_VERBS
from funds.forms.carry_over import DecideForm
from funds.models import CarryOver, Entry, FundAccount
from funds.models.carry_over import CARRY_OVER_TONES
from funds.presenters import details_of
from pilotwork.money import yuan
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotProgramme
from units.views import verb_of

holds_approver = holds(Duty.APPROVER)


def programmes_with_fund(user):
    """Every programme, with its fund."""
    return PilotProgramme.objects.select_related("fund_account")


@access(
    holds_approver,
    of=PilotProgramme,
    among=programmes_with_fund,
    reason="结转由有审批职责的人员决定。",
)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, programme):
    """决定结转: what is left of an ended programme's fund goes on, or is kept."""
    account = FundAccount.objects.with_balances().filter(programme=programme).first()
    available = (account and account.available) or 0
    form = DecideForm(request.POST or None, programme=programme, available=available)

    def act(**typed):
        decided = decide_carry_over(programme, by=request.user, **typed)
        said = "已决定，等财务记账。" if decided.to_programme else "已决定留存。"
        back = reverse("funds:act_on_carry_over", args=[decided.pk, "revoke"])
        return undoable(said, label_of(CarryOver, "revoke"), back)

    return form_page(
        request,
        form,
        act,
        back=reverse("reports:programme", args=[programme.pk]),
        title="决定结转",
        button="保存决定",
        sub=str(programme),
        crumbs=crumbs(),
        warning=warning_of(account),
    )


def warning_of(account):
    """What is to be known before deciding; money still reserved may come back and be left later."""
    words = "决定后由财务记账；决定的人和记账的人不能是同一人。理由保存后不可更改。"
    if account and account.cash != account.available:
        reserved = yuan(account.cash - account.available)
        words += f"基金还有占用 {reserved} 元没有拨付或释放，以后释放出来的要再决定一次；可以等全部办完再决定。"
    return words


def crumbs(*further):
    """The way to a page below the accounts."""
    return [{"label": "资金账户", "url": reverse("funds:accounts")}, *further]


def timeline_of(carry_over):
    """What happened, newest first; the matter is on no unit, so nobody has a tie to be named."""
    return [
        {
            "title": row.label,
            "text": "；".join(filter(None, [row.opinion, details_of(row)])),
            "who": row.by_name,
            "when": row.at,
        }
        for row in reversed(carry_over.log)
    ]


def facts_of(carry_over):
    """What is known of a carry-over: [{label, value, url}]."""
    source, target = carry_over.programme, carry_over.to_programme
    return [
        {"label": "转出", "value": source, "url": account_url(source)},
        {"label": "转入", "value": target or "不转出，留存", "url": target and account_url(target)},
        {"label": "金额", "value": f"{yuan(carry_over.amount)} 元"},
        {"label": "决定日期", "value": cn_full_date(carry_over.decided_on)},
    ]


def account_url(programme):
    """The page of the programme's fund."""
    return reverse("funds:account", args=[programme.fund_account.pk])


def vouchers_of(carry_over):
    """The entries that moved the money, on both sides: [{label, url}] of their vouchers."""
    own = {}
    for booking in carry_over.bookings.all():
        own |= {booking.payment_id: "转出", booking.receipt_id: "转入"}
    moved = Entry.objects.filter(pk__in=own) | Entry.objects.filter(reverses__in=own)
    return [
        {
            "label": f"{own.get(entry.pk, '冲销')}凭单 {entry.voucher_number}",
            "url": reverse("funds:voucher", args=[entry.pk]),
        }
        for entry in moved.select_related("account").order_by("account", "number")
    ]


def carry_over_page(request, carry_over, chosen=None, form=None):
    """The page of one carry-over with what this person may do on it."""
    context = {
        "matter": carry_over,
        "title": "基金结转" if carry_over.to_programme else "结余留存",
        "tone": CARRY_OVER_TONES[carry_over.state],
        "crumbs": crumbs(),
        "facts": facts_of(carry_over),
        "prints": vouchers_of(carry_over),
        "panel": panel_for(carry_over, request.user, CARRY_OVER_VERBS, chosen=chosen, form=form),
        "is_chosen": chosen is not None,
        "page_url": reverse("funds:carry_over", args=[carry_over.pk]),
        "verb_url": "funds:act_on_carry_over",
        "timeline": timeline_of(carry_over),
    }
    return render(request, "funds/carry_over.html", context)


def with_funds(carry_overs):
    """Carry-overs with both programmes and their funds."""
    return carry_overs.select_related(
        "programme__fund_account", "to_programme__fund_account", "commitment"
    )


@access(is_county, of=CarryOver, enrich=with_funds)
@require_safe
def carry_over(request, carry_over):
    """One carry-over: from where to where, how much, what happened."""
    return carry_over_page(request, carry_over)


@access(is_county, of=CarryOver, enrich=with_funds)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, carry_over, verb):
    """A verb of one carry-over: GET shows its form, POST performs it."""
    return run_verb(
        request,
        carry_over,
        verb_of(CARRY_OVER_VERBS, verb),
        render=lambda chosen, form: carry_over_page(request, carry_over, chosen, form),
        done=lambda result: reverse("funds:carry_over", args=[carry_over.pk]),
    )
