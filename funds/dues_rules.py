"""Who may do what with a unit's dues (DOMAIN, Dues refund)."""

import rules

from accounts.models import Duty
from accounts.rules import Permission
from mentors.rules import has, is_active, may_review

# By these a cashier says how much is payable and paid; who has said so does not check it.
WRITING = ("record", "amend", "collect", "reverse_payment")


@rules.predicate
def wrote_the_figures(user, record):
    return any(row.verb in WRITING and row.by_id == user.pk for row in record.log)


may_record_dues = Permission(
    (is_active, "账户已停用。"), (has(Duty.CASHIER), "团费由财务人员登记。")
)
may_confirm_dues = may_review & Permission(
    (~wrote_the_figures, "您登记过这份团费，核实由其他初审人办理。")
)
