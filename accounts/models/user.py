"""Named persons and their duties (DOMAIN, People)."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from pilotwork import clock
from pilotwork.history import History
from pilotwork.search import sort_key

CODE_VALID_FOR = dt.timedelta(days=20)


class Duty(models.TextChoices):
    """The duties a person of the county may hold; mentors hold theirs by an assignment instead."""

    APPROVER = "approver", "审批"
    REVIEWER = "reviewer", "初审"
    CASHIER = "cashier", "财务"
    ADMINISTRATOR = "administrator", "系统管理"
    LEADER = "leader", "领导"


class UserQuerySet(models.QuerySet):
    def spelled(self, typed):
        """The sign-in name that was meant by what somebody typed in other capitals or small letters.

        What is no account's name is returned as typed (one query in any case).
        """
        names = list(self.filter(username__iexact=typed).values_list("username", flat=True)[:2])
        return names[0] if len(names) == 1 else typed

    def active(self):
        """People whose account is in use."""
        return self.filter(is_active=True)

    def visible_to(self, user):
        """Administrators and leaders see everybody, anybody else only himself."""
        if user.is_administrator or Duty.LEADER in user.duties:
            return self
        return self.filter(pk=user.pk)

    def with_grants(self):
        """Fetch along `current_grants`: the list of duties each person holds today."""
        current = Prefetch("duty_grants", DutyGrant.objects.current(), "current_grants")
        return self.prefetch_related(current)

    def with_duty(self, *duties, on=None):
        """People who hold at least one of `duties` on the day `on` (default today)."""
        held = DutyGrant.objects.current(on).filter(user=OuterRef("pk"), duty__in=duties)
        return self.filter(Exists(held))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password=None, **fields):
        """Create a person; without a password the account can only be opened by a code."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """Create the technical account that sets up a new installation."""
        fields.setdefault("name", username)
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One named person. Never shared, never deleted: a leaving person is switched off."""

    username = models.CharField(
        "登录名",
        max_length=40,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "这个登录名已有人使用。"},
    )
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    name_key = models.CharField(
        "排序拼音", max_length=120, blank=True, help_text="留空时按姓名自动生成；多音字姓氏可改。"
    )
    email = models.EmailField("电子邮箱", blank=True)
    gets_digest = models.BooleanField("接收每日提醒", default=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    second_factor_at = models.DateTimeField("手机验证码开通时间", null=True, editable=False)
    created_at = models.DateTimeField("创建时间", default=clock.now, editable=False)

    objects = UserManager()
    history = History(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["name_key", "id"]

    def __str__(self):
        return f"{self.name} · {self.post}" if self.post else self.name

    def get_short_name(self):
        """How Django's admin greets the person."""
        return self.name

    def get_absolute_url(self):
        return reverse("mentors:person", args=[self.pk])

    def get_session_auth_hash(self):
        """What a session must know to stay valid: it ends with the password and the second factor."""
        known = super().get_session_auth_hash()
        if self.second_factor_at is None:
            return known
        return salted_hmac(
            known, str(self.second_factor_at.timestamp()), algorithm="sha256"
        ).hexdigest()

    def clean(self):
        super().clean()
        self.name_key = self.name_key or sort_key(self.name)
        same = User.objects.filter(username__iexact=self.username).exclude(pk=self.pk)
        if same.exclude(username=self.username).exists():
            raise ValidationError({"username": "这个登录名已有人使用（不分大小写）。"})

    @cached_property
    def duties(self):
        """The duties held today, as a frozenset of Duty values (one query, kept per request)."""
        if "current_grants" in self.__dict__:
            return frozenset(grant.duty for grant in self.current_grants)
        return frozenset(
            DutyGrant.objects.current().filter(user=self).values_list("duty", flat=True)
        )

    @property
    def is_county(self):
        """Whether this person works for the county committee (holds any duty today)."""
        return bool(self.duties)

    @property
    def is_administrator(self):
        """Whether this person may set up people, organisations and the programme."""
        return self.is_active and (self.is_superuser or Duty.ADMINISTRATOR in self.duties)

    @property
    def needs_second_factor(self):
        """Whether this person may work only with a second factor: county duties, where it is set."""
        return settings.REQUIRE_SECOND_FACTOR and (self.is_superuser or self.is_county)

    @property
    def is_staff(self):
        """Django's admin asks this; it opens for administrators alone."""
        return self.is_administrator

    @property
    def initial(self):
        """The character in the round badge beside the name."""
        return self.name[:1]


class DutyGrantQuerySet(models.QuerySet):
    def current(self, on=None):
        """Grants in force on the day `on` (default today); both ends are inclusive."""
        on = on or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, user):
        """The grants of the people the person may look at."""
        return self.filter(user__in=User.objects.visible_to(user))


class DutyGrant(models.Model):
    """One duty given to one person, for good or for a period (leave, absence)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="duty_grants", verbose_name="人员"
    )
    duty = models.CharField("职责", max_length=20, choices=Duty.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    reason = models.CharField("缘由", max_length=200, blank=True)
    granted_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name="办理人",
    )

    objects = DutyGrantQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "职责"
        verbose_name_plural = "职责"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="duty_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
        indexes = [models.Index(fields=["user", "duty", "starts_on"])]

    def __str__(self):
        return f"{self.user} {self.get_duty_display()}"

    @property
    def is_open(self):
        """Whether it has not ended yet."""
        return self.ends_on is None or self.ends_on >= clock.today()


class RegistrationCodeQuerySet(models.QuerySet):
    def usable(self):
        """Codes not used, not replaced and not older than 20 days."""
        return self.filter(used_at__isnull=True, expires_at__gt=clock.now())


class RegistrationCode(models.Model):
    """A one-time code with which a new person sets the first password; only its hash is kept."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="registration_codes", verbose_name="人员"
    )
    code_hash = models.CharField(max_length=128, editable=False)
    created_at = models.DateTimeField("发放时间", default=clock.now)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="发放人"
    )

    objects = RegistrationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "注册码"
        verbose_name_plural = "注册码"

    def __str__(self):
        return f"{self.user} 的注册码"

    def matches(self, code):
        """Whether `code` is the one that was handed out (constant time)."""
        return check_password(code, self.code_hash)
