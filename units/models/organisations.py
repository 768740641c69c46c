"""团组织: the tree of organisations, and who belongs to them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from pilotwork import clock
from pilotwork.history import History
from pilotwork.search import containing, sort_key


class Level(models.TextChoices):
    COMMITTEE = "committee", "团委"
    GENERAL_BRANCH = "general_branch", "团总支"
    BRANCH = "branch", "团支部"


class Kind(models.TextChoices):
    TOWN = "town", "镇"
    ENTERPRISE = "enterprise", "企业"
    SCHOOL = "school", "学校"
    COOPERATIVE = "cooperative", "农民专业合作社"
    ADMINISTRATIVE = "administrative", "行政单位"


class OrganisationQuerySet(models.QuerySet):
    def matching(self, text):
        """Organisations whose full name, short name or an alias contains `text`."""
        found = containing("name", text) | containing("short_name", text)
        return self.filter(found | containing("aliases", text))


class Organisation(models.Model):
    """团组织: an organisation of the League, in the county's tree of 隶属."""

    name = models.CharField("全称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=20, blank=True)
    aliases = models.TextField("别名", blank=True, help_text="一行一个，搜索时有效。")
    name_key = models.CharField("排序拼音", max_length=200, blank=True)
    level = models.CharField("层级", max_length=20, choices=Level.choices)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    is_county = models.BooleanField("团县委", default=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="隶属",
    )
    payee_name = models.CharField("收款户名", max_length=80, blank=True)
    payee_bank = models.CharField("开户银行", max_length=80, blank=True)
    payee_account = models.CharField("收款账号", max_length=40, blank=True)

    objects = OrganisationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "团组织"
        verbose_name_plural = "团组织"
        ordering = ["name_key", "id"]
        # The lists of units, pairs and nominations are by name, a page at a time.
        indexes = [models.Index(fields=["name_key", "id"], name="organisation_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="organisation_is_not_its_own_parent",
                violation_error_message="不能隶属于自身。",
            ),
            models.UniqueConstraint(
                fields=["is_county"],
                condition=Q(is_county=True),
                name="one_county_committee",
                violation_error_message="只能有一个团县委。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """The short name where there is one."""
        return self.short_name or self.name

    def clean(self):
        super().clean()
        self.name_key = self.name_key or sort_key(self.name)
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk is not None and ancestor.pk == self.pk:
                raise ValidationError({"parent": "隶属关系不能成环：所选上级隶属于本组织。"})
            ancestor = ancestor.parent


class MembershipQuerySet(models.QuerySet):
    def current(self, on=None):
        """Memberships in force on the day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, user):
        """The memberships of the people the person may look at."""
        return self.filter(user__in=User.objects.visible_to(user))


class Membership(models.Model):
    """A person who acts for an organisation (a pilot unit's or a pair's member)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="人员"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="团组织"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "单位成员"
        verbose_name_plural = "单位成员"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="one_open_membership",
                violation_error_message="此人已是该单位成员。",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.organisation}"

    @property
    def is_open(self):
        """Whether it has not ended yet."""
        return self.ends_on is None or self.ends_on >= clock.today()


def organisations_of(user):
    """The keys of the organisations that `user` is a member of today, for ``organisation__in``."""
    return Membership.objects.current().filter(user=user).order_by().values("organisation")


def members_of(organisation, user):
    """Current memberships of `user` in `organisation`; either may be an OuterRef."""
    return Membership.objects.current().filter(user=user, organisation=organisation)
