"""Every verb of a programme as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from reports.programmes.archiving import archive_programme
from units import actions, forms
from units.models import PilotProgramme

PROGRAMME_VERBS = catalogue(
    PilotProgramme,
    Verb(
        "end",
        forms.EndProgrammeForm,
        actions.end_programme,
        done="试点已结束，不再受理新的申请。",
        tone="danger",
        help="结束后不再受理新的申请；拨付、结项和收回照常办理。",
        fresh=True,
        final="结束以后不能再恢复为进行中。",
    ),
    Verb(
        "archive",
        forms.NoteForm,
        archive_programme,
        done="已归档，只能查阅和打印。",
        tone="danger",
        help="归档后只能查阅、打印和导出，不能再办理任何事项。还有事项没有办完，或者基金还有占用、还有没有结转的结余时，不能归档。",
        fresh=True,
        undo=("unarchive",),
    ),
    Verb(
        "unarchive",
        forms.ReasonForm,
        actions.unarchive_programme,
        done="已撤销归档，可以继续办理。",
        tone="danger",
        help="发现还有事项要办的，撤销归档后办理，办完再归档。",
        fresh=True,
        undo=("archive",),
    ),
)
