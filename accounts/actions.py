"""Verbs on people: accounts, duties, passwords, codes (DOMAIN, People).

All are the administrator's and raise NotPermitted for anybody else.
"""

import secrets

from axes.utils import reset as lift_axes_lockout
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.factors import forgive, take_away
from accounts.matters import NotPermitted
from accounts.models import Act, Duty, DutyGrant, RegistrationCode, TransitionLog, User
from accounts.models.user import CODE_VALID_FOR
from accounts.rules import Permission, is_administrator
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.search import normalise
from pilotwork.templatetags.pilotwork import cn_date
from pilotwork.workdays import DAY

# Without the letters and digits that are mistaken for each other when read from paper.
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
# What each duty that decides lets its holder do.
ACTS = {Duty.REVIEWER: Act.REVIEW, Duty.APPROVER: Act.APPROVE, Duty.CASHIER: Act.PAY}
DECIDING = set(ACTS)
may_manage_people = Permission((is_administrator, "只有系统管理员可以管理账户与岗位。"))


def require_administrator(by):
    """Raise NotPermitted unless `by` may manage people."""
    reason = may_manage_people.why_not(None, by)
    if reason:
        raise NotPermitted(reason)


def legible_secret(length):
    """A random text of `length` letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice(LEGIBLE) for _ in range(length))


@transaction.atomic
def create_person(*, by, username, name, post="", name_key="", email=""):
    """Create an account without a password; it opens with a temporary one or a code."""
    require_administrator(by)
    user = User(username=username, name=name, post=post, name_key=name_key, email=email)
    user.set_unusable_password()
    user._history_user = by
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def update_person(user, *, by, username, name, post="", name_key="", email=""):
    """Correct a person's names, post, sort key and e-mail; the history keeps the old ones."""
    require_administrator(by)
    user.username, user.name, user.post, user.name_key = username, name, post, name_key
    user.email = email
    user._history_user = by
    user.full_clean()
    user.save(update_fields=["username", "name", "post", "name_key", "email"])
    return user


@transaction.atomic
def set_temporary_password(user, *, by):
    """Give a temporary password, shown once to the administrator, to be changed at first sign-in.

    Ends the person's sessions and lifts a lockout. Returns the password.
    """
    require_administrator(by)
    password = legible_secret(12)
    user.set_password(password)
    user.must_change_password = True
    user._history_user = by
    user.save(update_fields=["password", "must_change_password"])
    lift_axes_lockout(username=user.username)
    return password


@transaction.atomic
def issue_registration_code(user, *, by):
    """Issue a one-time code valid 20 days; earlier codes end. Returns the code, shown once."""
    require_administrator(by)
    if not user.is_active:
        raise Refused("账户已停用，请先启用。")
    now = clock.now()
    user.registration_codes.usable().update(expires_at=now)
    code = legible_secret(16)
    RegistrationCode.objects.create(
        user=user,
        code_hash=make_password(code),
        created_at=now,
        expires_at=now + CODE_VALID_FOR,
        created_by=by,
    )
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


@transaction.atomic
def register(user, *, password):
    """Set the first password of a person who came in with a code; the code is used up.

    Called after `authenticate` accepted the code; the password has passed the validators. Refused
    when somebody else used the code in the meantime.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not user.registration_codes.usable().exists():
        raise Refused("注册码已被使用或已失效，请联系系统管理员重新发放。", "code")
    user.set_password(password)
    user.must_change_password = False
    user._history_user = user
    user.save(update_fields=["password", "must_change_password"])
    user.registration_codes.usable().update(used_at=clock.now())
    return user


def normalise_code(text):
    """A code as typed, without dashes, spaces, capitals and full-width letters."""
    return "".join(c for c in normalise(text).lower() if c.isalnum())


@transaction.atomic
def change_own_password(user, *, password):
    """Set an own password; every other session of the person ends."""
    user.set_password(password)
    user.must_change_password = False
    user._history_user = user
    user.save(update_fields=["password", "must_change_password"])
    return user


@transaction.atomic
def switch_digest(user, *, by, is_wanted):
    """Switch a person's daily e-mail on or off: one's own, or as an administrator anybody's."""
    if user.pk != by.pk:
        require_administrator(by)
    user.gets_digest = is_wanted
    user._history_user = by
    user.save(update_fields=["gets_digest"])
    return user


@transaction.atomic
def grant_duty(user, *, by, duty, starts_on, ends_on=None, reason=""):
    """Give `user` a duty from `starts_on` to `ends_on` (both inclusive, None: for good).

    Refused when he has it in that time already, and for a deciding duty of one's own: being
    administrator gives no right over decisions or money (DOMAIN, People).
    """
    require_administrator(by)
    if user.pk == by.pk and duty in DECIDING:
        raise Refused("不能给自己授予审批、初审或财务职责，请由另一位系统管理员办理。", "duty")
    overlapping = DutyGrant.objects.filter(user=user, duty=duty).exclude(ends_on__lt=starts_on)
    if ends_on:
        overlapping = overlapping.exclude(starts_on__gt=ends_on)
    if overlapping.exists():
        raise Refused(f"{user} 在这段时间已有“{Duty(duty).label}”职责。", "duty")
    grant = DutyGrant(
        user=user, duty=duty, starts_on=starts_on, ends_on=ends_on, reason=reason, granted_by=by
    )
    grant._history_user = by
    grant.full_clean(exclude=["granted_by"])
    grant.save()
    return grant


@transaction.atomic
def end_duty(grant, *, by, ends_on):
    """End a duty after the day `ends_on`.

    Refused when nobody would be left to administer, and for a day before what was done by the duty:
    the ledgers would say that somebody decided or paid who had no right to.
    """
    require_administrator(by)
    grant = DutyGrant.objects.select_for_update().get(pk=grant.pk)
    if ends_on < grant.starts_on:
        raise Refused("结束日期不能早于开始日期。", "ends_on")
    if grant.ends_on and grant.ends_on < ends_on:
        raise Refused("该职责已在更早的日期结束。", "ends_on")
    _require_another_administrator(grant)
    _require_unused_after(grant, ends_on + DAY)
    grant.ends_on = ends_on
    grant._history_user = by
    grant.save(update_fields=["ends_on"])
    return grant


def _require_another_administrator(grant):
    if grant.duty != Duty.ADMINISTRATOR:
        return
    others = DutyGrant.objects.filter(
        duty=Duty.ADMINISTRATOR, ends_on__isnull=True, user__is_active=True
    ).exclude(pk=grant.pk)
    if not others.exists():
        raise Refused("这是最后一位系统管理员，请先指定接任者。")


def _require_unused_after(grant, day):
    """Refuse where the holder acted by the duty later than on `day`, that of a handover."""
    if grant.duty not in ACTS:
        return
    acts = TransitionLog.objects.filter(by=grant.user, act=ACTS[grant.duty])
    acts = acts.filter(at__gte=clock.end_of(day))
    if grant.ends_on:
        # What came after its end was done by a later grant.
        acts = acts.filter(at__lt=clock.end_of(grant.ends_on))
    last = acts.order_by("-at", "-pk").values_list("at", flat=True).first()
    if last:
        raise Refused(
            f"{grant.user}{cn_date(last)}还以“{grant.get_duty_display()}”职责办理过事项，"
            "这项职责不能在那之前结束。",
            "ends_on",
        )


@transaction.atomic
def switch_off(user, *, by):
    """Close a person's account; what he did stays under his name, his second factor goes."""
    require_administrator(by)
    if user.pk == by.pk:
        raise Refused("不能停用自己的账户。")
    take_away(user)
    user.is_active = False
    user._history_user = by
    user.save(update_fields=["is_active", "second_factor_at"])
    return user


@transaction.atomic
def switch_on(user, *, by):
    """Open a closed account again."""
    require_administrator(by)
    user.is_active = True
    user._history_user = by
    user.save(update_fields=["is_active"])
    return user


def lift_lockout(user, *, by):
    """Let a person who mistyped the password or code too often try again.

    Returns how many locks of the password fell.
    """
    require_administrator(by)
    forgive(user)
    return lift_axes_lockout(username=user.username)
