"""Names in the order people expect, and text as it is searched."""

import unicodedata
from importlib import import_module

from django.db.models import Q
from django.utils.functional import SimpleLazyObject

# Its dictionary weighs 57 MB, a quarter of a worker, and most workers never see a name saved.
pypinyin = SimpleLazyObject(lambda: import_module("pypinyin"))
# Read differently as a surname than anywhere else; pypinyin knows the everyday reading only.
SURNAMES = {
    "万俟": "mo4qi2",
    "尉迟": "yu4chi2",
    "长孙": "zhang3sun1",
    "澹台": "tan2tai2",
    "单于": "chan2yu2",
    "令狐": "ling2hu2",
    "宰父": "zai3fu3",
    "鲜于": "xian1yu2",
    "单": "shan4",
    "曾": "zeng1",
    "解": "xie4",
    "仇": "qiu2",
    "区": "ou1",
    "朴": "piao2",
    "查": "zha1",
    "盖": "ge3",
    "任": "ren2",
    "华": "hua4",
    "覃": "qin2",
    "翟": "zhai2",
    "乐": "yue4",
    "员": "yun4",
    "冼": "xian3",
    "洗": "xian3",
    "缪": "miao4",
    "燕": "yan1",
    "黑": "he4",
    "折": "she2",
    "秘": "bi4",
    "种": "chong2",
    "繁": "po2",
    "祭": "zhai4",
    "召": "shao4",
    "车": "che1",
    "葛": "ge3",
    "应": "ying1",
    "晁": "chao2",
    "逄": "pang2",
    "牟": "mu4",
    "尉": "wei4",
    "句": "gou1",
    "纪": "ji3",
    "哈": "ha3",
    "隗": "wei3",
    "宓": "mi4",
    "曲": "qu1",
    "过": "guo1",
    "那": "na1",
    "能": "nai4",
    "不": "fou1",
    "盛": "sheng4",
    "石": "shi2",
    "沈": "shen3",
}
LONGEST_PERSON_NAME = 4
# Fits the rooms' CharField; names that agree in this much may stand in any order.
MAX_KEY = 200


def normalise(text) -> str:
    """Return `text` as it is compared: NFKC (full-width to plain), one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def containing(field, text):
    """The condition that `field` contains `text`, in capitals or small letters.

    Chinese has neither, and comparing without them is several times faster.
    """
    has_case = text.lower() != text.upper()
    return Q(**{f"{field}__{'icontains' if has_case else 'contains'}": text})


def sort_key(name) -> str:
    """Return the pinyin key of a person's or an organisation's name, at most 200 characters.

    Only a–z and 0–9, so that SQLite (bytes) and PostgreSQL (any collation) order it alike: a tone
    digit ends each syllable and stands before every letter. A name of up to four characters is
    read as a person's, with the surname's own reading.
    """
    name = normalise(name).lower()
    person = _leading_han(name)
    key, rest = "", name
    if len(person) <= LONGEST_PERSON_NAME:
        for length in (2, 1):
            if name[:length] in SURNAMES:
                key, rest = SURNAMES[name[:length]], name[length:]
                break
    for syllable in pypinyin.lazy_pinyin(
        rest, style=pypinyin.Style.TONE3, neutral_tone_with_five=True
    ):
        key += syllable
    return "".join(c for c in key.replace("ü", "v") if c.isascii() and c.isalnum())[:MAX_KEY]


def _leading_han(name):
    """Return the Chinese characters that `name` begins with, as in 单 · 秘书."""
    for index, character in enumerate(name):
        if not unicodedata.name(character, "").startswith("CJK"):
            return name[:index]
    return name
