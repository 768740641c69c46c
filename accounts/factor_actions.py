"""Verbs on the second factor: set up, used, renewed, given up, and taken from somebody else.

A key is kept encrypted and a recovery code as a digest. What is shown to the person once is returned
and kept nowhere.
"""

from django.db import transaction

from accounts.actions import legible_secret, normalise_code, require_administrator
from accounts.factors import DIGITS, failures_of, is_locked, step_of, take_away
from accounts.lockouts import LockedOut
from accounts.models import FactorReset, RecoveryCode, SecondFactor, User
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.sealing import Unreadable, seal, unseal

RECOVERY_CODES = 10
CODE_LENGTH = 16
BY_PHONE, BY_PAPER = "phone", "paper"


@transaction.atomic
def set_up_factor(user, *, key, code):
    """Take `key` (bytes, as shown in the QR code) as the person's second factor.

    `code` is what the phone shows, by which the person proves that the phone has the key. Every
    other session of the person ends. Returns ten recovery codes in the clear, shown this once.
    Refused for a wrong code, and when there is a second factor already.
    """
    stored = User.objects.select_for_update().get(pk=user.pk)
    if stored.second_factor_at is not None:
        raise Refused("手机验证码已经开通。", stale=True)
    step = step_of(key, code, after=0)
    if step is None:
        raise Refused("验证码不正确。请核对手机时间是否准确，输入当前显示的 6 位数字。", "code")
    SecondFactor.objects.create(user=user, sealed_key=seal(key), last_step=step)
    _save(user, clock.now(), by=user, reason="开通手机验证码")
    return _new_codes(user)


def accept_code(user, *, code):
    """Take a code at signing in: six digits of the phone, else a recovery code.

    Each is good once. A right one forgives the wrong ones before it. Returns BY_PHONE or BY_PAPER.
    Refused for a wrong or used code, which counts; raises LockedOut after too many.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            raise Refused("手机验证码刚刚被重置，请重新登录。", "code")
        if is_locked(factor):
            raise LockedOut
        code = normalise_code(code)
        is_of_phone = len(code) == DIGITS and code.isascii() and code.isdigit()
        is_right = _by_phone(factor, code) if is_of_phone else _by_paper(user, code)
        factor.failures = 0 if is_right else failures_of(factor) + 1
        factor.failed_at = None if is_right else clock.now()
        factor.save(update_fields=["failures", "failed_at", "last_step"])
    # Outside, so that the count of a wrong one is kept.
    if is_locked(factor):
        raise LockedOut
    if not is_right:
        raise Refused("验证码不正确，或已经用过。手机验证码请等下一个再输。", "code")
    return BY_PHONE if is_of_phone else BY_PAPER


def _by_phone(factor, code):
    try:
        key = unseal(factor.sealed_key)
    except Unreadable as error:
        raise Refused(
            "服务器密钥已更换，手机验证码无法核对。请用恢复码登录，或请系统管理员重置。", "code"
        ) from error
    step = step_of(key, code, after=factor.last_step)
    if step is not None:
        factor.last_step = step
    return step is not None


def _by_paper(user, code):
    usable = user.recovery_codes.usable().filter(digest=RecoveryCode.digest_of(user, code))
    return usable.update(used_at=clock.now()) == 1


@transaction.atomic
def renew_recovery_codes(user):
    """Ten new recovery codes, returned in the clear; all earlier ones end.

    Refused when there is no second factor.
    """
    _require_factor(user)
    user.recovery_codes.all().delete()
    return _new_codes(user)


@transaction.atomic
def give_up_factor(user):
    """Take away one's own second factor, to set it up on another phone or to do without.

    Every other session of the person ends. Refused when there is none.
    """
    _require_factor(user)
    take_away(user)
    _save(user, None, by=user, reason="本人关闭手机验证码")


@transaction.atomic
def reset_factor(user, *, by, reason):
    """Take away the second factor of somebody who has neither phone nor recovery codes.

    The administrator's, and only another person's; `reason` (up to 200 characters) is kept and
    shown to the person, all of whose sessions end. Refused when there is none.
    """
    require_administrator(by)
    if user.pk == by.pk:
        raise Refused("自己的手机验证码请在“我的账户”里更换或关闭。")
    _reset(user, by=by, by_name=str(by), reason=reason)


@transaction.atomic
def reset_factor_on_server(user, *, reason):
    """The same from the server's command line, when no administrator can sign in any more."""
    _reset(user, by=None, by_name="服务器管理员", reason=reason)


def _require_factor(user):
    """Lock the person's row; Refused when there is no second factor."""
    if User.objects.select_for_update().get(pk=user.pk).second_factor_at is None:
        raise Refused(f"{user} 没有开通手机验证码。", stale=True)


def _reset(user, *, by, by_name, reason):
    _require_factor(user)
    take_away(user)
    FactorReset.objects.create(user=user, by=by, by_name=by_name, reason=reason)
    _save(user, None, by=by, reason="重置手机验证码")


def _save(user, moment, *, by, reason):
    user.second_factor_at = moment
    user._history_user = by
    user._change_reason = reason
    user.save(update_fields=["second_factor_at"])


def _new_codes(user):
    codes = [legible_secret(CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    now = clock.now()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=RecoveryCode.digest_of(user, code), created_at=now)
        for code in codes
    )
    return ["-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4)) for code in codes]
