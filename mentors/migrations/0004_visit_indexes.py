from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0003_activity_dates"),
        ("units", "0002_five_ones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="visit",
            name="visit_of_unit_week",
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["pilot_unit", "-visited_on", "-id"], name="visit_of_unit"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("mode", "on_site"), ("state__in", ("recorded", "confirmed"))),
                fields=["pilot_unit", "week", "visited_on"],
                name="visit_counting",
            ),
        ),
    ]
