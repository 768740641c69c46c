"""What a text may name in 【】: the figures, and lists made of the records.

A figure never stands in a text as digits that somebody typed: only a placeholder brings one in.
"""

import dataclasses
import re

from reports.figures import FIGURES

MARK = re.compile(r"【([^【】]*)】")
STRAY = re.compile(r"[【】]")


@dataclasses.dataclass(frozen=True)
class Placeholder:
    """One thing a text may name: `key` in the code, `label` between the brackets; `unit` for
    figures, `note` says of a list what it holds."""

    key: str
    label: str
    unit: str = ""
    note: str = ""


# Figures that are no mechanism's result but tell what is still open; reports.briefing.facts.
OPEN_ISSUES = (
    Placeholder("overdue_weeks", "逾期走访周数", "周"),
    Placeholder("missing_closures", "逾期未结项数", "项"),
    Placeholder("open_difficulties", "未解决困难数", "件"),
)
LISTS = (
    Placeholder("cutoff", "统计截止日期", note="所选的日期"),
    Placeholder("programme", "试点工作名称", note="本次试点的名称"),
    Placeholder("mentor_list", "指导员名单", note="各单位的指导员和职务"),
    Placeholder("pair_list", "结对名单", note="各单位的结对单位"),
    Placeholder("topic_list", "协议主题", note="已确认协议涉及的主题"),
    Placeholder("problem_list", "存在问题", note="逾期走访、逾期未结项、未解决困难，没有的不写"),
)
CATALOGUE = {
    one.key: one
    for one in (
        *(Placeholder(f.key, f.label, f.unit) for f in FIGURES.values()),
        *OPEN_ISSUES,
        *LISTS,
    )
}
BY_LABEL = {one.label: one for one in CATALOGUE.values()}
ISSUE_KEYS = [one.key for one in OPEN_ISSUES]


def mark(label):
    """How a placeholder stands in a text."""
    return f"【{label}】"


def pieces_of(text):
    """Split a text: [(words, None) or (words, Placeholder)] in order; unknown ones stay words."""
    pieces, end = [], 0
    for found in MARK.finditer(text):
        one = BY_LABEL.get(found[1].strip())
        if one is None:
            continue
        pieces += [(text[end : found.start()], None), (found[0], one)]
        end = found.end()
    return [piece for piece in [*pieces, (text[end:], None)] if piece[0]]


def faults_of(text):
    """What is wrong with a text's placeholders, as sentences; an empty list when nothing is."""
    unknown = [words for words in MARK.findall(text) if words.strip() not in BY_LABEL]
    faults = [
        f"没有“{mark(words)}”这一项，请从“可用数字”中选用，或去掉方括号。"
        for words in dict.fromkeys(unknown)
    ]
    if STRAY.search(MARK.sub("", text)):
        faults.append("方括号【】不成对，请补全或去掉。")
    return faults
