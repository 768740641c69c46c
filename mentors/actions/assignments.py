"""Verbs on mentors: assign, replace, hand over."""

from django.db import transaction
from django.db.models import Count, Q

from accounts.actions import end_duty, grant_duty, require_administrator
from accounts.models import DutyGrant
from mentors.models import MentorAssignment
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from pilotwork.workdays import DAY
from units.models import PilotUnit, ProgrammeState
from units.models.archiving import require_open


@transaction.atomic
def assign_mentor(pilot_unit, *, by, mentor, starts_on, reason=""):
    """Let `mentor` guide the unit from `starts_on`; whoever guides it now stops the day before.

    Refused when he guides it already, without a reason when he replaces another, and for a day to
    come: until then the present mentor is the mentor. A pilot that has not begun gets its first
    mentors for its first day. For administrators only (NotPermitted).
    """
    require_administrator(by)
    require_open(pilot_unit.programme)
    if starts_on > max(clock.today(), pilot_unit.programme.starts_on):
        raise Refused("不能晚于今天；到了接任那天再办理。", "starts_on")
    PilotUnit.objects.select_for_update().get(pk=pilot_unit.pk)
    current = MentorAssignment.objects.filter(pilot_unit=pilot_unit, ends_on=None).first()
    if current is not None:
        if current.mentor_id == mentor.pk:
            raise Refused(f"{mentor} 已是该单位的指导员。", "mentor")
        if not reason:
            raise Refused("更换指导员须说明原因。", "reason")
        if current.starts_on > clock.today():
            return _replace_before_the_first_day(current, mentor, by=by, reason=reason)
        _end_assignment(current, by=by, ends_on=starts_on - DAY)
    assignment = MentorAssignment(
        pilot_unit=pilot_unit, mentor=mentor, starts_on=starts_on, change_reason=reason
    )
    assignment._history_user = by
    assignment.full_clean()
    assignment.save()
    if current:
        # A visit belongs to the assignment in force on its date, also when the change is entered
        # after the visit.
        current.visits.filter(visited_on__gte=starts_on).update(assignment=assignment)
    return assignment


def _replace_before_the_first_day(assignment, mentor, *, by, reason):
    """Whose first day is still to come guided nobody: another takes the place, the history says so."""
    assignment.mentor, assignment.change_reason = mentor, reason
    assignment._history_user = by
    assignment.full_clean()
    assignment.save(update_fields=["mentor", "change_reason"])
    return assignment


def _end_assignment(assignment, *, by, ends_on):
    if ends_on < assignment.starts_on:
        first = cn_full_date(assignment.starts_on)
        unit = assignment.pilot_unit
        raise Refused(f"{unit}现任指导员从{first}起任职，接任日期须晚于这一天。", "starts_on")
    assignment.ends_on, assignment.end_entered_on = ends_on, clock.today()
    assignment._history_user = by
    assignment.save(update_fields=["ends_on", "end_entered_on"])


def what_moves(leaver, on):
    """What a handover on the day `on` moves: (his DutyGrants, his open MentorAssignments).

    Each assignment says in `visits_since` how many of its visits are from that day on. Nobody is
    needed any more in an archived programme: whose mentor he was stays so.
    """
    duties = DutyGrant.objects.current(on).filter(user=leaver)
    assignments = MentorAssignment.objects.filter(mentor=leaver, ends_on=None).exclude(
        pilot_unit__programme__state=ProgrammeState.ARCHIVED
    )
    assignments = assignments.select_related("pilot_unit__organisation", "pilot_unit__programme")
    since = Count("visits", filter=Q(visits__visited_on__gte=on))
    return list(duties), list(assignments.annotate(visits_since=since))


@transaction.atomic
def hand_over(leaver, successor, *, by, on, reason):
    """离任交接: from the day `on` the successor has the leaver's duties and mentorships.

    The leaver's end the day before and stay in the history. What the successor holds already is not
    given again. Returns (duties moved, mentorships moved). Refused when both are the same person,
    when nothing is to be moved, or when the day is before the leaver's start or before the last
    thing that he did by a duty.
    """
    require_administrator(by)
    if leaver.pk == successor.pk:
        raise Refused("接任人不能是本人。", "successor")
    if not successor.is_active:
        raise Refused("接任人的账户已停用。", "successor")
    duties, assignments = what_moves(leaver, on)
    if not duties and not assignments:
        raise Refused(f"{leaver} 没有可交接的职责和指导员任务。", "leaver")
    if assignments and on > clock.today():
        raise Refused("有指导员任务的，交接日期不能晚于今天；到了那天再办理。", "on")
    for duty in duties:
        _move_duty(duty, successor, by=by, on=on, reason=reason)
    for assignment in assignments:
        assign_mentor(assignment.pilot_unit, by=by, mentor=successor, starts_on=on, reason=reason)
    return len(duties), len(assignments)


def _move_duty(grant, successor, *, by, on, reason):
    """Give the successor the rest of a grant, as far as he lacks it, then end the leaver's."""
    held = DutyGrant.objects.filter(user=successor, duty=grant.duty).exclude(ends_on__lt=on)
    last_days = list(held.values_list("ends_on", flat=True))
    if None not in last_days:
        starts_on = max([on, *(day + DAY for day in last_days)])
        if grant.ends_on is None or starts_on <= grant.ends_on:
            grant_duty(
                successor,
                by=by,
                duty=grant.duty,
                starts_on=starts_on,
                ends_on=grant.ends_on,
                reason=reason,
            )
    if grant.starts_on >= on:
        raise Refused(f"交接日期须晚于职责“{grant.get_duty_display()}”的开始日期。", "on")
    end_duty(grant, by=by, ends_on=on - DAY)
