"""What a digest says: counts for each place of the rail, and the way to the workbench.

Nothing else, whoever reads along: no name, no title, no amount, no unit.
"""

import dataclasses
from collections import Counter

from django.conf import settings

from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_datetime
from reports.navigation import LABELS

SITE = "试点工作台"
# The list of what waits goes no further; beyond it nobody counts.
MOST_COUNTED = 1000


@dataclasses.dataclass(frozen=True)
class Message:
    """One digest: the line above it and the text."""

    subject: str
    body: str


def number_in_words(number):
    """3 件; beyond what is counted, 1000 件以上."""
    return f"{number} 件" if number < MOST_COUNTED else f"{MOST_COUNTED} 件以上"


def by_label(places):
    """[(label of the place in the rail, number)] of the places (URL names) of what waits."""
    counts = Counter(LABELS[place] for place in places)
    return [(label, counts[label]) for label in dict.fromkeys(LABELS.values()) if counts[label]]


def message_to_person(places):
    """The Message to one person, for whom something waits at each of `places`."""
    number = number_in_words(len(places))
    lines = "\n".join(f"　　{label}　{number_in_words(n)}" for label, n in by_label(places))
    body = (
        f"截至{cn_datetime(clock.now())}，有 {number}事等您办理：\n\n{lines}\n\n"
        f"登录办理：{settings.SITE_URL}/\n\n"
        "每天最多一封，没有待办时不发送。不需要的，登录后点右上角的姓名，在“我的账户”里关闭每日提醒。\n"
    )
    return Message(f"{SITE}：有 {number}事等您办理", body)


def message_to_group(places):
    """The Message to a group: one line on all that waits, each matter counted once."""
    parts = "、".join(f"{label} {number_in_words(n)}" for label, n in by_label(places))
    line = f"今天共有 {len(places)} 件事等待办理：{parts}。登录办理：{settings.SITE_URL}/"
    return Message(SITE, line)
