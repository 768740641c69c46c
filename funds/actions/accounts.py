"""Verbs on the accounts themselves."""

from django.db import transaction

from accounts.actions import require_administrator
from funds.models import AccountKind, FundAccount

COUNTY_ACCOUNTS = {
    AccountKind.DUES: ("团费", "TF"),
    AccountKind.WORKING: ("工作经费", "GZ"),
}


def county_account(kind):
    """The county's one account of `kind`, AccountKind.DUES or WORKING; opened when first asked for.

    For verbs: the unique constraint lets one of two callers at the same moment open it.
    """
    name, code = COUNTY_ACCOUNTS[kind]
    account, _ = FundAccount.objects.get_or_create(
        kind=kind, programme=None, defaults={"name": name, "code": code}
    )
    return account


@transaction.atomic
def open_fund(programme, *, by):
    """Open the pilot fund of a new programme (DOMAIN, Money); returns its FundAccount.

    The county's own accounts, dues and working money, are opened with the first fund. One programme
    has one fund: the fund there is already is returned as it is. The code stands on
    vouchers: JJ and the year, numbered when a year has several programmes. For administrators only
    (NotPermitted).
    """
    require_administrator(by)
    existing = FundAccount.objects.filter(programme=programme).first()
    if existing:
        return existing
    code = f"JJ{programme.year}"
    others = FundAccount.objects.filter(code__startswith=code).count()
    account = FundAccount(
        kind=AccountKind.PILOT_FUND,
        programme=programme,
        name=f"{programme.name}工作基金"[:80],
        code=f"{code}-{others + 1}" if others else code,
    )
    account._history_user = by
    account.full_clean()
    account.save()
    for kind in COUNTY_ACCOUNTS:
        county_account(kind)
    return account
