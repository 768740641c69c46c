"""评优, 希望工程 and 支教 of the first weeks: the pilot's one more unit place and one more youth place.

The office's report says what the pilot gets, not who is recommended: the nominees are invented.
"""

from awards.actions import contributions, cycles, nominations
from awards.actions.campaigns import save_campaign
from awards.models import AwardLevel, AwardType, Campaign, CampaignKind
from pilotwork.money import to_yuan

YOUTH = "郑 · 顺丰合作社团支部书记"
# Base places: short name of the organisation, then those of the types.
QUOTAS = [
    ("大邱庄镇", {AwardType.OFFICIAL: 1, AwardType.MEMBER: 1}),
    ("恒兴钢业", {AwardType.COMMITTEE: 1, AwardType.MEMBER: 1}),
    ("王口镇", {AwardType.OFFICIAL: 1, AwardType.MEMBER: 1}),
    ("瀛海学校", {AwardType.MEMBER: 2}),
    ("沿庄镇", {AwardType.COMMITTEE: 1, AwardType.MEMBER: 1}),
    ("顺丰合作社", {AwardType.BRANCH: 1}),
]
# Base places, extra places, base amount, extra amount (yuan) by organisation.
HOPE = [
    ("大邱庄镇", 3, 1, "3000", "1000"),
    ("恒兴钢业", 2, 1, "2000", "1000"),
    ("王口镇", 3, 1, "3000", "1000"),
    ("瀛海学校", 5, 2, "5000", "2000"),
    ("顺丰合作社", 1, 1, "1000", "1000"),
    ("沿庄镇", 3, 0, "3000", "0"),
]
TEACHING = [
    ("瀛海学校", 2, 1, "0", "0"),
    ("王口镇", 1, 1, "0", "0"),
    ("沿庄镇", 1, 0, "0", "0"),
]


def honour_the_pilot(story):
    """Two campaigns, two contributions, and a cycle with a nomination at every step."""
    _campaigns(story)
    backing = _contributions(story)
    cycle = _cycle(story)
    _town_is_recommended(story, cycle, backing["大邱庄镇"])
    _school_waits_for_the_reviewer(story, cycle)
    _cooperative_waits_for_the_approver(story, cycle, backing["顺丰合作社"])


def _campaigns(story):
    reviewer, programme = story.people["schoolhead"], story.programme
    campaigns = [
        (18, CampaignKind.HOPE, "希望工程圆梦行动", HOPE),
        (17, CampaignKind.TEACHING, "大学生假期支教", TEACHING),
    ]
    for days_ago, kind, name, rows in campaigns:
        with story.at(days_ago, "14:10"):
            save_campaign(
                Campaign(),
                by=reviewer,
                rows=[
                    {
                        "organisation": story.organisations[organisation],
                        "base_places": base,
                        "extra_places": extra,
                        "base_amount": to_yuan(amount),
                        "extra_amount": to_yuan(more),
                    }
                    for organisation, base, extra, amount, more in rows
                ],
                programme=programme,
                kind=kind,
                year=programme.year,
                name=name,
                note="试点单位在基本名额之外加配。",
            )


def _contributions(story):
    """A contribution of a unit and one of a person of its youth, both recognised: by unit."""
    proposed = [
        ("大邱庄镇", "deputy", "", "“青春助农”直播带动青年农户 30 户增收，经验在全市交流。"),
        (
            "顺丰合作社",
            "officer",
            YOUTH,
            "带头办起林下经济青年课堂，把林木养护技能教给 20 名青年。",
        ),
    ]
    recognised = {}
    for unit, mentor, person, deeds in proposed:
        with story.at(16, "09:40"):
            contribution = contributions.propose(
                story.units[unit], by=story.people[mentor], deeds=deeds, person=person
            )
        with story.at(14, "16:20"):
            recognised[unit] = contributions.recognise(
                contribution, by=story.people["secretary"], opinion="情况属实，同意认定。"
            )
    return recognised


def _cycle(story):
    reviewer = story.people["orghead"]
    with story.at(13, "10:00"):
        cycle = cycles.open_cycle(
            story.programme,
            by=reviewer,
            year=story.programme.year,
            level=AwardLevel.CITY,
            types=AwardType.values,
        )
        rows = {story.organisations[name]: places for name, places in QUOTAS}
        return cycles.set_quotas(cycle, by=reviewer, rows=rows)


def _nominated(story, cycle, unit, member, **content):
    """A nomination of the unit, written and handed in by its member."""
    by = story.people[member]
    content = {"nominee_name": "", "party_opinion": "同意推荐。", "is_extra": False} | content
    started = nominations.start_nomination(cycle, story.organisations[unit], by=by)
    saved = nominations.save_nomination(started, by=by, **{"contribution": None} | content)
    return nominations.submit(saved, by=by)


def _town_is_recommended(story, cycle, contribution):
    with story.at(11, "17:05"):
        nomination = _nominated(
            story,
            cycle,
            "大邱庄镇",
            "daqiuzhuang",
            award_type=AwardType.COMMITTEE,
            deeds="试点以来建起青年之家，办助农直播培训两场，团员参与率明显提高。",
            is_extra=True,
            contribution=contribution,
        )
    with story.at(10, "09:30"):
        nominations.review(
            nomination, by=story.people["orghead"], opinion="材料齐全，符合加配条件。"
        )
    with story.at(8, "15:00"):
        nominations.approve(
            nomination, by=story.people["secretary"], opinion="同意推荐，使用试点加配集体名额。"
        )


def _cooperative_waits_for_the_approver(story, cycle, contribution):
    with story.at(6, "20:10"):
        nomination = _nominated(
            story,
            cycle,
            "顺丰合作社",
            "shunfeng",
            award_type=AwardType.OFFICIAL,
            nominee_name=YOUTH,
            deeds="白天护林，晚上办课，把团支部建到林地里。",
            is_extra=True,
            contribution=contribution,
        )
    with story.at(2, "11:10"):
        nominations.review(
            nomination, by=story.people["schoolhead"], opinion="事迹真实，建议推荐。"
        )


def _school_waits_for_the_reviewer(story, cycle):
    with story.at(7, "16:30"):
        _nominated(
            story,
            cycle,
            "瀛海学校",
            "yinghai",
            award_type=AwardType.MEMBER,
            nominee_name="丁 · 学生会干部",
            deeds="组织法治微课堂的观看和讨论，带动全校团员参加。",
        )
