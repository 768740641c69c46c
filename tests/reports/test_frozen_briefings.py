"""定稿: kept for ever with its figures and the ledger's chain heads, comparable with today."""

import datetime as dt
import io
import uuid

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction
from django.urls import reverse

from accounts.matters import NotPermitted
from funds.models import Entry, FundAccount
from pilotwork import clock
from pilotwork.appendonly import AppendOnlyError, lifted
from pilotwork.refusals import Refused
from reports.briefing.compare import compare
from reports.briefing.drafts import save_draft
from reports.models import BriefingDraft, BriefingKind, FrozenBriefing
from tests.factories import FundAccountFactory, PilotProgrammeFactory, days_ago
from tests.people import receive
from tests.reports.briefing import REPORT, freeze_report, paragraph

pytestmark = pytest.mark.django_db


def frozen(county, *, by=None, programme=None, **changed):
    """The report frozen by the reviewer, of today unless `on` says another day."""
    return freeze_report(programme or county.programme, by or county.reviewer, **changed)


def line(row, label):
    """The line of a comparison by its label."""
    return next(one for one in compare(row) if one.label == label)


def sheet_in(html):
    """The sheet of a page."""
    return html.partition("<article")[2].partition("</article>")[0]


def page(client, county, name, row):
    client.force_login(county.leader)
    return client.get(reverse(f"reports:{name}", args=[row.pk]))


# --- Freezing ---------------------------------------------------------------------------------


def test_a_frozen_report_keeps_text_figures_and_the_head_of_every_account(county):
    dues = FundAccount.objects.create(kind="dues", name="团费", code="TF")
    receive(county, "20", account=dues)
    row = frozen(county, note="报团市委")
    head = Entry.objects.filter(account=county.fund).latest("number")
    assert row.figures["fund_received"] == "10000"
    assert [(h["account"], h["number"], h["digest"]) for h in row.heads] == [
        (county.fund.pk, head.number, head.digest),
        (dues.pk, 1, Entry.objects.get(account=dues).digest),
    ]
    assert (row.by_name, row.note, row.cutoff_on) == (
        str(county.reviewer),
        "报团市委",
        clock.today(),
    )


def test_what_is_frozen_stays_whatever_happens_to_text_and_records(client, county):
    row = frozen(county)
    before = page(client, county, "frozen_briefing", row).content.decode()
    receive(county, "50")
    save_draft(
        county.programme,
        REPORT,
        by=county.approver,
        seen=0,
        content={"title": "新题", "addressee": "", "signature": "", "dated_on": None},
        paragraphs=[paragraph("新")],
    )
    after = page(client, county, "frozen_briefing", row).content.decode()
    assert ">10000<" in after
    assert sheet_in(before) == sheet_in(after)


def test_the_database_changes_and_deletes_no_frozen_report(county):
    row = frozen(county)
    with pytest.raises(AppendOnlyError):
        row.save()
    for rewrite in (
        lambda: models.QuerySet(FrozenBriefing).update(title="改"),
        lambda: models.QuerySet(FrozenBriefing).filter(pk=row.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()
    assert FrozenBriefing.objects.get().title == row.title


def test_no_text_dated_before_its_cutoff_is_frozen(county):
    content = {"title": "题", "addressee": "", "signature": "", "dated_on": days_ago(2)}
    paragraphs = [paragraph("文。")]
    save_draft(
        county.programme, REPORT, by=county.approver, seen=0, content=content, paragraphs=paragraphs
    )
    with pytest.raises(Refused, match="早于统计截止日期"):
        frozen(county)
    assert frozen(county, on=days_ago(2)).dated_on == days_ago(2)


def test_the_numbers_of_a_programme_have_no_gap(county):
    other = PilotProgrammeFactory()
    FundAccountFactory(programme=other)
    assert [frozen(county).number, frozen(county, kind=BriefingKind.SUMMARY).number] == [1, 2]
    assert frozen(county, programme=other).number == 1
    last = FrozenBriefing.objects.get(programme=county.programme, number=2)
    last.pk, last.number, last.request_key = None, 4, uuid.uuid4()
    last._state.adding = True
    with pytest.raises(DatabaseError), transaction.atomic():
        last.save()


def test_a_double_click_freezes_once(client, county):
    client.force_login(county.approver)
    url = reverse("reports:freeze_briefing", args=[county.programme.pk, "report"])
    form = client.get(url).context["form"].initial
    typed = {name: str(value) for name, value in form.items()}
    first, second = client.post(url, typed), client.post(url, typed)
    row = FrozenBriefing.objects.get()
    assert first.url == second.url == reverse("reports:frozen_briefing", args=[row.pk])


def test_the_very_same_is_not_frozen_twice_and_after_a_change_it_is(county):
    frozen(county)
    with pytest.raises(Refused, match="与第 1 号定稿完全相同"):
        frozen(county, by=county.approver, note="再报一次")
    receive(county, "50")
    assert frozen(county).number == 2


def test_what_has_changed_since_it_was_shown_is_shown_again_before_it_is_frozen(client, county):
    client.force_login(county.approver)
    url = reverse("reports:freeze_briefing", args=[county.programme.pk, "report"])
    typed = {name: str(value) for name, value in client.get(url).context["form"].initial.items()}
    receive(county, "50")
    answer = client.post(url, typed | {"note": "报县委"})
    assert "您打开页面之后，文字或数字有变化。" in answer.content.decode()
    assert answer.context["form"]["note"].value() == "报县委"
    assert not FrozenBriefing.objects.exists()
    shown = {field.name: field.value() for field in answer.context["form"]}
    assert client.post(url, shown).status_code == 302
    assert FrozenBriefing.objects.get().figures["fund_received"] == "10050"


def test_a_day_to_come_is_not_frozen(county):
    with pytest.raises(Refused, match="统计截止日期不能晚于今天"):
        frozen(county, on=days_ago(-1))


def test_a_text_that_names_a_figure_which_is_no_more_is_not_frozen_and_its_page_says_so(
    client, county
):
    BriefingDraft.objects.create(
        programme=county.programme, kind=REPORT, title="题", paragraphs=[paragraph("【旧名】次。")]
    )
    with pytest.raises(Refused, match="没有“【旧名】”这一项"):
        frozen(county)
    client.force_login(county.leader)
    url = reverse("reports:briefing_page", args=[county.programme.pk, "report"])
    assert "没有“【旧名】”这一项" in client.get(url).content.decode()


def test_a_malformed_form_freezes_nothing(client, county):
    client.force_login(county.approver)
    url = reverse("reports:freeze_briefing", args=[county.programme.pk, "report"])
    assert client.post(url, {"on": "x", "request_key": "y"}).status_code == 200
    assert client.post(url, {}).status_code == 200
    assert not FrozenBriefing.objects.exists()


@pytest.mark.parametrize("person", ["leader", "cashier", "administrator", "superuser", "member"])
def test_only_who_reviews_or_approves_freezes(county, person):
    with pytest.raises(NotPermitted) as refused:
        frozen(county, by=county.people[person])
    assert county.approver in refused.value.who_can
    assert county.leader not in refused.value.who_can


# --- Comparing --------------------------------------------------------------------------------


def test_a_comparison_tells_what_later_days_brought_from_what_was_corrected(county):
    label = "试点工作基金总额"
    with clock.at(clock.now() - dt.timedelta(days=2)):
        row = frozen(county)
    assert line(row, label).difference == "一致"
    receive(county, "50")
    found = line(row, label)
    assert (found.frozen, found.recomputed, found.today) == ("10000", "10000", "10050")
    assert found.difference == "有新增"
    # Money counts by its booking day, everything else by its own: a day entered wrongly and put
    # right changes what the frozen day has now.
    county.programme.units.filter(pk=county.other_unit.pk).update(joined_on=clock.today())
    found = line(row, "试点单位")
    assert (found.frozen, found.recomputed, found.today) == ("2", "1", "2")
    assert found.difference == "已更正"


def test_the_comparison_says_the_differences_in_words(client, county):
    row = frozen(county, on=days_ago(1))
    assert "重算与定稿一致" in page(client, county, "compare_briefing", row).content.decode()
    county.programme.units.filter(pk=county.other_unit.pk).update(joined_on=clock.today())
    corrected = [one for one in compare(row) if one.is_corrected]
    assert "试点单位" in [one.label for one in corrected]
    told = page(client, county, "compare_briefing", row).content.decode()
    assert f"{len(corrected)} 项数字与定稿不同" in told
    assert told.count(">已更正</span>") == len(corrected)


# --- The ledger -------------------------------------------------------------------------------


def differences():
    """What check_ledger prints of frozen reports."""
    out = io.StringIO()
    try:
        call_command("check_ledger", stdout=out)
    except CommandError:
        return [words for words in out.getvalue().splitlines() if "定稿" in words]
    return []


def rewrite(model, row, **values):
    """Change a row as somebody with the database's password does."""
    with lifted():
        models.QuerySet(model).filter(pk=row.pk).update(**values)


def test_the_ledger_check_holds_the_chain_against_what_was_frozen(county):
    row = frozen(county)
    receive(county, "50")
    assert differences() == []
    entry = Entry.objects.get(account=county.fund, number=1)
    # Rewritten with a digest that fits its new content: the chain alone would not show it.
    entry.memo = "改"
    rewrite(Entry, entry, memo="改", digest=entry.computed_digest(""))
    (found,) = differences()
    assert found.startswith(f"{county.fund} 第 1 号分录与定稿“{row}”不符（留存 ")


def test_the_ledger_check_notices_an_entry_cut_off_and_a_frozen_text_changed(county):
    entry = receive(county, "50")
    row = frozen(county)
    rewrite(FrozenBriefing, row, title="改")
    with lifted():
        models.QuerySet(Entry).filter(pk=entry.pk)._raw_delete("default")
    row = FrozenBriefing.objects.get()
    assert differences() == [
        f"定稿“{row}”：校验码不符：内容被改动。",
        f"{county.fund} 第 2 号分录（定稿“{row}”有记）已不存在：现止于第 1 号，第 2 号被删去。",
    ]


def test_page_and_word_file_name_the_heads(client, county):
    row = frozen(county, on=days_ago(1))
    head = row.heads[0]["digest"][:12]
    assert head in page(client, county, "frozen_briefing", row).content.decode()
    answer = page(client, county, "frozen_briefing_word", row)
    said = docx.Document(io.BytesIO(answer.content))
    assert any(head in paragraph.text for paragraph in said.paragraphs)
    assert said.core_properties.created == row.frozen_at.replace(microsecond=0)
