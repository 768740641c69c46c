"""Database triggers that let an entry in only when it continues its account's ledger.

CHECK constraints see one row; that numbers have no gap, that balances and a matter's sums follow from
the entry before, that a matter stays in one account and that a reversal is the exact opposite of what
it names takes a look at other rows.
"""

# What an entry adds to each of its matter's sums. A payment moves cash alone, a recovery both; a
# reversal of either does the same with the other sign, so one expression serves all of them.
STEPS = {
    "reserved": "CASE NEW.kind WHEN 'reserve' THEN -NEW.available ELSE 0 END",
    "released": "CASE NEW.kind WHEN 'release' THEN NEW.available ELSE 0 END",
    "disbursed": (
        "CASE WHEN NEW.kind IN ('reserve', 'release') THEN 0 ELSE NEW.available - NEW.cash END"
    ),
    "recovered": "CASE WHEN NEW.kind IN ('reserve', 'release') THEN 0 ELSE NEW.available END",
}
# No sum is ever -1, so a missing one is wrong too.
WRONG_SUM = """
    COALESCE(NEW.{name}_after, -1) <> {step} + COALESCE((
        SELECT {name}_after FROM {table}
        WHERE commitment_id = NEW.commitment_id ORDER BY number DESC LIMIT 1), 0)
"""
LAST = "SELECT {column} FROM {table} WHERE account_id = NEW.account_id ORDER BY number DESC LIMIT 1"
BROKEN = """
    NEW.number <> COALESCE(({last_number}), 0) + 1
    OR NEW.available_after <> COALESCE(({last_available}), 0) + NEW.available
    OR NEW.cash_after <> COALESCE(({last_cash}), 0) + NEW.cash
    OR (NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {table} wrong
        WHERE wrong.id = NEW.reverses_id
          AND wrong.account_id = NEW.account_id
          AND wrong.kind IN ('receipt', 'disburse', 'recover')
          AND wrong.available = -NEW.available
          AND wrong.cash = -NEW.cash
          AND COALESCE(wrong.commitment_id, 0) = COALESCE(NEW.commitment_id, 0)
    ))
    OR (NEW.commitment_id IS NOT NULL AND ({wrong_sums} OR EXISTS (
        SELECT 1 FROM {table} other
        WHERE other.commitment_id = NEW.commitment_id AND other.account_id <> NEW.account_id
    )))
"""
MESSAGE = "entry does not continue the ledger"


def entry_guards(table, vendor):
    """Return [(trigger name, SQL that creates it)] for `table` on the database `vendor`."""
    name = f"{table}_continues"
    broken = BROKEN.format(
        table=table,
        last_number=LAST.format(column="number", table=table),
        last_available=LAST.format(column="available_after", table=table),
        last_cash=LAST.format(column="cash_after", table=table),
        wrong_sums=" OR ".join(
            WRONG_SUM.format(name=name, step=step, table=table) for name, step in STEPS.items()
        ),
    )
    if vendor == "sqlite":
        create = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW WHEN {broken} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    else:
        create = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {broken} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN NEW; END $$; "
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    return [(name, create)]
