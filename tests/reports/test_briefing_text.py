"""What a report says: figures from the records alone, lists of the day, numbers of headings."""

import datetime as dt

import pytest

from funds.models import Application
from mentors.actions import records, visits
from pairings.actions import pair
from pairings.models import Topic
from pilotwork import clock
from pilotwork.paper.official import Run
from reports.briefing.compose import chinese, compose, document_of
from reports.briefing.drafts import draft_of
from reports.briefing.material import gather, topics_in_words
from reports.briefing.placeholders import BY_LABEL, CATALOGUE, faults_of, mark, pieces_of
from reports.briefing.standard import standard_paragraphs
from reports.models import BriefingKind
from tests.factories import days_ago
from tests.journeys import bring
from tests.mentors.five_ones import all_weeks, excuse, visit
from tests.reports.briefing import paragraph

# What DOMAIN's section on the report has it state.
STATED = {
    *("units", "mentors", "pairs", "units_applied", "visits", "activities_designed"),
    *("fund_received", "fund_from_working", "fund_from_donation", "difficulties_solved"),
    *("coordinated_amount", "seminars", "agreements", "reward_setting"),
    *("extra_unit_places", "extra_youth_places"),
}
MECHANISMS = [
    "一、加大经费支持",
    "二、增强人员保障",
    "三、落实“五个一”工作法",
    "四、实行资源倾斜",
    "五、开展联试共建",
]
PARTS = ["一、基本情况", "二、主要做法", "三、取得成效", "四、存在问题", "五、下一步打算"]
VISITS = mark(CATALOGUE["visits"].label)
FUND = mark(CATALOGUE["fund_received"].label)


def words_of(block):
    """A block's text."""
    return "".join(run.text for run in block.runs)


def read(programme, kind=BriefingKind.REPORT, on=None):
    """(blocks, headings, text) of the programme's document at the end of `on`, today without."""
    material = gather(programme, on or clock.today())
    blocks = document_of(draft_of(programme, kind), material).blocks
    headings = [words_of(block) for block in blocks if block.kind == "heading1"]
    return blocks, headings, "\n".join(words_of(block) for block in blocks)


def composed(material, *paragraphs):
    """The texts of the blocks that paragraphs make."""
    return [words_of(block) for block in compose(paragraphs, material)]


@pytest.fixture
def material(county):
    return gather(county.programme, clock.today())


# --- The standard text ------------------------------------------------------------------------


def test_the_report_follows_the_five_mechanisms_and_states_every_figure_of_the_office(county):
    blocks, headings, text = read(county.programme)
    assert headings == MECHANISMS
    stated = {run.figure_key for block in blocks for run in block.runs}
    assert STATED - stated == set()
    assert "截至目前" in text
    assert "一是" in text
    assert "二是" in text


def test_the_closing_summary_has_its_five_usual_parts(county):
    assert read(county.programme, BriefingKind.SUMMARY)[1] == PARTS


@pytest.mark.parametrize("kind", BriefingKind)
def test_the_standard_text_holds_no_digits_and_only_what_can_be_filled_in(kind):
    for one in standard_paragraphs(kind):
        assert faults_of(one["text"]) == []
        assert not any(character.isdigit() for character in one["text"])


def test_an_unsaved_text_is_signed_by_the_committee_and_dated_today(county):
    document = document_of(
        draft_of(county.programme, BriefingKind.REPORT), gather(county.programme, days_ago(3))
    )
    assert document.signature == "共青团县委员会"
    assert document.dated_on == clock.today()


# --- Placeholders -----------------------------------------------------------------------------


def test_a_placeholder_becomes_the_figure_and_bears_its_key(material):
    (block,) = compose([paragraph(f"基金{FUND}元，走访{VISITS}次。")], material)
    assert block.runs == [
        Run("基金"),
        Run("10000", "fund_received"),
        Run("元，走访"),
        Run("0", "visits"),
        Run("次。"),
    ]


def test_digits_that_somebody_types_are_words_and_no_figure(material):
    (block,) = compose([paragraph("走访15次。")], material)
    assert block.runs == [Run("走访15次。")]


def test_an_unknown_placeholder_and_a_lost_bracket_are_named():
    assert faults_of("走访【次数】次") == [
        "没有“【次数】”这一项，请从“可用数字”中选用，或去掉方括号。"
    ]
    assert faults_of(f"走访{VISITS}次【") == ["方括号【】不成对，请补全或去掉。"]
    assert faults_of(f"走访{VISITS}次") == []


def test_every_name_between_brackets_means_one_thing():
    assert len(BY_LABEL) == len(CATALOGUE)
    for one in CATALOGUE.values():
        assert pieces_of(mark(one.label)) == [(mark(one.label), one)]


# --- Composing --------------------------------------------------------------------------------


def test_headings_are_numbered_by_what_is_shown(material):
    assert composed(
        material,
        paragraph("甲", kind="heading1"),
        paragraph("乙", kind="heading1", is_hidden=True),
        paragraph("丙", kind="heading1"),
        paragraph("子", kind="heading2"),
        paragraph("丑", kind="heading2"),
        paragraph("细", kind="heading3"),
        paragraph("微", kind="heading4"),
        paragraph("丁", kind="heading1"),
        paragraph("寅", kind="heading2"),
    ) == ["一、甲", "二、丙", "（一）子", "（二）丑", "1.细", "（1）微", "三、丁", "（一）寅"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_chinese_numbers_of_headings(number, words):
    assert chinese(number) == words


def test_each_line_is_a_paragraph_and_empty_ones_are_left_out(material):
    assert composed(material, paragraph("一行\n\n  二行 "), paragraph("   ")) == ["一行", "二行"]


# --- Lists ------------------------------------------------------------------------------------


def test_mentors_are_named_with_their_posts_as_of_the_cutoff(county):
    def mentor_of(on):
        return next(run.text for run in gather(county.programme, on).lists["mentor_list"])

    def named(person):
        return f"顺丰林木种植专业合作社团支部—{person.name}（{person.post}）"

    assert named(county.mentor) in mentor_of(clock.today())
    assert named(county.former_mentor) in mentor_of(days_ago(10))
    assert named(county.mentor) not in mentor_of(days_ago(10))


def test_pairs_are_named_as_of_the_cutoff(county):
    pair(county.unit, county.office, by=county.administrator, starts_on=clock.today())
    today, before = (gather(county.programme, on) for on in (clock.today(), days_ago(1)))
    assert today.lists["pair_list"] == [Run("顺丰林木种植专业合作社团支部—县林业局团支部")]
    assert before.lists["pair_list"] == [Run("尚未结对")]


def test_a_unit_that_left_is_in_no_list_beside_a_number_that_leaves_it_out(county):
    pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(3))
    type(county.unit).objects.filter(pk=county.unit.pk).update(state="left", left_on=days_ago(2))
    before, today = (gather(county.programme, on) for on in (days_ago(2), clock.today()))
    for key, number in (("mentor_list", "mentors"), ("pair_list", "pairs")):
        assert county.branch.name in before.lists[key][0].text
        assert county.branch.name not in today.lists[key][0].text
        assert before.values[number] == today.values[number] + 1


def test_what_is_still_open_is_counted_at_the_cutoff_and_what_is_nought_is_left_out(county):
    raised = days_ago(4)
    with clock.at(clock.now() - dt.timedelta(days=4)):
        difficulty = records.raise_difficulty(county.unit, by=county.member, description="缺场地。")
    application = bring(county, "approved")
    ended = days_ago(county.programme.closure_grace_days + 1)
    Application.objects.filter(pk=application.pk).update(starts_on=ended, ends_on=ended)

    def issues(on):
        values = gather(county.programme, on).values
        return values["missing_closures"], values["open_difficulties"]

    assert issues(clock.today()) == (1, 1)
    assert issues(raised - dt.timedelta(days=1)) == (0, 0)

    records.solve_difficulty(difficulty, by=county.mentor, opinion="借到。", on=clock.today())
    difficulty.refresh_from_db()
    records.confirm_difficulty(difficulty, by=county.member)
    assert issues(clock.today()) == (1, 0)
    assert issues(days_ago(1)) == (0, 1)
    told = gather(county.programme, clock.today()).lists["problem_list"]
    assert Run("1", "missing_closures") in told
    assert "困难" not in "".join(run.text for run in told)


def test_weeks_without_a_visit_are_told_once_they_have_ended(county):
    values = gather(county.programme, clock.today()).values
    assert values["overdue_weeks"] > 0
    assert gather(county.programme, county.programme.starts_on).values["overdue_weeks"] == 0


def test_a_week_stays_overdue_at_a_cutoff_before_its_visit_was_confirmed_or_it_was_excused(county):
    def overdue(on):
        return gather(county.programme, on).values["overdue_weeks"]

    cutoff = days_ago(1)
    before = overdue(cutoff)
    missed, other = [
        week.monday for week in all_weeks(county.unit, cutoff) if week.state == "overdue"
    ][:2]
    visits.confirm_visit(visit(county.unit, missed, state="late"), by=county.reviewer)
    assert (overdue(cutoff), overdue(clock.today())) == (before, before - 1)
    visits.agree_excuse(excuse(county.unit, other, state="asked"), by=county.reviewer)
    assert (overdue(cutoff), overdue(clock.today())) == (before, before - 2)


def test_without_an_agreement_the_text_says_that_it_is_still_to_be_agreed_on():
    assert topics_in_words(set()) == "待双方商定的事项"
    assert topics_in_words({Topic.OTHER}) == "双方约定的事项"
