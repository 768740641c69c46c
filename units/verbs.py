"""Every verb of the units room as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from units import actions, forms
from units.models import PilotUnit, Suggestion

SUGGESTION_VERBS = catalogue(
    Suggestion,
    Verb(
        "reply",
        forms.AnswerForm,
        actions.reply,
        done="已答复，提出人可以看到。",
        tone="primary",
        help="答复保存后不可更改。提出人在自己的意见建议里看到，公开页访客凭回执号看到，请勿写个人信息。",
        final="提出人马上就能看到答复。",
    ),
    Verb(
        "file",
        forms.NoteForm,
        actions.file,
        done="已归档。",
        help="不需要（再）处理的，归档后不再列为待办。",
        final="归档以后不再列为待办，记录留存。",
    ),
)
UNIT_VERBS = catalogue(
    PilotUnit,
    Verb(
        "leave",
        forms.LastDayForm,
        actions.leave,
        done="已退出试点，记录保留。",
        tone="danger",
        help="退出后不再受理该单位的新申请，各周不再计应访；已立项的拨付、结项和收回照常办理。",
        undo=("resume",),
    ),
    Verb(
        "finish",
        forms.LastDayForm,
        actions.finish,
        done="该单位试点已结束，记录保留。",
        help="结束后不再受理该单位的新申请，各周不再计应访；总结报告、结项和收回照常办理。",
        undo=("resume",),
    ),
    Verb(
        "resume",
        forms.ReasonForm,
        actions.resume,
        done="已恢复试点。",
        help="恢复后重新计应访周，退出期间的周也计入。",
        undo=(
            "leave",
            "finish",
        ),
    ),
)
