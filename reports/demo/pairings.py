"""联试共建 of the first weeks: 6 seminars and 7 agreements that count, and one that still waits.

The office's report says how many there were, not which pair held which: this split is invented, and
the pages of the demo say so.
"""

import datetime as dt

from pairings.actions.agreements import add_results, enter_agreement
from pairings.actions.joint import confirm, dispute
from pairings.actions.seminars import correct_seminar, enter_seminar
from pairings.models import Agreement, Pairing, Seminar, Topic
from pilotwork.files import PDF, Accepted
from reports.demo.placeholder import placeholder_pdf

# Short name of the unit: (its member, its partner's member).
SIDES = {
    "大邱庄镇": ("daqiuzhuang", "education"),
    "恒兴钢业": ("hengxing", "police"),
    "王口镇": ("wangkou", "localtax"),
    "瀛海学校": ("yinghai", "statetax"),
    "顺丰合作社": ("shunfeng", "forestry"),
}
UNIT, PARTNER = 0, 1
# (unit, side that entered it, days ago held, place, title, attendees, minutes)
SEMINARS = [
    (
        "大邱庄镇",
        UNIT,
        27,
        "镇政府二楼会议室",
        "结对共建第一次座谈会",
        "镇团委 4 人，县教育局团委 3 人",
        "双方介绍情况，商定先做两件事：帮困助学、互派团干部。由镇团委摸清困难学生名单。",
    ),
    (
        "顺丰合作社",
        PARTNER,
        26,
        "合作社活动室",
        "林木养护需求座谈会",
        "社员 11 人，县林业局团支部 3 人",
        "社员最急的是春尺蠖防治和修剪。林业局团支部每月派一名技术员到林地讲课。",
    ),
    (
        "恒兴钢业",
        UNIT,
        22,
        "公司职工之家",
        "警企青年座谈会",
        "公司团委 6 人，县公安分局团委 4 人",
        "谈车间安全防范和青工文体活动，商定联合办一次运动会。",
    ),
    (
        "王口镇",
        UNIT,
        18,
        "王口镇文化站",
        "税收政策进村座谈会",
        "镇团委 5 人，县地税分局团支部 3 人，返乡青年 8 人",
        "返乡青年问得最多的是小微企业减免税怎样办理。地税分局团支部每季度到镇讲一次。",
    ),
    (
        "瀛海学校",
        PARTNER,
        12,
        "瀛海学校会议室",
        "税法进校园座谈会",
        "学校团委 5 人，国家税务局县团总支 3 人",
        "定了微课的三个题目，由国税青年主讲，学校负责录制。",
    ),
    (
        "顺丰合作社",
        UNIT,
        6,
        "东林地",
        "养护课堂小结座谈会",
        "社员 14 人，县林业局团支部 2 人",
        "三次课堂到课 58 人次。下一步讲嫁接，并帮助联系绿化工程。",
    ),
]
# (unit, side, days ago signed, title, topics, terms, steps)
AGREEMENTS = [
    (
        "大邱庄镇",
        UNIT,
        26,
        "青春助学协议",
        [Topic.STUDENT_AID],
        "双方每学期共同帮助家庭困难学生，教育局团委联系学校，镇团委联系志愿者。",
        "一、摸清名单；二、一对一联系；三、学期末回访。",
    ),
    (
        "顺丰合作社",
        PARTNER,
        25,
        "林木养护技能课堂协议",
        [Topic.FORESTRY],
        "林业局团支部每月到合作社讲一次课，合作社团支部组织社员参加并提供示范林地。",
        "一、病虫防治；二、修剪；三、嫁接。",
    ),
    (
        "恒兴钢业",
        UNIT,
        21,
        "警企青年运动会协议",
        [Topic.CULTURE_SPORTS],
        "双方联合举办一次篮球和拔河比赛，公司提供场地，公安分局团委组织裁判。",
        "一、定项目；二、报名；三、比赛。",
    ),
    (
        "大邱庄镇",
        PARTNER,
        19,
        "聘任团委副书记协议",
        [Topic.DEPUTY_SECRETARY],
        "镇团委聘任教育局团委一名青年干部为兼职副书记，每月到镇工作两天。",
        "一、推荐人选；二、聘任；三、半年小结。",
    ),
    (
        "王口镇",
        PARTNER,
        16,
        "税收服务进镇村协议",
        [Topic.TAX_LAW, Topic.TAX_RELIEF],
        "地税分局团支部每季度到镇讲解税法和小微企业减免税政策，现场答疑。",
        "一、收集问题；二、讲解；三、回访办理情况。",
    ),
    (
        "瀛海学校",
        UNIT,
        11,
        "税法微课协议",
        [Topic.TAX_LAW],
        "国税青年主讲三节税法微课，学校团委负责录制和组织收看。",
        "一、选题；二、录制；三、主题团课播放。",
    ),
    (
        "恒兴钢业",
        PARTNER,
        8,
        "安全防范进车间协议",
        [Topic.OTHER],
        "公安分局团委每季度到车间讲一次防诈骗和安全防范。",
        "",
    ),
]
RESULTS = [("林木养护技能课堂协议", "shunfeng", 5, "讲课三次，到课 58 人次，示范修剪 2 亩。")]
WAITING = (
    "瀛海学校",
    UNIT,
    2,
    "瀛海学校录播室",
    "微课录制碰头会",
    "学校团委 3 人，国家税务局县团总支 2 人",
    "第二课改为网上办税，下周录制。",
)
TERM = dt.timedelta(days=330)


def join_forces(story):
    """Everything the five pairs did together."""
    for seminar in SEMINARS:
        _confirm(story, _enter_seminar(story, *seminar), *seminar[:3])
    for agreement in AGREEMENTS:
        _confirm(story, _enter_agreement(story, *agreement), *agreement[:3])
    for title, member, days_ago, words in RESULTS:
        with story.at(days_ago, "15:10"):
            agreement = Agreement.objects.get(title=title)
            add_results(agreement, by=story.people[member], opinion=words)
    _enter_seminar(story, *WAITING)


def _pairing(story, name):
    return Pairing.objects.get(pilot_unit=story.units[name])


def _enter_seminar(story, name, side, days_ago, place, title, attendees, minutes):
    with story.at(days_ago, "17:40"):
        return enter_seminar(
            _pairing(story, name),
            by=story.people[SIDES[name][side]],
            title=title,
            held_on=story.day(days_ago),
            place=place,
            attendees=attendees,
            minutes=minutes,
        )


def _enter_agreement(story, name, side, days_ago, title, topics, terms, steps):
    signed_on = story.day(days_ago)
    paper = placeholder_pdf(title, "演示文件：双方签字盖章的协议扫描件放在这里。")
    with story.at(days_ago, "11:20"):
        return enter_agreement(
            _pairing(story, name),
            by=story.people[SIDES[name][side]],
            title=title,
            topics=topics,
            signed_on=signed_on,
            starts_on=signed_on,
            ends_on=signed_on + TERM,
            terms=terms,
            steps=steps,
            results="",
            files=[Accepted(f"{title}.pdf", PDF, paper)],
        )


def _confirm(story, joint, name, side, days_ago):
    """The other side confirms a day later; of the pair of 王口镇 it first objects to a detail."""
    other = story.people[SIDES[name][1 - side]]
    if isinstance(joint, Seminar) and name == "王口镇":
        joint = _after_an_objection(story, joint, other, days_ago)
        days_ago -= 1
    with story.at(days_ago - 1, "16:50"):
        confirm(joint, by=other)


def _after_an_objection(story, seminar, other, days_ago):
    """The place was another one: the partner says so, the unit corrects it."""
    with story.at(days_ago - 1, "09:20"):
        dispute(seminar, by=other, opinion="那天是在镇政府会议室开的，不是文化站。")
    content = {field: getattr(seminar, field) for field in Seminar.CONTENT}
    with story.at(days_ago - 1, "14:05"):
        return correct_seminar(
            seminar, by=seminar.entered_by, **content | {"place": "王口镇政府会议室"}
        )
