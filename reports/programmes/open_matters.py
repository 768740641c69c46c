"""What of a programme is still open: every matter that somebody has to decide or bring to an end.

Archiving waits for all of it. What nobody waits for does not hold it up: a draft that was never
handed in, a nomination (its cycle is what ends), a difficulty that was never solved.
"""

import dataclasses
from collections.abc import Callable

from django.db.models import Case, CharField, F, Func, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from awards.models import (
    AwardCycle,
    AwardLevel,
    Contribution,
    ContributionState,
    CycleState,
    Reward,
    RewardState,
)
from funds.models import (
    Application,
    CarryOver,
    Change,
    ChangeState,
    DuesRecord,
    DuesState,
    Plaque,
    PlaqueState,
    State,
)
from funds.models.carry_over import UNDECIDED
from funds.models.plaque import OPEN as OPEN_PLAQUES
from funds.models.states import PENDING, UNDER_WAY
from funds.owed import STILL_OWED, with_balance_due
from funds.plaque_list import UNPAID, with_payment
from mentors.models import (
    Difficulty,
    DifficultyState,
    Document,
    DocumentState,
    ExcusedWeek,
    ExcuseState,
    Visit,
    VisitState,
)
from pairings.models import Agreement, JointState, Seminar
from pilotwork.sql import NumberOf
from units.models import PilotProgramme, Suggestion, SuggestionState

NAMED = 3  # how many of one kind are named with a link


@dataclasses.dataclass(frozen=True)
class OpenKind:
    """One kind of matter: what open ones are called, their page, and `rows` of a programme.

    `named` is the words in SQL by which one is told from the others; else they are its unit.
    """

    label: str
    page: str
    rows: Callable
    named: Func | None = None

    def words_of(self, rows):
        """The rows as the one column that names them."""
        unit = F(f"{getattr(rows.model, 'unit_path', 'pilot_unit')}__organisation__name")
        return rows.annotate(words=self.named or unit).values("words")


def in_states(model, *states):
    """The function that gives a programme's matters of `model` in one of `states`."""
    path = getattr(model, "unit_path", "")
    of_programme = f"{path}__programme" if path else "programme"
    return lambda programme: model.objects.filter(**{of_programme: programme}, state__in=states)


def open_applications(programme):
    """Applications under way, and ended ones of which money is still due back."""
    rows = with_balance_due(Application.objects.filter(pilot_unit__programme=programme))
    rows = rows.annotate(still_owed=STILL_OWED)
    under_way = Q(state__in=[*PENDING, State.RETURNED, *UNDER_WAY])
    return rows.filter(under_way | Q(still_owed__gt=0))


def open_plaques(programme):
    """Plaques to be decided, hung or paid for."""
    rows = with_payment(Plaque.objects.filter(pilot_unit__programme=programme))
    unpaid = Q(state=PlaqueState.HUNG) & UNPAID
    return rows.filter(Q(state__in=OPEN_PLAQUES) | unpaid)


def open_carry_overs(programme):
    """What is still to be booked, or reversed, out of the programme's fund or into it."""
    either_side = Q(programme=programme) | Q(to_programme=programme)
    return CarryOver.objects.filter(either_side, state__in=UNDECIDED)


def open_suggestions(programme):
    """What visitors of its units' public pages said and nobody answered."""
    return Suggestion.objects.filter(pilot_unit__programme=programme, state=SuggestionState.OPEN)


BY_NAME = Concat("pilot_unit__organisation__name", Value("“"), "name", Value("”"))
FROM_AND_TO = Concat("programme__name", Value("结转至"), "to_programme__name")
LEVEL = Case(*(When(level=level, then=Value(level.label)) for level in AwardLevel))
YEAR_AND_LEVEL = Concat(Cast("year", CharField()), Value("年度"), LEVEL, Value("评优"))
KINDS = {
    Application: OpenKind(
        "基金申请没有办结或结余没有收回", "funds:application", open_applications, BY_NAME
    ),
    Change: OpenKind(
        "变更申请没有决定",
        "funds:change",
        in_states(Change, ChangeState.FILED, ChangeState.REVIEWED),
    ),
    DuesRecord: OpenKind(
        "团费没有结清",
        "funds:dues_record",
        in_states(DuesRecord, DuesState.RECORDED, DuesState.CONFIRMED),
    ),
    Plaque: OpenKind("铜牌没有办完或没有付款", "funds:plaque", open_plaques),
    CarryOver: OpenKind("基金结转没有办完", "funds:carry_over", open_carry_overs, FROM_AND_TO),
    Reward: OpenKind(
        "典型奖励没有办完",
        "awards:reward",
        in_states(Reward, RewardState.PROPOSED, RewardState.APPROVED),
    ),
    Visit: OpenKind("补录的走访没有确认", "mentors:visit", in_states(Visit, VisitState.LATE)),
    ExcusedWeek: OpenKind(
        "免访没有决定", "mentors:excuse", in_states(ExcusedWeek, ExcuseState.ASKED)
    ),
    Document: OpenKind(
        "方案或总结没有确认", "mentors:document", in_states(Document, DocumentState.UPLOADED)
    ),
    Difficulty: OpenKind(
        "解决的困难单位没有确认",
        "mentors:difficulty",
        in_states(Difficulty, DifficultyState.SOLVED),
    ),
    Seminar: OpenKind(
        "座谈会没有确认",
        "pairings:seminar",
        in_states(Seminar, JointState.RECORDED, JointState.DISPUTED),
    ),
    Agreement: OpenKind(
        "活动协议没有确认",
        "pairings:agreement",
        in_states(Agreement, JointState.RECORDED, JointState.DISPUTED),
    ),
    AwardCycle: OpenKind(
        "评优没有公布结果或取消",
        "awards:cycle",
        in_states(AwardCycle, CycleState.OPEN, CycleState.NOTICE),
        YEAR_AND_LEVEL,
    ),
    Contribution: OpenKind(
        "突出贡献没有认定",
        "awards:contribution",
        in_states(Contribution, ContributionState.PROPOSED),
    ),
    Suggestion: OpenKind("公开页的意见建议没有答复", "units:suggestion", open_suggestions),
}


def open_matters(programme):
    """[{label, number, links: [(words, url)], more}] of each kind with open matters.

    One query counts them all and finds the first few.
    """
    asked = []
    for kind in KINDS.values():
        rows = kind.rows(programme).order_by("pk")
        asked.append(NumberOf(rows.order_by().values("pk")))
        for nth in range(NAMED):
            one = slice(nth, nth + 1)
            asked += [Subquery(rows.values("pk")[one]), Subquery(kind.words_of(rows)[one])]
    found = PilotProgramme.objects.filter(pk=programme.pk).values_list(*asked).get()
    width = 1 + 2 * NAMED
    parts = [found[start : start + width] for start in range(0, len(found), width)]
    return [
        {
            "label": kind.label,
            "number": number,
            "links": [
                (words, reverse(kind.page, args=[pk]))
                for pk, words in zip(first[::2], first[1::2], strict=True)
                if pk is not None
            ],
            "more": max(number - NAMED, 0),
        }
        for kind, (number, *first) in zip(KINDS.values(), parts, strict=True)
        if number
    ]
