"""Every unit gets an address of its own for the page behind its plaque's QR code."""

import uuid

from django.db import migrations, models


def give_tokens(apps, schema_editor):
    """A token for every unit there is, and the same one for what its history says."""
    unit_model = apps.get_model("units", "PilotUnit")
    past = apps.get_model("units", "HistoricalPilotUnit").objects
    for unit in unit_model.objects.filter(public_token=None):
        unit.public_token = uuid.uuid4()
        unit.save(update_fields=["public_token"])
        past.filter(id=unit.pk).update(public_token=unit.public_token)
    for row in past.filter(public_token=None):
        row.public_token = uuid.uuid4()
        row.save(update_fields=["public_token"])


def token(**options):
    return models.UUIDField(
        default=uuid.uuid4, editable=False, verbose_name="公开页标识", **options
    )


def empty_token():
    return models.UUIDField(null=True, editable=False, verbose_name="公开页标识")


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_mechanism_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalpilotunit",
            name="is_public",
            field=models.BooleanField(default=False, verbose_name="公开页"),
        ),
        migrations.AddField(
            model_name="pilotunit",
            name="is_public",
            field=models.BooleanField(default=False, verbose_name="公开页"),
        ),
        migrations.AddField("historicalpilotunit", "public_token", empty_token()),
        migrations.AddField("pilotunit", "public_token", empty_token()),
        migrations.RunPython(give_tokens, migrations.RunPython.noop),
        migrations.AlterField("historicalpilotunit", "public_token", token(db_index=True)),
        migrations.AlterField("pilotunit", "public_token", token(unique=True)),
    ]
