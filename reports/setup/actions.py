"""The guide's steps, each all or nothing: they only put together the rooms' own verbs."""

import dataclasses

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions import (
    create_person,
    grant_duty,
    issue_registration_code,
    require_administrator,
    set_temporary_password,
)
from accounts.models import RegistrationCode, User
from funds.models import Source
from mentors.actions import assign_mentor
from pairings.actions import pair
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.programmes.opening import open_programme
from reports.setup.guessing import sign_in_name
from reports.setup.register import Register
from units.actions import join
from units.models import Kind, Level, Membership, Organisation, PilotUnit
from units.organisation_actions import keep_organisations, keep_pilot_units

GIVEN_MEANWHILE = "{}：打开页面以后，在别的窗口或由同事发放过登录凭据或改过资料，这次都没有发放。请核对后重新勾选。"


class RowRefused(Refused):
    """A row of a list cannot be done; `row` counts from 0. Nothing of the list is kept."""

    def __init__(self, row, message, field=None):
        super().__init__(message, field)
        self.row = row


@dataclasses.dataclass(frozen=True)
class Slip:
    """What one person is told on paper: the organisation (or None) and the way in."""

    person: User
    organisation: Organisation | None
    secret: str


def each(rows, act):
    """Call ``act(**row)`` on every row; a refusal or an invalid field says in which row it was."""
    for number, row in enumerate(rows):
        try:
            act(**row)
        except Refused as refusal:
            raise RowRefused(number, refusal.message, refusal.field) from refusal
        except ValidationError as error:
            fields = getattr(error, "message_dict", {"": error.messages})
            field, (message, *_) = next(iter(fields.items()))
            raise RowRefused(number, message, field) from error


@transaction.atomic
def found_programme(*, by, county=None, programme=None, working=None, donation=None):
    """Record the county's own organisation and the programme, with its fund and what is planned.

    `county` ({name, short_name}) and `programme` (PilotProgramme fields) may each be None where it
    is there already; `working` and `donation` are yuan, None or 0 for no plan. For administrators
    (NotPermitted). Raises ValidationError for fields that do not fit. Returns the programme or None.
    """
    require_administrator(by)
    if county:
        own = Organisation(
            is_county=True, level=Level.COMMITTEE, kind=Kind.ADMINISTRATIVE, **county
        )
        keep_organisations([own], [], by=by)
    if not programme:
        return None
    planned = {Source.WORKING: working, Source.DONATION: donation}
    return open_programme(by=by, planned=planned, **programme)


@transaction.atomic
def enter_people(rows, *, by):
    """Create people ({name, post, username, duties}) and give them their duties from today.

    An empty sign-in name is made of the name's pinyin. For administrators (NotPermitted);
    RowRefused names the row, also of who is there already by name and post. Returns the people.
    """
    require_administrator(by)
    _wait_for_the_same_list()
    taken, people = _taken_names(), []

    def enter(duties=(), **person):
        _require_new(person["name"], person.get("post", ""))
        user = _create(person, taken, by=by)
        for duty in duties:
            grant_duty(user, by=by, duty=duty, starts_on=clock.today())
        people.append(user)

    each(rows, enter)
    return people


def _wait_for_the_same_list():
    """A list sent twice at once waits here for the first one, and then meets its people."""
    list(Organisation.objects.select_for_update().filter(is_county=True))


def _require_new(name, post):
    """Refused where somebody of that name and post has an account."""
    same = User.objects.active().filter(name=name, post=post).first()
    if same:
        raise Refused(
            f"已登记过“{same}”，登录名 {same.username}。如是另一人，请写明不同的职务。", "name"
        )


def _taken_names():
    """The sign-in names there are, in small letters."""
    return {name.lower() for name in User.objects.values_list("username", flat=True)}


def _create(person, taken, *, by):
    username = person.pop("username", "") or sign_in_name(person["name"], taken)
    taken.add(username.lower())
    return create_person(by=by, username=username, **person)


@transaction.atomic
def enter_units(rows, *, by, programme, joined_on):
    """Let organisations take part: {name, kind, parent, level, mentor, partner}.

    `parent` and `partner` are names; an empty parent is the county committee, a partner or a parent
    that nobody knows yet is recorded as an organisation as well. `mentor` is a User or None. For
    administrators (NotPermitted); RowRefused names the row. Returns the PilotUnits and the
    organisations that were recorded because a row named them.
    """
    require_administrator(by)
    register = Register(by)
    units = []

    def enter(name, kind="", parent="", level="", mentor=None, partner=""):
        organisation = register.unit(name, kind=kind, parent=parent)
        unit = PilotUnit(
            programme=programme, organisation=organisation, level=level, joined_on=joined_on
        )
        if organisation in [other.organisation for other in units]:
            raise Refused("本表前面已有该单位，一个单位只填一行。", "name")
        if PilotUnit.objects.filter(programme=programme, organisation=organisation).exists():
            raise Refused("该组织已是本次试点的单位。", "name")
        keep_pilot_units([unit], [], by=by)
        if mentor:
            started = min(joined_on, clock.today())
            assign_mentor(unit, by=by, mentor=mentor, starts_on=started)
        if partner:
            office = register.named(partner, field="partner", kind=Kind.ADMINISTRATIVE)
            pair(unit, office, by=by, starts_on=joined_on)
        units.append(unit)

    each(rows, enter)
    return units, list(register.only_named.values())


@transaction.atomic
def enter_contacts(rows, *, by):
    """Create a person ({name, post, username, organisation}) who acts for each organisation.

    For administrators (NotPermitted); RowRefused names the row, also of who is there already by
    name and post. Returns the people.
    """
    require_administrator(by)
    _wait_for_the_same_list()
    taken, people = _taken_names(), []

    def enter(organisation, **person):
        _require_new(person["name"], person.get("post", ""))
        user = _create(person, taken, by=by)
        join(organisation, by=by, user=user, starts_on=clock.today())
        people.append(user)

    each(rows, enter)
    return people


@transaction.atomic
def hand_out(people, *, by, with_codes, opened=None):
    """Give each of `people` a temporary password, or with `with_codes` a registration code.

    For administrators (NotPermitted). Returns a Slip for each: the secret is kept nowhere else.
    Refused, so that no slip is voided unasked, when one of them was given a password or a code, or
    was changed, since the moment `opened`, at which the page showed who has none.
    """
    if opened is not None:
        _require_unchanged(people, opened)
    issue = issue_registration_code if with_codes else set_temporary_password
    memberships = Membership.objects.current().filter(user__in=people)
    acts_for = {row.user_id: row.organisation for row in memberships.select_related("organisation")}
    return [Slip(person, acts_for.get(person.pk), issue(person, by=by)) for person in people]


def _require_unchanged(people, opened):
    keys = [person.pk for person in people]
    # Who hands out the same slips in another window waits here.
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    changed = User.history.filter(history_date__gt=opened, id__in=keys)
    given = RegistrationCode.objects.filter(created_at__gt=opened, user__in=keys)
    known = {*changed.values_list("id", flat=True), *given.values_list("user", flat=True)}
    if known:
        names = "、".join(str(person) for person in people if person.pk in known)
        raise Refused(GIVEN_MEANWHILE.format(names))
