"""账户与岗位: people, their accounts and their duties. For administrators; leaders may read."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import access
from accounts.exports import PEOPLE
from accounts.forms import EndForm, GrantForm, PersonForm
from accounts.freshness import WHEN_POSTED
from accounts.models import Duty, DutyGrant, User
from accounts.pages import do, form_page, undoable
from accounts.rules import is_administrator, may_read_people
from accounts.tables import PeopleFilter, PeopleTable
from pilotwork.exports import list_page
from pilotwork.lists import arrange

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def crumbs(user=None):
    """The way back from a page about people, or about one of them."""
    trail = [{"label": "账户与岗位", "url": reverse("accounts:people")}]
    return [*trail, {"label": str(user), "url": user.get_absolute_url()}] if user else trail


@access(may_read_people)
@require_safe
def people(request):
    """Everybody with an account, by name, duty and state."""
    filtered = PeopleFilter(request.GET, User.objects.visible_to(request.user).with_grants())
    table = arrange(request, PeopleTable(filtered.qs))
    context = {"filter": filtered, "table": table, "may_write": request.user.is_administrator}
    return list_page(request, "accounts/people.html", context, PEOPLE)


@access(is_administrator, fresh=WHEN_POSTED)
@require_http_methods(READ_OR_WRITE)
def new_person(request):
    """Create an account; the next page gives it a temporary password or a code."""
    form = PersonForm(request.POST or None)
    if form.is_valid():
        user = actions.create_person(by=request.user, **form.cleaned_data)
        messages.success(request, f"已新建 {user} 的账户。请选择登录方式，并在人员页授予职责。")
        return redirect("accounts:credentials", user.pk)
    context = {
        "form": form,
        "title": "新建人员",
        "sub": "一人一户，不得共用。建好后发放临时密码或注册码。",
        "crumbs": crumbs(),
        "buttons": [{"label": "新建", "kind": "primary"}],
        "back_url": reverse("accounts:people"),
    }
    return render(request, "accounts/form_page.html", context)


@access(is_administrator, of=User)
@require_http_methods(READ_OR_WRITE)
def edit_person(request, user):
    """Correct a person's name, post and sign-in name."""

    def act(**fields):
        actions.update_person(User.objects.get(pk=user.pk), by=request.user, **fields)
        return "已保存。"

    return form_page(
        request,
        PersonForm(request.POST or None, instance=user),
        act,
        back=user.get_absolute_url(),
        title="修改人员资料",
        button="保存",
        crumbs=crumbs(User.objects.get(pk=user.pk)),
    )


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_http_methods(READ_OR_WRITE)
def grant_duty(request, user):
    """Give a duty, for good or for a period."""

    def act(duty, **period):
        grant = actions.grant_duty(user, by=request.user, duty=duty, **period)
        back = reverse("accounts:end_duty", args=[grant.pk])
        return undoable(f"已授予“{Duty(duty).label}”职责。", "结束职责", back)

    return form_page(
        request,
        GrantForm(request.POST or None),
        act,
        back=user.get_absolute_url(),
        title="授予职责",
        button="授予",
        sub=f"授予 {user}。",
        crumbs=crumbs(user),
    )


@access(is_administrator, of=DutyGrant)
@require_http_methods(READ_OR_WRITE)
def end_duty(request, grant):
    """End a duty after a day."""

    def act(ends_on):
        actions.end_duty(grant, by=request.user, ends_on=ends_on)
        return f"“{grant.get_duty_display()}”职责的结束日期已登记。"

    return form_page(
        request,
        EndForm(request.POST or None),
        act,
        back=grant.user.get_absolute_url(),
        title=f"结束职责“{grant.get_duty_display()}”",
        button="登记结束",
        tone="danger",
        sub=f"{grant.user}，此前办理的事项和意见保留原样。",
        crumbs=crumbs(grant.user),
    )


@access(is_administrator, of=User)
@require_POST
def switch_off(request, user):
    """Close an account."""
    return do(
        request,
        lambda: actions.switch_off(user, by=request.user),
        "账户已停用，此人不能再登录；已办理的事项保留原样。",
        user.get_absolute_url(),
    )


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_POST
def switch_on(request, user):
    """Open a closed account again."""
    return do(
        request,
        lambda: actions.switch_on(user, by=request.user),
        "账户已重新启用。",
        user.get_absolute_url(),
    )


@access(of=User)
@require_POST
def switch_digest(request, user):
    """Switch the daily e-mail on or off: one's own, or as an administrator anybody's."""
    is_wanted = request.POST.get("wanted") == "1"
    return do(
        request,
        lambda: actions.switch_digest(user, by=request.user, is_wanted=is_wanted),
        "每日提醒已打开。" if is_wanted else "每日提醒已关闭。",
        user.get_absolute_url(),
    )


@access(is_administrator, of=User)
@require_POST
def lift_lockout(request, user):
    """Let a locked-out person try again."""
    return do(
        request,
        lambda: actions.lift_lockout(user, by=request.user),
        "登录锁定已解除。",
        user.get_absolute_url(),
    )
