"""What a full name tells by itself, so that nobody types it: level, kind, sign-in name."""

from pilotwork.search import sort_key
from units.models import Kind, Level

LEVELS = ((("团支部", "支部"), Level.BRANCH), (("团总支", "总支"), Level.GENERAL_BRANCH))
KINDS = (
    (("合作社",), Kind.COOPERATIVE),
    (("学校", "中学", "小学", "学院", "职教", "幼儿园"), Kind.SCHOOL),
    (("公司", "集团", "企业", "厂"), Kind.ENTERPRISE),
    (("局", "税务", "委员会", "机关", "法院", "检察院", "医院", "中心"), Kind.ADMINISTRATIVE),
    (("镇", "乡", "街道", "村", "社区"), Kind.TOWN),
)


def level_of(name):
    """The Level an organisation's full name ends with; 团委 where it does not say."""
    return next((level for ends, level in LEVELS if name.endswith(ends)), Level.COMMITTEE)


def kind_of(name):
    """The Kind its full name speaks of, None where it does not say."""
    return next((kind for words, kind in KINDS if any(word in name for word in words)), None)


def sign_in_name(name, taken):
    """A sign-in name from the pinyin of a person's name, with a number where `taken` has it."""
    plain = "".join(c for c in sort_key(name) if c.isalpha())[:30] or "user"
    candidates = (f"{plain}{number or ''}" for number in (0, *range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if candidate not in taken)
