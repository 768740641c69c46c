"""The room's ledgers: cycles and their nominations, contributions, campaigns, rewards."""

from funds.plaque_list import with_payment
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind

STATE = Heading("状态", Kind.LABEL)


def _money(words, *, is_summed=True):
    return Heading(f"{words}（元）", Kind.MONEY, 16, is_summed=is_summed)


def _places(words):
    return Heading(words, Kind.WHOLE, 12, is_summed=True)


def _cycle(cycle, reader):
    return (
        cycle.year,
        cycle.get_level_display(),
        "、".join(label for _, label in cycle.type_labels),
        str(cycle.programme),
        cycle.extra_unit_places,
        cycle.extra_youth_places,
        cycle.posted_on,
        cycle.notice_ends_on,
        cycle.concluded_on,
        cycle.get_state_display(),
    )


CYCLES = Export(
    "评优台账",
    (
        Heading("年度", Kind.PLAIN),
        Heading("级别", Kind.LABEL, 10),
        Heading("奖项"),
        Heading("试点工作"),
        Heading("加配集体名额", Kind.WHOLE, 14),
        Heading("加配个人名额", Kind.WHOLE, 14),
        Heading("公示张贴", Kind.DATE),
        Heading("公示截止", Kind.DATE),
        Heading("公布日期", Kind.DATE),
        STATE,
    ),
    _cycle,
)


def _nomination(nomination, reader):
    return (
        nomination.nominee,
        nomination.get_award_type_display(),
        nomination.organisation.name + ("（代录）" if nomination.is_on_behalf else ""),
        "是" if nomination.pilot_unit_id else "",
        "是" if nomination.is_extra else "",
        nomination.deeds,
        nomination.party_opinion,
        nomination.get_state_display(),
        nomination.get_result_display(),
    )


NOMINATION_HEADINGS = (
    Heading("被推荐的组织或个人"),
    Heading("奖项", Kind.LABEL, 16),
    Heading("推荐单位"),
    Heading("试点", Kind.LABEL, 6),
    Heading("加配", Kind.LABEL, 6),
    Heading("主要事迹", width=36),
    Heading("党组织意见"),
    STATE,
    Heading("评选结果", Kind.LABEL),
)


def nominations_of(cycle):
    """The nominations of one cycle."""
    return Export(f"{cycle}推荐台账", NOMINATION_HEADINGS, _nomination)


def _contribution(contribution, reader):
    return (
        contribution.pilot_unit.organisation.name,
        contribution.person or "单位的贡献",
        contribution.deeds,
        str(contribution.proposed_by),
        contribution.state_since,
        contribution.get_state_display(),
    )


CONTRIBUTIONS = Export(
    "突出贡献台账",
    (
        Heading("试点单位"),
        Heading("人员", Kind.LABEL, 14),
        Heading("主要事迹", width=50),
        Heading("提出人", Kind.LABEL, 18),
        Heading("更新日期", Kind.DATE),
        STATE,
    ),
    _contribution,
    enrich=lambda rows: rows.select_related("proposed_by"),
)

_CAMPAIGN_HEAD = (
    Heading("年度", Kind.PLAIN),
    Heading("类别", Kind.LABEL, 14),
    Heading("名称", width=26),
    Heading("说明", width=26),
)


def _head_of(campaign):
    return campaign.year, campaign.get_kind_display(), campaign.name, campaign.note


def _campaign(campaign, reader):
    return (
        *_head_of(campaign),
        campaign.units,
        campaign.places,
        campaign.extra_places,
        campaign.amount,
        campaign.extra_amount,
    )


# The sums are the county's: who sees his own part only would read a wrong total out of them.
CAMPAIGNS = Export(
    "希望工程和支教台账", _CAMPAIGN_HEAD, lambda campaign, reader: _head_of(campaign)
)
CAMPAIGNS_WITH_SUMS = Export(
    CAMPAIGNS.title,
    (
        *_CAMPAIGN_HEAD,
        _places("单位数"),
        _places("名额"),
        _places("其中加配"),
        _money("金额"),
        _money("其中加配"),
    ),
    _campaign,
)


def _allocation(allocation, reader):
    return (
        allocation.organisation.name,
        "是" if allocation.is_pilot else "",
        allocation.base_places,
        allocation.extra_places,
        allocation.base_amount,
        allocation.extra_amount,
    )


ALLOCATION_HEADINGS = (
    Heading("单位", width=26),
    Heading("试点", Kind.LABEL, 8),
    _places("基本名额"),
    _places("加配名额"),
    _money("基本金额"),
    _money("加配金额"),
)


def allocations_of(campaign):
    """What each organisation got in one campaign."""
    title = f"{campaign.year}年度{campaign.get_kind_display()}分配台账"
    return Export(title, ALLOCATION_HEADINGS, _allocation)


def _reward(reward, reader):
    return (
        reward.pilot_unit.organisation.name,
        f"{reward.get_level_display()}典型",
        reward.basis_title,
        reward.basis_number,
        reward.amount,
        reward.disbursed or None,
        reward.proposed_on,
        reward.second_reason,
        reward.get_state_display(),
    )


REWARDS = Export(
    "典型奖励台账",
    (
        Heading("试点单位"),
        Heading("典型级别", Kind.LABEL, 14),
        Heading("依据文件", width=28),
        Heading("文号", Kind.LABEL, 18),
        # Not summed: what was turned down or taken back is among them.
        _money("奖励金额", is_summed=False),
        _money("已发放"),
        Heading("提出日期", Kind.DATE),
        Heading("再次奖励的理由"),
        STATE,
    ),
    _reward,
    enrich=with_payment,
)
