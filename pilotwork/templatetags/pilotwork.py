"""Tags and filters every template may use (registered as builtins in the settings)."""

import datetime as dt
import inspect
from decimal import Decimal
from functools import cache, partial

from django import template
from django.template.base import render_value_in_context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from pilotwork import clock
from pilotwork.assets import ICONS, SPRITE
from pilotwork.paper.capitals import in_capitals
from pilotwork.paper.dates import full_date

register = template.Library()

PAGE_SIZES = (20, 50, 100)
TONES = frozenset({"g", "a", "r", "bl", "n"})


@register.simple_tag
def icon(name):
    """The icon `name` of the sprite; decoration, never read out. Raises ValueError for a name that
    pilotwork.assets.ICONS does not have, which would show as nothing."""
    if name not in ICONS:
        raise ValueError(f"Unknown icon {name!r}: add it to pilotwork.assets.ICONS.")
    return _icon(name)


@cache
def _icon(name):
    """A page has some sixty icons, and the address of the sprite stays the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static(SPRITE), name
    )


@register.simple_tag
def tag(tone, words):
    """A state's tag: `words` in the colour of `tone` (g done, a under way, r overdue or refused,
    bl waiting for me, n nothing yet). Raises ValueError for another tone: a typing error."""
    if tone not in TONES:
        raise ValueError(f"Unknown tone {tone!r}: one of {sorted(TONES)}.")
    return format_html('<span class="tag tone-{}">{}</span>', tone, words)


@register.simple_block_tag
def card(content, title="", link="", link_label="", css="", element="section"):
    """A white panel around the content, with an optional heading and a link at its right.

    `{% card "立项内容" link=print_url link_label="打印审批表" %} … {% endcard %}`; `css` adds
    classes, `element` may be "aside" for the column beside the content.
    """
    heading = format_html("<h2>{}</h2>", title) if title else ""
    if link:
        heading = format_html('{}<a class="panel-link" href="{}">{}</a>', heading, link, link_label)
    if heading:
        heading = format_html('<div class="panel-head">{}</div>', heading)
    classes = f"panel {css}".strip()
    return format_html('<{0} class="{1}">{2}{3}</{0}>', element, classes, heading, content)


@register.simple_tag(takes_context=True)
def body_rows(context, table):
    """The rows of a django-tables2 page; written here, a template takes longer than the library.

    The library makes up a column's attributes for every cell anew; no list here has any that change
    from row to row, so they are asked for once.
    """
    for column in table.columns:
        column.render = _signed(column.render)
    heads = {
        column.name: format_html('data-label="{}" {}', column.header, column.attrs["td"].as_html())
        for column in table.columns
    }

    def cells(row):
        shown = ((heads[c.name], render_value_in_context(cell, context)) for c, cell in row.items())
        return format_html_join("", "<td {}><span>{}</span></td>", shown)

    rows = ((row.attrs.as_html(), cells(row)) for row in table.paginated_rows)
    return format_html_join("\n", "<tr {}>{}</tr>", rows)


def _signed(render):
    """`render` with its signature at hand: the library asks for it at every cell, and to work it out
    takes longer than most cells do."""
    signed = partial(render)
    signed.__signature__ = inspect.signature(render)
    return signed


@register.simple_tag(takes_context=True)
def page_url(context, **changes):
    """The page's own query string with `changes` made; None or "" takes a parameter out.

    Keeps filters and sorting when a page, a page size or an order is chosen.
    """
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def printed_form(context):
    """Says that the page is a form to print, so that the audit records who opened it."""
    context["request"].is_printed_form = True
    return ""


@register.simple_tag
def page_sizes():
    """How many rows a list may show on one page; the first is the default."""
    return PAGE_SIZES


@register.filter
def yuan(amount):
    """An amount in yuan with commas and two decimals, "3,200.00"; "" for None."""
    return "" if amount is None or amount == "" else f"{Decimal(amount):,.2f}"


@register.filter
def yuan0(amount):
    """Like `yuan`, but whole yuan without decimals, "10,000"; for figures at a glance."""
    if amount is None or amount == "":
        return ""
    amount = Decimal(amount)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.filter
def capitals(amount):
    """An amount in yuan as 人民币大写; "" for None or a negative amount, which has no form."""
    if amount is None or amount == "" or Decimal(amount) < 0:
        return ""
    return in_capitals(Decimal(amount))


def local_day(value):
    """The day in the installation's time zone of a date or an aware datetime."""
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


@register.filter
def cn_date(value):
    """A day as 11月23日 in this year, else 2026年11月23日; "" for None."""
    if not value:
        return ""
    day = local_day(value)
    year = "" if day.year == clock.today().year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@register.filter
def cn_full_date(value):
    """A day always with its year, 2026年11月23日, as printed forms need it; "" for None."""
    if not value:
        return ""
    return full_date(local_day(value))


@register.filter
def cn_datetime(value):
    """A moment as 11月23日 09:05 in local time (with the year when it is not this one)."""
    return f"{cn_date(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def days_waiting(since):
    """Whole days from a date or moment until today, never below 0; "" for None."""
    return max((clock.today() - local_day(since)).days, 0) if since else ""


@register.filter
def share_of(part, whole):
    """How much of `whole` `part` is, in percent with one decimal for a picture; 0 of nothing."""
    if not whole or part is None:
        return Decimal(0)
    return min(max(round(Decimal(part) * 100 / Decimal(whole), 1), Decimal(0)), Decimal(100))
