"""The reports room's addresses: the whole to-do list, the units' files and public pages, the guide."""

from django.urls import path

from reports.views import help as help_pages
from reports.views import home, publishing, units

app_name = "reports"
urlpatterns = [
    path("todo/", home.todo, name="todo"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/public/", publishing.public_page, name="public_page"),
    path("units/<int:pk>/public/preview/", publishing.preview, name="preview_public_page"),
    path("units/<int:pk>/public/qr.svg", publishing.public_qr, name="public_qr"),
    path("units/<int:pk>/public/open/", publishing.open_page, name="open_public_page"),
    path("units/<int:pk>/public/close/", publishing.close_page, name="close_public_page"),
    path("help/", help_pages.guide, name="help"),
]
