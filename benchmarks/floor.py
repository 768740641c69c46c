"""What pages are measured against: the floor, and bare lists of the same rows."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.access import access
from pilotwork.templatetags.pilotwork import PAGE_SIZES
from pilotwork.urls import handler403
from pilotwork.urls import urlpatterns as site

PAGES = {}
# {name: (queryset, source of the template)}
LISTS = {}
BARE = """{{% extends "base.html" %}}{{% block title %}}{title}{{% endblock %}}
{{% block content %}}<h1>{title}</h1><table><tbody>{{% for row in page %}}<tr>{cells}</tr>
{{% endfor %}}</tbody></table><p>{{{{ page.number }}}} / {{{{ page.paginator.num_pages }}}}</p>
{{% endblock %}}"""


@access()
def floor(request, name):
    """The stored bytes of the page `name`; the user is loaded, nothing else is asked."""
    return HttpResponse(PAGES[name])


@access()
def bare(request, name):
    """The rows of the list `name` as Django alone shows them, in the frame of every page."""
    rows, template = LISTS[name]
    page = Paginator(rows.all(), PAGE_SIZES[0]).get_page(request.GET.get("page"))
    return HttpResponse(template.render({"page": page}, request))


def keep_list(name, context):
    """Keep the rows that a list's page has shown, for `bare`; returns whether it can."""
    table, page = context.get("table"), context.get("page")
    rows = table.data.data if table is not None else getattr(page, "paginator", page).object_list
    if not hasattr(rows, "model"):
        return False
    paths = _columns(table) if table is not None else _fields(rows.model)
    joined = {name.rpartition("__")[0] for name in paths if "__" in name}
    rows = rows.select_related(*joined) if joined else rows
    cells = "".join(f"<td>{{{{ row.{name.replace('__', '.')} }}}}</td>" for name in paths)
    source = BARE.format(title=rows.model._meta.verbose_name, cells=cells)
    LISTS[name] = rows, engines["django"].from_string(source)
    return True


def _columns(table):
    return [str(column.accessor).replace(".", "__") for column in table.columns]


def _fields(model):
    return [field.name for field in model._meta.concrete_fields if not field.is_relation]


urlpatterns = [
    path("floor/<str:name>/", floor, name="floor"),
    path("bare/<str:name>/", bare, name="bare"),
    *site,
]
__all__ = ["LISTS", "PAGES", "handler403", "keep_list", "urlpatterns"]
