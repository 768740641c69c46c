"""Every verb of the pairings room as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from pairings.actions import agreements, joint, seminars
from pairings.forms.joint import CorrectAgreementForm, CorrectSeminarForm, ResultsForm
from pairings.models import Agreement, Seminar
from units.forms import NoteForm, ReasonForm

SHARED = (
    Verb(
        "confirm",
        NoteForm,
        joint.confirm,
        done="已确认，计入联试共建。",
        tone="primary",
        beside=("dispute",),
        help="确认后计入；有出入的写明理由，点“有异议”，由登记方更正。",
        undo=("withdraw",),
    ),
    Verb(
        "dispute",
        ReasonForm,
        joint.dispute,
        done="已告诉对方有异议，等对方更正。",
        undo=("correct",),
    ),
    Verb(
        "confirm_on_behalf",
        NoteForm,
        joint.confirm_on_behalf,
        done="已代对方确认，计入联试共建。",
        tone="primary",
        help="对方没有账户时由团县委代录，经办人记录在案。",
        undo=("withdraw",),
    ),
)
WITHDRAWING = Verb(
    "withdraw",
    ReasonForm,
    joint.withdraw,
    done="已作废，不再计入，记录保留。",
    tone="danger",
    help="登记有误或重复登记时使用。记录保留可查，不再计入。",
    final="作废的留存、不计入；作废错了，重新登记。",
)
TAKING_BACK = Verb(
    "take_back",
    ReasonForm,
    joint.take_back,
    done="已撤回，不计入，记录保留。",
    tone="danger",
    help="登记错了、对方还没有确认的，可以撤回；撤回后可以重新登记。",
    final="撤回的留存、不计入；需要时重新登记。",
)
CORRECTED = "已更正，等对方确认。"
KEPT = "原来的内容保留可查；更正后由对方重新确认。"

SEMINAR_VERBS = catalogue(
    Seminar,
    *SHARED,
    Verb(
        "correct",
        CorrectSeminarForm,
        seminars.correct_seminar,
        done=CORRECTED,
        help=KEPT,
        undo=("correct",),
    ),
    TAKING_BACK,
    WITHDRAWING,
)
AGREEMENT_VERBS = catalogue(
    Agreement,
    *SHARED,
    Verb(
        "correct",
        CorrectAgreementForm,
        agreements.correct_agreement,
        done=CORRECTED,
        help=KEPT,
        undo=("correct",),
    ),
    Verb(
        "add_results",
        ResultsForm,
        agreements.add_results,
        done="成果已补充。",
        help="协议推进中随时可以补充，写过的不改。",
        final="写过的成果不改；写漏了，可以再补充。",
    ),
    TAKING_BACK,
    WITHDRAWING,
)
