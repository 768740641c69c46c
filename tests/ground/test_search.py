"""The order of names and the text that is searched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwork.search import containing, normalise, sort_key
from tests.factories import OrganisationFactory
from units.models import Organisation


def test_people_stand_in_the_order_of_their_surnames_own_reading():
    names = ["朱文", "解明", "单强", "区文", "仇英", "曾红", "朴敏", "查良", "盖伟", "安静"]
    expected = ["安静", "盖伟", "区文", "朴敏", "仇英", "单强", "解明", "曾红", "查良", "朱文"]
    assert sorted(names, key=sort_key) == expected


def test_a_surname_before_a_post_is_read_as_a_surname():
    assert sort_key("单 · 秘书").startswith("shan4")


def test_a_word_in_an_organisations_name_is_not_read_as_a_surname():
    assert sort_key("解放路小学团支部").startswith("jie3")
    assert sort_key("大邱庄镇团委") == "da4qiu1zhuang1zhen4tuan2wei3"


def test_a_shorter_syllable_stands_before_a_longer_one():
    assert sorted(["连杰", "李卓"], key=sort_key) == ["李卓", "连杰"]


@given(st.text(max_size=120))
def test_a_key_has_nothing_that_databases_order_differently(name):
    assert re.fullmatch(r"[a-z0-9]{0,200}", sort_key(name))


def test_full_width_and_doubled_spaces_are_searched_as_plain_ones():
    assert normalise("  ＡＢＣ　１２３   号 ") == "ABC 123 号"
    assert normalise(None) == ""


@pytest.mark.django_db
def test_what_is_searched_for_is_found_in_capitals_and_small_letters_and_in_chinese():
    names = ["ABC 学校", "abc 企业", "王口镇团委"]
    for name in names:
        OrganisationFactory(name=name)

    def found(text):
        rows = Organisation.objects.filter(containing("name", text))
        return set(rows.values_list("name", flat=True))

    assert found("Abc") == set(names[:2])
    assert found("王口") == {names[2]}
    assert found("学校") == {names[0]}
    assert found("没有") == set()
