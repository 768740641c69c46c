"""One ledger for every account of the county (DOMAIN, Money).

An entry carries two signed amounts, its effect on what is available (可用) and on the cash (账面),
the balances after it, and, where it belongs to a matter, that matter's running sums. Entries are
never changed: a mistake is reversed by a new entry that names the wrong one.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import User
from funds.models.guards import entry_guards
from funds.models.kinds import AccountKind, CommitmentKind, EntryKind, Source
from mentors.models import has_guided
from pilotwork import clock
from pilotwork.appendonly import AppendOnly, AppendOnlyQuerySet, digest_of
from pilotwork.history import History
from pilotwork.money import ZERO, MoneyField
from units.models import PilotProgramme, members_of


class FundAccountQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The county's books are the county's: its staff and leaders see them."""
        return self.all() if user.is_county else self.none()

    def with_balances(self):
        """Annotate `available` and `cash`, the balances after the last entry (None before any)."""
        last = Entry.objects.filter(account=OuterRef("pk")).order_by("-number")
        return self.annotate(
            available=Subquery(last.values("available_after")[:1]),
            cash=Subquery(last.values("cash_after")[:1]),
        )


class FundAccount(models.Model):
    """An account of the county: the pilot fund of one programme, the dues, the working money."""

    kind = models.CharField("类别", max_length=20, choices=AccountKind.choices)
    programme = models.OneToOneField(
        PilotProgramme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fund_account",
        verbose_name="试点工作",
    )
    name = models.CharField("名称", max_length=80, unique=True)
    code = models.CharField("代号", max_length=12, unique=True, help_text="用于凭单编号。")

    objects = FundAccountQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "资金账户"
        verbose_name_plural = "资金账户"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AccountKind.PILOT_FUND, programme__isnull=False)
                | (~Q(kind=AccountKind.PILOT_FUND) & Q(programme__isnull=True)),
                name="only_a_pilot_fund_has_a_programme",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(programme__isnull=True),
                name="one_county_account_of_each_kind",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def balances(self):
        """The account's Balances after its last entry (one query each time, never kept)."""
        return Balances(Entry.objects.filter(account=self).order_by("-number").first())


class Balances:
    """What an account holds after `entry`, its last one or None: yuan."""

    def __init__(self, entry):
        self.available = entry.available_after if entry else ZERO
        self.cash = entry.cash_after if entry else ZERO

    @property
    def reserved(self):
        """占用: cash that is promised but not paid."""
        return self.cash - self.available


class PlannedReceipt(models.Model):
    """What an account is meant to receive from one source; kept apart from what it received."""

    account = models.ForeignKey(
        FundAccount,
        on_delete=models.PROTECT,
        related_name="planned_receipts",
        verbose_name="账户",
    )
    source = models.CharField("来源", max_length=20, choices=Source.choices)
    amount = MoneyField("计划金额（元）")
    note = models.CharField("说明", max_length=200, blank=True)

    history = History()

    class Meta:
        verbose_name = "计划入账"
        verbose_name_plural = "计划入账"
        ordering = ["account", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="planned_receipt_is_positive"),
            models.UniqueConstraint(
                fields=["account", "source"], name="one_plan_per_account_and_source"
            ),
        ]

    def __str__(self):
        return f"{self.account} {self.get_source_display()}"


class Commitment(models.Model):
    """事项用款: the money of one matter; knows nothing of the matter, which points here.

    Every kind of matter with a one-to-one field to this can own one. It says
    `page_name` (the URL name of its page), `voucher_title` (the heading over what is paid to it)
    and `voucher_deciders`: {"review": verbs, "approval": verbs} whose log rows name who checked and
    who decided it.
    """

    account = models.ForeignKey(FundAccount, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField("类别", max_length=20, choices=CommitmentKind.choices)
    title = models.CharField("事项", max_length=160)
    created_at = models.DateTimeField("建立时间", default=clock.now)

    class Meta:
        verbose_name = "事项用款"
        verbose_name_plural = "事项用款"
        indexes = [
            # Every home asks what was carried out of a fund, and few commitments are that.
            models.Index(
                fields=["account"],
                condition=Q(kind=CommitmentKind.CARRY_OVER),
                name="commitment_carried",
            )
        ]

    def __str__(self):
        return self.title

    @classmethod
    def owners(cls):
        """{name of the relation: kind of matter} of every kind that can own a commitment."""
        related = cls._meta.related_objects
        return {field.name: field.related_model for field in related if field.one_to_one}

    @classmethod
    def owners_of_units(cls):
        """As `owners`, those alone that are matters of one pilot unit (UnitMatter)."""
        return {n: kind for n, kind in cls.owners().items() if hasattr(kind, "unit_path")}

    @property
    def owner(self):
        """The matter whose money this is; None when there is none. Select `owners` for lists."""
        matters = (getattr(self, name, None) for name in self.owners())
        return next((matter for matter in matters if matter is not None), None)


class Sums:
    """What a commitment's running sums say; `entry` is its last entry or None."""

    def __init__(self, entry):
        self.reserved = entry.reserved_after if entry else ZERO
        self.released = entry.released_after if entry else ZERO
        self.disbursed = entry.disbursed_after if entry else ZERO
        self.recovered = entry.recovered_after if entry else ZERO

    @property
    def unpaid(self):
        """Still reserved: approved but neither paid nor released."""
        return self.reserved - self.released - self.disbursed

    @property
    def held(self):
        """Paid and not recovered: what the payee has."""
        return self.disbursed - self.recovered


# The way from a receipt of dues, or from its reversal, to the record: no commitment names them.
DUES_RECORD_OF_RECEIPT = ("dues_payment__record", "reverses__dues_payment__record")
# Likewise from the receipt of a carry-over to the matter, with the names of both programmes.
CARRY_OVER_OF_RECEIPT = tuple(
    f"{receipt}__carry_over__{end}"
    for receipt in ("carried_in", "reverses__carried_in")
    for end in ("programme", "to_programme")
)


class EntryQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """County staff see every entry; a unit and its mentors those of its own matters."""
        if user.is_county:
            return self.all()
        is_own = Q(pk=None)
        for name, model in Commitment.owners_of_units().items():
            unit = f"commitment__{name}__{model.unit_path}"
            is_own |= Q(Exists(members_of(OuterRef(f"{unit}__organisation"), user)))
            is_own |= Q(Exists(has_guided(OuterRef(unit), user)))
        for record in DUES_RECORD_OF_RECEIPT:
            unit = f"{record}__pilot_unit"
            is_own |= Q(Exists(members_of(OuterRef(f"{unit}__organisation"), user)))
            is_own |= Q(Exists(has_guided(OuterRef(unit), user)))
        return self.filter(is_own)

    def with_owners(self):
        """Select the matter that each entry belongs to, whatever its kind."""
        return self.select_related(
            *(f"commitment__{name}" for name in Commitment.owners()),
            *(f"{record}__pilot_unit__organisation" for record in DUES_RECORD_OF_RECEIPT),
            *CARRY_OVER_OF_RECEIPT,
            "commitment__carry_over__programme",
            "commitment__carry_over__to_programme",
        )

    def of_account(self, account):
        """The account's entries in booking order."""
        return self.filter(account=account).order_by("number")

    def reversible(self):
        """Receipts, disbursements and recoveries that no entry reverses yet."""
        return self.filter(
            kind__in=[EntryKind.RECEIPT, EntryKind.DISBURSE, EntryKind.RECOVER],
            reversed_by__isnull=True,
        )


class Entry(AppendOnly):
    """One line of an account's ledger. Inserted by `funds.actions.ledger` and by nothing else."""

    account = models.ForeignKey(
        FundAccount, on_delete=models.PROTECT, related_name="entries", verbose_name="账户"
    )
    number = models.PositiveIntegerField("序号")
    kind = models.CharField("类别", max_length=10, choices=EntryKind.choices)
    available = MoneyField("可用变动")
    cash = MoneyField("账面变动")
    available_after = MoneyField("可用余额")
    cash_after = MoneyField("账面余额")
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
        verbose_name="事项用款",
    )
    reserved_after = MoneyField("事项累计占用", null=True)
    released_after = MoneyField("事项累计释放", null=True)
    disbursed_after = MoneyField("事项累计拨付", null=True)
    recovered_after = MoneyField("事项累计收回", null=True)
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="reversed_by",
        verbose_name="冲销的分录",
    )
    occurred_on = models.DateField("发生日期")
    booked_at = models.DateTimeField("记账时间")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    by_name = models.CharField("经办人（当时）", max_length=110)
    source = models.CharField("来源", max_length=20, choices=Source.choices, blank=True)
    counterparty = models.CharField("对方户名", max_length=80, blank=True)
    counterparty_bank = models.CharField("对方开户行", max_length=80, blank=True)
    counterparty_account = models.CharField("对方账号", max_length=40, blank=True)
    method = models.CharField("方式", max_length=20, blank=True)
    reference = models.CharField("票据或凭证号", max_length=60, blank=True)
    memo = models.CharField("摘要", max_length=300, blank=True)
    request_key = models.UUIDField("提交标识", null=True, unique=True, editable=False)
    digest = models.CharField("校验码", max_length=64, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        ordering = ["account", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="entry_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(available_after__gte=0, available_after__lte=F("cash_after")),
                name="available_never_below_zero_nor_above_cash",
            ),
            models.CheckConstraint(
                condition=Q(
                    commitment__isnull=True,
                    reserved_after__isnull=True,
                    released_after__isnull=True,
                    disbursed_after__isnull=True,
                    recovered_after__isnull=True,
                )
                | Q(
                    commitment__isnull=False,
                    released_after__gte=0,
                    recovered_after__gte=0,
                    disbursed_after__gte=F("recovered_after"),
                    reserved_after__gte=F("released_after") + F("disbursed_after"),
                ),
                name="commitment_never_overdrawn",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="receipt", available__gt=0, cash=F("available"), commitment__isnull=True)
                    | Q(kind="reserve", available__lt=0, cash=0, commitment__isnull=False)
                    | Q(kind="release", available__gt=0, cash=0, commitment__isnull=False)
                    | Q(kind="disburse", available=0, cash__lt=0, commitment__isnull=False)
                    | Q(
                        kind="recover",
                        available__gt=0,
                        cash=F("available"),
                        commitment__isnull=False,
                    )
                    | Q(kind="reverse", reverses__isnull=False)
                ),
                name="entry_kind_has_its_effect",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse") | Q(reverses__isnull=True),
                name="only_a_reversal_names_an_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["commitment", "-number"], name="entry_commitment_last"),
            models.Index(fields=["account", "occurred_on"], name="entry_occurred"),
            models.Index(fields=["account", "kind", "-number"], name="entry_kind"),
        ]

    def __str__(self):
        return self.voucher_number

    @classmethod
    def insert_guard_sql(cls, vendor):
        """Triggers that refuse an entry which does not continue its account's ledger."""
        return entry_guards(cls._meta.db_table, vendor)

    @property
    def voucher_number(self):
        """凭单号: the account's code and the entry's gapless number."""
        return f"{self.account.code}-{self.number:05d}"

    @property
    def owner(self):
        """The matter it belongs to: the commitment's, or the one whose money came in; or None.

        That is a record of dues, or the carry-over from another programme's fund.
        """
        if self.commitment_id:
            return self.commitment.owner
        receipt = self.reverses or self
        if hasattr(receipt, "carried_in"):
            return receipt.carried_in.carry_over
        payment = getattr(receipt, "dues_payment", None)
        return payment and payment.record

    @property
    def amount(self):
        """The amount without sign, in yuan."""
        return abs(self.cash or self.available)

    def computed_digest(self, previous):
        """The digest this entry must carry when the entry before it carries `previous`."""
        return digest_of(self.covered(), previous)

    def covered(self):
        """{name of a field: value} of all that the digest covers."""
        names = [f.attname for f in self._meta.concrete_fields if f.name not in {"id", "digest"}]
        fields = {name: getattr(self, name) for name in names}
        fields["request_key"] = str(self.request_key) if self.request_key else None
        return fields
