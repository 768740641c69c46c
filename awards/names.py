"""Names of nominees, written one way so that the same person is found again."""

import re
import unicodedata

# What keyboards and documents write for the dot between a surname and a post, or within a name.
DOTS = re.compile(r"\s*[·・•‧∙⋅]\s*")
# NFKC makes these half as wide, which looks wrong among Chinese characters; they are kept wide.
WIDE = str.maketrans("(),:;", "（），：；")


def tidy_name(name) -> str:
    """Return `name` (str) as it is kept: NFKC with wide punctuation, single spaces, and · bare.

    丁 ・ 学生会干部 becomes 丁·学生会干部. It is never longer than what was typed.
    """
    folded = unicodedata.normalize("NFKC", name)
    # A sign that falls apart into many (㍿) is left: the name must still fit where it is kept.
    fitting = folded if len(folded) <= len(name) else name
    return DOTS.sub("·", " ".join(fitting.translate(WIDE).split()))
