"""Verbs of an application up to the decision and after it (DOMAIN, Project application).

Each takes the application (any instance; the action works on the locked, fresh row), `by` the acting
person, and `seen`, the last log number the person's page showed (None when there was no page).
Each raises NotPermitted for the wrong person and Refused when state, money or input do not allow it;
nothing has changed then. Each returns the application as it is afterwards.
"""

from accounts.matters import require, take, verb
from funds.actions import ledger
from funds.actions.drafts import PAYEE_FIELDS, attach, keep_version, why_too_early
from funds.models import Application, Commitment, Serial, State
from funds.models.content import AttachmentPurpose
from funds.models.ledger import CommitmentKind
from pilotwork import clock
from pilotwork.money import ZERO, yuan
from pilotwork.refusals import Refused

REQUIRED_CONTENT = (
    "name",
    "purpose",
    "plan",
    "starts_on",
    "ends_on",
    "place",
    "participants",
    "contact",
    "phone",
    *PAYEE_FIELDS,
)


def gaps_of(application):
    """All that keeps an application from being handed in, as Refusals: gaps, dates, the budget."""
    gaps = []
    for field in REQUIRED_CONTENT:
        if not getattr(application, field):
            label = Application._meta.get_field(field).verbose_name
            gaps.append(Refused(f"请先填写“{label}”，再提交。", field))
    starts_on, ends_on = application.starts_on, application.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        gaps.append(Refused("活动结束日期不能早于开始日期。", "ends_on"))
    too_early = why_too_early(application, starts_on)
    if too_early:
        gaps.append(Refused(too_early, "starts_on"))
    if application.requested_amount <= 0:
        gaps.append(Refused("请在预算中填写由基金承担的金额。", "lines"))
    return gaps


def _require_complete(application):
    """Refuse to hand in an application with an empty field, no budget or impossible dates."""
    for refusal in gaps_of(application):
        raise refusal


def _next_number():
    """The next number of the year, year-serial; the row lock keeps the series without gaps."""
    year = clock.today().year
    Serial.objects.get_or_create(year=year)
    serial = Serial.objects.select_for_update().get(year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return f"{year}-{serial.last:03d}"


@verb
def submit(application, *, by, seen=None):
    """Hand a complete draft in: it gets its number, payee and content are frozen as version 1."""
    require(application, "submit", by, seen=seen)
    _require_complete(application)
    application.number = _next_number()
    application.submitted_at = clock.now()
    take(
        application,
        "submit",
        by=by,
        fields=["number", "submitted_at"],
        details={"requested_amount": application.requested_amount},
    )
    keep_version(application, by=by)
    return application


@verb
def resubmit(application, *, by, seen=None):
    """Hand a corrected application in again, to the step that returned it.

    It goes through the review again when budget or payee differ from the version before.
    """
    require(application, "resubmit", by, seen=seen)
    _require_complete(application)
    before = application.versions.last()
    version = keep_version(application, by=by)
    version.refresh_from_db()
    through_review = any(
        before.content[key] != version.content[key] for key in ("lines", *PAYEE_FIELDS)
    )
    take(
        application,
        "resubmit",
        by=by,
        through_review=through_review,
        details={"requested_amount": application.requested_amount},
    )
    return application


@verb
def withdraw(application, *, by, opinion="", seen=None):
    """Take an application back before it is decided."""
    require(application, "withdraw", by, seen=seen)
    take(application, "withdraw", by=by, opinion=opinion)
    return application


@verb
def mentor_opinion(application, *, by, opinion, seen=None):
    """Give the mentor's opinion; the last one given is printed, earlier ones stay in the log."""
    require(application, "mentor_opinion", by)
    take(application, "mentor_opinion", by=by, opinion=opinion)
    return application


@verb
def superior_opinion(application, *, by, opinion, uploads, seen=None):
    """Enter the parent organisation's opinion from its signed sheet; the scan is required."""
    require(application, "superior_opinion", by)
    if not uploads:
        raise Refused("请上传上级团组织意见的扫描件。", "uploads")
    attach(application, uploads, by=by, purpose=AttachmentPurpose.SUPERIOR)
    take(application, "superior_opinion", by=by, opinion=opinion)
    return application


@verb
def review(application, *, by, opinion, seen=None):
    """Pass the first check."""
    require(application, "review", by, seen=seen)
    take(application, "review", by=by, opinion=opinion)
    return application


@verb
def send_back(application, *, by, opinion, seen=None):
    """Return the application to the unit with the reason; everything typed stays."""
    require(application, "send_back", by, seen=seen)
    application.returned_from = application.state
    take(application, "send_back", by=by, opinion=opinion, fields=["returned_from"])
    return application


@verb
def reject(application, *, by, opinion, minutes_number="", seen=None):
    """Decide not to take the project on, with the reason."""
    require(application, "reject", by, seen=seen)
    take(application, "reject", by=by, opinion=opinion, minutes_number=minutes_number)
    return application


@verb
def approve(application, *, by, amount, opinion, minutes_number="", seen=None):
    """Approve `amount` yuan, at most what was requested and what is available; reserve it."""
    require(application, "approve", by, seen=seen)
    if amount <= 0:
        raise Refused("核定金额必须大于零。", "amount")
    if amount > application.requested_amount:
        raise Refused(
            f"核定金额 {yuan(amount)} 元超过申请金额 {yuan(application.requested_amount)} 元。",
            "amount",
        )
    _reserve(_commitment_of(application), by=by, amount=amount)
    application.approved_amount = amount
    take(
        application,
        "approve",
        by=by,
        opinion=opinion,
        minutes_number=minutes_number,
        fields=["approved_amount", "commitment"],
        details={"amount": amount},
    )
    return application


def _commitment_of(application):
    """The application's one commitment, made at its first approval."""
    if application.commitment is None:
        application.commitment = Commitment.objects.create(
            account=application.programme.fund_account,
            kind=CommitmentKind.APPLICATION,
            title=str(application),
            created_at=clock.now(),
        )
    return application.commitment


def _reserve(commitment, *, by, amount):
    """Reserve, or refuse with both figures in the words of the decision."""
    account = ledger.lock_account(commitment.account_id)
    balances = account.balances
    if amount > balances.available:
        said = f"核定金额 {yuan(amount)} 元超过基金可用余额 {yuan(balances.available)} 元。"
        if not balances.cash:
            said += "账上没有钱：钱到账后，先请财务在资金账户里办理“入账”。"
        raise Refused(said, "amount")
    ledger.reserve(commitment, by=by, amount=amount, memo=commitment.title)


@verb
def reduce(application, *, by, amount, opinion, seen=None):
    """Lower the approved amount to `amount` yuan, not below what is paid; release the difference."""
    require(application, "reduce", by, seen=seen)
    paid = application.sums.disbursed
    if not max(paid, ZERO) <= amount < application.approved_amount or amount <= 0:
        raise Refused(
            f"核减后的金额应低于现核定金额 {yuan(application.approved_amount)} 元，"
            f"且不低于已拨付的 {yuan(paid)} 元。",
            "amount",
        )
    before = application.approved_amount
    ledger.release(application.commitment, by=by, amount=before - amount, memo=str(application))
    application.forget_sums()
    application.approved_amount = amount
    take(
        application,
        "reduce",
        by=by,
        opinion=opinion,
        fields=["approved_amount"],
        details={"amount": amount, "before": before},
    )
    return application


def release_rest(application, *, by):
    """Release what is still reserved and unpaid; returns the yuan released."""
    rest = application.sums.unpaid
    if rest > 0:
        ledger.release(application.commitment, by=by, amount=rest, memo=str(application))
        application.forget_sums()
    return rest


@verb
def revoke(application, *, by, opinion, seen=None):
    """Take the approval back while nothing is paid (or all of it reversed); release everything."""
    require(application, "revoke", by, seen=seen)
    released = release_rest(application, by=by)
    take(application, "revoke", by=by, opinion=opinion, details={"released": released})
    return application


@verb
def terminate(application, *, by, due_back, opinion, seen=None):
    """Stop a project that was paid for: fix the yuan due back of what was paid, release the rest."""
    require(application, "terminate", by, seen=seen)
    sums = application.sums
    if not sums.recovered <= due_back <= sums.disbursed:
        raise Refused(
            f"应退金额应在已收回的 {yuan(sums.recovered)} 元与已拨付的 {yuan(sums.disbursed)} 元之间。",
            "due_back",
        )
    released = release_rest(application, by=by)
    application.due_back = due_back
    take(
        application,
        "terminate",
        by=by,
        opinion=opinion,
        fields=["due_back"],
        details={"due_back": due_back, "released": released},
    )
    return application


@verb
def reopen(application, *, by, opinion, seen=None):
    """Take a final matter up again, with a reason, where it was left.

    What its end had released is reserved again; refused when that is no longer available. A matter
    the unit had withdrawn goes back to the unit.
    """
    require(application, "reopen", by, seen=seen)
    end = next(row for row in reversed(application.log) if row.target != row.source)
    back_to = State.RETURNED if application.state == State.WITHDRAWN else end.source
    fields = ["returned_from"]
    if application.state == State.WITHDRAWN:
        application.returned_from = State.SUBMITTED
    if application.state in {State.CLOSED, State.REVOKED, State.TERMINATED}:
        missing = application.approved_amount - application.sums.unpaid - application.sums.disbursed
        if missing > 0:
            _reserve(application.commitment, by=by, amount=missing)
            application.forget_sums()
    if application.state == State.TERMINATED:
        application.due_back, application.waived_amount = None, ZERO
        fields += ["due_back", "waived_amount"]
    take(application, "reopen", by=by, opinion=opinion, back_to=back_to, fields=fields)
    return application
