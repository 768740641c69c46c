"""What the page of one programme shows: what it is, its fund, what keeps it from being archived."""

from django.db.models import Q
from django.urls import reverse

from accounts.verbs import panel_for
from funds.models import CarryOver, CarryOverState
from funds.models.carry_over import CARRY_OVER_TONES, UNDECIDED
from funds.overview import figures_of
from pilotwork.money import yuan
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.programmes.archiving import STANDING, money_left
from reports.programmes.open_matters import open_matters
from reports.programmes.verbs import PROGRAMME_VERBS
from units.models import ProgrammeState

TONES = {ProgrammeState.ACTIVE: "g", ProgrammeState.ENDED: "a", ProgrammeState.ARCHIVED: "n"}
NEXT_STEPS = {
    ProgrammeState.ACTIVE: "试点正在进行。到期后由系统管理员结束试点。",
    ProgrammeState.ENDED: "不再受理新的申请；方案和总结、拨付、结项、收回照常办理。全部办完、结余结转以后归档。",
    ProgrammeState.ARCHIVED: "只能查阅、打印和导出。",
}


def programme_context(programme, user, chosen=None, form=None):
    """The context of the page of `programme` (with its fund_account and unit_count) for `user`."""
    account = getattr(programme, "fund_account", None)
    figures = figures_of([account])[0] if account else None
    carried = carry_overs_of(programme)
    return {
        "matter": programme,
        "tone": TONES[programme.state] if programme.has_begun else "n",
        "facts": facts_of(programme),
        "figures_of_fund": figures,
        "fund_facts": fund_facts(figures),
        "carried": [words_of(row) for row in carried],
        "may_decide": may_decide(programme, user, figures, carried),
        "hindrances": hindrances(programme, figures, carried),
        "panel": panel_for(programme, user, PROGRAMME_VERBS, chosen=chosen, form=form),
        "is_chosen": chosen is not None,
        "page_url": reverse("reports:programme", args=[programme.pk]),
        "verb_url": "reports:act_on_programme",
        "next_step": next_step_of(programme),
        "actions": actions_of(programme, user),
        "timeline": [
            {"title": row.label, "text": row.opinion, "who": row.by_name, "when": row.at}
            for row in reversed(programme.log)
        ],
    }


def next_step_of(programme):
    """What comes next for the programme, in a sentence."""
    if programme.state == ProgrammeState.ACTIVE and not programme.has_begun:
        return f"{cn_full_date(programme.starts_on)}开始，在那以前可以登记单位、指导员和入账。"
    return NEXT_STEPS[programme.state]


def facts_of(programme):
    """What the programme is: [{label, value, url}]."""
    period = f"{cn_full_date(programme.starts_on)}至{cn_full_date(programme.ends_on)}"
    facts = [
        {"label": "年度", "value": f"{programme.year}年度"},
        {"label": "依据文件", "value": programme.basis_document},
        {"label": "起止日期", "value": period},
        {
            "label": "试点单位",
            "value": f"{programme.unit_count} 个",
            "url": f"{reverse('reports:units')}?programme={programme.pk}",
        },
    ]
    if programme.ended_on:
        facts.append({"label": "办理结束", "value": cn_full_date(programme.ended_on)})
    return facts


def fund_facts(figures):
    """The fund's sums: what is planned and came in, by source, was paid, carried over, is left."""
    if figures is None:
        return []
    came_in = [(line.label, line.received) for line in figures.lines]
    sums = [
        *([("计划入账", figures.planned)] if figures.planned else []),
        ("入账合计", figures.received),
        *((f"其中{label}", amount) for label, amount in came_in),
        ("净拨付（已扣除收回的结余）", figures.paid),
        ("已转出结转", figures.carried_out),
        ("占用未拨付", figures.reserved),
        ("可用余额", figures.available),
    ]
    return [{"label": label, "value": f"{yuan(amount)} 元"} for label, amount in sums]


def carry_overs_of(programme):
    """The carry-overs out of the programme's fund and into it."""
    rows = CarryOver.objects.select_related("programme", "to_programme")
    return list(rows.filter(Q(programme=programme) | Q(to_programme=programme)).order_by("pk"))


def words_of(carry_over):
    """A line on one carry-over: {words, amount, state, tone, url}; 留存 names its amount itself."""
    return {
        "words": str(carry_over),
        "amount": carry_over.amount if carry_over.to_programme_id else None,
        "state": carry_over.get_state_display(),
        "tone": CARRY_OVER_TONES[carry_over.state],
        "url": reverse("funds:carry_over", args=[carry_over.pk]),
    }


def may_decide(programme, user, figures, carried):
    """Whether `user` may now decide what becomes of the money that is left: no decision stands."""
    is_left = figures is not None and figures.available > 0
    is_open = programme.state == ProgrammeState.ENDED and is_left
    standing = decisions_of(programme, carried, *UNDECIDED, CarryOverState.KEPT)
    return is_open and not standing and "approver" in user.duties


def decisions_of(programme, carried, *states):
    """Of carry-overs those out of the programme's own fund in one of `states`."""
    return [row for row in carried if row.programme_id == programme.pk and row.state in states]


def hindrances(programme, figures, carried):
    """What keeps an ended programme from being archived: [{label, number, links, more}]."""
    if programme.state != ProgrammeState.ENDED:
        return []
    left = money_left(figures, decisions_of(programme, carried, *STANDING)) if figures else []
    return [*({"label": sentence} for sentence in left), *open_matters(programme)]


def actions_of(programme, user):
    """The links above the page: [{label, url, icon}]."""
    actions = [
        {
            "label": "下载档案",
            "url": reverse("reports:programme_archive", args=[programme.pk]),
            "icon": "download",
        },
        {
            "label": "情况汇报",
            "url": reverse("reports:briefing_page", args=[programme.pk, "report"]),
            "icon": "file-earmark-text",
        },
    ]
    if user.is_administrator:
        settings = reverse("admin:units_pilotprogramme_change", args=[programme.pk])
        actions.append({"label": "试点设置", "url": settings, "icon": "gear"})
    return actions
