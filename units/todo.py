"""What waits for people in the units room."""

from django.urls import reverse

from accounts.todo import Item, Kind
from units.models import Suggestion, SuggestionState
from units.rules import ANSWERING_DUTIES


def unanswered(user):
    """Suggestions that `user` may answer."""
    if user.duties.isdisjoint(ANSWERING_DUTIES):
        return Suggestion.objects.none()
    return Suggestion.objects.filter(state=SuggestionState.OPEN)


def load(ids):
    """Suggestions with their authors."""
    return Suggestion.objects.filter(pk__in=ids).select_related("author")


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
        detail=f"意见建议 · {suggestion.author}",
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
