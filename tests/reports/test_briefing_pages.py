"""情况汇报 on screen: reading at a cutoff, writing without losing words, who may."""

import datetime as dt
import io
import re

import docx
import pytest
from django.urls import reverse

from accounts.models import Duty
from funds.models import CarryOver
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.briefing.placeholders import CATALOGUE, mark
from reports.briefing.standard import standard_paragraphs
from reports.figures import figure_url
from reports.models import BriefingDraft, BriefingKind
from tests.factories import PilotProgrammeFactory, UserFactory, days_ago
from tests.reports.briefing import paragraph, typed

pytestmark = pytest.mark.django_db
VISITS = mark(CATALOGUE["visits"].label)


def address(county, name="briefing_page", document="report"):
    return reverse(f"reports:{name}", args=[county.programme.pk, document])


def get(client, person, url, **query):
    client.force_login(person)
    return client.get(url, query)


def write(client, county, person, form):
    client.force_login(person)
    return client.post(address(county, "edit_briefing"), form)


def texts_in(answer):
    """The texts of the form's paragraphs in order."""
    return [form["text"].value() for form in answer.context["formset"].forms]


# --- Reading ----------------------------------------------------------------------------------


def test_the_place_in_the_rail_leads_to_the_present_programme(client, county):
    answer = get(client, county.leader, reverse("reports:briefing"))
    assert answer.url == address(county)
    shown = get(client, county.leader, answer.url).content.decode()
    assert re.search(r'aria-current="page">\s*<svg[^>]*>.*?</svg>\s*<span>情况汇报', shown, re.S)


def test_without_a_programme_the_page_says_what_comes_first(client):
    leader = UserFactory(duties=[Duty.LEADER])
    shown = get(client, leader, reverse("reports:briefing")).content.decode()
    assert "还没有试点工作" in shown


def test_each_figure_leads_to_its_records_at_the_cutoff(client, county):
    on = days_ago(2)
    shown = get(client, county.leader, address(county), on=on.isoformat()).content.decode()
    url = figure_url("fund_received", county.programme, on).replace("&", "&amp;")
    assert re.search(rf'<a class="cited" href="{re.escape(url)}"[^>]*>10000</a>', shown)
    assert f"截至{cn_full_date(on)}" in shown


def test_a_day_to_come_and_one_before_the_pilot_are_refused_beside_the_field(client, county):
    tomorrow = clock.today() + dt.timedelta(days=1)
    before = county.programme.starts_on - dt.timedelta(days=1)
    for day, words in [
        (tomorrow.isoformat(), "统计截止日期不能晚于今天。"),
        (before.isoformat(), "试点工作当时还没有开始"),
        ("2026-02-30", "请填写正确的日期"),
    ]:
        answer = get(client, county.leader, address(county), on=day)
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert answer.context["form"]["on"].value() == day
        assert answer.context["on"] == clock.today()
        assert "没有按您填的日期统计" in answer.content.decode()
    for day, is_said in [("", True), (clock.today().isoformat(), False)]:
        page = get(client, county.leader, address(county), on=day).content.decode()
        assert ("没有按您填的日期统计" in page) == is_said


def test_the_word_file_says_what_the_page_says(client, county):
    answer = get(client, county.leader, address(county, "briefing_word"))
    assert "attachment" in answer["Content-Disposition"]
    said = [p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert "一、加大经费支持" in said
    page = get(client, county.leader, address(county))
    plain = [re.sub(r"<[^>]+>", "", line.html) for line in page.context["lines"]]
    assert set(plain) <= set(said)


def test_no_word_file_is_made_of_a_day_to_come(client, county):
    day = (clock.today() + dt.timedelta(days=1)).isoformat()
    answer = get(client, county.leader, address(county, "briefing_word"), on=day)
    assert answer.url == f"{address(county)}?on={day}"


def test_another_kind_of_document_does_not_exist(client, county):
    assert get(client, county.leader, address(county, document="novel")).status_code == 404


def test_a_leader_reads_and_is_told_who_writes(client, county):
    page = get(client, county.leader, address(county)).content.decode()
    assert "编辑文字" not in page
    assert "定稿存档" not in page
    refused = get(client, county.leader, address(county, "edit_briefing"))
    assert refused.status_code == 403
    assert "汇报由初审和审批人员撰写、定稿" in refused.content.decode()
    assert str(county.reviewer) in refused.content.decode()


# --- Writing ----------------------------------------------------------------------------------


def test_the_text_is_saved_with_what_stands_around_it(client, county):
    rows = [
        paragraph("甲", kind="heading1"),
        paragraph(f"走访{VISITS}次。", "own-2"),
        paragraph("藏", "own-3", is_hidden=True),
    ]
    form = typed(rows, dated_on="2026-05-04")
    assert write(client, county, county.reviewer, form).url == address(county)
    page = get(client, county.leader, address(county)).content.decode()
    for words in ("试点情况汇报", "团市委", "团县委", "2026年5月4日", "一、甲"):
        assert words in page
    assert "藏" not in page
    draft = BriefingDraft.objects.get()
    assert (draft.version, draft.saved_by) == (1, county.reviewer)
    assert [record.version for record in draft.history.all()] == [1]


def test_an_unknown_figure_is_refused_beside_its_paragraph_and_nothing_is_lost(client, county):
    rows = [paragraph("甲"), paragraph("走访【次数】次。", "own-2")]
    answer = write(client, county, county.approver, typed(rows))
    assert answer.status_code == 200
    wrong = answer.context["formset"].forms[1]
    assert wrong.errors["text"] == ["没有“【次数】”这一项，请从“可用数字”中选用，或去掉方括号。"]
    assert texts_in(answer) == ["甲", "走访【次数】次。"]
    assert not BriefingDraft.objects.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([paragraph("  ")], "请填写文字；不需要这一段的，勾选“不写入”。"),
        ([paragraph("甲", is_hidden=True)], "至少要有一段显示的文字。"),
        ([paragraph("甲"), paragraph("乙")], "段落重复，请重新打开编辑页面。"),
        ([paragraph("甲", kind="poem")], "poem"),
    ],
)
def test_a_text_that_says_nothing_or_is_no_text_is_refused(client, county, rows, words):
    answer = write(client, county, county.approver, typed(rows))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not BriefingDraft.objects.exists()


def test_a_form_without_its_paragraphs_is_no_server_error(client, county):
    form = {"title": "标题", "seen": "x", "order": "up-0", "p-TOTAL_FORMS": "many"}
    assert write(client, county, county.approver, form).status_code == 200
    assert write(client, county, county.approver, {"title": "标题"}).status_code == 200
    assert not BriefingDraft.objects.exists()


@pytest.mark.parametrize(
    ("order", "texts"),
    [
        ("up-1", ["乙", "甲", "丙"]),
        ("down-1", ["甲", "丙", "乙"]),
        ("up-0", ["甲", "乙", "丙"]),
        ("down-2", ["甲", "乙", "丙"]),
        ("add-0", ["甲", "", "乙", "丙"]),
        ("remove-1", ["甲", "丙"]),
        ("remove-0", ["甲", "乙", "丙"]),  # a paragraph of the standard text is hidden, not removed
        ("up-9", ["甲", "乙", "丙"]),
        ("up-" + "9" * 5000, ["甲", "乙", "丙"]),
        ("²-²", ["甲", "乙", "丙"]),
    ],
)
def test_a_paragraph_is_moved_added_and_taken_out_without_saving(client, county, order, texts):
    rows = [
        paragraph("甲", "lead"),
        paragraph("乙", "own-2"),
        paragraph("丙", "own-3", is_hidden=True),
    ]
    answer = write(client, county, county.approver, typed(rows, order=order, title="未存"))
    assert texts_in(answer) == texts
    assert answer.context["form"]["title"].value() == "未存"
    hidden = [form["is_hidden"].value() for form in answer.context["formset"].forms]
    assert hidden.count(True) == 1
    assert not BriefingDraft.objects.exists()


def test_the_standard_text_can_be_had_back_and_is_not_saved_by_itself(client, county):
    write(client, county, county.approver, typed([paragraph("甲")]))
    answer = write(
        client, county, county.approver, typed([paragraph("甲")], seen=1, order="standard")
    )
    standard = [row["text"] for row in standard_paragraphs(BriefingKind.REPORT)]
    assert texts_in(answer) == standard
    assert [row["text"] for row in BriefingDraft.objects.get().paragraphs] == ["甲"]


def test_the_standard_text_names_what_was_carried_over_also_when_it_is_had_back(client, county):
    earlier = PilotProgrammeFactory(starts_on=days_ago(900), ends_on=days_ago(600))
    CarryOver.objects.create(
        programme=earlier,
        to_programme=county.programme,
        amount=to_yuan("1"),
        decided_on=clock.today(),
        state="booked",
    )
    answer = write(client, county, county.approver, typed([paragraph("甲")], order="standard"))
    assert any("包括上次试点结转" in text for text in texts_in(answer))


def test_nobodys_words_are_overwritten_unread(client, county):
    write(client, county, county.reviewer, typed([paragraph("初审写的")]))
    answer = write(client, county, county.approver, typed([paragraph("审批写的")], seen=0))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f"您打开页面之后，{county.reviewer}于" in page
    assert texts_in(answer) == ["审批写的"]
    assert "初审写的" in page
    assert BriefingDraft.objects.get().paragraphs == [paragraph("初审写的")]

    # Having read them, he saves again.
    seen = answer.context["form"]["seen"].value()
    assert (
        write(client, county, county.approver, typed([paragraph("合写的")], seen=seen)).status_code
        == 302
    )
    assert BriefingDraft.objects.get().paragraphs == [paragraph("合写的")]


def test_what_others_added_and_wrote_around_the_text_is_shown_before_it_is_overwritten(
    client, county
):
    rows = [paragraph("同一段"), paragraph("初审新加的一段", key="own-2")]
    write(client, county, county.reviewer, typed(rows, addressee="初审写的主送"))
    answer = write(client, county, county.approver, typed([paragraph("同一段")], seen=0))
    assert answer.context["theirs_besides"] == [
        ("主送", "初审写的主送"),
        ("新加的段落", "初审新加的一段"),
    ]
    assert "新加的段落：初审新加的一段" in answer.content.decode()


def test_what_others_hid_and_moved_is_shown_before_it_is_overwritten(client, county):
    first, second = paragraph("第一段"), paragraph("第二段", key="own-2")
    rows = [second | {"is_hidden": True}, first]
    write(client, county, county.reviewer, typed(rows))
    answer = write(client, county, county.approver, typed([first, second], seen=0))
    assert answer.context["theirs_besides"] == [
        ("对方暂不写入的段落", "第二段"),
        ("对方的段落顺序", "第二段；第一段"),
    ]


def test_each_document_and_each_programme_has_a_text_of_its_paragraph(client, county):
    write(client, county, county.approver, typed([paragraph("只在汇报")]))
    summary = get(client, county.leader, address(county, document="summary")).content.decode()
    assert "只在汇报" not in summary
    assert "一、基本情况" in summary
