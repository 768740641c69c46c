"""One change of a row, field by field: what stood there before and what afterwards."""

import dataclasses
import datetime as dt

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.audit.objects import page_of, visible
from reports.audit.timeline import CHANGE, WORDS, histories

# What opens a door, and what a save sets by itself.
SECRET = {"public_token"}
UNSAID = {"id", "state_since", "name_key", "last_login", "began_on", "key", "request_key"}


@dataclasses.dataclass(frozen=True)
class Change:
    """A history row: what kind of row, what was done with it, by whom, and each changed field."""

    row: object
    fields: list  # [{label, before, after}]

    @property
    def kind(self):
        """What kind of row it is."""
        return self.row.instance_type._meta.verbose_name

    @property
    def what(self):
        """新建, 修改 or 删除."""
        return WORDS[self.row.history_type]

    @property
    def url(self):
        """The page of what was changed, "" where there is none."""
        return page_of(self.row.instance_type, self.row.id)


def change_of(key, user):
    """The Change that the address names (label of the kind and key of the history row).

    Http404 where there is none, or where the person may not see what was changed.
    """
    label, _, number = key.rpartition("-")
    history = histories().get(f"{CHANGE}:{label.replace('-', '.')}")
    if history is None or not number.isdecimal() or len(number) > 18:
        raise Http404("没有这一处修改。")
    row = history.objects.select_related("history_user").filter(pk=int(number)).first()
    if row is None or not _may_see(row, user):
        raise Http404("没有这一处修改。")
    earlier = history.objects.filter(id=row.id, history_id__lt=row.history_id)
    before = earlier.order_by("-history_id").first() if row.history_type != "+" else None
    return Change(row, list(_differences(before, row)))


def _may_see(row, user):
    """Whether the row is the person's to see; who reads the audit sees what is there no more."""
    rows = row.instance_type._base_manager.filter(pk=row.id)
    return not rows.exists() or visible(row.instance_type, user).filter(pk=row.id).exists()


def _differences(before, after):
    for field in after.instance_type._meta.concrete_fields:
        if field.name in UNSAID or not hasattr(after, field.attname):
            continue
        old = getattr(before, field.attname) if before else None
        new = getattr(after, field.attname)
        if old == new or (before is None and new in (None, "", [])):
            continue
        yield {
            "label": field.verbose_name,
            "before": _words(before, field) if before else "",
            "after": _words(after, field),
        }


def _words(row, field):
    """A field of a history row as people read it."""
    if field.name in SECRET:
        return "（不显示）"
    if field.is_relation:
        try:
            return str(getattr(row, field.name) or "")
        except ObjectDoesNotExist:
            return f"{field.related_model._meta.verbose_name} {getattr(row, field.attname)}"
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    value = getattr(row, field.attname)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{cn_full_date(value)} {clock.local(value):%H:%M}"
    if isinstance(value, dt.date):
        return cn_full_date(value)
    return "" if value is None else str(value)
