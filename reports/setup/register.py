"""The organisations that a list of units names: those that are known, and those it makes known."""

from pilotwork.paper.cells import key
from pilotwork.refusals import Refused
from reports.imports.names import Names
from reports.setup.guessing import kind_of, level_of
from units.models import Organisation
from units.organisation_actions import keep_organisations


class Register:
    """Finds organisations by name and records those nobody knows yet, for the administrator `by`.

    What one row only names as superior or partner, a later row may describe; an organisation that
    was recorded before the list keeps what it is, and a row that says otherwise is refused.
    """

    def __init__(self, by):
        self.by = by
        self.names = Names(Organisation.objects.select_for_update())
        self.county = Organisation.objects.filter(is_county=True).first()
        self.only_named = {}  # {pk: recorded by this list, not yet described by a row of its own}

    def unit(self, name, *, kind="", parent=""):
        """The organisation of a row, of that kind ("": as its name tells) below `parent`.

        An empty parent is the county committee. Refused, with the field: it is its own superior,
        the name is of several, it is known as something else, its kind cannot be told.
        """
        if parent and key(parent) == key(name):
            raise Refused("单位不能隶属于自己；直属团县委的不填。", "parent")
        known = self._find(name, "name")
        superior = self.named(parent, field="parent") if parent else None
        if known is None:
            return self._record(name, kind, superior or self.county)
        if known.pk in self.only_named:
            del self.only_named[known.pk]
            known.kind, known.parent = kind or known.kind, superior or known.parent
            keep_organisations([], [known], by=self.by)
            return known
        if superior and superior.pk != known.parent_id:
            above = known.parent or "不隶属任何组织"
            raise Refused(f"该组织已登记，隶属：{above}。要改请到“基础资料”，这里留空。", "parent")
        if kind and kind != known.kind:
            label = known.get_kind_display()
            raise Refused(f"该组织已登记为{label}。要改请到“基础资料”，这里留空。", "kind")
        return known

    def named(self, name, *, field, kind=""):
        """The organisation that a row names in `field`; one that is new comes below the county."""
        known = self._find(name, field)
        if known is None:
            known = self._record(name, kind, self.county)
            self.only_named[known.pk] = known
        return known

    def _find(self, name, field):
        try:
            is_known = key(name) in self.names.full or self.names.called(name)
            return self.names.find(name) if is_known else None
        except ValueError as error:
            raise Refused(str(error), field) from error

    def _record(self, name, kind, parent):
        kind = kind or kind_of(name)
        if kind is None:
            raise Refused("从名称看不出类别，请选择。", "kind")
        new = Organisation(name=name, level=level_of(name), kind=kind, parent=parent)
        keep_organisations([new], [], by=self.by)
        self.names.add(new)
        return new
