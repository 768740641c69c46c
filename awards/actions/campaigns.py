"""希望工程资助 and 支教: recorded by a reviewer, changed as often as needed; the history keeps all."""

from django.db import transaction

from accounts.matters import NotPermitted
from awards.cycle_rules import may_record_campaigns
from awards.models import Allocation, Campaign
from pilotwork.refusals import Refused
from units.models.archiving import require_open

FIGURES = ("base_places", "extra_places", "base_amount", "extra_amount")


@transaction.atomic
def save_campaign(campaign, *, by, rows, **fields):
    """Keep a campaign (new or stored) with its fields and its whole table of allocations.

    `rows` are {organisation, base_places, extra_places, base_amount, extra_amount (yuan)}, one an
    organisation; one left out is taken off the table. Reviewers only (NotPermitted). Refused: the
    same name twice in a year, an organisation twice. Returns the Campaign.
    """
    reason = may_record_campaigns.why_not(campaign, by)
    if reason:
        raise NotPermitted(reason)
    if campaign.pk:
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        require_open(campaign.programme)
    for name, value in fields.items():
        setattr(campaign, name, value)
    require_open(campaign.programme)
    same = Campaign.objects.filter(
        programme=campaign.programme, kind=campaign.kind, year=campaign.year, name=campaign.name
    )
    if same.exclude(pk=campaign.pk).exists():
        raise Refused("这一年度已有同名的活动。", "name")
    campaign._history_user = by
    campaign.save()
    _save_rows(campaign, by, rows)
    return campaign


def _save_rows(campaign, by, rows):
    wanted = {}
    for row in rows:
        organisation = row["organisation"]
        if organisation.pk in wanted:
            raise Refused(f"{organisation.label}填了两行，请合并为一行。")
        wanted[organisation.pk] = row
    for allocation in campaign.allocations.all():
        allocation._history_user = by
        row = wanted.pop(allocation.organisation_id, None)
        if row is None:
            allocation.delete()
        elif any(getattr(allocation, name) != row[name] for name in FIGURES):
            _fill(allocation, row)
    for row in wanted.values():
        allocation = Allocation(campaign=campaign, organisation=row["organisation"])
        allocation._history_user = by
        _fill(allocation, row)


def _fill(allocation, row):
    for name in FIGURES:
        setattr(allocation, name, row[name])
    allocation.save()
