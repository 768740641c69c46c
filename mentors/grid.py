"""The grid unit × week as a page shows it: which weeks, each cell's words, mark and address."""

import dataclasses
import datetime as dt
from itertools import repeat

from django.utils.html import format_html

from mentors.five_ones import ONES, CellState
from mentors.weeks import DAY, WEEK, WeekState
from pilotwork.links import link
from pilotwork.templatetags.pilotwork import cn_date

TONES = {
    CellState.NONE: "n",
    CellState.UNDER_WAY: "a",
    CellState.DONE: "g",
    CellState.OVERDUE: "r",
}
# Where the records behind a cell of the matrix are.
RECORDS = {
    "plan": "mentors:documents",
    "activity": "mentors:activities",
    "coordination": "mentors:coordinations",
    "visits": "mentors:visits",
    "difficulty": "mentors:difficulties",
}
# What stands in a week's cell, so that its state does not hang on colour alone.
MARKS = {
    WeekState.VISITED: "✓",
    WeekState.OVERDUE: "！",
    WeekState.PENDING: "…",
    WeekState.EXCUSED: "免",
    WeekState.HOLIDAY: "假",
    WeekState.OUTSIDE: "–",
    WeekState.FUTURE: "",
}
LEGEND = [state for state in WeekState if state != WeekState.FUTURE]
WEEK_TONES = {
    WeekState.VISITED: "g",
    WeekState.OVERDUE: "r",
    WeekState.PENDING: "a",
    WeekState.EXCUSED: "n",
    WeekState.HOLIDAY: "n",
    WeekState.OUTSIDE: "n",
    WeekState.FUTURE: "n",
}


@dataclasses.dataclass(frozen=True)
class WeekCell:
    """One week of one unit: its state, the sign in the cell, the sentence read out, its records.

    A page has hundreds of them: each says itself how it looks, a template takes four times as long.
    """

    state: WeekState
    mark: str
    words: str
    url: str

    def __str__(self):
        return format_html(
            '<a class="week week-{}" href="{}" title="{}"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></a>',
            *(self.state.value, self.url, self.words, self.mark, self.words),
        )

    __html__ = __str__


@dataclasses.dataclass(frozen=True)
class Column:
    """One week of the grid; `month` is said above its first week."""

    monday: dt.date
    month: str
    words: str


@dataclasses.dataclass(frozen=True)
class Grid:
    """Columns and, for every unit, its row of cells; `earlier` and `later` lead to other weeks."""

    columns: list
    rows: list
    earlier: dt.date | None
    later: dt.date | None


def visits_url(unit, first=None, last=None):
    """The list of the unit's visits, of the days from `first` to `last` where given."""
    days = f"&since={first}&until={last}" if first else ""
    return f"{link('mentors:visits')}?unit={unit.pk}{days}"


def week_cell(unit, week, column):
    """The WeekCell of one Week of a unit, in its Column."""
    counted = f"，{week.visits} 次" if week.visits else ""
    words = f"{column.words}：{week.state.label}{counted}"
    url = visits_url(unit, week.monday, week.monday + 6 * DAY)
    return WeekCell(week.state, MARKS[week.state], words, url)


def columns_of(mondays):
    """The Columns of these weeks."""
    columns, month = [], None
    for monday in mondays:
        said = f"{monday.month}月" if monday.month != month else ""
        columns.append(Column(monday, said, f"{cn_date(monday)}当周"))
        month = monday.month
    return columns


def grid(rows, number, until=None):
    """The Grid of matrix Rows of one programme: the last `number` weeks up to the day `until`.

    Without `until` the weeks end with the present one.
    """
    mondays = [week.monday for week in rows[0].weeks] if rows else []
    end = len([monday for monday in mondays if until is None or monday <= until])
    end = min(max(end, number), len(mondays))
    start = max(end - number, 0)
    shown = mondays[start:end]
    columns = columns_of(shown)
    return Grid(
        columns=columns,
        rows=[
            (row.unit, [*map(week_cell, repeat(row.unit), row.weeks[start:end], columns)])
            for row in rows
        ],
        earlier=shown[0] - WEEK if start else None,
        later=mondays[min(end + number, len(mondays)) - 1] if end < len(mondays) else None,
    )


def matrix_rows(rows):
    """Matrix Rows as the page shows them: [(unit, [{label, tone, state, words, url}])]."""
    return [(row.unit, cells_shown(row)) for row in rows]


def cells_shown(row):
    """The five cells of one Row with their tones and the addresses of the records behind them."""
    shown = []
    for (_, name, label), cell in zip(ONES, row.cells, strict=True):
        url = f"{link(RECORDS[cell.key])}?unit={row.unit.pk}"
        shown.append(
            {
                "name": name,
                "label": label,
                "tone": TONES[cell.state],
                "state": cell.state.label,
                "words": cell.words,
                "url": url,
            }
        )
    return shown
