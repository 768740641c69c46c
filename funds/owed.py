"""What a unit owes back of the fund's money, for many applications at once.

One application says it itself (`Application.balance_due`); this says the same in SQL.
"""

from django.db.models import Case, F, OuterRef, Q, Subquery, When

from funds.models import Closure, State
from pilotwork.money import zero


def with_balance_due(applications):
    """Annotate `owed`: what is to be recovered or waived before the matter can end, in yuan.

    `owed_at_end` is the same of a terminated one, where the approver has fixed what is due back.
    """
    spent = Closure.objects.filter(application=OuterRef("pk"), is_active=True)
    back = F("recovered") + F("waived_amount")
    return (
        applications.with_sums()
        .annotate(spent=Subquery(spent.values("spent_from_fund")[:1]))
        .annotate(owed=F("disbursed") - F("spent") - back, owed_at_end=F("due_back") - back)
    )


OWES = Q(state=State.CLOSURE_REVIEWED, owed__gt=0) | Q(state=State.TERMINATED, owed_at_end__gt=0)
# Of rows `with_balance_due`: the yuan that the unit is to bring, 0 while nothing is settled.
STILL_OWED = Case(
    When(state=State.CLOSURE_REVIEWED, owed__gt=0, then=F("owed")),
    When(state=State.TERMINATED, owed_at_end__gt=0, then=F("owed_at_end")),
    default=zero(),
)
