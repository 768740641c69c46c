"""The reports room's addresses: the whole to-do list, the units' files, the guide."""

from django.urls import path

from reports.views import archive, home, ledgers, units
from reports.views import help as help_pages

app_name = "reports"
urlpatterns = [
    path("todo/", home.todo, name="todo"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/archive/", archive.unit_archive, name="unit_archive"),
    path("units/archives/", archive.archives, name="archives"),
    path("units/archives/<int:pk>/", archive.programme_archive, name="programme_archive"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("help/", help_pages.guide, name="help"),
]
