"""Figures of the pilot itself: its units, mentors and pairs, and the rules that it set."""

from django.urls import reverse

from mentors.models import MentorAssignment
from pairings.models import Pairing
from reports.figures.figure import EachDistinct, EachRow, Figure, SumOfMoney, SumOfNumbers
from units.models import PilotProgramme, PilotUnit


def taking_part(programme, on):
    """The programme's units in the pilot on the day `on`."""
    return PilotUnit.objects.filter(programme=programme).taking_part(on)


def in_force(model):
    """The rows of `model`, assignments or pairs, in force for the units in the pilot on a day."""

    def rows(programme, on):
        return model.objects.current(on).filter(pilot_unit__in=taking_part(programme, on))

    return rows


UNITS = Figure(
    key="units",
    label="试点单位",
    unit="个",
    meaning="截止日在试点的单位：已经加入，且没有过最后一天。按加入日期和最后一天统计。",
    tally=EachRow(),
    rows=taking_part,
    day=lambda unit: unit.joined_on,
    day_label="加入日期",
    what=lambda unit: f"{unit.get_level_display()}试点",
    address=lambda unit: reverse("reports:unit", args=[unit.pk]),
    newest=("-joined_on", "-pk"),
    unit_path="",
)
MENTORS = Figure(
    key="mentors",
    label="指导员",
    unit="名",
    meaning="截止日在任的指导员，一人指导几个单位只计一名。按选派的起止日期统计。",
    tally=EachDistinct("mentor", "此人已计"),
    rows=in_force(MentorAssignment),
    day=lambda assignment: assignment.starts_on,
    day_label="开始日期",
    what=lambda assignment: str(assignment.mentor),
    address=lambda assignment: reverse("reports:unit", args=[assignment.pilot_unit_id]),
    newest=("-starts_on", "-pk"),
    related=("mentor",),
)
PAIRS = Figure(
    key="pairs",
    label="结对",
    unit="对",
    meaning="截止日有效的试点单位与行政单位结对。按结对的起止日期统计。",
    tally=EachRow(),
    rows=in_force(Pairing),
    day=lambda pairing: pairing.starts_on,
    day_label="开始日期",
    what=lambda pairing: f"与{pairing.partner}结对",
    address=lambda pairing: reverse("pairings:pairing", args=[pairing.pk]),
    newest=("-starts_on", "-pk"),
    related=("partner",),
)


def the_programme(programme, on):
    """The programme itself: its rules are what they are today, whatever the cutoff."""
    return PilotProgramme.objects.filter(pk=programme.pk)


def rule(key, label, unit, field, beside):
    """A Figure that repeats a rule of the programme; `beside` names the list where it is applied."""
    tally = SumOfMoney(field) if unit == "元" else SumOfNumbers(field)
    return Figure(
        key=key,
        label=label,
        unit=unit,
        meaning="这是本次试点的规定，取自试点工作的设置，与截止日期无关。",
        tally=tally,
        rows=the_programme,
        day=lambda programme: programme.starts_on,
        day_label="开始日期",
        what=lambda programme: (
            f"{programme.name}：{PilotProgramme._meta.get_field(field).verbose_name}"
        ),
        address=lambda programme: reverse(beside),
        newest=("-starts_on", "-pk"),
        amount=lambda programme: getattr(programme, field),
        unit_path=None,
        setting=field,
    )


REWARD_SETTING = rule("reward_setting", "典型奖励标准", "元", "reward_amount", "awards:rewards")
EXTRA_PLACES = [
    rule("extra_unit_places", "增加集体名额", "个", "extra_unit_places", "awards:cycles"),
    rule("extra_youth_places", "增加个人名额", "个", "extra_youth_places", "awards:cycles"),
]
