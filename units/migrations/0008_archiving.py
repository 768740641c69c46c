import django_fsm
from django.db import migrations, models

from pilotwork import clock


def end_on_the_day(apps, schema_editor):
    """A programme that has ended was ended on the day since when it is in that state."""
    Programme = apps.get_model("units", "PilotProgramme")
    for programme in Programme.objects.filter(state="ended"):
        programme.ended_on = clock.local(programme.state_since).date()
        programme.save(update_fields=["ended_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0007_public_suggestions"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalpilotprogramme",
            name="ended_on",
            field=models.DateField(editable=False, null=True, verbose_name="结束办理日期"),
        ),
        migrations.AddField(
            model_name="historicalpilotprogramme",
            name="request_key",
            field=models.UUIDField(
                db_index=True, editable=False, null=True, verbose_name="提交标识"
            ),
        ),
        migrations.AddField(
            model_name="pilotprogramme",
            name="ended_on",
            field=models.DateField(editable=False, null=True, verbose_name="结束办理日期"),
        ),
        migrations.AddField(
            model_name="pilotprogramme",
            name="request_key",
            field=models.UUIDField(editable=False, null=True, unique=True, verbose_name="提交标识"),
        ),
        migrations.AlterField(
            model_name="historicalpilotprogramme",
            name="state",
            field=django_fsm.FSMField(
                choices=[("active", "进行中"), ("ended", "已结束"), ("archived", "已归档")],
                default="active",
                editable=False,
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="pilotprogramme",
            name="state",
            field=django_fsm.FSMField(
                choices=[("active", "进行中"), ("ended", "已结束"), ("archived", "已归档")],
                default="active",
                editable=False,
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(end_on_the_day, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="pilotprogramme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("state", "active")),
                    models.Q(
                        models.Q(("state", "active"), _negated=True), ("ended_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="programme_that_is_over_has_its_day",
            ),
        ),
    ]
