"""数据走势: visits per week and money per month, as pictures and as tables."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import is_county
from pilotwork.exports import list_page
from reports import trend_charts, trends
from reports.exports import trends_of
from units.models import PilotProgramme


@access(is_county, reason="数据走势由团县委工作人员查看。")
@require_safe
def trend_page(request):
    """The programme's visits and money over time, beside the programme before it."""
    programmes = list(PilotProgramme.objects.select_related("fund_account"))
    programme = request.programme or None
    context = {"programmes": programmes, "chosen": programme}
    if programme is None:
        return render(request, "reports/trends.html", context)
    before = trends.programme_before(programme, programmes)
    weeks = trends.week_lines(programme, before)
    months = trends.month_lines(programme, before)
    context |= {
        "before": before,
        "weeks": weeks,
        "months": months,
        "visit_chart": trend_charts.visit_chart(weeks),
        "visits_in_words": trend_charts.visits_in_words(weeks),
        "money_chart": trend_charts.money_chart(months),
        "money_in_words": trend_charts.money_in_words(months),
    }
    exports = trends_of(weeks, months, has_before=before is not None)
    return list_page(request, "reports/trends.html", context, *exports, rows=weeks)
