import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_the_units(apps, schema_editor):
    """Every pairing so far is of the programme of its unit."""
    Unit = apps.get_model("units", "PilotUnit")
    of_unit = Unit.objects.filter(pk=OuterRef("pilot_unit")).values("programme")[:1]
    for name in ("Pairing", "HistoricalPairing"):
        rows = apps.get_model("pairings", name).objects.filter(programme=None)
        rows.update(programme=Subquery(of_unit))


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0002_seminars_and_agreements"),
        ("units", "0008_archiving"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalpairing",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="units.pilotprogramme",
            ),
        ),
        migrations.AddField(
            model_name="pairing",
            name="programme",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.pilotprogramme",
            ),
        ),
        migrations.RunPython(take_the_units, migrations.RunPython.noop),
    ]
