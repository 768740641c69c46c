"""The reports room's addresses: the whole to-do list, the units' files, the guide."""

from django.urls import path

from reports.views import figures, home, trends, units
from reports.views import help as help_pages

app_name = "reports"
urlpatterns = [
    path("todo/", home.todo, name="todo"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("so-far/", home.so_far, name="so_far"),
    path("trends/", trends.trend_page, name="trends"),
    path("help/", help_pages.guide, name="help"),
]
