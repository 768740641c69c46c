"""Of which programme the lists are: of the one that stands at the top of the page.

`request.programme` is set by `reports.middleware`. As long as there is one programme nothing changes;
with several, a list shows the rows of the one in the bar, and an address can ask for another one
(`?programme=3`) or for all of them (`?programme=all`).
"""

ALL = "all"
# What narrows a list to a unit, or to something of one unit, says the programme itself.
NARROWED = ("unit", "pairing")


def of_the_programme(request, rows, path="pilot_unit__programme"):
    """The `rows` of a list that belong to the programme shown; `path` leads from a row to it."""
    programme = getattr(request, "programme", None)
    if not programme or not programme.has_others:
        return rows
    if request.GET.get("programme") == ALL or any(request.GET.get(name) for name in NARROWED):
        return rows
    return rows.filter(**{path: programme.pk})


def chosen_first(request):
    """What a form that asks for the programme begins with: the one shown, nothing where none is."""
    programme = getattr(request, "programme", None)
    return {"programme": programme.pk} if programme else {}
