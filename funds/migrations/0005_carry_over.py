import django.db.models.deletion
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import funds.models.owners
import pilotwork.clock
import pilotwork.money


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0004_dues"),
        ("units", "0008_archiving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="commitment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("application", "立项申请"),
                    ("dues", "团费退返"),
                    ("plaque", "铜牌"),
                    ("reward", "典型奖励"),
                    ("carry_over", "基金结转"),
                ],
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("working", "工作经费"),
                    ("donation", "社会筹集"),
                    ("superior", "上级拨款"),
                    ("dues", "团费缴纳"),
                    ("carry_over", "上次试点结转"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="来源",
            ),
        ),
        migrations.AlterField(
            model_name="historicalplannedreceipt",
            name="source",
            field=models.CharField(
                choices=[
                    ("working", "工作经费"),
                    ("donation", "社会筹集"),
                    ("superior", "上级拨款"),
                    ("dues", "团费缴纳"),
                    ("carry_over", "上次试点结转"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="来源",
            ),
        ),
        migrations.AlterField(
            model_name="plannedreceipt",
            name="source",
            field=models.CharField(
                choices=[
                    ("working", "工作经费"),
                    ("donation", "社会筹集"),
                    ("superior", "上级拨款"),
                    ("dues", "团费缴纳"),
                    ("carry_over", "上次试点结转"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="来源",
            ),
        ),
        migrations.CreateModel(
            name="CarryOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        default=pilotwork.clock.now,
                        editable=False,
                        verbose_name="进入当前状态的时间",
                    ),
                ),
                ("amount", pilotwork.money.MoneyField(verbose_name="金额（元）")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("decided", "待记账"),
                            ("booked", "已结转"),
                            ("reopened", "待冲销"),
                            ("kept", "留存"),
                            ("revoked", "已撤销"),
                        ],
                        default="decided",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carry_over",
                        to="funds.commitment",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carry_overs",
                        to="units.pilotprogramme",
                        verbose_name="转出的试点工作",
                    ),
                ),
                (
                    "to_programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_here",
                        to="units.pilotprogramme",
                        verbose_name="转入的试点工作",
                    ),
                ),
            ],
            options={
                "verbose_name": "基金结转",
                "verbose_name_plural": "基金结转",
                "ordering": ["-id"],
            },
            bases=(
                funds.models.owners.CommitmentOwner,
                django_fsm.ConcurrentTransitionMixin,
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="CarryOverBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "carry_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="funds.carryover",
                        verbose_name="基金结转",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_out",
                        to="funds.entry",
                        verbose_name="转出分录",
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_in",
                        to="funds.entry",
                        verbose_name="转入分录",
                    ),
                ),
            ],
            options={
                "verbose_name": "结转记账",
                "verbose_name_plural": "结转记账",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCarryOver",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        default=pilotwork.clock.now,
                        editable=False,
                        verbose_name="进入当前状态的时间",
                    ),
                ),
                ("amount", pilotwork.money.MoneyField(verbose_name="金额（元）")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("decided", "待记账"),
                            ("booked", "已结转"),
                            ("reopened", "待冲销"),
                            ("kept", "留存"),
                            ("revoked", "已撤销"),
                        ],
                        default="decided",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="funds.commitment",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="units.pilotprogramme",
                        verbose_name="转出的试点工作",
                    ),
                ),
                (
                    "to_programme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="units.pilotprogramme",
                        verbose_name="转入的试点工作",
                    ),
                ),
            ],
            options={
                "verbose_name": "修改历史",
                "verbose_name_plural": "修改历史",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="carry_over_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_programme__isnull", True),
                    models.Q(("to_programme", models.F("programme")), _negated=True),
                    _connector="OR",
                ),
                name="carry_over_goes_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["decided", "reopened"])),
                fields=("programme",),
                name="one_open_carry_over_of_a_programme",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "kept")),
                fields=("programme",),
                name="one_kept_amount_of_a_programme",
            ),
        ),
    ]
