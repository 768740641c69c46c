"""The mentors' first weeks: visits, research, documents, money coordinated, difficulties solved.

How the office's figures (15 visits, 7 difficulties, 4,000 yuan) split over the units is not known;
this split is invented, and the pages of the demo say so.
"""

import uuid

from mentors.actions import advance_activity
from mentors.actions.records import (
    confirm_difficulty,
    confirm_document,
    coordinate,
    note_research,
    raise_difficulty,
    send_back_document,
    solve_difficulty,
    upload_document,
)
from mentors.actions.visits import Besides, agree_excuse, ask_excuse, record_visit
from mentors.models import Difficulty, DocumentKind, Mode, SignatureActivity
from pilotwork.files import PDF, Accepted
from pilotwork.money import to_yuan
from reports.demo.placeholder import placeholder_pdf

# Short name of the unit: (its member, its mentor).
PEOPLE = {
    "大邱庄镇": ("daqiuzhuang", "deputy"),
    "恒兴钢业": ("hengxing", "orghead"),
    "王口镇": ("wangkou", "clerk"),
    "瀛海学校": ("yinghai", "schoolhead"),
    "顺丰合作社": ("shunfeng", "officer"),
}
# (days ago, unit, what was seen, problems, next step, more). Days of one unit are whole weeks
# apart, so that on any loading day each of its visits lies in a week of its own. "by" is a
# colleague who stood in, "late" the days after which the visit was entered.
VISITS = [
    (
        31,
        "顺丰合作社",
        "看了林下养鸡棚和两处苗圃，和社员座谈，团支部活动室已腾出一间。",
        "青年社员白天都在林地，集中学习的时间难定。",
        "把课堂改到晚上，先讲林木养护。",
        {"besides": {"research": "合作社有团员 12 人，其中 9 人承包林地，最缺养护技术和销路。"}},
    ),
    (
        30,
        "大邱庄镇",
        "走了两个村，看青年农户的大棚，镇团委已建起 60 人的青年群。",
        "会种不会卖，缺直播设备和讲师。",
        "帮镇团委起草实施方案，联系农业农村局。",
        {"besides": {"research": "镇上 35 岁以下种植户 83 户，六成愿意尝试直播销售。"}},
    ),
    (
        30,
        "王口镇",
        "看了运河边三处志愿服务点，名册已登记 41 人。",
        "志愿者没有统一标识，活动时间不固定。",
        "先定每月第二个周六为固定活动日。",
        {"besides": {"research": "沿运河 5 个村都有志愿者，骨干以返乡青年为主。"}},
    ),
    (
        29,
        "恒兴钢业",
        "在一号车间开了座谈会，青年工人 46 人，班组长都支持技能比武。",
        "三班倒，人难凑齐。",
        "和生产部商量分两个半天进行。",
        {"besides": {"research": "青工最关心技能等级评定，愿意以赛代训。"}},
    ),
    (
        29,
        "瀛海学校",
        "听了一节团课，和学生团干部讨论微课选题。",
        "",
        "请结对单位派人主讲第一课。",
        {"besides": {"research": "学生对网络安全和校园欺凌两个题目最感兴趣。"}},
    ),
    (
        23,
        "大邱庄镇",
        "实施方案初稿已成，和镇党委副书记谈了场地。",
        "青年之家晚上没人开门。",
        "落实值班表。",
        {},
    ),
    (
        22,
        "恒兴钢业",
        "比武项目定为焊接、天车和质检三项。",
        "奖品经费没有着落。",
        "向县总工会争取。",
        {"besides": {"source": "县总工会", "amount": "1000"}},
    ),
    (
        17,
        "顺丰合作社",
        "第一次晚间课堂来了 21 人，林业局团支部讲了病虫防治。",
        "苗木销路仍窄。",
        "帮助联系绿化工程。",
        {},
    ),
    (
        16,
        "大邱庄镇",
        "农业农村局同意派讲师，首场培训日期已定。",
        "",
        "准备立项申请材料。",
        {"besides": {"source": "县农业农村局", "amount": "1500"}},
    ),
    (
        16,
        "王口镇",
        "固定活动日第一次开展，清理河岸 2 公里。",
        "工具不够。",
        "",
        {"by": "schoolhead", "besides": {"difficulty": "志愿者没有工具，从镇水利站借用了 30 套。"}},
    ),
    (
        15,
        "恒兴钢业",
        "焊接项目初赛已比完，车间反映好。",
        "",
        "把优秀选手的做法录下来。",
        {},
    ),
    (
        15,
        "瀛海学校",
        "第一课播完，八个班组织了讨论。",
        "录音效果差。",
        "借用县融媒体中心的设备。",
        {"besides": {"difficulty": "微课没有录音设备，从县融媒体中心借用一套。"}},
    ),
    (
        9,
        "大邱庄镇",
        "首场直播培训到场 32 人，当场开播 3 户。",
        "补光灯不够用。",
        "写进立项申请。",
        {},
    ),
    (
        9,
        "王口镇",
        "“运河青年志愿行”有了标识和口号，文化馆给了一批马甲。",
        "",
        "总结做法，报县里推广。",
        {"late": 4, "besides": {"source": "县文化馆", "amount": "800"}},
    ),
    (
        5,
        "顺丰合作社",
        "电话问了下一次课堂的准备，课件已收到。",
        "",
        "下周到现场。",
        {"mode": Mode.REMOTE},
    ),
    (1, "恒兴钢业", "和车间核对决赛名单，场地已布置。", "", "决赛当天到场。", {}),
]
# (unit, difficulty, measures, days ago: raised, solved, confirmed by the unit; None if not yet)
DIFFICULTIES = [
    ("大邱庄镇", "青年之家晚上没有人值班，活动开不了。", "排出青年志愿者值班表。", 27, 21, 20),
    ("大邱庄镇", "直播培训请不到讲师。", "请县农业农村局派讲师两场。", 26, 14, 12),
    ("恒兴钢业", "三班倒，技能比武凑不齐人。", "与生产部商定分两个半天进行。", 25, 19, 18),
    ("王口镇", "志愿服务没有固定场所。", "镇里腾出文化站一间作服务点。", 24, 13, 11),
    ("顺丰合作社", "社员不会防治春尺蠖。", "请县林业局团支部到林地讲课并示范。", 23, 16, 14),
    ("瀛海学校", "法治课缺少主讲人。", "请国税局、司法所的青年干部轮流主讲。", 20, 4, None),
    ("顺丰合作社", "苗木销路窄，积压 3000 株。", "", 6, None, None),
]
# Those that were solved on a visit, confirmed so many days ago.
SOLVED_ON_VISITS = [("王口镇", 10), ("瀛海学校", 7)]
# (unit, reviewer, days ago: uploaded, decided; None while it waits)
PLANS = [
    ("大邱庄镇", "orghead", 26, 24),
    ("恒兴钢业", "schoolhead", 25, 23),
    ("瀛海学校", "orghead", 24, 23),
    ("王口镇", "orghead", 18, 17),
    ("顺丰合作社", None, 2, None),
]


def serve_the_units(story):
    """Everything the five mentors did with their units."""
    for visit in VISITS:
        _visit(story, *visit)
    _coordinate(story)
    for difficulty in DIFFICULTIES:
        _difficulty(story, *difficulty)
    for name, confirmed in SOLVED_ON_VISITS:
        _confirm_solved(story, Difficulty.objects.exclude(visit=None), name, confirmed)
    _plan_comes_back(story)
    for plan in PLANS:
        _plan(story, *plan)
    _excused_week(story)
    _activities(story)


def _visit(story, days_ago, name, progress, problems, next_step, more):
    days_ago = story.worked(days_ago)
    # Whoever stood in logs the visit himself.
    by = story.people[more.get("by", PEOPLE[name][1])]
    besides = dict(more.get("besides", {}))
    if "amount" in besides:
        besides["amount"] = to_yuan(besides["amount"])
    with story.at(days_ago - more.get("late", 0), "17:10"):
        record_visit(
            story.units[name],
            by=by,
            key=uuid.uuid4(),
            visited_on=story.day(days_ago),
            mode=more.get("mode", Mode.ON_SITE),
            progress=progress,
            problems=problems,
            next_step=next_step,
            besides=Besides(**besides),
        )


def _coordinate(story):
    """One that came in, which makes 4,000 with those of the visits, and one only promised."""
    found = [
        (8, "瀛海学校", "schoolhead", "县教育局", "700", "微课设备", 5),
        (7, "顺丰合作社", "officer", "县林业局", "1200", "养护工具", None),
    ]
    for days_ago, name, mentor, source, amount, purpose, received in found:
        on = story.day(days_ago)
        with story.at(received or days_ago, "16:20"):
            coordinate(
                story.units[name],
                by=story.people[mentor],
                source=source,
                amount=to_yuan(amount),
                on=on,
                purpose=purpose,
                received_on=story.day(received) if received else None,
            )
    with story.at(19, "10:40"):
        note_research(
            story.units["大邱庄镇"],
            by=story.people["deputy"],
            summary="邻镇两家直播间的投入和销量：设备 5000 元左右，三个月回本。",
            on=story.day(19),
        )


def _difficulty(story, name, description, measures, raised, solved, confirmed):
    member, mentor = PEOPLE[name]
    with story.at(raised, "08:40"):
        difficulty = raise_difficulty(
            story.units[name], by=story.people[member], description=description
        )
    if solved:
        with story.at(solved, "16:30"):
            solve_difficulty(
                difficulty, by=story.people[mentor], opinion=measures, on=story.day(solved)
            )
    if confirmed:
        _confirm_solved(story, Difficulty.objects.filter(pk=difficulty.pk), name, confirmed)


def _confirm_solved(story, found, name, days_ago):
    with story.at(days_ago, "18:05"):
        confirm_difficulty(
            found.get(pilot_unit=story.units[name]),
            by=story.people[PEOPLE[name][0]],
            opinion="已解决，谢谢。",
        )


def _upload(story, name, version=""):
    organisation = story.units[name].organisation
    title = f"{organisation.short_name}试点工作实施方案{version}"
    content = placeholder_pdf(title, "演示数据：本页为占位文件，内容从略。")
    return upload_document(
        story.units[name],
        by=story.people[PEOPLE[name][0]],
        kind=DocumentKind.PLAN,
        upload=Accepted(f"{title}.pdf", PDF, content),
    )


def _plan_comes_back(story):
    with story.at(22, "10:00"):
        document = _upload(story, "王口镇", "（初稿）")
    with story.at(20, "11:20"):
        send_back_document(
            document, by=story.people["orghead"], opinion="缺少进度安排和责任人，请补充。"
        )


def _plan(story, name, reviewer, uploaded, decided):
    with story.at(uploaded, "09:30"):
        document = _upload(story, name)
    if decided:
        with story.at(decided, "15:00"):
            confirm_document(document, by=story.people[reviewer], opinion="目标明确，同意实施。")


def _excused_week(story):
    """The cooperative is not visited in the week that lies ten days back."""
    with story.at(12, "08:30"):
        excuse = ask_excuse(
            story.units["顺丰合作社"],
            by=story.people["officer"],
            week=story.day(10),
            reason="合作社全员集中起苗，社员都在外地工地，本周不便走访。",
        )
    with story.at(11, "14:15"):
        agree_excuse(excuse, by=story.people["orghead"], opinion="情况属实，同意。")


def _activities(story):
    """Two of the five were held, one of them has become a brand."""
    brand = {
        "brand_name": "运河青年志愿行",
        "brand_note": "固定活动日、统一标识，沿运河五个村都有志愿者。",
    }
    for name, days_ago, more in [("王口镇", 16, {}), ("瀛海学校", 14, {}), ("王口镇", 6, brand)]:
        activity = SignatureActivity.objects.get(pilot_unit=story.units[name])
        with story.at(days_ago, "19:00"):
            advance_activity(activity, by=story.people[PEOPLE[name][0]], **more)
