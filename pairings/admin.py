"""Pairs in Django's admin: read-only, with buttons to the pages that make and end them."""

from django.contrib import admin
from django.urls import reverse

from pairings.models import Pairing
from pilotwork.site import ReadOnlyAdmin


@admin.register(Pairing)
class PairingAdmin(ReadOnlyAdmin):
    list_display = ["pilot_unit", "partner", "starts_on", "ends_on"]
    list_filter = ["pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation", "partner"]
    search_fields = ["pilot_unit__organisation__name", "partner__name"]

    def buttons(self, request, obj):
        opening = [("全部结对", reverse("pairings:pairings"))]
        ending = [("结束结对", reverse("pairings:end", args=[obj.pk]))]
        return opening + ([] if obj.ends_on else ending)
