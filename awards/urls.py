"""The awards room's addresses: rewards, award cycles, campaigns."""

from django.urls import path

from awards.views import campaigns, contributions, cycles, nominations, rewards

app_name = "awards"
urlpatterns = [
    path("cycles/", cycles.cycle_list, name="cycles"),
    path("cycles/new/", cycles.open_cycle, name="open_cycle"),
    path("cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("cycles/<int:pk>/quotas/", cycles.set_quotas, name="set_quotas"),
    path("cycles/<int:pk>/notice/", cycles.print_notice, name="print_notice"),
    path("cycles/<int:pk>/objections/new/", cycles.log_objection, name="log_objection"),
    path("cycles/<int:pk>/nominations/new/", nominations.nominate, name="nominate"),
    path("cycles/<int:pk>/<slug:verb>/", cycles.act, name="act_on_cycle"),
    path("objections/<int:pk>/answer/", cycles.answer_objection, name="answer_objection"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/edit/", nominations.edit_nomination, name="edit_nomination"),
    path(
        "nominations/<int:pk>/discard/",
        nominations.discard_nomination,
        name="discard_nomination",
    ),
    path("nominations/<int:pk>/print/", nominations.nomination_form, name="nomination_form"),
    path("nominations/<int:pk>/<slug:verb>/", nominations.act, name="act_on_nomination"),
    path("contributions/", contributions.contribution_list, name="contributions"),
    path("contributions/new/", contributions.propose, name="propose"),
    path("contributions/<int:pk>/", contributions.contribution, name="contribution"),
    path("contributions/<int:pk>/<slug:verb>/", contributions.act, name="act_on_contribution"),
    path("contribution-files/<int:pk>/", contributions.evidence, name="evidence"),
    path("rewards/", rewards.reward_list, name="rewards"),
    path("rewards/new/", rewards.propose, name="propose_reward"),
    path("rewards/<int:pk>/", rewards.reward, name="reward"),
    path("rewards/<int:pk>/<slug:verb>/", rewards.act, name="act_on_reward"),
    path("reward-files/<int:pk>/", rewards.file, name="reward_file"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.edit_campaign, name="edit_campaign"),
]
