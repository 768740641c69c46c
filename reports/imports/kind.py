"""What every kind of list has in common: columns, duplicates, the plan of what confirming does."""

import hashlib
import json
from collections import Counter

from django.db import transaction

from pilotwork.paper.sheet import MAX_ROWS
from reports.imports.rows import Outcome, read_row


class Kind:
    """One kind of list; the modules beside this one derive theirs.

    `may` is the Permission to import it (asked with None as its object), `list_url` the name of the
    page on which what was imported is found, `unique` what two rows may not have in common, in words.
    """

    slug = ""
    title = ""
    help = ""
    columns = ()
    may = None
    list_url = ""
    list_label = ""
    unique = ""
    most_rows = MAX_ROWS
    # What the template says besides the columns' own help.
    notes = ()

    def why_not(self, user):
        """Why `user` may not import this kind of list; empty when he may."""
        return self.may.why_not(None, user)

    @property
    def headings(self):
        """All headings, in the order of the template."""
        return [column.heading for column in self.columns]

    @property
    def required(self):
        """The headings without which nothing can be read."""
        return [column.heading for column in self.columns if column.is_required]

    def heading_of(self, field):
        """The heading of a field that a verb names; "" for one that is no column."""
        return next((column.heading for column in self.columns if column.name == field), "")

    def plan(self, lines, by):
        """The Rows of `lines` ([number, cells, faults]) compared with what is there now.

        Nothing is written. However many rows there are, it takes the same few queries.
        """
        rows = [read_row(self.columns, *line) for line in lines]
        self.compare(rows, by)
        return rows

    def compare(self, rows, by):
        """Find what each row is about; note label, errors, changes and target in it."""
        raise NotImplementedError

    def lock(self):
        """Lock what such lists are about, so that it stays as the plan under the lock finds it."""
        raise NotImplementedError

    @transaction.atomic
    def write(self, rows, by):
        """Write the rows that are new or changed through the rooms' verbs, all or nothing.

        Raises NotPermitted or Refused, as the verbs do; where it is about one row, naming it.
        """
        self.write_rows(*to_write(rows), by)

    def write_rows(self, new, changed, by):
        """What `write` does, inside its transaction."""
        raise NotImplementedError

    def refuse_twice(self, rows, key_of):
        """Note an error in each row whose key (None: cannot be told) an earlier row has."""
        first = {}
        for row in rows:
            key = key_of(row)
            if key is None:
                continue
            before = first.setdefault(key, row)
            if before is not row:
                same = "与第 {} 行完全相同" if before.values == row.values else "与第 {} 行重复"
                words = same.format(before.number)
                row.refuse(f"{words}：{self.unique}只能有一行，请删去一行。")


def lock_rows(rows):
    """Lock the rows of a queryset, always in the same order, until the transaction ends."""
    # Fetched, because only rows that are fetched are locked.
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def counts_of(rows):
    """{Outcome: how many of the rows}, every outcome named."""
    counted = Counter(row.outcome for row in rows)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def to_write(rows):
    """The rows that confirming writes: (new ones, changed ones)."""
    return (
        [row for row in rows if row.outcome == Outcome.NEW],
        [row for row in rows if row.outcome == Outcome.CHANGED],
    )


def digest_of(rows):
    """A digest over what confirming the rows would do, as the person has seen it."""
    seen = [[row.number, row.outcome, row.label, row.changes, row.errors] for row in rows]
    text = json.dumps(seen, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
