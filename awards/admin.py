"""The awards room's matters in Django's admin: read-only, their verbs are buttons."""

from django.contrib import admin
from django.urls import reverse

from awards.models import AwardCycle, Campaign, Contribution, Nomination, Reward
from pilotwork.site import MatterAdmin, ReadOnlyAdmin


@admin.register(Reward)
class RewardAdmin(MatterAdmin):
    list_display = ["pilot_unit", "level", "amount", "proposed_on", "state"]
    list_filter = ["state", "level", "pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["pilot_unit__organisation__name", "basis_title", "basis_number"]
    readonly_fields = ["state", "amount", "second_reason"]
    page_url_name = "awards:reward"
    verb_url_name = "awards:act_on_reward"


@admin.register(AwardCycle)
class AwardCycleAdmin(MatterAdmin):
    list_display = ["__str__", "programme", "posted_on", "notice_ends_on", "state"]
    list_filter = ["state", "level", "programme"]
    list_select_related = ["programme"]
    search_fields = ["programme__name"]
    readonly_fields = ["state", "posted_on", "notice_ends_on", "concluded_on"]
    page_url_name = "awards:cycle"
    verb_url_name = "awards:act_on_cycle"


@admin.register(Nomination)
class NominationAdmin(MatterAdmin):
    list_display = ["cycle", "organisation", "award_type", "nominee_name", "is_extra", "state"]
    list_filter = ["state", "award_type", "cycle"]
    list_select_related = ["cycle", "organisation"]
    search_fields = ["organisation__name", "nominee_name"]
    readonly_fields = ["state", "result", "result_note"]
    page_url_name = "awards:nomination"
    verb_url_name = "awards:act_on_nomination"


@admin.register(Contribution)
class ContributionAdmin(MatterAdmin):
    list_display = ["pilot_unit", "person", "state"]
    list_filter = ["state", "pilot_unit__programme"]
    list_select_related = ["pilot_unit__organisation"]
    search_fields = ["pilot_unit__organisation__name", "person", "deeds"]
    readonly_fields = ["state"]
    page_url_name = "awards:contribution"
    verb_url_name = "awards:act_on_contribution"


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "year", "programme"]
    list_filter = ["kind", "year"]
    list_select_related = ["programme"]
    search_fields = ["name"]

    def buttons(self, request, obj):
        return [("打开活动页面", reverse("awards:campaign", args=[obj.pk]))]
