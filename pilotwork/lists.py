"""Lists: a page of rows in the order and size that the address asks for, without counting far."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from pilotwork.templatetags.pilotwork import PAGE_SIZES

MOST_COUNTED = 1000


class CappedPaginator(Paginator):
    """Counts to 1000 and says "1000+" beyond: nobody leafs so far, a filter leads there sooner.

    Takes a queryset or the rows of a django-tables2 table over one.
    """

    @cached_property
    def _counted(self):
        rows = self.object_list
        rows = rows.data.data if hasattr(rows, "data") else rows
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self):
        return min(self._counted, MOST_COUNTED)

    @property
    def count_label(self):
        """The number of rows as the foot of the list says it."""
        return f"{MOST_COUNTED}+" if self._counted > MOST_COUNTED else str(self._counted)


def page_size(request):
    """How many rows a page the address asks for; the first size for anything not offered."""
    wanted = request.GET.get("per_page", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def page_of(request, rows, paginator=CappedPaginator, enrich=None):
    """The page of `rows` (a queryset) that the address asks for; `enrich` as of `looked_up`."""
    page = paginator(rows, page_size(request)).get_page(request.GET.get("page"))
    if enrich:
        page.object_list = looked_up(page.object_list, enrich)
    return page


def looked_up(rows, enrich):
    """The few `rows` (a queryset) of a page in their order, with all that they show.

    `enrich` adds that to a queryset. It is asked for the rows of the page alone: joined to many
    tables, the database would no longer see that only a few rows are looked for. What is discarded
    between the two is left out.
    """
    keys = list(rows.values_list("pk", flat=True))
    found = enrich(rows.model.objects.filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys if key in found]


def arrange(request, table, enrich=None, paginator=CappedPaginator):
    """Sort and page a django-tables2 table as the address asks; returns the table.

    `enrich` is as of `looked_up`.
    """
    table.order_by = request.GET.getlist(table.prefixed_order_by_field) or table.order_by
    page = page_of(request, table.rows, paginator)
    if enrich:
        page.object_list.data = looked_up(page.object_list.data, enrich)
    table.paginator, table.page = page.paginator, page
    return table
