"""For which organisations a person may write nominations in a cycle."""

from django.db.models import Exists, OuterRef

from accounts.models import Duty
from units.models import Membership, Organisation, PilotUnit, UnitState, members_of


def organisations_for(cycle, user):
    """Own pilot units for a member; for a reviewer those with a quota but without an account.

    An organisation that is no pilot unit has none for this purpose: the county enters for it.
    """
    here = _units_of(cycle).filter(organisation=OuterRef("pk"))
    own = _own_organisations(cycle, user)
    if Duty.REVIEWER not in user.duties:
        return list(own)
    members = Membership.objects.current().filter(organisation=OuterRef("pk"), user__is_active=True)
    quotas = cycle.quotas.filter(organisation=OuterRef("pk"))
    without_account = Organisation.objects.filter(Exists(here) | Exists(quotas)).exclude(
        Exists(here) & Exists(members)
    )
    return list(own | without_account)


def for_whom(cycle, user, organisations):
    """For which organisation one writes, and whether on its behalf; empty where the form asks it."""
    if len(organisations) > 1:
        return ""
    organisation = organisations[0]
    is_own = _own_organisations(cycle, user).filter(pk=organisation.pk).exists()
    return words_for(organisation, is_on_behalf=not is_own)


def words_for(organisation, *, is_on_behalf):
    """For which organisation a nomination is written, and whether the county enters it."""
    return f"{'代录' if is_on_behalf else '推荐单位'}：{organisation.name}"


def _units_of(cycle):
    return PilotUnit.objects.filter(programme=cycle.programme_id).exclude(state=UnitState.LEFT)


def _own_organisations(cycle, user):
    here = _units_of(cycle).filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(here), Exists(members_of(OuterRef("pk"), user)))
