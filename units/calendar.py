"""工作日历: the published days off and made-up days of a year, and the county's corrections."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.pages import do, form_page, undoable
from accounts.rules import is_administrator
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_full_date
from pilotwork.workdays import arrangement, published
from units import actions
from units.forms import WorkingDayForm
from units.models import WorkingDayOverride

REASON = "工作日历由系统管理员维护。"
WEEKDAYS = "一二三四五六日"
CHANGES_SHOWN = 20
KINDS = {"+": "设为", "~": "改为", "-": "撤销"}


def calendar_url(year):
    """The address of one year's calendar."""
    return f"{reverse('units:calendar')}?year={year}"


def year_asked(request):
    """The year of the address; this year for anything that is none from 2000 to 2100."""
    wanted = request.GET.get("year", "")
    is_year = wanted.isascii() and wanted.isdigit() and 2000 <= int(wanted) <= 2100
    return int(wanted) if is_year else clock.today().year


def days_of(year):
    """The year's special days in order, each as published and as corrected by the county."""
    days = {
        day: {"day": day, "name": name, "published": is_workday, "override": None}
        for day, name, is_workday in arrangement(year)
    }
    for override in WorkingDayOverride.objects.filter(day__year=year):
        plain = {"day": override.day, "name": "", "published": override.day.weekday() < 5}
        days[override.day] = {**plain, **days.get(override.day, {}), "override": override}
    rows = [days[day] for day in sorted(days)]
    for row in rows:
        override = row["override"]
        row["weekday"] = f"周{WEEKDAYS[row['day'].weekday()]}"
        row["is_workday"] = override.is_workday if override else row["published"]
    return rows


def changes_of(year):
    """Who changed the year's calendar, newest first, as components/timeline.html shows it."""
    changes = WorkingDayOverride.history.filter(day__year=year).select_related("history_user")
    return [
        {
            "title": f"{cn_full_date(change.day)}{KINDS[change.history_type]}"
            f"{'上班' if change.is_workday else '休息'}",
            "text": change.note,
            "who": change.history_user or "系统",
            "when": change.history_date,
        }
        for change in changes.order_by("-history_date", "-history_id")[:CHANGES_SHOWN]
    ]


@access(is_administrator, reason=REASON)
@require_safe
def calendar(request):
    """One year's days off and made-up days, with the county's corrections and their history."""
    year = year_asked(request)
    context = {
        "year": year,
        "is_published": published(year),
        "days": days_of(year),
        "changes": changes_of(year),
        "actions": [
            {
                "label": "调整一天",
                "url": reverse("units:set_working_day"),
                "icon": "plus-lg",
                "kind": "primary",
            }
        ],
    }
    return render(request, "units/calendar.html", context)


@access(is_administrator, reason=REASON)
@require_http_methods(["GET", "HEAD", "POST"])
def set_day(request):
    """Say that the county works on a day, or does not; a day that was set before is changed."""
    form = WorkingDayForm(request.POST or None, initial={"day": request.GET.get("day")})
    is_valid = request.method == "POST" and form.is_valid()
    year = form.cleaned_data["day"].year if is_valid else clock.today().year

    def act(**typed):
        override = actions.set_working_day(by=request.user, **typed)
        return f"{cn_full_date(override.day)}现为{'上班' if override.is_workday else '休息'}。"

    return form_page(
        request,
        form,
        act,
        back=calendar_url(year),
        title="调整工作日",
        button="保存",
        sub="只在与国务院公布的安排不同时调整；应访周随即按新的工作日重新计算。",
        crumbs=[{"label": "工作日历", "url": reverse("units:calendar")}],
    )


@access(is_administrator, of=WorkingDayOverride, reason=REASON)
@require_POST
def remove(request, override):
    """Let the published calendar hold for the day again."""
    back = calendar_url(override.day.year)
    again = f"{reverse('units:set_working_day')}?day={override.day:%Y-%m-%d}"
    done = undoable(f"{cn_full_date(override.day)}已恢复为公布的安排。", "重新调整", again)
    return do(request, lambda: actions.unset_working_day(override, by=request.user), done, back)
