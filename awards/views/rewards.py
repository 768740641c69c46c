"""Pages of rewards: the list, one reward with its verbs, proposing one, its document."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.models import Duty
from accounts.pages import form_page
from accounts.rules import holds
from accounts.verbs import run_verb
from awards.actions.rewards import propose_reward
from awards.exports import REWARDS
from awards.forms.rewards import ProposeForm, RewardFilter
from awards.models import Reward, RewardFile
from awards.reward_list import REWARD_TONES, RewardTable
from awards.reward_verbs import REWARD_VERBS
from funds.outright_page import outright_context
from mentors.pages import of_unit, unit_url
from mentors.record_lists import listed
from pilotwork.exports import list_page
from pilotwork.files import serve
from pilotwork.money import yuan
from pilotwork.templatetags.pilotwork import cn_full_date
from units.views import verb_of

PROPOSE = {"label": "提出奖励", "icon": "plus-lg", "kind": "primary"}
holds_reviewer = holds(Duty.REVIEWER)


def crumbs():
    """The way to a page below the list."""
    return [{"label": "典型奖励", "url": reverse("awards:rewards")}]


@access()
@require_safe
def reward_list(request):
    """The rewards the person may see."""
    rows = Reward.objects.visible_to(request.user)
    context = listed(request, rows, RewardFilter, RewardTable)
    new = {**PROPOSE, "url": reverse("awards:propose_reward")}
    context |= {
        "title": "典型奖励",
        "sub": "单位被选为全市或全国典型的，一次性奖励，从工作经费支付，不动用试点基金。",
        "actions": [new] if holds_reviewer(request.user) else [],
    }
    return list_page(request, "mentors/record_list.html", context, REWARDS)


@access(holds_reviewer, reason="典型奖励由初审人员提出。")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    """提出奖励: which unit, on the strength of which document."""

    def act(pilot_unit, **typed):
        reward = propose_reward(pilot_unit, by=request.user, **typed)
        return "已提出，等审批。", reverse("awards:reward", args=[reward.pk])

    return form_page(
        request,
        ProposeForm(request.POST or None, request.FILES or None, by=request.user),
        act,
        back="awards:rewards",
        title="提出典型奖励",
        button="提交审批",
        sub="金额按本次试点的设置；审批后由财务从工作经费发给单位。",
        crumbs=crumbs(),
    )


def facts_of(reward):
    """What is known of a reward: [{label, value, url}]."""
    unit = reward.pilot_unit
    basis = f"{reward.basis_title}（{reward.basis_number}）"
    payee = "\n".join(filter(None, reward.payee.values()))
    facts = [
        {"label": "单位", "value": unit, "url": unit_url(unit)},
        {"label": "典型级别", "value": reward.get_level_display()},
        {"label": "依据文件", "value": basis if reward.basis_number else reward.basis_title},
        {"label": "奖励金额", "value": f"{yuan(reward.amount)} 元"},
        {"label": "收款账户", "value": payee or "没有登记，由系统管理员在“基础资料”补全"},
        {"label": "提出日期", "value": cn_full_date(reward.proposed_on)},
    ]
    if reward.second_reason:
        facts.append({"label": "再次奖励的理由", "value": reward.second_reason})
    return facts


def reward_page(request, reward, chosen=None, form=None):
    """The page of one reward with what this person may do on it."""
    context = outright_context(
        reward,
        request.user,
        REWARD_VERBS,
        verb_url="awards:act_on_reward",
        chosen=chosen,
        form=form,
    )
    context |= {
        "title": f"{reward.pilot_unit.organisation.label}{reward.get_level_display()}典型奖励",
        "tone": REWARD_TONES[reward.state],
        "crumbs": crumbs(),
        "facts": facts_of(reward),
        "files": list(reward.files.select_related("uploaded_by")),
    }
    return render(request, "awards/reward.html", context)


def with_names(rewards):
    """Rewards with all that their page names."""
    return of_unit(rewards).select_related("commitment")


@access(of=Reward, enrich=with_names)
@require_safe
def reward(request, reward):
    """One reward: what it rests on, what happened, what was paid."""
    return reward_page(request, reward)


@access(of=Reward, enrich=with_names)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, reward, verb):
    """A verb of one reward: GET shows its form, POST performs it."""
    return run_verb(
        request,
        reward,
        verb_of(REWARD_VERBS, verb),
        render=lambda chosen, form: reward_page(request, reward, chosen, form),
        done=lambda result: reverse("awards:reward", args=[reward.pk]),
    )


@access(of=RewardFile)
@require_safe
def file(request, file):
    """The document, for whoever sees its reward."""
    return serve(file)
