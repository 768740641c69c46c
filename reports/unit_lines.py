"""The newest records of one unit, of many kinds, as lines of its file: all of them in one query."""

import dataclasses
from collections.abc import Callable

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    F,
    IntegerField,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse

from awards.models import (
    Allocation,
    AwardType,
    CampaignKind,
    Contribution,
    ContributionState,
    Nomination,
    NominationState,
)
from awards.models.contributions import CONTRIBUTION_TONES
from awards.models.nominations import NOMINATION_TONES
from awards.models.rewards import Reward, RewardLevel, RewardState
from awards.reward_list import REWARD_TONES
from funds.models.plaque import Plaque, PlaqueState
from funds.plaque_list import PLAQUE_TONES
from pairings.models import Agreement, JointState, Seminar
from pairings.pages import STATE_TONES
from pilotwork.money import MoneyField

NEWEST = 5
NO_DAY, NO_YEAR = Cast(Value(None), DateField()), Value(0, output_field=IntegerField())
NO_AMOUNT = Cast(Value(None), MoneyField())
NOTHING = Value("", output_field=CharField())


@dataclasses.dataclass(frozen=True)
class Line:
    """One record: its words and address, when it was, its state, yuan where money moved."""

    title: str
    url: str
    day: object
    state: str
    tone: str
    detail: str
    amount: object


@dataclasses.dataclass(frozen=True)
class Source:
    """One kind of record: `rows(unit, user)` are those that the person may see, and the
    expressions that make a line of them; `kinds` says the words of `kind`.
    """

    key: str
    label: str
    empty: str
    rows: Callable
    page: str
    title: object
    all_url: Callable
    order: str = "pk"
    day: object = NO_DAY
    state: object = NOTHING
    states: type | None = None
    tones: dict = dataclasses.field(default_factory=dict)
    kind: object = NOTHING
    kinds: type | None = None
    year: object = NO_YEAR
    amount: object = NO_AMOUNT
    page_of: object = F("pk")

    def part(self, unit, user):
        """The newest rows as one part of the union."""
        rows = self.rows(unit, user)
        newest = rows.order_by(F(self.order).desc(nulls_last=True), "-pk").values("pk")[:NEWEST]
        return (
            rows.model._base_manager.filter(pk__in=newest)
            .order_by()
            .values_list(
                Value(self.key, output_field=CharField()),
                "pk",
                Cast(self.page_of, BigIntegerField()),
                Cast(self.title, TextField()),
                self.day,
                Cast(self.state, CharField(max_length=20)),
                Cast(self.kind, CharField(max_length=20)),
                self.year,
                self.amount,
            )
        )

    def line(self, page, title, day, state, kind, year, amount):
        """The Line of one row of the union."""
        words = [f"{year}年度" if year else "", self.kinds(kind).label if self.kinds else ""]
        return Line(
            title=title,
            url=reverse(self.page, args=[page]),
            day=day,
            state=self.states(state).label if self.states else "",
            tone=self.tones.get(state, "n"),
            detail=" · ".join(filter(None, words)),
            amount=amount,
        )


def of_unit(model, path="pilot_unit"):
    """The rows of `model` on a unit that the person may see."""
    return lambda unit, user: model.objects.visible_to(user).filter(**{path: unit.pk})


def all_of(name):
    """The address of the list `name` narrowed to the unit."""
    return lambda unit: f"{reverse(name)}?unit={unit.pk}"


SOURCES = (
    Source(
        key="rewards",
        label="典型奖励",
        empty="还没有典型奖励。被选为全市或全国典型的，由初审人员提出。",
        rows=of_unit(Reward),
        page="awards:reward",
        all_url=all_of("awards:rewards"),
        title=F("basis_title"),
        day=F("proposed_on"),
        state=F("state"),
        states=RewardState,
        tones=REWARD_TONES,
        kind=F("level"),
        kinds=RewardLevel,
        amount=F("amount"),
    ),
    Source(
        key="plaques",
        label="铜牌",
        empty="还没有铜牌。由初审人员登记制作。",
        rows=of_unit(Plaque),
        page="funds:plaque",
        all_url=all_of("funds:plaques"),
        title=F("text"),
        day=F("hung_on"),
        state=F("state"),
        states=PlaqueState,
        tones=PLAQUE_TONES,
        amount=F("cost"),
    ),
    Source(
        key="nominations",
        label="评优推荐",
        empty="还没有推荐。评优开始以后，由单位推荐。",
        rows=of_unit(Nomination),
        page="awards:nomination",
        all_url=all_of("awards:cycles"),
        title=Coalesce(NullIf("nominee_name", Value("")), "organisation__name"),
        state=F("state"),
        states=NominationState,
        tones=NOMINATION_TONES,
        kind=F("award_type"),
        kinds=AwardType,
        year=F("cycle__year"),
    ),
    Source(
        key="contributions",
        label="突出贡献",
        empty="还没有突出贡献。由指导员或初审人员提出。",
        rows=of_unit(Contribution),
        page="awards:contribution",
        all_url=all_of("awards:contributions"),
        title=F("deeds"),
        state=F("state"),
        states=ContributionState,
        tones=CONTRIBUTION_TONES,
    ),
    Source(
        key="allocations",
        label="希望工程和支教",
        empty="还没有分配。由初审人员登记。",
        rows=lambda unit, user: Allocation.objects.visible_to(user).filter(
            organisation=unit.organisation_id, campaign__programme=unit.programme_id
        ),
        page="awards:campaign",
        page_of=F("campaign"),
        all_url=all_of("awards:campaigns"),
        title=F("campaign__name"),
        kind=F("campaign__kind"),
        kinds=CampaignKind,
        year=F("campaign__year"),
        amount=F("base_amount") + F("extra_amount"),
    ),
    Source(
        key="seminars",
        label="座谈会",
        empty="还没有座谈会。由结对的任一方登记。",
        rows=of_unit(Seminar, "pairing__pilot_unit"),
        page="pairings:seminar",
        all_url=all_of("pairings:seminars"),
        order="held_on",
        title=F("title"),
        day=F("held_on"),
        state=F("state"),
        states=JointState,
        tones=STATE_TONES,
    ),
    Source(
        key="agreements",
        label="活动协议",
        empty="还没有活动协议。由结对的任一方登记。",
        rows=of_unit(Agreement, "pairing__pilot_unit"),
        page="pairings:agreement",
        all_url=all_of("pairings:agreements"),
        order="signed_on",
        title=F("title"),
        day=F("signed_on"),
        state=F("state"),
        states=JointState,
        tones=STATE_TONES,
    ),
)


@dataclasses.dataclass(frozen=True)
class Section:
    """The newest lines of one kind, what is said when there are none, and the way to all."""

    label: str
    lines: list
    empty: str
    all_url: str


def sections_of(unit, user):
    """{key: Section} of every kind of record, in one query."""
    parts = [source.part(unit, user) for source in SOURCES]
    rows = parts[0].union(*parts[1:], all=True)
    found = {source.key: [] for source in SOURCES}
    for key, pk, *line in rows:
        found[key].append((pk, line))
    sections = {}
    for source in SOURCES:
        lines = [(pk, source.line(*line)) for pk, line in found[source.key]]
        lines.sort(key=lambda one: (one[1].day is not None, one[1].day or 0, one[0]), reverse=True)
        sections[source.key] = Section(
            source.label, [line for _, line in lines], source.empty, source.all_url(unit)
        )
    return sections
