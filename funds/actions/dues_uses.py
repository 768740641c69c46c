"""专项工作经费: the unit logs what its returned and waived dues were used for (DOMAIN, Dues refund).

See `funds.actions.dues` for what all verbs take and raise.
"""

import datetime as dt

from accounts.matters import require, take, verb
from funds.models import DuesUse, DuesUseFile
from pilotwork import clock
from pilotwork.money import yuan
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date


@verb
def log_use(dues, *, by, spent_on, purpose, amount, voucher_number="", uploads=(), seen=None):
    """登记使用: note one use of `amount` yuan, with files; returns the DuesUse.

    Σ of the uses never exceeds what was given back or waived. No date to come, none more
    than a year before the year of the dues; no paper, and nothing alike in day, purpose and
    amount, a second time.
    """
    require(dues, "log_use", by, seen=seen)
    if amount <= 0:
        raise Refused("金额必须大于零。", "amount")
    if spent_on > clock.today():
        raise Refused("日期不能晚于今天。", "spent_on")
    if spent_on < dt.date(dues.year - 1, 1, 1):
        raise Refused(f"日期比 {dues.year} 年度早一年以上，请核对年份。", "spent_on")
    left = dues.granted - dues.used
    if amount > left:
        raise Refused(f"专项工作经费还剩 {yuan(left)} 元，不足 {yuan(amount)} 元。", "amount")
    _require_new(dues, spent_on, purpose, amount, voucher_number)
    use = DuesUse.objects.create(
        record=dues,
        spent_on=spent_on,
        purpose=purpose,
        amount=amount,
        voucher_number=voucher_number,
        by=by,
        at=clock.now(),
    )
    for upload in uploads:
        DuesUseFile.keep(upload, by=by, use=use)
    take(dues, "log_use", by=by, opinion=purpose, details={"use": use.pk, "amount": amount})
    return use


def _require_new(dues, spent_on, purpose, amount, voucher_number):
    standing = dues.uses.standing()
    same = (
        standing.filter(voucher_number__iexact=voucher_number).first() if voucher_number else None
    )
    if same:
        raise Refused(
            f"这张票据已登记在{cn_full_date(same.spent_on)}的使用“{same.purpose[:30]}”里。",
            "voucher_number",
        )
    if standing.filter(spent_on=spent_on, purpose=purpose, amount=amount).exists():
        raise Refused(
            "同一天、同一用途、同一金额的使用已经登记；确是另一笔的，请在用途中写明区别。",
            "purpose",
        )


@verb
def void_use(dues, *, by, use, opinion, seen=None):
    """划去使用: strike a wrong use out, with the reason; it stays readable. Returns the DuesUse."""
    require(dues, "void_use", by, seen=seen)
    use = DuesUse.objects.filter(record=dues, pk=use.pk).first()
    if use is None:
        raise Refused("这笔使用不属于本单位的团费。")
    if use.voided_at:
        raise Refused("这笔使用已经划去。", stale=True)
    use.voided_at, use.voided_by, use.void_reason = clock.now(), by, opinion[:200]
    use.save(update_fields=["voided_at", "voided_by", "void_reason"])
    take(
        dues,
        "void_use",
        by=by,
        opinion=opinion,
        details={"use": use.pk, "amount": use.amount, "purpose": use.purpose},
    )
    return use
