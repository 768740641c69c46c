"""Organisations and pilot units in Django's admin: reference data that administrators keep."""

from django.contrib import admin
from django.urls import reverse

from pilotwork.forms import ACCOUNT_NUMBER
from pilotwork.site import MatterAdmin, ReadOnlyAdmin, ReferenceAdmin, verb_buttons
from units.models import (
    Membership,
    Organisation,
    PilotUnit,
    Suggestion,
    WorkingDayOverride,
)


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    list_display = ["name", "short_name", "level", "kind", "parent"]
    list_filter = ["kind", "level"]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "aliases"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "aliases", "name_key"]}),
        ("隶属", {"fields": ["level", "kind", "parent", "is_county"]}),
        ("收款账户", {"fields": ["payee_name", "payee_bank", "payee_account"]}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "payee_account":
            field.validators.append(ACCOUNT_NUMBER)
        return field


@admin.register(WorkingDayOverride)
class WorkingDayOverrideAdmin(ReadOnlyAdmin):
    list_display = ["day", "is_workday", "note"]
    search_fields = ["note"]

    def buttons(self, request, obj):
        return [("打开工作日历", f"{reverse('units:calendar')}?year={obj.day.year}")]


@admin.register(PilotUnit)
class PilotUnitAdmin(ReferenceAdmin):
    list_display = ["organisation", "programme", "level", "joined_on", "state"]
    list_filter = ["programme", "level", "state"]
    list_select_related = ["organisation", "programme"]
    search_fields = ["organisation__name", "organisation__short_name", "organisation__aliases"]
    fields = ["programme", "organisation", "level", "joined_on", "left_on", "state"]
    readonly_fields = ["left_on", "state"]
    fixed = ["programme", "organisation"]

    def buttons(self, request, obj):
        mentor = ("选派或更换指导员", reverse("mentors:change_mentor", args=[obj.pk]))
        return [mentor, *verb_buttons(obj, request.user, "units:act_on_unit")]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["user", "organisation", "starts_on", "ends_on"]
    list_filter = ["organisation__kind"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__username", "organisation__name"]

    def buttons(self, request, obj):
        return [("查看人员", obj.user.get_absolute_url())]


@admin.register(Suggestion)
class SuggestionAdmin(MatterAdmin):
    list_display = ["created_at", "kind", "author", "pilot_unit", "text", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["author", "pilot_unit__organisation"]
    search_fields = ["text", "answer", "author__name"]
    readonly_fields = ["state"]
    page_url_name = "units:suggestion"
    verb_url_name = "units:act_on_suggestion"
