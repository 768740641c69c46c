"""The awards room's matters in Django's admin: read-only, their verbs are buttons."""

from django.contrib import admin

from awards.models import Reward
from pilotwork.site import MatterAdmin


@admin.register(Reward)
class RewardAdmin(MatterAdmin):
    list_display = ["pilot_unit", "level", "amount", "proposed_on", "state"]
    list_filter = ["state", "level", "pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["pilot_unit__organisation__name", "basis_title", "basis_number"]
    readonly_fields = ["state", "amount", "second_reason"]
    page_url_name = "awards:reward"
    verb_url_name = "awards:act_on_reward"
