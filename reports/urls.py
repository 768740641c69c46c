"""The reports room's addresses: the whole to-do list, the units' files, the guide."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("units/", views.unit_list, name="units"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("help/", views.guide, name="help"),
]
