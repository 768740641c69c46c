"""Verbs as pages offer them, in every room alike."""

import pytest

from awards.cycle_verbs import CONTRIBUTION_VERBS, CYCLE_VERBS, NOMINATION_VERBS
from awards.models import AwardCycle, Contribution, Nomination, Reward
from awards.reward_verbs import REWARD_VERBS
from funds.carry_over_verbs import CARRY_OVER_VERBS
from funds.dues_verbs import DUES_VERBS
from funds.models import Application, CarryOver, Change, DuesRecord, Plaque
from funds.plaque_verbs import PLAQUE_VERBS
from funds.verbs import APPLICATION_VERBS, CHANGE_VERBS
from mentors.models import Difficulty, Document, ExcusedWeek, Visit
from mentors.verbs import DIFFICULTY_VERBS, DOCUMENT_VERBS, EXCUSE_VERBS, VISIT_VERBS
from pairings.models import Agreement, Seminar
from pairings.verbs import AGREEMENT_VERBS, SEMINAR_VERBS
from reports.programmes.verbs import PROGRAMME_VERBS
from tests.journeys import bring, draft
from tests.pairings.conftest import pairing  # noqa: F401
from tests.pairings.together import bring as bring_together
from units.models import PilotProgramme, PilotUnit, Suggestion
from units.verbs import SUGGESTION_VERBS, UNIT_VERBS

CATALOGUES = {
    Application: APPLICATION_VERBS,
    Change: CHANGE_VERBS,
    DuesRecord: DUES_VERBS,
    Plaque: PLAQUE_VERBS,
    CarryOver: CARRY_OVER_VERBS,
    Reward: REWARD_VERBS,
    AwardCycle: CYCLE_VERBS,
    Nomination: NOMINATION_VERBS,
    Contribution: CONTRIBUTION_VERBS,
    Seminar: SEMINAR_VERBS,
    Agreement: AGREEMENT_VERBS,
    Visit: VISIT_VERBS,
    ExcusedWeek: EXCUSE_VERBS,
    Difficulty: DIFFICULTY_VERBS,
    Document: DOCUMENT_VERBS,
    Suggestion: SUGGESTION_VERBS,
    PilotProgramme: PROGRAMME_VERBS,
    PilotUnit: UNIT_VERBS,
}
TAKING_AWAY = ("不予", "不同意", "撤回", "撤销", "撤下", "作废", "冲销", "划去", "取消", "终止")


def test_every_verb_that_refuses_or_takes_away_says_so_by_its_tone():
    taking_away = {
        verb.label: verb.tone
        for verbs in CATALOGUES.values()
        for verb in verbs.values()
        if verb.label.startswith(TAKING_AWAY)
    }
    assert len(taking_away) > len(TAKING_AWAY)
    assert [label for label, tone in taking_away.items() if tone != "danger"] == []


def targets_of(model, verb):
    """The states that a verb can lead to; every state where only its own code says which."""
    every = {value for value, _ in model._meta.get_field("state").choices}
    for transition in model.declared_transitions():
        if transition.name == verb.name:
            target = transition.target
            fixed = target is None or isinstance(target, str)
            yield from {target or transition.source} if fixed else every


def test_every_verb_names_what_takes_it_back_or_says_why_nothing_does():
    for model, verbs in CATALOGUES.items():
        for verb in verbs.values():
            assert bool(verb.undo) != bool(verb.final), f"{model.__name__}.{verb.name}"
            sources = {
                transition.source
                for transition in model.declared_transitions()
                if transition.name in verb.undo
            }
            reached = set(targets_of(model, verb))
            assert not verb.undo or sources & {*reached, "*"}, f"{model.__name__}.{verb.name}"


def test_a_form_says_before_it_is_sent_how_a_mistake_is_put_right():
    assert APPLICATION_VERBS["pay"].way_back == "办错了，可以用“冲销”改回来。"
    assert CARRY_OVER_VERBS["book"].way_back == "办错了，可以请审批人用“重新办理”改回来。"
    assert APPLICATION_VERBS["review"].way_back == "办错了，可以请审批人用“退回修改”改回来。"
    assert APPLICATION_VERBS["approve"].way_back == "办错了，可以用“撤销立项”改回来。"
    assert APPLICATION_VERBS["reduce"].way_back.startswith("此操作不能撤销。")


@pytest.mark.django_db
def test_after_an_act_who_may_take_it_back_is_led_to_the_form_and_nobody_else(county, client):
    application = draft(county)
    for person, verb, typed in (
        (county.member, "submit", {}),
        (county.reviewer, "review", {"opinion": "同意。"}),
    ):
        client.force_login(person)
        done = client.post(f"/funds/applications/{application.pk}/{verb}/", typed)
        page = client.get(done["Location"]).content.decode()
        link = f'<a class="undo" href="/funds/applications/{application.pk}/withdraw/">办错了？撤回</a>'
        assert APPLICATION_VERBS[verb].done in page
        assert (link in page) == (verb == "submit")
    application.refresh_from_db()
    assert application.state == "reviewed"


@pytest.mark.django_db
def test_who_has_decided_is_led_to_the_next_that_waits_for_him(county, client):
    first, second, third = (bring(county, "submitted") for _ in range(3))
    client.force_login(county.reviewer)
    address = f"/funds/applications/{first.pk}/"
    done = client.post(f"{address}review/", {"opinion": "同意。"}, follow=True)
    assert '<a class="undo" href="/reports/todo/next/">下一件待办</a>' in done.content.decode()
    leads = "/reports/todo/next/"
    assert client.get(leads)["Location"].startswith(f"/funds/applications/{second.pk}/")
    after = client.get(leads, {"of": f"/funds/applications/{second.pk}/review/"})["Location"]
    assert after.startswith(f"/funds/applications/{third.pk}/")
    back = {"of": f"/funds/applications/{third.pk}/", "step": "back"}
    assert client.get(leads, back)["Location"].startswith(f"/funds/applications/{second.pk}/")
    assert client.get(leads, {"of": back["of"]})["Location"] == "/reports/todo/"
    client.force_login(county.leader)
    assert client.get(leads)["Location"] == "/reports/todo/"


@pytest.mark.django_db
def test_the_page_of_a_seminar_shows_that_tone(county, pairing, client):  # noqa: F811
    joint = bring_together(county, pairing, Seminar, "confirmed")
    client.force_login(county.reviewer)
    page = client.get(f"/pairings/seminars/{joint.pk}/").content.decode()
    assert 'class="btn btn-danger"' in page
    assert f'href="/pairings/seminars/{joint.pk}/withdraw/"' in page
