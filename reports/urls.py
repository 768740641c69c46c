"""The reports room's addresses: the whole to-do list, the units' files, the guide."""

from django.urls import path

from reports.views import help as help_pages
from reports.views import home, imports, units

app_name = "reports"
urlpatterns = [
    path("todo/", home.todo, name="todo"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("help/", help_pages.guide, name="help"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.preview, name="import"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="confirm_import"),
    path("imports/<slug:kind>/", imports.upload, name="import_upload"),
    path("imports/<slug:kind>/template/", imports.template, name="import_template"),
]
