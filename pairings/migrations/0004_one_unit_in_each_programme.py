import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # By itself, because PostgreSQL alters no table with rows that wait for their foreign keys' check.
    dependencies = [("pairings", "0003_programme_of_a_pairing")]

    operations = [
        migrations.AlterField(
            model_name="pairing",
            name="programme",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.pilotprogramme",
            ),
        ),
        migrations.RemoveConstraint(model_name="pairing", name="one_current_unit_of_a_partner"),
        migrations.AddConstraint(
            model_name="pairing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("programme", "partner"),
                name="one_current_unit_of_a_partner",
                violation_error_message="该单位已与其他试点单位结对。",
            ),
        ),
    ]
