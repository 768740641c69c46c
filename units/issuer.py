"""制表单位: in whose name a ledger is made."""

from units.models import Membership, Organisation


def issuer_for(user):
    """The name of the committee for the county's people and mentors, for members their own
    organisation's; "" before any is recorded."""
    if not user.is_county:
        own = Membership.objects.current().filter(user=user).select_related("organisation")
        membership = own.order_by("pk").first()
        if membership:
            return membership.organisation.name
    county = Organisation.objects.filter(is_county=True).first()
    return county.name if county else ""
