"""The reports room's addresses: to-do list, units' files and public pages, reports, ledgers, guide."""

from django.urls import path

from reports.views import (
    archive,
    briefing,
    figures,
    frozen,
    home,
    imports,
    ledgers,
    programmes,
    publishing,
    trends,
    units,
)
from reports.views import help as help_pages

app_name = "reports"
urlpatterns = [
    path("todo/", home.todo, name="todo"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/archive/", archive.unit_archive, name="unit_archive"),
    path("units/archives/", archive.archives, name="archives"),
    path("units/archives/<int:pk>/", archive.programme_archive, name="programme_archive"),
    path("programmes/choose/", programmes.choose, name="choose_programme"),
    path("programmes/show/", programmes.show, name="show_programme"),
    path("programmes/new/", programmes.new_programme, name="new_programme"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/<slug:verb>/", programmes.act, name="act_on_programme"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("briefing/", briefing.current, name="briefing"),
    path("briefing/<int:pk>/<str:document>/", briefing.page, name="briefing_page"),
    path("briefing/<int:pk>/<str:document>/word/", briefing.word, name="briefing_word"),
    path("briefing/<int:pk>/<str:document>/edit/", briefing.edit, name="edit_briefing"),
    path("briefing/<int:pk>/<str:document>/freeze/", briefing.freeze_page, name="freeze_briefing"),
    path("briefing/frozen/", frozen.frozen_list, name="frozen_briefings"),
    path("briefing/frozen/<int:pk>/", frozen.frozen_briefing, name="frozen_briefing"),
    path("briefing/frozen/<int:pk>/word/", frozen.frozen_word, name="frozen_briefing_word"),
    path("briefing/frozen/<int:pk>/compare/", frozen.compare_frozen, name="compare_briefing"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("units/<int:pk>/public/", publishing.public_page, name="public_page"),
    path("units/<int:pk>/public/preview/", publishing.preview, name="preview_public_page"),
    path("units/<int:pk>/public/qr.svg", publishing.public_qr, name="public_qr"),
    path("units/<int:pk>/public/open/", publishing.open_page, name="open_public_page"),
    path("units/<int:pk>/public/close/", publishing.close_page, name="close_public_page"),
    path("so-far/", home.so_far, name="so_far"),
    path("trends/", trends.trend_page, name="trends"),
    path("help/", help_pages.guide, name="help"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.preview, name="import"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="confirm_import"),
    path("imports/<slug:kind>/", imports.upload, name="import_upload"),
    path("imports/<slug:kind>/template/", imports.template, name="import_template"),
]
