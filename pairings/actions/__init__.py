"""The pairings room's verbs."""

from pairings.actions.pairs import end_pairing, pair

__all__ = ["end_pairing", "pair"]
