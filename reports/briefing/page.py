"""How a report looks on screen: the sheet with its linked figures, and the column beside it."""

import dataclasses

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from reports.briefing.placeholders import CATALOGUE, ISSUE_KEYS, LISTS, mark
from reports.models import BriefingKind

LINKED = '<a class="cited" href="{}" aria-label="{}"{}>{}</a>'
# Beside the text stands what the figure's own page says of its sources; without a script the link
# opens that page.
BESIDE = ' hx-get="{}" hx-target="#source" hx-select="[aria-label=统计结果] &gt; *"'
# How a figure stands in the text, for people who see it for the first time.
EXAMPLE = mark(CATALOGUE["visits"].label)


@dataclasses.dataclass(frozen=True)
class Line:
    """One block as HTML: `kind` chooses its tag and look."""

    kind: str
    html: str


def lines_of(blocks, address_of=None):
    """The Lines of composed `blocks`; figures lead to `address_of(key)`, or nowhere without it."""
    return [
        Line(
            block.kind, format_html_join("", "{}", ((_run(run, address_of),) for run in block.runs))
        )
        for block in blocks
    ]


def _run(run, address_of):
    if not run.figure_key:
        return run.text
    if address_of is None:
        return format_html('<span class="cited">{}</span>', run.text)
    url, about = address_of(run.figure_key), CATALOGUE[run.figure_key]
    beside = "" if run.figure_key in ISSUE_KEYS else format_html(BESIDE, url)
    words = f"{about.label}：{run.text}{about.unit}，看来源"
    return format_html(LINKED, url, words, beside, run.text)


def sheet(document, address_of=None):
    """What templates/reports/briefing_sheet.html shows of an OfficialDocument."""
    return {"document": document, "lines": lines_of(document.blocks, address_of)}


def tabs(programme, kind, on):
    """The two documents of the programme: [{label, url, is_current}], of the same day."""
    return [
        {
            "label": one.label,
            "url": f"{reverse('reports:briefing_page', args=[programme.pk, one.value])}?on={on}",
            "is_current": one == kind,
        }
        for one in BriefingKind
    ]


def legend(material):
    """What a text may name: [{mark, words}] of the figures with their numbers, then of the lists."""
    figures = [
        {"mark": mark(CATALOGUE[key].label), "words": f"{words}{CATALOGUE[key].unit}"}
        for key, words in material.words.items()
        if key in CATALOGUE
    ]
    return figures, [{"mark": mark(one.label), "words": one.note} for one in LISTS]


def frozen_url(programme):
    """The list of the programme's frozen reports, whichever programme the session shows."""
    return f"{reverse('reports:frozen_briefings')}?programme={programme.pk}"


def ledger_note(frozen):
    """附注 of a frozen report: its number and the heads of the chains it rests on."""
    heads = "；".join(f"{head['voucher']} {head['digest'][:16]}" for head in frozen.heads)
    return f"定稿第 {frozen.number} 号。账册链首：{heads or '尚无分录'}"
