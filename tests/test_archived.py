"""Nothing is done on an archived programme: not by any verb, nor at any address that changes things."""

import uuid

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client

from accounts.matters import Matter, NotPermitted, require
from accounts.rules import Permission
from awards.models import AwardCycle, Contribution, Nomination
from funds.actions.dues import record_dues_of_many
from funds.models import Application, CarryOver, Change
from mentors.actions.imports import PastVisit, import_visits
from mentors.actions.visits import record_visit
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from reports.programmes.open_matters import KINDS as KINDS_WAITED_FOR
from reports.programmes.open_matters import open_matters
from tests.access_table import DO, READ, rows_of
from tests.access_typed import address, typed_for
from tests.access_world import KINDS
from tests.factories import PilotUnitFactory
from tests.test_access import rows_in_tables, world
from units.actions import suggest_publicly
from units.models import PilotProgramme, PilotUnit, Suggestion
from units.organisation_actions import keep_pilot_units

pytestmark = pytest.mark.long

__all__ = ["world"]

ARCHIVED = "已归档"
# What has to do with no programme, or with the county as a whole: it goes on.
OF_NO_PROGRAMME = {
    "units:suggest": "what a person says to the county",
    "units:act_on_suggestion": "the answer to a person; a visitor's is of a unit, see below",
    "units:set_working_day": "the county's calendar",
    "units:unset_working_day": "the county's calendar",
    "mentors:join": "who acts for an organisation, in whichever programme",
    "mentors:end_membership": "who acts for an organisation, in whichever programme",
    "mentors:handover": "duties and mentorships where these are still needed",
    "reports:import_upload": "keeps a list for a look; what it would write is refused",
    "reports:confirm_import": "organisations belong to no programme",
    "reports:new_programme": "another programme",
    "reports:show_programme": "what one looks at",
    "reports:setup_programme": "the first programme of all",
    "reports:setup_people": "people belong to no programme",
    "reports:setup_own_duty": "likewise",
    "reports:setup_accounts": "likewise",
    "reports:setup_hand_out": "likewise",
    "funds:decide_carry_over": "of an ended programme of its own in the table's world",
    "funds:act_on_carry_over": "likewise; tests.funds.test_carry_over",
    "awards:open_cycle": "may be of another programme; of this one the form does not offer it",
}
# Who has no other unit is told that there is none for which he could do it.
NO_UNIT_LEFT = {"funds:new_application", "awards:propose", "reports:setup_units"}
OF_AN_ARCHIVED_PROGRAMME_ALL_THE_SAME = ("visitors_suggestion",)


def archive(programme):
    """Let the programme be archived whatever is open: here matters are wanted that could act."""
    PilotProgramme.objects.filter(pk=programme.pk).update(
        state="archived", ended_on=clock.today(), state_since=clock.now()
    )
    programme.refresh_from_db()


def kinds_of_matter():
    return [model for model in apps.get_models() if issubclass(model, Matter)]


def of_unit(model, county):
    """An unsaved matter of `model` that belongs to the county's programme."""
    unit = {"pilot_unit": county.unit, "began_on": clock.today()}
    if model is Change:
        return Change(application=Application(**unit), began_on=clock.today())
    if model is CarryOver:
        return CarryOver(programme=county.programme, amount=to_yuan("1"))
    if model is AwardCycle:
        return AwardCycle(programme=county.programme)
    if model is Nomination:
        return Nomination(cycle=AwardCycle(programme=county.programme), organisation=county.branch)
    if model is PilotUnit:
        return county.unit
    if model is Suggestion:
        return Suggestion(pilot_unit=county.unit)
    if "pairing" in {field.name for field in model._meta.fields}:
        return model(pairing=Pairing(pilot_unit=county.unit), began_on=clock.today())
    return model(**unit)


def declared():
    """(kind of matter, transition) of all there are, the programme's own left out."""
    return [
        pytest.param(
            model, transition, id=f"{model.__name__}-{transition.name}-{transition.source}"
        )
        for model in kinds_of_matter()
        if model is not PilotProgramme
        for transition in model.declared_transitions()
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "transition"), declared())
def test_no_verb_works_on_a_matter_of_an_archived_programme(county, model, transition):
    archive(county.programme)
    matter = of_unit(model, county)
    matter.__dict__["state"] = transition.source
    assert matter.verbs_for(county.allrounder) == []
    assert ARCHIVED in matter.why_not(transition.name, county.allrounder)
    assert matter.who_can(transition.name) == []
    with pytest.raises(Refused, match=ARCHIVED):
        require(matter, transition.name, county.allrounder)


@pytest.mark.django_db
def test_a_permission_knows_nobody_for_a_matter_that_is_sealed(county):
    anybody = Permission((lambda user, obj: True, ""))
    contribution = Contribution(pilot_unit=county.unit, began_on=clock.today())
    assert anybody(contribution, county.approver)
    archive(county.programme)
    contribution = Contribution(pilot_unit=county.unit, began_on=clock.today())
    assert not anybody(contribution, county.approver)
    assert ARCHIVED in anybody.why_not(contribution, county.approver)


@pytest.mark.django_db
def test_lists_of_rows_are_not_taken_in_for_an_archived_programme(county):
    archive(county.programme)
    visit = PastVisit(county.unit, clock.today(), county.mentor)
    new = PilotUnitFactory.build(programme=county.programme, organisation=county.town)
    figures = {"payable": to_yuan("1")}
    for attempt in (
        lambda: import_visits([visit], by=county.reviewer),
        lambda: record_dues_of_many(
            [(county.unit, clock.today().year, figures)], by=county.cashier
        ),
        lambda: keep_pilot_units([new], [], by=county.administrator),
        lambda: suggest_publicly(
            county.unit, address="192.0.2.1", text="好。", receipt="ABCDEFGH2345", kind="opinion"
        ),
        lambda: record_visit(
            county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=clock.today(), progress="看"
        ),
    ):
        before = rows_in_tables()
        with pytest.raises((Refused, NotPermitted), match=ARCHIVED):
            attempt()
        assert rows_in_tables() == before


# --- Every address ------------------------------------------------------------------------------


def addresses_of_the_programme():
    """The rows of the access table that change something of a programme, with who may do it."""
    for name, about, cells in rows_of(DO):
        room = name.split(":")[0]
        is_kept = about[:1] and about[0] in OF_AN_ARCHIVED_PROGRAMME_ALL_THE_SAME
        if room == "accounts" or (name in OF_NO_PROGRAMME and not is_kept):
            continue
        letter = next(letter for letter, cell in cells.items() if cell == ".")
        yield pytest.param(name, about, letter, id=" ".join([name, *about]))


def attempt(world, name, about, letter):
    """(what was said, whether a row changed) when the person posts what belongs there."""
    world.typing = getattr(world, KINDS[letter] or "mentor")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[letter]
    with transaction.atomic():
        url, typed = address(world, name, about), typed_for(world, name, about)
        archive(world.programme)
        before = rows_in_tables()
        response = client.post(url, typed)
        is_changed = rows_in_tables() != before
        said = " ".join(str(message) for message in get_messages(response.wsgi_request))
        said += response.content.decode()
        transaction.set_rollback(True)
    return said, is_changed


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "about", "letter"), addresses_of_the_programme())
def test_nothing_can_be_changed_at_any_address_of_an_archived_programme(world, name, about, letter):
    said, is_changed = attempt(world, name, about, letter)
    assert not is_changed
    # A form that offers the units to choose from offers none of an archived programme.
    is_offered_none = "有效的选项" in said or "请从列表中选择" in said
    assert ARCHIVED in said or is_offered_none or name in NO_UNIT_LEFT


@pytest.mark.long
@pytest.mark.django_db
def test_everything_of_an_archived_programme_is_still_read_and_printed(world):
    """Whoever might open a page before may open it after, papers, ledgers and archives too."""
    rows = [row for row in rows_of(READ) if row[2]["A"] == "."]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies["A"]
    with transaction.atomic():
        archive(world.programme)
        met = {
            address(world, name, about): client.get(address(world, name, about)).status_code
            for name, about, _ in rows
        }
        transaction.set_rollback(True)
    assert len(met) > 60
    assert {url: status for url, status in met.items() if status != 200} == {}


@pytest.mark.django_db
def test_what_is_waited_for_is_named_by_its_unit_or_by_what_it_is(world):
    found = open_matters(world.programme)
    units = tuple(str(unit) for unit in world.programme.units.all())
    assert len(found) > 10
    for one in found:
        assert len(one["links"]) == min(one["number"], 3), one["label"]
        for words, _ in one["links"]:
            of_no_unit = words.endswith("评优") or "结转至" in words
            assert words.startswith(units) or of_no_unit, one["label"]


def test_every_kind_of_matter_is_either_waited_for_or_ends_with_another():
    ends_with_another = {
        Nomination,  # with its cycle
        PilotUnit,  # with its programme
        PilotProgramme,
    }
    assert set(kinds_of_matter()) == KINDS_WAITED_FOR.keys() | ends_with_another
