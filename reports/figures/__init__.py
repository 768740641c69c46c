"""The figures of the 情况汇报: what each one counts, its number at a cutoff, its page's address."""

from urllib.parse import urlencode

from django.urls import reverse

from pilotwork.money import LARGEST_SUM, to_yuan
from reports.figures.figure import Figure
from reports.figures.fund import APPLICATIONS, DUES, FUND, PLAQUES, REWARDS
from reports.figures.issues import ISSUE_FIGURES
from reports.figures.joint_work import FIVE_ONES, TOGETHER
from reports.figures.programme import EXTRA_PLACES, MENTORS, PAIRS, REWARD_SETTING, UNITS
from units.models import PilotProgramme

__all__ = ["FIGURES", "ISSUES", "PAGED", "Figure", "figure_url", "in_words", "measure", "number_of"]

# Every figure by its key, in the order of the report.
FIGURES = {
    figure.key: figure
    for figure in [
        UNITS,
        MENTORS,
        PAIRS,
        *FUND,
        *APPLICATIONS,
        DUES,
        REWARDS,
        REWARD_SETTING,
        PLAQUES,
        *FIVE_ONES,
        *EXTRA_PLACES,
        *TOGETHER,
    ]
}
# What is still open is told in sentences of its own; its records have pages like any figure's.
ISSUES = {figure.key: figure for figure in ISSUE_FIGURES}
PAGED = FIGURES | ISSUES


def measure(programme, on, keys=FIGURES):
    """The figures of a programme at the end of the day `on` in Asia/Shanghai, in one query.

    Returns {key: int, or Decimal yuan} of the wanted `keys`, in their order.
    """
    figures = [FIGURES[key] for key in keys]
    numbers = [figure.tally.in_sql(figure.rows(programme, on)) for figure in figures]
    return dict(zip(keys, _ask(programme, numbers), strict=True))


def number_of(figure, programme, querysets):
    """[the number of each queryset of the figure's rows], in one query."""
    return _ask(programme, [figure.tally.in_sql(rows) for rows in querysets])


def _ask(programme, numbers):
    return list(PilotProgramme.objects.filter(pk=programme.pk).values_list(*numbers).get())


def figure_url(key, programme, on):
    """The address of the page with exactly the records behind a figure at the cutoff `on`."""
    query = urlencode({"on": on.isoformat(), "programme": programme.pk})
    return f"{reverse('reports:figure', args=[key])}?{query}"


def in_words(key, value):
    """The number as the report prints it: 10000, 1409.50; money whole where it is, no commas.

    Takes what `measure` returns, or the text of it that a frozen report keeps.
    """
    if not PAGED[key].is_money:
        return str(int(value))
    amount = to_yuan(value, LARGEST_SUM)
    return str(int(amount)) if amount == amount.to_integral_value() else f"{amount:.2f}"
