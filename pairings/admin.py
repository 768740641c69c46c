"""Pairs and what they did in Django's admin: read-only, with buttons to the pages everybody uses."""

from django.contrib import admin
from django.urls import reverse

from pairings.models import Agreement, Pairing, Seminar
from pilotwork.site import MatterAdmin, ReadOnlyAdmin


@admin.register(Pairing)
class PairingAdmin(ReadOnlyAdmin):
    list_display = ["pilot_unit", "partner", "starts_on", "ends_on"]
    list_filter = ["pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation", "partner"]
    search_fields = ["pilot_unit__organisation__name", "partner__name"]

    def buttons(self, request, obj):
        opening = [
            ("打开结对页面", reverse("pairings:pairing", args=[obj.pk])),
            ("全部结对", reverse("pairings:pairings")),
        ]
        ending = [("结束结对", reverse("pairings:end", args=[obj.pk]))]
        return opening + ([] if obj.ends_on else ending)


class JointAdmin(MatterAdmin):
    list_filter = ["state", "is_on_behalf", "pairing__pilot_unit__programme"]
    list_select_related = ["pairing__pilot_unit__organisation", "pairing__partner"]
    search_fields = ["title", "pairing__pilot_unit__organisation__name", "pairing__partner__name"]
    readonly_fields = ["state"]


@admin.register(Seminar)
class SeminarAdmin(JointAdmin):
    list_display = ["title", "pairing", "held_on", "state", "is_on_behalf"]
    page_url_name = "pairings:seminar"
    verb_url_name = "pairings:act_on_seminar"


@admin.register(Agreement)
class AgreementAdmin(JointAdmin):
    list_display = ["title", "pairing", "signed_on", "state", "is_on_behalf"]
    page_url_name = "pairings:agreement"
    verb_url_name = "pairings:act_on_agreement"
