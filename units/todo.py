"""What waits for people in the units room."""

from django.urls import reverse

from accounts.todo import Item, Kind
from units.models import Suggestion, SuggestionState
from units.rules import ANSWERING_DUTIES


def unanswered(user):
    """Suggestions that `user` may answer."""
    if user.duties.isdisjoint(ANSWERING_DUTIES):
        return Suggestion.objects.none()
    return Suggestion.objects.visible_to(user).filter(state=SuggestionState.OPEN)


def load(ids):
    """Suggestions with who said them."""
    return Suggestion.objects.with_sender().filter(pk__in=ids)


def show(kind, suggestion):
    """A suggestion's line."""
    return Item(
        matter=suggestion,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title=str(suggestion),
        url=reverse("units:suggestion", args=[suggestion.pk]),
        action_label=kind.action,
        action_url=reverse("units:act_on_suggestion", args=[suggestion.pk, kind.verb]),
        detail=f"{suggestion.get_kind_display()} · {suggestion.sender}",
        since=suggestion.state_since,
    )


KINDS = [
    Kind(
        verb="reply",
        place="units:suggestions",
        waiting=unanswered,
        load=load,
        show=show,
        state="待答复",
        action="答复",
    )
]
