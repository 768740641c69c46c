"""Verbs on organisations and pilot units, many at once: an administrator enters lists of them."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions import require_administrator
from pilotwork import clock
from pilotwork.history import create_all, update_all
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import Organisation, ProgrammeState, UnitState

FIELDS = (
    "short_name",
    "aliases",
    "level",
    "kind",
    "parent",
    "payee_name",
    "payee_bank",
    "payee_account",
)
UNIT_FIELDS = ("level", "joined_on")
CYCLE = "隶属关系不能成环。"


def organisation_tree():
    """{id: Organisation} of all, each with its parent among them, in one query."""
    tree = {row.pk: row for row in Organisation.objects.all()}
    for row in tree.values():
        if row.parent_id:
            row.parent = tree[row.parent_id]
    return tree


def is_in_cycle(organisation):
    """Whether going up from the organisation comes back to itself or never ends."""
    passed, ancestor = {id(organisation)}, organisation.parent
    while ancestor is not None:
        if id(ancestor) in passed:
            return True
        passed.add(id(ancestor))
        ancestor = ancestor.parent
    return False


@transaction.atomic
def keep_organisations(new, changed, *, by):
    """Save `new` organisations and the FIELDS of `changed` ones; for administrators (NotPermitted).

    All are instances as they shall be; the parent of a new one may be new too. Refused, naming the
    organisation, for 隶属 in a cycle and fields that do not fit; a full name that exists already
    breaks the unique constraint. The history keeps who did it.
    """
    require_administrator(by)
    for organisation in [*new, *changed]:
        _require_sound(organisation)
    waiting = list(new)
    while ready := [row for row in waiting if row.parent is None or row.parent.pk]:
        _with_parents(ready)
        create_all(ready, by=by)
        waiting = [row for row in waiting if row.pk is None]
    _with_parents(changed)
    update_all(changed, FIELDS, by=by)


def _with_parents(rows):
    """Take over the id of a parent that has been saved since it was set."""
    for row in rows:
        row.parent = row.parent


def _require_sound(organisation):
    if is_in_cycle(organisation):
        raise Refused(f"{organisation}：{CYCLE}", "parent")
    try:
        organisation.clean()
        organisation.clean_fields(exclude=["parent"])
    except ValidationError as error:
        raise Refused(f"{organisation}：{error.messages[0]}") from None


def why_not_keep_unit(unit):
    """Why the pilot unit cannot be kept as the instance says, as (sentence, field), or None."""
    programme = unit.programme
    if programme.closed_book:
        return programme.closed_book, "unit_level"
    if programme.state != ProgrammeState.ACTIVE:
        return "试点工作已经结束，不能再改试点单位。", "unit_level"
    if unit.state != UnitState.ACTIVE:
        return f"该单位{unit.get_state_display()}，不能再改试点级别和加入日期。", "unit_level"
    if not programme.starts_on <= unit.joined_on <= programme.ends_on:
        first, last = cn_full_date(programme.starts_on), cn_full_date(programme.ends_on)
        return f"加入日期不在试点期内（{first}至{last}）。", "joined_on"
    return None


@transaction.atomic
def keep_pilot_units(new, changed, *, by):
    """Let organisations take part, and save the UNIT_FIELDS of units that do already.

    Instances as they shall be; for administrators (NotPermitted). Refused as `why_not_keep_unit`
    says.
    """
    require_administrator(by)
    for unit in [*new, *changed]:
        reason = why_not_keep_unit(unit)
        if reason:
            raise Refused(f"{unit}：{reason[0]}", reason[1])
    for unit in new:
        unit.organisation = unit.organisation
        unit.state_since = clock.now()
    create_all(new, by=by)
    update_all(changed, UNIT_FIELDS, by=by)
