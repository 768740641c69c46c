"""Short ways to an act on an application and to what it refuses."""

import pytest

from funds.actions import applications
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.journeys import (
    OPINION,
)


def refusal_of(call, *args, **kwargs):
    """The Refused that the call raises."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def approve(county, application, amount, **kwargs):
    return applications.approve(
        application, by=county.approver, amount=to_yuan(amount), opinion=OPINION, **kwargs
    )
