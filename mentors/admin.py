"""Mentors in Django's admin: read-only, with a button to the page that changes them."""

from django.contrib import admin
from django.urls import reverse

from mentors.models import MentorAssignment
from pilotwork.site import ReadOnlyAdmin


@admin.register(MentorAssignment)
class MentorAssignmentAdmin(ReadOnlyAdmin):
    list_display = ["pilot_unit", "mentor", "starts_on", "ends_on", "change_reason"]
    list_filter = ["pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation", "mentor"]
    search_fields = ["pilot_unit__organisation__name", "mentor__name", "change_reason"]

    def buttons(self, request, obj):
        return [("更换指导员", reverse("mentors:change_mentor", args=[obj.pilot_unit_id]))]
