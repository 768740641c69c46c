"""The awards room's addresses: rewards, award cycles, campaigns."""

app_name = "awards"
urlpatterns = []
