"""For which organisations a person may write nominations in a cycle."""

from django.db.models import Exists, OuterRef

from accounts.models import Duty
from units.models import Membership, Organisation, PilotUnit, UnitState, members_of


def organisations_for(cycle, user):
    """Own pilot units for a member; for a reviewer those with a quota but without an account.

    An organisation that is no pilot unit has none for this purpose: the county enters for it.
    """
    units = PilotUnit.objects.filter(programme=cycle.programme_id).exclude(state=UnitState.LEFT)
    here = units.filter(organisation=OuterRef("pk"))
    own = Organisation.objects.filter(Exists(here), Exists(members_of(OuterRef("pk"), user)))
    if Duty.REVIEWER not in user.duties:
        return list(own)
    members = Membership.objects.current().filter(organisation=OuterRef("pk"), user__is_active=True)
    quotas = cycle.quotas.filter(organisation=OuterRef("pk"))
    without_account = Organisation.objects.filter(Exists(here) | Exists(quotas)).exclude(
        Exists(here) & Exists(members)
    )
    return list(own | without_account)
