"""Every verb of the units room as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from units import actions, forms
from units.models import PilotProgramme, Suggestion

SUGGESTION_VERBS = catalogue(
    Suggestion,
    Verb(
        "reply",
        forms.AnswerForm,
        actions.reply,
        done="已答复，提出人可以看到。",
        tone="primary",
        help="答复保存后不可更改，提出人在自己的意见建议里看到。",
    ),
    Verb(
        "file",
        forms.NoteForm,
        actions.file,
        done="已归档。",
        help="不需要（再）处理的，归档后不再列为待办。",
    ),
)
PROGRAMME_VERBS = catalogue(
    PilotProgramme,
    Verb(
        "end",
        forms.ReasonForm,
        actions.end_programme,
        done="试点已结束，不再受理新的申请。",
        tone="danger",
        help="结束后不再受理新的申请；拨付、结项和收回照常办理。",
    ),
)
