"""What the charts of 数据走势 are drawn from: labels and rows of numbers, colours by their token.

`tone` is the name of a colour in static/css/tokens.css; static/js/charts.js draws them.
"""

from pilotwork.money import ZERO
from pilotwork.templatetags.pilotwork import yuan0
from reports.trends import MOST_MONTHS, SPAN


def visit_chart(lines):
    """The picture of WeekLines: units covered and missed in stacked bars, visits as a line."""
    series = [
        bars("应访单位已走访或免访", "visited", [line.covered for line in lines]),
        bars("应访单位未走访", "bad", [line.missing for line in lines], is_hollow=True),
        curve("走访次数", "blue", [line.visits for line in lines]),
    ]
    if lines and lines[0].before is not None:
        before = [line.before for line in lines]
        series.append(curve("上次试点同周走访次数", "muted", before, is_dashed=True))
    return {
        "labels": [f"第{line.number}周" for line in lines],
        "titles": [line.label for line in lines],
        "unit": "",
        "stacked": True,
        "series": series,
    }


def money_chart(lines):
    """The picture of MonthLines: received and paid as bars, what is available as a line."""
    series = [
        bars("入账", "visited", [number(line.received) for line in lines]),
        bars("拨付", "paid", [number(line.paid) for line in lines]),
        curve("月末可用", "blue", [number(line.available) for line in lines]),
    ]
    if lines and lines[0].before is not None:
        before = [number(line.before) for line in lines]
        series.append(curve("上次试点同月拨付", "muted", before, is_dashed=True))
    return {
        "labels": [f"{line.month.year % 100}年{line.month.month}月" for line in lines],
        "titles": [line.label for line in lines],
        "unit": " 元",
        "stacked": False,
        "series": series,
    }


def bars(label, tone, values, *, is_hollow=False):
    """One row of bars; hollow ones are told from filled ones without colour."""
    return {"type": "bar", "label": label, "tone": tone, "values": values, "hollow": is_hollow}


def curve(label, tone, values, *, is_dashed=False):
    """One line with its points."""
    return {"type": "line", "label": label, "tone": tone, "values": values, "dashed": is_dashed}


def number(amount):
    """Yuan as JSON carries them exactly, for a picture to make lengths of."""
    return str(amount)


def visits_in_words(lines):
    """The chart of visits in a sentence: in all, and the last weeks beside those before."""
    if not lines:
        return "试点还没有开始。"
    recent = sum(line.visits for line in lines[-SPAN:])
    shown = "" if lines[0].number == 1 else f"最近 {len(lines)} 周"
    said = f"{shown}共走访 {sum(line.visits for line in lines)} 次，近 {SPAN} 周 {recent} 次"
    if len(lines) >= 2 * SPAN:
        said += f"，此前 {SPAN} 周 {sum(line.visits for line in lines[-2 * SPAN : -SPAN])} 次"
    if lines[-1].before is not None:
        said += f"，上次试点同期共 {sum(line.before for line in lines)} 次"
    return said + "。"


def money_in_words(lines):
    """The chart of money in a sentence: in all, what is left, and the programme before."""
    if not lines:
        return "还没有建立基金账户。"
    received = sum((line.received for line in lines), ZERO)
    paid = sum((line.paid for line in lines), ZERO)
    shown = f"最近 {MOST_MONTHS} 个月" if len(lines) == MOST_MONTHS else ""
    said = f"{shown}共入账 {yuan0(received)} 元，净拨付 {yuan0(paid)} 元"
    if carried := sum((line.carried for line in lines), ZERO):
        said += f"，转出结转 {yuan0(carried)} 元"
    if reserved := lines[-1].cash - lines[-1].available:
        said += f"，现占用 {yuan0(reserved)} 元"
    said += f"，现可用 {yuan0(lines[-1].available)} 元"
    if lines[-1].before is not None:
        before = sum((line.before for line in lines), ZERO)
        said += f"，上次试点同期拨付 {yuan0(before)} 元"
    return said + "。"
