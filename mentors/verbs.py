"""Every verb of the mentors room as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from mentors.actions import records, visits
from mentors.forms import verbs as forms
from mentors.models import Difficulty, Document, ExcusedWeek, Visit

VISIT_VERBS = catalogue(
    Visit,
    Verb(
        "confirm",
        forms.NoteForm,
        visits.confirm_visit,
        done="已确认，这次走访计入。",
        tone="primary",
        beside=("decline",),
        help="超过补录期限的走访，确认后才计入当周。",
    ),
    Verb(
        "decline",
        forms.ReasonForm,
        visits.decline_visit,
        done="已作出不予确认的决定。",
        tone="danger",
        help="记录保留可查，不计入走访。",
    ),
)
EXCUSE_VERBS = catalogue(
    ExcusedWeek,
    Verb(
        "agree",
        forms.NoteForm,
        visits.agree_excuse,
        done="已同意，该周免访。",
        tone="primary",
        beside=("decline",),
        help="同意后该周不计逾期，与法定假日分开显示。",
    ),
    Verb(
        "decline",
        forms.ReasonForm,
        visits.decline_excuse,
        done="已作出不同意免访的决定。",
        tone="danger",
        help="该周仍须走访。",
    ),
    Verb(
        "withdraw",
        forms.NoteForm,
        visits.withdraw_excuse,
        done="免访已撤回，该周仍须走访。",
        tone="danger",
    ),
)
DIFFICULTY_VERBS = catalogue(
    Difficulty,
    Verb(
        "solve",
        forms.SolveForm,
        records.solve_difficulty,
        done="已报告解决，等试点单位确认。",
        tone="primary",
        help="由试点单位确认后才算解决。",
    ),
    Verb(
        "reword",
        forms.RewordForm,
        records.reword_difficulty,
        done="已更正，原来的写法保留可查。",
    ),
    Verb(
        "confirm",
        forms.NoteForm,
        records.confirm_difficulty,
        done="已确认解决。",
        tone="primary",
        beside=("reject",),
        help="确认后计入解决的实际困难。",
    ),
    Verb(
        "reject",
        forms.NotSolvedForm,
        records.reject_difficulty,
        done="已告诉指导员尚未解决。",
    ),
)
DOCUMENT_VERBS = catalogue(
    Document,
    Verb(
        "confirm",
        forms.NoteForm,
        records.confirm_document,
        done="已确认。",
        tone="primary",
        beside=("send_back",),
        help="确认的是最新的一版；以后再上传新版本须重新确认。",
    ),
    Verb("send_back", forms.ReasonForm, records.send_back_document, done="已退回修改。"),
    Verb(
        "upload",
        forms.UploadForm,
        records.upload_version,
        done="新版本已上传，等初审人确认。",
        help="以前的版本保留可查；上传后由初审人确认。",
    ),
)
