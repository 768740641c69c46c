"""How a permission is written: named predicates, each with the sentence said to who fails it."""

import functools
from operator import and_

import rules

from accounts.models import Duty


class Permission:
    """An ordered conjunction of predicates on (user, object), each with its reason in Chinese.

    Called as ``permission(obj, user)``, the way the state machine asks, it answers yes or no;
    ``why_not(obj, user)`` gives the sentence of the first predicate that fails, or "".
    Nobody may do anything to a matter that is `sealed`, saved or not.
    Superusers get no special treatment: Django's has_perm is never asked. `who` names in a word
    whose it is, for sentences about what another may do; "" where there is no such word.
    """

    def __init__(self, *needs, who=""):
        self.needs, self.who = needs, who
        self.predicate = functools.reduce(and_, [predicate for predicate, _ in needs])

    def __call__(self, obj, user):
        return not sealed(obj) and self.predicate(user, obj)

    def __and__(self, other):
        return Permission(*self.needs, *other.needs, who=self.who or other.who)

    def why_not(self, obj, user):
        """The reason why `user` may not, in a sentence; empty when he may."""
        if sealed(obj):
            return sealed(obj)
        for predicate, reason in self.needs:
            if not predicate(user, obj):
                return reason
        return ""


def sealed(obj):
    """Why nothing may be done to `obj`, where it says so itself (`Matter.sealed`); else ""."""
    return getattr(obj, "sealed", "")


@rules.predicate
def is_signed_in(user, obj=None):
    return user.is_authenticated and user.is_active


@rules.predicate
def is_county(user, obj=None):
    return is_signed_in(user) and user.is_county


@rules.predicate
def is_administrator(user, obj=None):
    return is_signed_in(user) and user.is_administrator


def holds(*duties):
    """A predicate: the user holds one of `duties` today."""
    return rules.predicate(
        lambda user, obj=None: is_signed_in(user) and not user.duties.isdisjoint(duties),
        name="holds_" + "_".join(duties),
    )


may_read_people = is_administrator | holds(Duty.LEADER)
# By duty alone: what the audit quotes, a superuser without one may not read anywhere.
may_read_audit = holds(Duty.ADMINISTRATOR, Duty.LEADER)
holds_cashier = holds(Duty.CASHIER)
reads_everything = holds(*Duty.values)
