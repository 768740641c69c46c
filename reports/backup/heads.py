"""How far the chains had come: kept in a backup as the JSON that `check_ledger --against` reads.

Written row by row: there may be a million logs.
"""

import json

from funds.heads import FORMAT, PARTS


def heads_as_json(alias, made_at):
    """Yield the heads of all chains on the database `alias` as the lines of one JSON text.

    What `funds.heads.ledger_heads` returns, but for the counts. The same chains give the same text
    on every database.
    """
    about = json.dumps({"format": FORMAT, "made_at": made_at})
    yield about[:-1]
    for name, heads in PARTS.items():
        yield f', "{name}": ['
        yield from _listed(heads(alias))
        yield "\n]"
    yield "}\n"


def _listed(heads):
    comma = ""
    for head in heads:
        yield f"{comma}\n{json.dumps(head, ensure_ascii=False)}"
        comma = ","
