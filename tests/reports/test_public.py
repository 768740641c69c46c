"""公开页: what anybody with the QR code learns of a unit, who opens the page, and what is never on it."""

import gzip
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from accounts.matters import NotPermitted
from mentors.actions import records, register_activity
from mentors.actions.activities import advance_activity
from mentors.actions.visits import Besides, record_visit
from mentors.models import SignatureActivity
from pairings.actions import pair
from pairings.models import Seminar
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from reports.programmes.opening import Continuing, open_programme
from reports.public.actions import close_page, open_page, switchings
from reports.public.content import SHOWN
from tests import honours
from tests.factories import days_ago
from tests.journeys import draft, go_on
from tests.pairings.together import STARTED, agreement, seminar
from tests.pairings.together import bring as bring_joint
from tests.reports.visitors import opened, page_of, visible_text
from units.actions import end_programme
from units.models import PilotUnit, UnitLevel

pytestmark = pytest.mark.django_db
UNKNOWN = "/p/7d2a0c5e-3a51-4f0b-9d3a-0c7f3d0f9a11/"
SOMEBODY, PHONE = "欧阳某某", "13812345678"
MOST_BYTES = 60_000


def read(client, unit):
    """The public page of the unit."""
    answer = client.get(page_of(unit))
    assert answer.status_code == 200
    return answer.content.decode()


def project(county, situation, name):
    """An application of this name, brought into a situation; 800 yuan where it is approved."""
    steps = {
        "submitted": ["submit"],
        "approved": ["submit", "review", "approve"],
        "closed": ["submit", "review", "approve", "pay_part", "file_closure", "review_closure"]
        + ["recover_rest", "close"],
        "revoked": ["submit", "review", "approve", "revoke"],
    }
    return go_on(county, draft(county, name=name), *steps[situation])


@pytest.fixture
def pairing(county):
    return pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(STARTED))


# --- Open and closed --------------------------------------------------------------------------


def test_a_closed_page_and_an_unknown_address_are_answered_alike(client, county):
    close_page(opened(county), by=county.reviewer)
    known, unknown = client.get(page_of(county.unit)), client.get(UNKNOWN)
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert known.content == unknown.content
    assert "该单位公开页尚未开放" in known.content.decode()
    assert county.unit.organisation.name not in known.content.decode()
    for name in ("public_suggest", "public_find_answer"):
        assert client.get(page_of(county.unit, name)).content == unknown.content


def test_a_plaque_leads_to_the_units_page_in_the_next_programme_once_its_own_is_over(
    client, county
):
    """The old page stays behind the plaque until the new one is opened."""
    opened(county)
    following = open_programme(
        by=county.administrator,
        name="下一次试点",
        year=clock.today().year,
        starts_on=clock.today(),
        ends_on=days_ago(-99),
        continuing=[Continuing(county.unit)],
    )
    unit = following.units.get()
    assert county.programme.name in read(client, county.unit)
    open_page(unit, by=county.approver)
    assert county.programme.name in read(client, county.unit)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    assert following.name in read(client, county.unit)
    assert following.name in read(client, unit)
    close_page(unit, by=county.reviewer)
    assert county.programme.name in read(client, county.unit)


def test_who_mistypes_a_plaques_address_is_not_sent_to_the_workbench(client):
    for address in ("/p/", "/p/7d2a0c5e/", f"{UNKNOWN}more/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "公开页尚未开放" in answer.content.decode()
    assert "回工作台" in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("is_open", [True, False])
def test_no_search_engine_and_no_cache_keeps_it(client, county, is_open):
    unit = opened(county) if is_open else county.unit
    answer = client.get(page_of(unit))
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Cache-Control"] == "private, no-store"
    assert 'content="noindex, nofollow, noarchive"' in answer.content.decode()
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_whoever_opens_or_closes_it_is_logged_with_the_moment(county):
    unit = open_page(county.unit, by=county.reviewer)
    close_page(unit, by=county.approver, opinion="名称有误。")
    assert not PilotUnit.objects.get(pk=unit.pk).is_public
    assert [(row.verb, row.by, row.opinion) for row in switchings(unit)] == [
        ("close_page", county.approver, "名称有误。"),
        ("open_page", county.reviewer, ""),
    ]
    told = [(row.is_public, row.history_user) for row in unit.history.all()[:2]]
    assert told == [(False, county.approver), (True, county.reviewer)]


def test_what_is_open_cannot_be_opened_again(county):
    unit = opened(county)
    with pytest.raises(Refused, match="已经是开放的"):
        open_page(unit, by=county.approver)
    close_page(unit, by=county.approver)
    with pytest.raises(Refused, match="已经是关闭的"):
        close_page(unit, by=county.approver)
    assert switchings(unit).count() == 2


@pytest.mark.parametrize(
    "name",
    ["member", "mentor", "staff_member", "parent_member", "cashier", "leader", "administrator"]
    + ["superuser", "neighbour", "retired", "switched_off"],
)
def test_neither_the_unit_nor_who_is_tied_to_it_switches_its_page(client, county, name):
    person = county.people[name]
    for switch in (open_page, close_page):
        with pytest.raises(NotPermitted) as refused:
            switch(county.unit, by=person)
        assert county.approver in refused.value.who_can
        assert person not in refused.value.who_can
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("reports:open_public_page", args=[county.unit.pk]))
    assert not PilotUnit.objects.get(pk=county.unit.pk).is_public


def test_the_county_reads_the_page_before_it_opens_it(client, county):
    register_activity(county.unit, by=county.member, name="青春助农")
    client.force_login(county.reviewer)
    managing = reverse("reports:public_page", args=[county.unit.pk])
    preview = reverse("reports:preview_public_page", args=[county.unit.pk])
    opening = reverse("reports:open_public_page", args=[county.unit.pk])
    page = client.get(managing).content.decode()
    assert (preview in page, opening in page) == (True, False)
    page = client.get(preview).content.decode()
    assert "青春助农" in page
    assert opening in page
    answer = client.post(opening, follow=True)
    assert answer.redirect_chain == [(managing, 302)]
    assert "公开页已开放" in answer.content.decode()
    assert "青春助农" in read(client, county.unit)
    assert opening not in client.get(preview).content.decode()


def test_the_units_file_says_whether_the_page_is_open(client, county):
    client.force_login(county.leader)
    address = reverse("reports:unit", args=[county.unit.pk])
    managing = reverse("reports:public_page", args=[county.unit.pk])
    for words, by in (("未开放", None), ("已开放", county.approver)):
        if by:
            open_page(county.unit, by=by)
        page = client.get(address).content.decode()
        assert re.search(rf'<a href="{managing}">{words}</a>', page)


def test_the_plaques_sheet_says_where_its_code_leads(client, county):
    honours.working_money(county)
    plaque = honours.plaque_in(county, "approved")
    client.force_login(county.member)
    sheet = reverse("funds:print_plaque_qr", args=[plaque.pk])
    assert "还没有开放" in client.get(sheet).content.decode()
    opened(county)
    page = client.get(sheet).content.decode()
    assert "公开页（已开放）" in page
    assert page_of(county.unit) in page


# --- What it says -----------------------------------------------------------------------------


def test_it_says_who_the_unit_is_and_what_it_has_done(client, county, pairing):
    PilotUnit.objects.filter(pk=county.unit.pk).update(level=UnitLevel.CITY)
    activity = register_activity(
        county.unit, by=county.member, name="林下课堂", designed_on=days_ago(9)
    )
    advance_activity(activity, by=county.member, on=days_ago(4))
    bring_joint(county, pairing, Seminar, "confirmed", title="养护会")
    project(county, "approved", "植树周")
    project(county, "closed", "林业夜校")
    page = read(client, opened(county))
    text = " ".join(visible_text(page).split())
    for words in ("市级试点单位", "顺丰林木种植专业合作社团支部", "结对单位：县林业局团支部"):
        assert words in text
    assert re.search(r"林下课堂 已开展 \d+年\d+月\d+日", text)
    assert re.search(r"植树周 ¥800.00 已立项", text)
    assert re.search(r"林业夜校 ¥800.00 已结项", text)
    assert "核定金额合计 ¥1,600.00" in text
    assert re.search(r"养护会 \d+年\d+月\d+日", text)


def test_it_says_nothing_of_what_is_not_decided_or_does_not_count(client, county, pairing):
    for situation in ("submitted", "revoked"):
        project(county, situation, f"项目{situation}")
    seminar(county, pairing, title="待确认的会")
    bring_joint(county, pairing, Seminar, "withdrawn", title="作废的会")
    register_activity(county.other_unit, by=county.neighbour, name="别家活动")
    text = visible_text(read(client, opened(county)))
    assert "还没有立项的项目。" in text
    assert "还没有座谈会。" in text
    for words in ("项目submitted", "项目revoked", "待确认的会", "作废的会", "别家活动"):
        assert words not in text


def test_the_five_ones_are_five_cells_in_words_without_a_verdict(client, county):
    records.coordinate(
        county.unit, by=county.mentor, source="镇政府", amount=to_yuan("500"), on=days_ago(1)
    )
    records.raise_difficulty(county.unit, by=county.member, description="缺场地。")
    unit = opened(county)
    page = client.get(page_of(unit))
    cells = {cell["name"]: (cell["state"], cell["words"]) for cell in page.context["cells"]}
    assert list(cells) == [
        "一个好方案（含总结报告）",
        "一个特色活动",
        "一次经费协调",
        "每周一次走访",
        "一个实际困难",
    ]
    assert cells["一个特色活动"] == ("未开始", "")
    assert cells["一次经费协调"] == ("进行中", "待到位")
    assert cells["一个实际困难"] == ("进行中", "解决中")
    # No week of the tests' county has been visited, and the page still reproaches nobody.
    state, words = cells["每周一次走访"]
    assert state == "进行中"
    assert re.fullmatch(r"应访 \d+ 周，已完成 0 周", words)
    assert "逾期" not in page.content.decode()
    assert county.other_unit.organisation.name not in page.content.decode()


def test_of_many_rows_the_newest_are_shown_and_the_others_counted(client, county):
    for number in range(SHOWN + 2):
        register_activity(county.unit, by=county.member, name=f"活动{number:02}号")
    text = visible_text(read(client, opened(county)))
    assert "更早的 2 项没有列出。" in text
    assert ("活动01号" in text, "活动02号" in text) == (False, True)


# --- What it never says -------------------------------------------------------------------------


def personal_records(county, pairing):
    """Write somebody's name and telephone into everything that is known of the unit but titles."""
    marked = f"{SOMEBODY} {PHONE}"
    for person in (county.member, county.mentor, county.partner, county.approver):
        person.name = SOMEBODY
        person.save()
    go_on(
        county,
        draft(
            county,
            **dict.fromkeys(("purpose", "plan", "place", "participants", "payee_name"), marked),
            contact=SOMEBODY,
            phone=PHONE,
        ),
        "submit",
        "review",
        "approve",
    )
    talked = dict.fromkeys(("place", "attendees", "minutes"), marked)
    bring_joint(county, pairing, Seminar, "confirmed", **talked, title="会")
    agreement(county, pairing, terms=marked, steps=marked, results=marked)
    activity = register_activity(county.unit, by=county.member, name="林下课堂", note=marked)
    for brand in ({}, {"brand_name": "林课", "brand_note": marked}):
        activity = advance_activity(activity, by=county.member, **brand)
    raised = records.raise_difficulty(county.unit, by=county.member, description=marked)
    records.solve_difficulty(raised, by=county.mentor, opinion=marked, on=clock.today())
    records.coordinate(
        county.unit,
        by=county.mentor,
        source=marked,
        amount=to_yuan("5"),
        on=days_ago(1),
        purpose=marked,
    )
    record_visit(
        county.unit,
        by=county.mentor,
        key=uuid.uuid4(),
        visited_on=days_ago(1),
        besides=Besides(research=marked),
        **dict.fromkeys(("progress", "problems", "next_step", "companions"), marked),
    )
    county.branch.payee_name = marked
    county.branch.save()


def test_nothing_personal_is_on_it_whatever_the_records_say(client, county, pairing):
    personal_records(county, pairing)
    page = read(client, opened(county))
    # Every record is there, by its title or its count.
    for words in ("林下经济青年课堂", "林下课堂（品牌：林课）", "解决中", "待到位", ">会<"):
        assert words in page
    assert SOMEBODY not in page
    assert PHONE not in page
    client.force_login(county.leader)
    inside = client.get(reverse("reports:unit", args=[county.unit.pk])).content.decode()
    assert SOMEBODY in inside


def test_a_signed_in_person_is_not_named_either(client, county):
    unit = opened(county)
    for person in (county.member, county.approver):
        client.force_login(person)
        assert person.name not in read(client, unit)


def test_what_is_typed_in_a_title_is_text_and_no_html(client, county):
    register_activity(county.unit, by=county.member, name="<script>alert(1)</script>")
    page = read(client, opened(county))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- How much it is -----------------------------------------------------------------------------


def test_a_full_page_with_all_it_links_is_light_enough_for_a_weak_signal(client, county, pairing):
    names = [f"第{n}期{uuid.uuid4().hex * 2}"[:80] for n in range(SHOWN + 1)]
    today = clock.today()
    SignatureActivity.objects.bulk_create(
        SignatureActivity(pilot_unit=county.unit, name=name, designed_on=today) for name in names
    )
    entered = {"entered_side": "unit", "entered_by": county.member, "state": "confirmed"}
    Seminar.objects.bulk_create(
        Seminar(pairing=pairing, title=name, held_on=today, began_on=today, **entered)
        for name in names
    )
    page = read(client, opened(county))
    assert "<script" not in page
    assert page.count(names[-1]) == 2
    linked = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert sorted(linked) == ["css/public.css", "css/tokens.css", "img/mark.svg"]
    parts = [page.encode(), *(Path(finders.find(name)).read_bytes() for name in linked)]
    # Half of what is allowed, so that no header and no hashed name tips it over.
    assert sum(len(gzip.compress(part)) for part in parts) < MOST_BYTES / 2
    assert "@import" not in "".join(part.decode() for part in parts)
    assert "url(" not in "".join(part.decode() for part in parts[1:])
