"""The units room's addresses: suggestions, pilot units' verbs and the calendar."""

from django.urls import path

from units import calendar, views

app_name = "units"
urlpatterns = [
    path("suggestions/", views.suggestion_list, name="suggestions"),
    path("suggestions/new/", views.suggest, name="suggest"),
    path("suggestions/<int:pk>/", views.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/<slug:verb>/", views.act, name="act_on_suggestion"),
    path("<int:pk>/<slug:verb>/", views.act_on_unit, name="act_on_unit"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/set/", calendar.set_day, name="set_working_day"),
    path("calendar/<int:pk>/remove/", calendar.remove, name="unset_working_day"),
]
