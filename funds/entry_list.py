"""An account's ledger as a list: its filters in the address, its columns, its pages."""

import copy

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from funds.models import Entry, EntryKind
from pilotwork.forms import DateField, OrderedDaysForm
from pilotwork.links import link
from pilotwork.lists import CappedPaginator, arrange
from pilotwork.money import yuan
from pilotwork.search import containing
from pilotwork.templatetags.pilotwork import cn_date

PRINTABLE = (EntryKind.RECEIPT, EntryKind.DISBURSE, EntryKind.RECOVER, EntryKind.REVERSE)
WHOLE = {"td": {"class": "whole"}}  # never broken over two lines


class DayFilter(django_filters.Filter):
    """A day, typed with the browser's own picker."""

    field_class = DateField


class EntryFilter(django_filters.FilterSet):
    """Search, kind and a range of days."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "对方、票据号、摘要、事项"}),
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=EntryKind.choices, empty_label="全部类别"
    )
    since = DayFilter(label="发生日期自", field_name="occurred_on", lookup_expr="gte")
    until = DayFilter(label="至", field_name="occurred_on", lookup_expr="lte")

    class Meta:
        model = Entry
        form = OrderedDaysForm
        fields = []

    def search(self, rows, name, text):
        """Entries whose papers, payer or payee, memo or matter contain `text`.

        Also the one of that number, with or without the account's code before it.
        """
        found = Q()
        for field in ("counterparty", "reference", "memo", "commitment__title"):
            found |= containing(field, text)
        code, _, number = text.rpartition("-")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number), **({"account__code__iexact": code} if code else {}))
        return rows.filter(found)


class SignedColumn(tables.Column):
    """An amount with its sign and the balance after it, right-aligned; empty for nothing."""

    def __init__(self, verbose_name, after, **kwargs):
        self.after = after
        cell = {"class": "num"}
        super().__init__(verbose_name, attrs={"td": cell, "th": cell}, **kwargs)

    def render(self, value, record):
        sign = {1: "+", -1: "−", 0: ""}[(value > 0) - (value < 0)]
        effect = f"{sign}{yuan(abs(value))}" if value else "—"
        tone = "good" if value > 0 else "bad" if value < 0 else "muted"
        return format_html(
            '<span class="d-block {}">{}</span><span class="d-block small muted">余 {}</span>',
            tone,
            effect,
            yuan(getattr(record, self.after)),
        )


class EntryTable(tables.Table):
    """The entries, newest first."""

    number = tables.Column("凭单号", attrs=WHOLE)
    occurred_on = tables.Column("日期", attrs=WHOLE)
    kind = tables.Column("类别", attrs=WHOLE)
    about = tables.Column("事项与对方", empty_values=())
    available = SignedColumn("可用", "available_after")
    cash = SignedColumn("账面", "cash_after")
    by_name = tables.Column("经办")
    papers = tables.Column("凭单", empty_values=(), attrs=WHOLE)

    caption = "收支明细"
    empty_title = "没有符合条件的收支"

    class Meta:
        empty_text = "换一个条件，或清除筛选。"
        model = Entry
        fields = ()
        orderable = False

    def __init__(self, *args, may_reverse, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_reverse = may_reverse

    def render_number(self, record):
        return record.voucher_number

    def render_occurred_on(self, value):
        return cn_date(value)

    def render_about(self, record):
        lines = [("", record.memo or record.get_source_display())]
        matter = record.owner
        if matter:
            url = link(matter.page_name, matter.pk)
            words = record.commitment.title if record.commitment_id else matter
            lines[0] = ("", format_html('<a href="{}">{}</a>', url, words))
        papers = " · ".join(filter(None, [record.counterparty, record.reference]))
        if papers:
            lines.append(("small muted", papers))
        if record.reverses_id:
            lines.append(("small muted", f"冲销 {record.reverses.number} 号"))
        if hasattr(record, "reversed_by"):
            lines.append(("small muted", f"已被 {record.reversed_by.number} 号冲销"))
        return format_html_join("", '<span class="d-block {}">{}</span>', lines)

    def render_papers(self, record):
        links = []
        if record.kind in PRINTABLE:
            links.append((link("funds:voucher", record.pk), "打印", record.number))
        is_standing = record.kind == EntryKind.RECEIPT and not hasattr(record, "reversed_by")
        can_be_reversed = is_standing and record.owner is None
        if self.may_reverse and can_be_reversed:
            links.append((link("funds:reverse_receipt", record.pk), "冲销", record.number))
        return format_html_join(
            " ", '<a href="{}">{}<span class="visually-hidden"> {} 号</span></a>', links
        )


def entry_table(request, account, *, may_reverse):
    """The filtered page of the account's entries; returns (table, filter's form).

    The address holds q, kind, since, until, page and per_page.
    """
    rows = Entry.objects.filter(account=account).order_by("-number")
    chosen = EntryFilter(request.GET, rows)
    if chosen.is_valid() and any(chosen.form.cleaned_data.values()):
        table = EntryTable(chosen.qs, may_reverse=may_reverse)
        return arrange(request, table, with_papers), chosen.form
    table = EntryTable(with_papers(rows), may_reverse=may_reverse)
    table.empty_title = "还没有收支"
    table.empty_text = "钱到账后由财务办理“入账”，以后每一笔都列在这里。"
    return arrange(request, table, paginator=WholeLedger), chosen.form


def with_papers(entries):
    """The entries with all that their rows say: account, matter, what they reverse."""
    return entries.select_related("account", "reverses", "reversed_by").with_owners()


class WholeLedger(CappedPaginator):
    """All pages of one account's entries, newest first, however many.

    Entries are numbered without gaps: the last number says how many there are, and each page is
    found by its numbers.
    """

    @cached_property
    def _counted(self):
        return self.object_list.data.data.values_list("number", flat=True).first() or 0

    @cached_property
    def count(self):
        return self._counted

    count_label = property(lambda self: str(self.count))

    def page(self, number):
        """The page of that number; raises InvalidPage where there is none."""
        number = self.validate_number(number)
        newest = self.count - (number - 1) * self.per_page
        rows = copy.copy(self.object_list)
        rows.data = rows.data.data.filter(number__lte=newest)[: self.per_page]
        return self._get_page(rows, number, self)
