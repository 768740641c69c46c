"""开始使用: the guide's overview and its four steps; for administrators."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.actions import grant_duty
from accounts.freshness import WHEN_POSTED
from accounts.models import Duty, User
from accounts.models.user import CODE_VALID_FOR
from accounts.pages import do
from accounts.rules import is_administrator
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.setup import actions, forms
from reports.setup.standing import SHOWN, Standing

ONLY_ADMINISTRATORS = "只有系统管理员可以使用设置向导。"
READ_OR_WRITE = ["GET", "HEAD", "POST"]
MOST_SHEETS = 20  # as many are remembered in a session


@access(is_administrator, reason=ONLY_ADMINISTRATORS)
@require_safe
def overview(request):
    """What is ready, what is missing, and what everybody does next."""
    return render(request, "reports/setup/overview.html", {"standing": Standing()})


def step_page(request, standing, name, **context):
    """The page of one step, with the step that follows it."""
    step = standing.step(name)
    number = standing.steps.index(step) + 1
    context |= {"step": step, "number": number, "after": standing.steps[number : number + 1]}
    return render(request, f"reports/setup/{name}.html", context | {"standing": standing})


def is_done(form, act, *args, above=None, **typed):
    """Run a verb on what was typed in `form` (a form, or the rows of a list below the form `above`).

    Returns what the verb returned, True for nothing; or False, and the form says why not, with
    everything typed kept.
    """
    try:
        return act(*args, **typed) or True
    except actions.RowRefused as refusal:
        forms.refuse_row(form, refusal, above)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
    return False


@access(is_administrator, reason=ONLY_ADMINISTRATORS)
@require_http_methods(READ_OR_WRITE)
def programme(request):
    """第一步: the county's own organisation and the pilot with its fund, as far as they lack."""
    standing = Standing()
    form = forms.ProgrammeForm(
        request.POST or None,
        has_county=standing.county is not None,
        has_programme=standing.programme is not None,
    )
    if request.method == "POST" and not form.fields:
        return redirect("reports:setup_people")
    if form.is_valid() and is_done(
        form, actions.found_programme, by=request.user, **form.arguments()
    ):
        messages.success(request, "已保存。试点工作的基金账户同时开立。")
        return redirect("reports:setup_people")
    return step_page(request, standing, "programme", form=form)


@access(is_administrator, fresh=WHEN_POSTED, reason=ONLY_ADMINISTRATORS)
@require_http_methods(READ_OR_WRITE)
def people(request):
    """第二步: the county's people and their duties."""
    rows = forms.PersonRows(request.POST or None, prefix="people")
    if request.method == "POST" and rows.is_valid():
        typed = rows.rows()
        if is_done(rows, actions.enter_people, typed, by=request.user):
            messages.success(request, f"已登记 {len(typed)} 人。密码或注册码在第四步发放。")
            return redirect("reports:setup_people")
    return step_page(request, Standing(), "people", rows=rows)


@access(is_administrator, fresh=WHEN_POSTED, reason=ONLY_ADMINISTRATORS)
@require_POST
def own_duty(request):
    """Give the duty of administrator to whom the console made an administrator."""
    return do(
        request,
        lambda: grant_duty(
            request.user, by=request.user, duty=Duty.ADMINISTRATOR, starts_on=clock.today()
        ),
        "您现在担任系统管理，可以查看全部单位和台账。",
        reverse("reports:setup_people"),
    )


def what_was_registered(units, named):
    """The sentence after the third step: how many units, and which organisations along with them."""
    said = f"已登记 {len(units)} 个试点单位。"
    if named:
        said += f"同时登记了{'、'.join(one.name for one in named)}。"
    return said


@access(is_administrator, reason=ONLY_ADMINISTRATORS)
@require_http_methods(READ_OR_WRITE)
def units(request):
    """第三步: the organisations that take part, with mentor and partner."""
    standing = Standing()
    data = request.POST or None
    joined = forms.JoinedForm(data, programme=standing.programme)
    mentors = forms.MentorChoices()
    rows = forms.UnitRows(data, prefix="units", form_kwargs={"mentors": mentors})
    is_open = standing.programme is not None and standing.county is not None
    if data and is_open and rows.is_valid() and joined.is_valid():
        where = {"programme": standing.programme, **joined.cleaned_data}
        if kept := is_done(
            rows, actions.enter_units, rows.rows(), above=joined, by=request.user, **where
        ):
            messages.success(request, what_was_registered(*kept))
            return redirect("reports:setup_units")
    context = {"rows": rows, "joined": joined, "is_open": is_open}
    return step_page(request, standing, "units", **context)


@access(is_administrator, fresh=WHEN_POSTED, reason=ONLY_ADMINISTRATORS)
@require_http_methods(READ_OR_WRITE)
def accounts(request):
    """第四步: who fills in for each unit; below it the passwords and codes."""
    standing = Standing()
    organisations = standing.organisations_without_member
    rows = forms.ContactRows(
        request.POST or None,
        prefix="contacts",
        initial=[{"organisation": one.pk} for one in organisations[:SHOWN]],
        form_kwargs={"organisations": organisations},
    )
    offered = standing.offered_to(request.user)
    if request.method == "POST" and rows.is_valid():
        typed = rows.rows()
        if is_done(rows, actions.enter_contacts, typed, by=request.user):
            messages.success(request, f"已登记 {len(typed)} 位填报人，请在下面发放登录方式。")
            return redirect("reports:setup_accounts")
    context = {
        "rows": rows,
        "more_rows": len(organisations[SHOWN:]),
        "offered": offered[:SHOWN],
        "more_people": len(offered[SHOWN:]),
        "sheet": uuid.uuid4(),
        "opened": clock.now().isoformat(),
    }
    return step_page(request, standing, "accounts", **context)


SHOWN_ONCE = "这批纸条已经生成过，只显示一次。要重新发放，请在下面再勾选。"


def is_shown_again(session, sheet):
    """Whether this sheet of slips was shown in the session before; it is remembered as shown."""
    shown = session.get("sheets", [])
    session["sheets"] = [*shown, sheet][-MOST_SHEETS:]
    return sheet in shown


@access(is_administrator, fresh=WHEN_POSTED, reason=ONLY_ADMINISTRATORS)
@require_POST
def hand_out(request):
    """Passwords or codes for the chosen people: a slip each, shown this once, in the answer."""
    offered = [person.pk for person in Standing().offered_to(request.user)]
    form = forms.HandOutForm(request.POST, people=User.objects.filter(pk__in=offered))
    if not form.is_valid():
        return not_handed_out(request, next(iter(form.errors.values()))[0])
    typed = form.cleaned_data
    if is_shown_again(request.session, str(typed["sheet"])):
        return not_handed_out(request, SHOWN_ONCE)
    given = {"with_codes": typed["way"] == "codes", "opened": typed["opened"]}
    try:
        slips = actions.hand_out(typed["people"], by=request.user, **given)
    except Refused as refusal:
        return not_handed_out(request, refusal.message)
    context = {
        "slips": slips,
        "with_codes": given["with_codes"],
        "expires_at": clock.now() + CODE_VALID_FOR,
        "site": request.build_absolute_uri("/"),
        "back_url": reverse("reports:setup_accounts"),
    }
    return render(request, "reports/setup/slips.html", context)


def not_handed_out(request, words):
    """Back to the list, which says in `words` why nobody was given anything."""
    messages.error(request, words)
    return redirect("reports:setup_accounts")
