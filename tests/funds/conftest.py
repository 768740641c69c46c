"""A matter with money in the fund, for what books entries by itself."""

import pytest

from funds.actions import ledger
from funds.models import Commitment
from funds.models.ledger import CommitmentKind
from pilotwork import clock
from pilotwork.money import to_yuan


@pytest.fixture
def commitment(county):
    return Commitment.objects.create(
        account=county.fund, kind=CommitmentKind.APPLICATION, title="某事项"
    )


@pytest.fixture
def paid(county, commitment):
    """A matter with 500 reserved, 300 paid and 100 recovered; returns its three entries."""
    today = {"occurred_on": clock.today()}
    return [
        ledger.reserve(commitment, by=county.approver, amount=to_yuan("500")),
        ledger.disburse(commitment, by=county.cashier, amount=to_yuan("300"), **today),
        ledger.recover(commitment, by=county.cashier, amount=to_yuan("100"), **today),
    ]
