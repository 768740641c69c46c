"""Every verb of award cycles, nominations and 突出贡献 as the pages offer it."""

from accounts.verbs import Verb, catalogue
from awards.actions import contributions, cycles, nominations
from awards.forms import contributions as contribution_forms
from awards.forms import cycles as cycle_forms
from awards.forms import nominations as nomination_forms
from awards.models import AwardCycle, Contribution, Nomination

CYCLE_VERBS = catalogue(
    AwardCycle,
    Verb(
        "conclude",
        cycle_forms.ConcludeForm,
        cycles.conclude,
        done="结果已公布。",
        tone="primary",
        help="登记每一项推荐的评选结果，公布后不可更改。",
        final="结果公布以后不可更改，请逐项核对。",
    ),
    Verb(
        "post",
        cycle_forms.PostForm,
        cycles.post,
        done="公示已张贴，可以打印；公示期内登记异议。",
        tone="primary",
        help="公示从张贴的第二天起按工作日计算；张贴后不再办理推荐。",
        undo=("take_down",),
    ),
    Verb(
        "take_down",
        nomination_forms.ReasonForm,
        cycles.take_down,
        done="公示已撤下，可以继续办理推荐；以后重新公示。",
        tone="danger",
        help="撤下后重新办理推荐，再次张贴时公示期从头计算。",
        undo=("post",),
    ),
    Verb(
        "cancel",
        nomination_forms.ReasonForm,
        cycles.cancel,
        done="本次评优已取消。",
        tone="danger",
        help="开错了或不再举行的，可以取消；记录保留。",
        final="需要时由初审人员重新开始评优。",
    ),
)
NOMINATION_VERBS = catalogue(
    Nomination,
    Verb(
        "submit",
        nomination_forms.ConfirmForm,
        nominations.submit,
        done="已提交，等团县委初审。",
        tone="primary",
        help="提交后占用一个名额；初审、审批之前可以撤回。",
        undo=("withdraw",),
    ),
    Verb(
        "review",
        nomination_forms.OpinionForm,
        nominations.review,
        done="初审同意，等审批。",
        tone="primary",
        beside=("send_back", "decline"),
        help="退回修改和不予推荐须写明理由。",
        undo=("send_back",),
    ),
    Verb(
        "approve",
        nomination_forms.ApproveForm,
        nominations.approve,
        done="已同意推荐。",
        tone="primary",
        beside=("send_back", "decline"),
        help="退回修改和不予推荐须写明理由。",
        final="同意推荐以后不再退回，请先核对名额和人选先后。",
    ),
    Verb(
        "send_back",
        nomination_forms.ReasonForm,
        nominations.send_back,
        done="已退回修改，名额暂不占用。",
        help="退回后不占用名额，改好后重新提交。",
        undo=("submit",),
    ),
    Verb(
        "decline",
        nomination_forms.ReasonForm,
        nominations.decline,
        done="已作出不予推荐的决定，名额不再占用。",
        tone="danger",
        help="名额不再占用，单位可以另行推荐。",
        final="名额已经让出，单位可以另行推荐。",
    ),
    Verb(
        "withdraw",
        nomination_forms.NoteForm,
        nominations.withdraw,
        done="推荐已撤回，名额不再占用。",
        tone="danger",
        help="撤回后名额不再占用，记录保留。",
        final="名额已经让出，需要时另行推荐。",
    ),
)
CONTRIBUTION_VERBS = catalogue(
    Contribution,
    Verb(
        "recognise",
        contribution_forms.MeetingOpinionForm,
        contributions.recognise,
        done="已认定，推荐时可以使用试点加配名额。",
        tone="primary",
        beside=("decline",),
        help="认定后，该单位或其青年推荐时可以使用试点加配名额。",
        final="认定以后推荐时就可以引用。",
    ),
    Verb(
        "decline",
        contribution_forms.ReasonForm,
        contributions.decline,
        done="已作出不予认定的决定。",
        tone="danger",
        help="记录保留可查。",
        final="可以补充材料，另行提出。",
    ),
    Verb(
        "withdraw",
        contribution_forms.NoteForm,
        contributions.withdraw,
        done="突出贡献已撤回。",
        tone="danger",
        final="需要时另行提出。",
    ),
)
