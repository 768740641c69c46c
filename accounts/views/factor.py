"""手机验证码: a person's second factor, set up, entered, renewed; and reset by an administrator."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import factor_actions as actions
from accounts.access import access
from accounts.confirming import next_of
from accounts.factors import address_of, new_key, words_of
from accounts.forms import CodeForm, FirstCodeForm, ResetFactorForm
from accounts.freshness import WHEN_POSTED
from accounts.lockouts import LockedOut, lockout_minutes
from accounts.models import User
from accounts.pages import form_page
from accounts.rules import is_administrator
from accounts.sessions import has_second_factor, note_second_factor
from accounts.views.people import READ_OR_WRITE, crumbs
from pilotwork.paper.qr import qr_element
from pilotwork.refusals import Refused
from pilotwork.sealing import Unreadable, seal, unseal

PENDING = "pending_key"


@access(fresh=WHEN_POSTED)
@sensitive_post_parameters()
@require_http_methods(READ_OR_WRITE)
def second_factor(request):
    """One's own second factor: how it stands, or its set-up; a right first code shows the codes."""
    user = request.user
    if user.second_factor_at is not None:
        context = {"left": user.recovery_codes.usable().count(), "total": actions.RECOVERY_CODES}
        return render(request, "accounts/factor.html", context)
    form = FirstCodeForm(request.POST or None)
    key = pending_key(request)
    if form.is_valid():
        try:
            codes = actions.set_up_factor(user, key=key, code=form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            trust(request)
            return show_codes(request, codes, "手机验证码已开通", is_first=True)
    context = {"form": form, "key": words_of(key), "picture": qr_element(address_of(key, user))}
    context |= {"is_forced": user.needs_second_factor, "next": next_of(request)}
    return render(request, "accounts/factor_set_up.html", context)


def pending_key(request):
    """The key that this session's set-up page shows, the same one until it is confirmed."""
    try:
        return unseal(request.session[PENDING])
    except (KeyError, Unreadable):
        key = new_key()
        request.session[PENDING] = seal(key)
        return key


def trust(request):
    """Let this session go on after its person set up a second factor; no other does."""
    request.session.pop(PENDING, None)
    update_session_auth_hash(request, request.user)
    note_second_factor(request)


def show_codes(request, codes, title, *, is_first=False):
    """The recovery codes, this once; there are no earlier ones where they are the first."""
    context = {"codes": codes, "title": title, "is_first": is_first, "next": next_of(request)}
    return render(request, "accounts/recovery_codes.html", context)


@access()
@sensitive_post_parameters()
@require_http_methods(READ_OR_WRITE)
def enter_code(request):
    """After the password: the phone's code or a recovery code."""
    if request.user.second_factor_at is None or has_second_factor(request):
        return redirect(next_of(request))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            kind = actions.accept_code(request.user, code=form.cleaned_data["code"])
        except LockedOut:
            logout(request)
            context = {"minutes": lockout_minutes(), "is_code": True}
            return render(request, "accounts/locked.html", context, status=429)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return welcome(request, kind)
    context = {"form": form, "next": next_of(request)}
    return render(request, "accounts/enter_code.html", context)


def welcome(request, kind):
    """Go on after a right code; who used a recovery code is told how many are left."""
    note_second_factor(request)
    if kind == actions.BY_PAPER:
        left = request.user.recovery_codes.usable().count()
        messages.warning(
            request,
            f"您用恢复码登录，还剩 {left} 个。手机找不到了，请在“我的账户”更换手机；快用完时请重新生成恢复码。",
        )
    return redirect(next_of(request))


@access(fresh=WHEN_POSTED)
@require_POST
def renew_codes(request):
    """Ten new recovery codes in place of the old ones."""
    try:
        codes = actions.renew_recovery_codes(request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:second_factor")
    return show_codes(request, codes, "新的恢复码")


@access(fresh=WHEN_POSTED)
@require_POST
def give_up(request):
    """Give up one's second factor, to set it up on another phone or to do without."""
    try:
        actions.give_up_factor(request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:second_factor")
    update_session_auth_hash(request, request.user)
    goes_on = request.POST.get("then") == "set-up" or request.user.needs_second_factor
    now = "请在新手机上开通。" if goes_on else "以后登录只要密码。"
    messages.success(request, f"手机验证码已关闭，恢复码也已作废；{now}")
    if goes_on:
        return redirect("accounts:second_factor")
    return redirect(request.user)


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_http_methods(READ_OR_WRITE)
def reset(request, person):
    """Take away the second factor of a person who lost phone and recovery codes."""

    def act(reason):
        actions.reset_factor(person, by=request.user, reason=reason)
        return f"已重置 {person} 的手机验证码，此人现有的登录已失效。"

    return form_page(
        request,
        ResetFactorForm(request.POST or None),
        act,
        back=person.get_absolute_url(),
        title="重置手机验证码",
        button="重置",
        tone="danger",
        sub=f"{person}。重置后原来的手机和恢复码都不能再用，本人下次登录会看到是谁、为什么重置的。",
        warning="请先确认是本人申请（当面或打他平时的电话）。怀疑密码也泄露的，同时发放新的临时密码。",
        crumbs=crumbs(person),
    )
