"""Every verb of a plaque as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from funds.actions import outright, plaques
from funds.forms.outright import PayPriceForm, ReversePriceForm
from funds.forms.plaques import HangForm, ReplaceForm
from funds.forms.verbs import MeetingOpinionForm, ReasonForm
from funds.models import Plaque

PLAQUE_VERBS = catalogue(
    Plaque,
    Verb(
        "approve",
        MeetingOpinionForm,
        plaques.approve_plaque,
        done="已同意制作，等财务付款、单位挂牌。",
        tone="primary",
        beside=("decline",),
        help="同意后财务可以从工作经费支付制作费；意见保存后不可更改。",
        undo=("withdraw",),
    ),
    Verb(
        "pay",
        PayPriceForm,
        outright.pay_price,
        done="已登记付款，可打印凭单。",
        tone="primary",
        help="制作费从工作经费一次付清；同一张表单重复提交只记一次。",
        fresh=True,
        undo=("reverse",),
    ),
    Verb(
        "hang",
        HangForm,
        plaques.hang_plaque,
        done="已登记挂牌。",
        tone="primary",
        help="更换铜牌的，原来那块同时记为“已更换”。",
        undo=("withdraw",),
    ),
    Verb(
        "replace",
        ReplaceForm,
        plaques.replace_plaque,
        done="新牌已挂，这一块已更换。",
        help="登记已批准的新铜牌挂牌，这一块记为“已更换”。",
        undo=("reopen",),
    ),
    Verb(
        "decline",
        ReasonForm,
        plaques.decline_plaque,
        done="已作出不予制作的决定。",
        tone="danger",
        final="需要时由初审人员重新登记制作。",
    ),
    Verb(
        "reverse",
        ReversePriceForm,
        outright.reverse_price,
        done="付款已冲销。",
        tone="danger",
        help="生成金额相反的新分录，原分录保留；冲销后可以重新支付。",
        fresh=True,
        undo=("pay",),
    ),
    Verb(
        "withdraw",
        ReasonForm,
        plaques.withdraw_plaque,
        done="铜牌已收回。",
        tone="danger",
        help="收回后该单位不再有有效铜牌；尚未制作的，不再制作。",
        undo=("reopen",),
    ),
    Verb(
        "reopen",
        ReasonForm,
        plaques.reopen_plaque,
        done="已重新办理。",
        help="回到“待挂牌”：可以再挂，也可以由财务更正付款。",
        undo=("withdraw",),
    ),
)
