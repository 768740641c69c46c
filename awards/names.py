"""Names of nominees: which of them, however they are written, are one person's."""

import re
import unicodedata

# What keyboards and documents write for the dot between a surname and a post, or within a name.
DOTS = re.compile(r"\s*[·・•‧∙⋅]\s*")


def alike(name) -> str:
    """What the names (str) of one person have in common: 丁 ・ 学生会干部 and 丁·学生会干部.

    To be compared, not shown: an office writes 姓 · 职务 as it likes.
    """
    return DOTS.sub("·", " ".join(unicodedata.normalize("NFKC", name).split()))
