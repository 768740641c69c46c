"""Which ledgers an archive holds, in the order of the five mechanisms.

They are those of the rooms' own lists, with the same columns; here is only said which rows go in.
A ledger without a row is written too: it says that there was nothing.
"""

import dataclasses
from collections.abc import Sequence
from itertools import compress
from tempfile import SpooledTemporaryFile

from django.db.models import Prefetch

from awards.exports import (
    CAMPAIGNS_WITH_SUMS,
    CONTRIBUTIONS,
    CYCLES,
    REWARDS,
    allocations_of,
    nominations_of,
)
from awards.models import (
    Allocation,
    AwardCycle,
    Campaign,
    Contribution,
    Nomination,
    NominationState,
)
from awards.models.rewards import Reward
from funds.dues_list import with_dues
from funds.exports import APPLICATIONS, PLAQUES, dues_exports, entries_of
from funds.models import Application, DuesRecord, FundAccount, State
from funds.models.plaque import Plaque
from funds.plaque_list import with_payment
from funds.proofs import proofs_of
from mentors.exports import (
    ACTIVITIES,
    ASSIGNMENTS,
    COORDINATIONS,
    DIFFICULTIES,
    DOCUMENTS,
    EXCUSES,
    FIVE_ONES,
    RESEARCH,
    VISITS,
)
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    ExcusedWeek,
    MentorAssignment,
    Research,
    SignatureActivity,
    Visit,
)
from pairings.exports import AGREEMENTS, PAIRINGS, SEMINARS
from pairings.models import Agreement, AgreementTopic, Pairing, Seminar
from pairings.pair_page import with_numbers
from pilotwork import clock
from pilotwork.exports import APP_NAME
from pilotwork.paper.bundle import IN_MEMORY
from pilotwork.paper.workbook import write_xlsx
from reports.exports import UNITS
from reports.units import with_people

BALANCES = ("可用余额", "账面余额")


@dataclasses.dataclass(frozen=True)
class Book:
    """One workbook: its name and its sheets, each an Export with its rows."""

    name: str
    sheets: Sequence

    def write(self, folder, scope):
        """Write the workbook into `folder` (of a Bundle) as the reader of `scope` may see it."""
        notes = {
            "made_by": scope.issuer,
            "cutoff": clock.today(),
            "conditions": f"范围：{scope.title}",
        }
        ledgers = [export.ledger(rows, scope.reader, **notes) for export, rows in self.sheets]
        with SpooledTemporaryFile(max_size=IN_MEMORY) as content:
            write_xlsx(content, *ledgers, author=APP_NAME, created_at=clock.now())
            content.seek(0)
            folder.add(f"{self.name}.xlsx", source=content)


def one(export, rows):
    """A workbook of a single ledger, named like it."""
    return Book(export.title, [(export, rows)])


def entries_for(reader, account):
    """The Exports of an account's entries; what is left in it is the county's to know.

    So are the digests' contents, by which the county's auditor recomputes them.
    """
    export = entries_of(account)
    if reader.is_county:
        return [export, proofs_of(account)]
    shown = [not heading.words.startswith(BALANCES) for heading in export.headings]
    narrowed = dataclasses.replace(
        export,
        headings=list(compress(export.headings, shown)),
        row=lambda entry, reader: list(compress(export.row(entry, reader), shown)),
    )
    return [narrowed]


def of_units(rows):
    """Rows with the unit that their ledger names."""
    return rows.select_related("pilot_unit__organisation")


def fund_books(scope):
    """经费: applications, entries, dues, rewards, plaques."""
    applications = scope.rows(Application).exclude(state=State.DRAFT)
    yield one(APPLICATIONS, applications.with_sums("disbursed").order_by("id"))
    entries = scope.entries()
    accounts = FundAccount.objects.filter(pk__in=entries.order_by().values("account"))
    sheets = [
        (export, entries.filter(account=account))
        for account in accounts.order_by("pk")
        for export in entries_for(scope.reader, account)
    ]
    if sheets:
        yield Book("收支台账", sheets)
    years = scope.rows(DuesRecord).order_by("year").values_list("year", flat=True).distinct()
    for year in years:
        units = with_dues(scope.units, year)
        yield Book(f"{year}年度团费台账", [(export, units) for export in dues_exports(units, year)])
    yield one(REWARDS, of_units(scope.rows(Reward)))
    yield one(PLAQUES, of_units(with_payment(scope.rows(Plaque))))


def people_books(scope):
    """人员: who guided the units."""
    everybody = Prefetch(
        "mentor_assignments", MentorAssignment.objects.select_related("mentor"), "guided_by"
    )
    yield one(ASSIGNMENTS, scope.units.prefetch_related(everybody))


def method_books(scope):
    """方法: the five ones and what they are made of, visits and excused weeks."""
    yield one(FIVE_ONES, scope.units)
    documents = scope.rows(Document).with_version_count()
    yield one(DOCUMENTS, of_units(documents))
    activities = scope.rows(SignatureActivity)
    yield one(ACTIVITIES, of_units(activities).order_by("pilot_unit", "designed_on", "id"))
    yield one(COORDINATIONS, of_units(scope.rows(Coordination)))
    yield one(RESEARCH, of_units(scope.rows(Research)).select_related("by"))
    yield one(DIFFICULTIES, of_units(scope.rows(Difficulty)))
    yield one(VISITS, scope.rows(Visit).order_by("visited_on", "id"))
    yield one(EXCUSES, of_units(scope.rows(ExcusedWeek)).select_related("asked_by"))


def nominations(scope):
    """The nominations that were handed in: of one unit, or of all the programme's cycles."""
    rows = Nomination.objects.visible_to(scope.reader).exclude(state=NominationState.DRAFT)
    rows = rows.filter(cycle__programme=scope.programme)
    return rows.filter(pilot_unit=scope.unit) if scope.unit else rows


def policy_books(scope):
    """政策: cycles and nominations, contributions, 希望工程 and 支教."""
    rows = nominations(scope)
    cycles = AwardCycle.objects.filter(programme=scope.programme).select_related("programme")
    if scope.unit:
        cycles = cycles.filter(pk__in=rows.order_by().values("cycle"))
    shown = rows.select_related("organisation").order_by("id")
    by_cycle = [(nominations_of(cycle), shown.filter(cycle=cycle)) for cycle in cycles]
    yield Book("评优推荐台账", [(CYCLES, cycles), *by_cycle])
    yield one(CONTRIBUTIONS, of_units(scope.rows(Contribution)))
    given = Allocation.objects.visible_to(scope.reader).filter(campaign__programme=scope.programme)
    if scope.unit:
        given = given.filter(organisation=scope.unit.organisation_id)
    campaigns = Campaign.objects.filter(pk__in=given.order_by().values("campaign"))

    shown = given.pilot_first(scope.programme.pk)
    sheets = [
        (allocations_of(campaign), shown.filter(campaign=campaign))
        for campaign in campaigns.order_by("year", "id")
    ]
    if scope.unit is None:
        # The sums are the county's: who reads one unit's part would take them for its own.
        sheets.insert(0, (CAMPAIGNS_WITH_SUMS, campaigns.with_sums().order_by("year", "id")))
    if sheets:
        yield Book("希望工程和支教台账", sheets)


def joint_books(scope):
    """机制: pairs, seminars, agreements."""
    pairs = scope.rows(Pairing).select_related("pilot_unit__organisation", "partner")
    yield one(PAIRINGS, with_numbers(pairs))
    sides = "pairing__pilot_unit__organisation", "pairing__partner"
    of_pair = "pairing__pilot_unit"
    yield one(SEMINARS, scope.rows(Seminar, of_pair).select_related(*sides).order_by("held_on"))
    topics = Prefetch("topics", AgreementTopic.objects.order_by("id"))
    agreements = scope.rows(Agreement, of_pair).select_related(*sides).prefetch_related(topics)
    yield one(AGREEMENTS, agreements.order_by("signed_on"))


def unit_books(scope):
    """The units themselves, for the archive of a programme."""
    yield one(UNITS, with_people(scope.units))


# Folder of the archive: its ledgers.
MECHANISMS = {
    "经费": fund_books,
    "人员": people_books,
    "方法": method_books,
    "政策": policy_books,
    "机制": joint_books,
}
