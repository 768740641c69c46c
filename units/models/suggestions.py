"""意见建议: what anybody says to the county, signed in or on a unit's public page."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django_fsm import FSMField, transition

from accounts.matters import Matter
from accounts.models import User
from pilotwork import clock
from units import rules
from units.models.archiving import OfProgramme
from units.models.organisations import Membership, organisations_of
from units.models.pilot_units import PilotUnit

# Letters and digits that nobody mistakes for one another, read from paper or over the telephone.
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 12
VISITOR = "公开页访客"


def new_receipt():
    """A code that nobody guesses (59 bits), with which a visitor reads the county's answer."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))


class SuggestionKind(models.TextChoices):
    OPINION = "opinion", "意见"
    PROPOSAL = "proposal", "建议"
    COMPLAINT = "complaint", "投诉"


class SuggestionState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    FILED = "filed", "已归档"


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """County staff see all, everybody else his own.

        What visitors say about a unit is no affair of its members, even of those with a duty.
        """
        if not user.is_county:
            return self.filter(author=user)
        return self.exclude(pilot_unit__organisation__in=organisations_of(user))

    def with_sender(self):
        """With all that names who said it."""
        return self.select_related("author", "pilot_unit__organisation")

    def from_visitors(self):
        """Those written on public pages."""
        return self.filter(author__isnull=True)


class Suggestion(OfProgramme, Matter):
    """意见建议: what anybody wants to say to the county, and the county's answer.

    Of a signed-in person the author is known; a visitor has a receipt instead, and leaves a way to
    be reached if he likes, which the county's staff alone see.
    """

    author = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="suggestions",
        verbose_name="提出人",
    )
    # Of a visitor of a unit's public page: which page, and the code that reads the answer.
    pilot_unit = models.ForeignKey(
        PilotUnit,
        on_delete=models.PROTECT,
        null=True,
        related_name="suggestions",
        verbose_name="公开页所属单位",
    )
    receipt = models.CharField(
        "回执号", max_length=RECEIPT_LENGTH, unique=True, null=True, editable=False
    )
    contact = models.CharField("联系方式", max_length=60, blank=True)
    kind = models.CharField(
        "类别", max_length=20, choices=SuggestionKind.choices, default=SuggestionKind.PROPOSAL
    )
    text = models.TextField("内容", max_length=2000)
    created_at = models.DateTimeField("提出时间", default=clock.now)
    answer = models.TextField("答复", max_length=2000, blank=True)
    state = FSMField(
        "状态",
        choices=SuggestionState.choices,
        default=SuggestionState.OPEN,
        protected=True,
        editable=False,
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见建议"
        verbose_name_plural = "意见建议"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "state_since"]),
            models.Index(fields=["-created_at", "-id"], name="suggestion_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    author__isnull=False, pilot_unit__isnull=True, receipt__isnull=True, contact=""
                )
                | Q(author__isnull=True, pilot_unit__isnull=False, receipt__isnull=False),
                name="suggestion_of_a_person_or_of_a_visitor",
            )
        ]

    def __str__(self):
        return self.text[:30]

    @property
    def is_from_visitor(self):
        """Whether it was written on a unit's public page, by nobody we know."""
        return self.author_id is None

    @cached_property
    def member_ids(self):
        """The primary keys of the members of the unit on whose page it was written; else none."""
        if not self.is_from_visitor:
            return frozenset()
        of_unit = Membership.objects.current().filter(organisation=self.pilot_unit.organisation_id)
        return frozenset(of_unit.values_list("user", flat=True))

    @property
    def sender(self):
        """Who said it, in words."""
        if not self.is_from_visitor:
            return str(self.author)
        return f"{VISITOR} · {self.pilot_unit.organisation.label}"

    @property
    def receipt_shown(self):
        """The receipt in groups of four, as it is read and written down."""
        return "-".join(self.receipt[i : i + 4] for i in range(0, RECEIPT_LENGTH, 4))

    @property
    def closed_with(self):
        """What a visitor said about a unit belongs to the unit's programme, a person's words to none."""
        return self.pilot_unit.programme if self.is_from_visitor else None

    @property
    def main_verb(self):
        """The verb that its author waits for; empty once it is answered or filed."""
        return "reply" if self.state == SuggestionState.OPEN else ""

    def people_concerned(self):
        return User.objects.active().with_duty(*rules.ANSWERING_DUTIES).with_grants()

    @transition(
        "state",
        source=SuggestionState.OPEN,
        target=SuggestionState.ANSWERED,
        permission=rules.may_answer,
        custom={"label": "答复"},
    )
    def reply(self):
        """The county answers; who said it reads the answer here, a visitor by his receipt."""

    @transition(
        "state",
        source=[SuggestionState.OPEN, SuggestionState.ANSWERED],
        target=SuggestionState.FILED,
        permission=rules.may_answer,
        custom={"label": "归档"},
    )
    def file(self):
        """Nothing more is to be done."""
