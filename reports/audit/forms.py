"""What the audit can be asked: who, what kind, when, of which unit or matter, which words."""

import datetime as dt
import re

from django import forms
from django.db.models import Q

from accounts.models import AuditKind, User
from funds.heads import kinds_of_matter
from pilotwork import clock
from reports.audit.search import called, events_called, kinds_called
from reports.audit.timeline import CHANGE, STEP, recorded_kinds
from reports.ledgers import PeriodForm
from units.models import Organisation, PilotUnit

KINDS = [("", "全部"), (STEP, "办理"), (CHANGE, "新建、修改、删除"), *AuditKind.choices]


# Between name and post, as it is printed or typed on some keyboards.
SIGN_BETWEEN = re.compile("[·・•]")
MOST_PEOPLE = MOST_UNITS = 200
# Words are looked for row by row: without a first day, no further back than this.
WORDS_BACK = dt.timedelta(days=365)


class AuditFilter(PeriodForm):
    """The page's filter; cleans to what a Timeline takes."""

    person = forms.CharField(label="人员", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS, required=False)
    unit = forms.CharField(label="单位", max_length=60, required=False)
    q = forms.CharField(
        label="内容",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "名称、编号、凭单号、意见、理由、文件名"}),
    )

    field_order = ["q", "person", "unit", "kind", "since", "until"]

    def asked(self, user):
        """What a Timeline takes; of a form that was filled in wrongly, what is right of it.

        Names are looked for among the objects that `user` may see.
        """
        typed = self.cleaned_data
        asked = {name: typed.get(name) for name in ("kind", "since", "until")}
        if typed.get("person"):
            asked["people"] = _people(typed["person"])
        if typed.get("unit"):
            named = Organisation.objects.matching(typed["unit"])
            named = list(named.order_by("pk").values_list("pk", flat=True)[:MOST_UNITS])
            units = PilotUnit.objects.filter(organisation__in=named).order_by("pk")
            asked["units"] = list(units.values_list("pk", flat=True)[:MOST_UNITS])
            asked["organisations"] = named
        if typed.get("q"):
            asked["matter"] = _matter(typed["q"])
            asked["text"] = "" if asked["matter"] else typed["q"]
        if asked.get("text"):
            asked["called"] = called(asked["text"], recorded_kinds(), user)
            asked["kinds_called"] = kinds_called(asked["text"])
            asked["events_called"] = events_called(asked["text"])
            asked["since"] = asked["since"] or clock.today() - WORDS_BACK
        return asked


def _people(text):
    """The keys of the people of that name, post, sign-in name, or name and post as they are printed.

    A list, not a subquery: so the database sees that an index leads to their rows.
    """
    named = Q(name__icontains=text) | Q(post__icontains=text) | Q(username__iexact=text)
    name, *post = SIGN_BETWEEN.split(text, maxsplit=1)
    if post:
        named |= Q(name=name.strip(), post=post[0].strip())
    return list(
        User.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE]
    )


def _matter(text):
    """(model, key) of 立项申请-12; None for other words."""
    name, _, key = text.strip().rpartition("-")
    model = kinds_of_matter().get(name)
    return (model, int(key)) if model and key.isdecimal() and len(key) < 18 else None
