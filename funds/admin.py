"""The programme with its fund, accounts and matters in Django's admin.

Money and states are read-only; their verbs are buttons to the pages everybody uses.
"""

from django.contrib import admin, messages
from django.urls import reverse

from funds.actions.accounts import open_fund
from funds.models import (
    AccountKind,
    Application,
    Change,
    Closure,
    Commitment,
    DuesRecord,
    DuesUse,
    Entry,
    FundAccount,
    PlannedReceipt,
    Plaque,
)
from pilotwork.site import MatterAdmin, ReadOnlyAdmin, ReferenceAdmin
from units.models import PilotProgramme


@admin.register(PilotProgramme)
class PilotProgrammeAdmin(ReferenceAdmin):
    """Registered here and not in units, because a new programme opens its fund."""

    list_display = ["name", "year", "starts_on", "ends_on", "state"]
    list_filter = ["state", "year"]
    search_fields = ["name", "basis_document"]
    fields = [
        "name",
        "basis_document",
        "year",
        "starts_on",
        "ends_on",
        *PilotProgramme.SETTINGS,
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            account = open_fund(obj, by=request.user)
            messages.info(request, f"已同时开立“{account}”（代号 {account.code}）。")

    def has_change_permission(self, request, obj=None):
        is_closed = obj is not None and obj.closed_book
        return super().has_change_permission(request, obj) and not is_closed

    def buttons(self, request, obj):
        return [("打开试点页面", reverse("reports:programme", args=[obj.pk]))]


@admin.register(FundAccount)
class FundAccountAdmin(ReferenceAdmin):
    """Name and code; a programme's fund comes with the programme."""

    list_display = ["name", "code", "kind", "programme"]
    list_filter = ["kind"]
    list_select_related = ["programme"]
    search_fields = ["name", "code"]
    fields = ["kind", "name", "code"]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        # The code is printed on vouchers from the first entry on.
        return ["kind", "code"] if obj.entries.exists() else ["kind"]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [c for c in AccountKind.choices if c[0] != AccountKind.PILOT_FUND]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def buttons(self, request, obj):
        return [("收支明细", reverse("funds:account", args=[obj.pk]))]


@admin.register(PlannedReceipt)
class PlannedReceiptAdmin(ReadOnlyAdmin):
    list_display = ["account", "source", "amount", "note"]
    list_filter = ["source", "account"]
    list_select_related = ["account"]
    search_fields = ["note", "account__name"]

    def buttons(self, request, obj):
        return [("收支明细", reverse("funds:account", args=[obj.account_id]))]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = [
        "voucher",
        "kind",
        "available",
        "cash",
        "available_after",
        "cash_after",
        "occurred_on",
        "by_name",
    ]
    list_filter = ["account", "kind", "occurred_on"]
    list_select_related = ["account"]
    search_fields = ["counterparty", "reference", "memo", "by_name", "commitment__title"]
    ordering = ["-id"]

    @admin.display(description="凭单号")
    def voucher(self, entry):
        return entry.voucher_number

    def buttons(self, request, obj):
        return [("收支明细", reverse("funds:account", args=[obj.account_id]))]


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ["title", "account", "kind", "created_at"]
    list_filter = ["account", "kind"]
    list_select_related = ["account"]
    search_fields = ["title"]

    def buttons(self, request, obj):
        return [("收支明细", reverse("funds:account", args=[obj.account_id]))]


@admin.register(Application)
class ApplicationAdmin(MatterAdmin):
    list_display = [
        "number",
        "name",
        "pilot_unit",
        "state",
        "requested_amount",
        "approved_amount",
        "submitted_at",
    ]
    list_filter = ["state", "pilot_unit__programme", "submitted_at"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["number", "name", "pilot_unit__organisation__name"]
    readonly_fields = ["number", "state", "approved_amount", "submitted_at"]
    page_url_name = "funds:application"
    verb_url_name = "funds:act"


@admin.register(Change)
class ChangeAdmin(MatterAdmin):
    list_display = ["application", "reason", "state", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["application"]
    search_fields = ["application__number", "application__name", "reason"]
    readonly_fields = ["state"]
    page_url_name = "funds:change"
    verb_url_name = "funds:act_on_change"


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    list_display = ["application", "spent_total", "spent_from_fund", "is_active", "filed_at"]
    list_filter = ["is_active", "filed_at"]
    list_select_related = ["application"]
    search_fields = ["application__number", "application__name", "report"]

    def buttons(self, request, obj):
        return [("打开立项申请", reverse("funds:application", args=[obj.application_id]))]


@admin.register(DuesRecord)
class DuesRecordAdmin(MatterAdmin):
    list_display = ["pilot_unit", "year", "payable", "paid", "waived", "refunded", "state"]
    list_filter = ["year", "state", "method", "pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["pilot_unit__organisation__name", "no_dues_reason"]
    readonly_fields = ["paid", "waived", "refunded", "state", "received_on"]
    page_url_name = "funds:dues_record"
    verb_url_name = "funds:act_on_dues"


@admin.register(DuesUse)
class DuesUseAdmin(ReadOnlyAdmin):
    list_display = ["record", "spent_on", "purpose", "amount", "voucher_number", "voided_at"]
    list_filter = ["spent_on", "voided_at"]
    list_select_related = ["record__pilot_unit__organisation"]
    search_fields = ["purpose", "voucher_number", "record__pilot_unit__organisation__name"]

    def buttons(self, request, obj):
        return [("打开团费记录", reverse("funds:dues_record", args=[obj.record_id]))]


@admin.register(Plaque)
class PlaqueAdmin(MatterAdmin):
    list_display = ["pilot_unit", "text", "cost", "hung_on", "place", "state"]
    list_filter = ["state", "pilot_unit__programme", "hung_on"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["pilot_unit__organisation__name", "text", "maker_name", "place"]
    readonly_fields = ["state", "hung_on", "place"]
    page_url_name = "funds:plaque"
    verb_url_name = "funds:act_on_plaque"
