"""What the access table needs of imports: the kinds in addresses, and an administrator's upload."""

from functools import cached_property
from types import SimpleNamespace

from reports.imports.kind import digest_of
from reports.imports.kinds import KINDS
from tests.ground.sheets import uploaded
from tests.reports.importing import keep, plan


class ImportsWorld:
    """Mixed into the access table's county."""

    organisation_kind = SimpleNamespace(pk="organisations")
    dues_kind = SimpleNamespace(pk="dues")
    quota_kind = SimpleNamespace(pk="quotas")
    visit_kind = SimpleNamespace(pk="visits")

    @cached_property
    def organisation_list(self):
        """A list that the administrator has uploaded and not confirmed."""
        table = [["全称", "层级", "类别"], ["陈官屯镇团委", "团委", "镇"]]
        return keep("organisations", table, self.administrator)

    def list_file(self):
        """A table in which every kind of list finds its headings."""
        required = dict.fromkeys(heading for kind in KINDS.values() for heading in kind.required)
        return {"file": uploaded([list(required), ["甲"] * len(required)])}

    def list_seen(self):
        """The digest of the preview that is confirmed."""
        return {"seen": digest_of(plan(self.organisation_list))}
