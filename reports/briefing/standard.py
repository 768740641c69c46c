"""The standard text of both documents, before anybody edits it.

A paragraph is (key, kind, text); `{key}` in it stands for the placeholder of that figure or list, so
that the text here does not depend on how a placeholder is called on screen.
"""

from reports.briefing.placeholders import CATALOGUE, mark
from reports.models import BriefingDraft, BriefingKind, ParagraphKind

H, P = ParagraphKind.HEADING1, ParagraphKind.PARAGRAPH

TITLES = {
    BriefingKind.REPORT: "关于基层团建试点工作情况的汇报",
    BriefingKind.SUMMARY: "关于基层团建试点工作的总结",
}

FUND = (
    "一是设立试点工作基金。基金总额{fund_received}元，其中工作经费{fund_from_working}元、"
    "社会筹集{fund_from_donation}元，由试点单位提出立项申请，初审、审批后拨付。截至目前，"
    "{units_applied}个试点单位提出立项申请{applications}项，核定{approved_amount}元，"
    "已拨付{disbursed_amount}元，收回结余{recovered_amount}元。"
)
DUES = (
    "二是返还团费。试点单位上缴的团费全额返还，作为本单位专项工作经费。截至目前，"
    "已退返{dues_refunded}元。"
)
REWARDS = (
    "三是奖励典型。试点单位被选树为全市或全国典型的，一次性奖励{reward_setting}元。截至目前，"
    "已发放奖励{rewards_amount}元。"
)
PLAQUES = "四是统一挂牌。“试点单位”铜牌由团县委出资制作。截至目前，已挂牌{plaques}块。"
MENTORS = "选派{mentors}名机关干部担任试点单位指导员，坚持定期指导、实地指导、靠前指导，全程指导直至试点结束。"
MENTOR_LIST = "指导分工：{mentor_list}。"
FIVE_ONES = (
    "指导员按照一个好方案、一个特色活动、一次经费协调、每周一次走访、一个实际困难的“五个一”工作法开展指导。"
    "截至目前，{mentors}名指导员深入试点单位{visits}次，开展调研{research}次，"
    "确认实施方案{plans_confirmed}份，指导设计活动{activities_designed}个，"
    "解决困难和问题{difficulties_solved}件，协调活动经费{coordinated_amount}元。"
)
TILT = (
    "一是评先评优倾斜。五四红旗团委（团支部）、优秀团干部和优秀共青团员评选，在基本名额之外，"
    "对有突出贡献的试点单位增加集体名额{extra_unit_places}个、个人名额{extra_youth_places}个；"
    "推荐市级及以上荣誉时，试点单位优先。"
)
AID = "二是资助项目倾斜。希望工程资助和支教名额，优先安排试点单位。"
PAIRS = (
    "按照共同探索、资源互补、结对发展的原则，{pairs}个试点单位与行政单位团组织结成{pairs}对。"
    "结对情况：{pair_list}。"
)
JOINT = (
    "截至目前，结对双方召开座谈会{seminars}次，签订活动协议{agreements}份，内容涉及{topic_list}。"
)

REPORT = [
    (
        "lead",
        P,
        "为推进基层团建试点工作，团县委从经费、人员、方法、政策、机制五个方面支持{units}个试点单位开展工作。"
        "现将截至{cutoff}的有关情况汇报如下。",
    ),
    ("funds_heading", H, "加大经费支持"),
    ("fund", P, FUND),
    ("dues", P, DUES),
    ("rewards", P, REWARDS),
    ("plaques", P, PLAQUES),
    ("mentors_heading", H, "增强人员保障"),
    ("mentors", P, MENTORS),
    ("mentor_list", P, MENTOR_LIST),
    ("five_ones_heading", H, "落实“五个一”工作法"),
    ("five_ones", P, FIVE_ONES),
    ("tilt_heading", H, "实行资源倾斜"),
    ("tilt", P, TILT),
    ("aid", P, AID),
    ("pairs_heading", H, "开展联试共建"),
    ("pairs", P, PAIRS),
    ("joint", P, JOINT),
    (
        "closing",
        P,
        "下一步，团县委将继续落实五项支持措施，盯住走访、立项和困难解决等重点环节，"
        "及时总结试点单位的好经验、好做法，推动试点工作取得实效。",
    ),
    ("farewell", P, "特此汇报。"),
]

SUMMARY = [
    (
        "lead",
        P,
        "{programme}开展以来，团县委坚持边试点、边总结，从经费、人员、方法、政策、机制五个方面支持试点单位。"
        "现将截至{cutoff}的工作总结如下。",
    ),
    ("basics_heading", H, "基本情况"),
    (
        "basics",
        P,
        "本次试点共确定{units}个试点单位，选派指导员{mentors}名，与行政单位团组织结对{pairs}对，"
        "设立试点工作基金{fund_received}元，其中工作经费{fund_from_working}元、"
        "社会筹集{fund_from_donation}元。",
    ),
    ("mentor_list", P, MENTOR_LIST),
    ("pair_list", P, "结对情况：{pair_list}。"),
    ("methods_heading", H, "主要做法"),
    (
        "method_funds",
        P,
        "一是加大经费支持。设立试点工作基金，实行申请、初审、审批、拨付、结项全程管理；"
        "试点单位团费全额返还；对全市、全国典型一次性奖励{reward_setting}元。",
    ),
    (
        "method_people",
        P,
        "二是增强人员保障。指导员定期指导、实地指导、靠前指导，全程指导直至试点结束。",
    ),
    (
        "method_five_ones",
        P,
        "三是落实“五个一”工作法。每个试点单位形成一个好方案、一个特色活动、一次经费协调、"
        "每周一次走访、解决一个实际困难。",
    ),
    (
        "method_tilt",
        P,
        "四是实行资源倾斜。评先评优对有突出贡献的试点单位增加集体名额{extra_unit_places}个、"
        "个人名额{extra_youth_places}个，希望工程资助和支教优先安排试点单位。",
    ),
    (
        "method_pairs",
        P,
        "五是开展联试共建。试点单位与行政单位团组织共同探索、资源互补、结对发展。",
    ),
    ("results_heading", H, "取得成效"),
    (
        "result_funds",
        P,
        "一是经费支持到位。截至目前，{units_applied}个试点单位提出立项申请{applications}项，"
        "核定{approved_amount}元，已拨付{disbursed_amount}元，收回结余{recovered_amount}元；"
        "退返团费{dues_refunded}元，"
        "发放典型奖励{rewards_amount}元，挂牌{plaques}块。",
    ),
    (
        "result_five_ones",
        P,
        "二是指导帮扶见效。指导员深入试点单位{visits}次，开展调研{research}次，"
        "确认实施方案{plans_confirmed}份，设计活动{activities_designed}个，"
        "解决困难和问题{difficulties_solved}件，协调活动经费{coordinated_amount}元。",
    ),
    (
        "result_pairs",
        P,
        "三是结对共建活跃。召开座谈会{seminars}次，签订活动协议{agreements}份，内容涉及{topic_list}。",
    ),
    ("problems_heading", H, "存在问题"),
    ("problems", P, "{problem_list}"),
    ("plans_heading", H, "下一步打算"),
    ("plan_weeks", P, "一是坚持每周走访。按周提醒指导员，应访未访的及时补上。"),
    ("plan_money", P, "二是管好用好经费。督促活动结束的项目按期结项，结余经费及时收回。"),
    ("plan_models", P, "三是总结推广典型。提炼试点单位的好做法，形成可复制的经验。"),
]

CARRIED_IN = ("carried_in", P, "上述基金总额包括上次试点结转{fund_carried_in}元。")
TEXTS = {BriefingKind.REPORT: REPORT, BriefingKind.SUMMARY: SUMMARY}
# {key: 【label】}, for the texts above.
MARKS = {key: mark(one.label) for key, one in CATALOGUE.items()}


def standard_paragraphs(kind, is_carried_on=False):
    """The standard text of `kind` as a draft holds it, with placeholders as people see them.

    `is_carried_on` says that money of an earlier programme's fund came into this one's.
    """
    text_of = TEXTS[kind]
    if is_carried_on:
        named = next(n for n, row in enumerate(text_of) if "{fund_from_donation}" in row[2]) + 1
        text_of = [*text_of[:named], CARRIED_IN, *text_of[named:]]
    return [
        {"key": key, "kind": style.value, "text": text.format_map(MARKS), "is_hidden": False}
        for key, style, text in text_of
    ]


def is_carried_on(programme):
    """Whether money of an earlier programme came into this one's fund; a page's query may know."""
    known = programme.__dict__.get("is_carried_on")
    return programme.carried_here.filter(state="booked").exists() if known is None else known


def standard_draft(programme, kind, county_name):
    """An unsaved BriefingDraft with the standard text, signed by the committee `county_name`."""
    return BriefingDraft(
        programme=programme,
        kind=kind,
        title=TITLES[kind],
        signature=county_name,
        paragraphs=standard_paragraphs(kind, is_carried_on=is_carried_on(programme)),
    )
