"""Every verb of a reward as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from awards.actions import rewards
from awards.forms.rewards import ApproveForm
from awards.models import Reward
from funds.actions import outright
from funds.forms.outright import PayPriceForm, ReversePriceForm
from funds.forms.verbs import ReasonForm

REWARD_VERBS = catalogue(
    Reward,
    Verb(
        "approve",
        ApproveForm,
        rewards.approve_reward,
        done="已同意奖励，等财务发放。",
        tone="primary",
        beside=("decline",),
        help="同意后由财务从工作经费发放；意见保存后不可更改。",
        undo=("cancel",),
    ),
    Verb(
        "pay",
        PayPriceForm,
        outright.pay_price,
        done="已登记发放，可打印凭单。",
        tone="primary",
        help="奖励从工作经费一次发给单位；同一张表单重复提交只记一次。",
        fresh=True,
        undo=("reopen",),
    ),
    Verb(
        "decline",
        ReasonForm,
        rewards.decline_reward,
        done="已作出不予奖励的决定。",
        tone="danger",
        final="需要时由初审人员重新提出奖励。",
    ),
    Verb(
        "reverse",
        ReversePriceForm,
        outright.reverse_price,
        done="发放已冲销。",
        tone="danger",
        help="生成金额相反的新分录，原分录保留；冲销后可以重新发放或撤销奖励。",
        fresh=True,
        undo=("pay",),
    ),
    Verb(
        "uphold",
        ReasonForm,
        rewards.uphold_reward,
        done="已维持原来的发放。",
        help="核对后发放无误的，维持原状，不产生分录。",
        undo=("reopen",),
    ),
    Verb(
        "cancel",
        ReasonForm,
        rewards.cancel_reward,
        done="奖励已撤销。",
        tone="danger",
        help="尚未发放，或发放已经冲销的，可以撤销。",
        final="需要时由初审人员重新提出奖励。",
    ),
    Verb(
        "reopen",
        ReasonForm,
        rewards.reopen_reward,
        done="已重新办理，财务可以冲销原来的发放。",
        help="发放有误时使用：回到“待发放”，原来的发放冲销之前不能再次发放。",
        undo=("uphold",),
    ),
)
