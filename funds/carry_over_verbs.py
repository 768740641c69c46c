"""Every verb of a carry-over as the pages offer it: its form, its action, its words."""

from accounts.verbs import Verb, catalogue
from funds.actions import carry_over
from funds.forms.carry_over import BookForm, ReverseForm
from funds.forms.verbs import ReasonForm
from funds.models import CarryOver

CARRY_OVER_VERBS = catalogue(
    CarryOver,
    Verb(
        "book",
        BookForm,
        carry_over.book_carry_over,
        done="已结转，两个账户各记一笔，可打印凭单。",
        tone="primary",
        help="从本次试点的基金转出，同时转入下一次试点的基金；同一张表单重复提交只记一次。",
        fresh=True,
        undo=("reopen",),
    ),
    Verb(
        "reverse",
        ReverseForm,
        carry_over.reverse_carry_over,
        done="转出和转入都已冲销。",
        tone="danger",
        help="两个账户各生成一笔金额相反的新分录。转入的钱已经用了、可用余额不足的，不能冲销。",
        fresh=True,
        undo=("book",),
    ),
    Verb(
        "reopen",
        ReasonForm,
        carry_over.reopen_carry_over,
        done="已重新办理，等财务冲销。",
        help="结转有误时，由财务冲销后重新记账，或撤销决定。",
        undo=("uphold", "reverse"),
    ),
    Verb(
        "uphold",
        ReasonForm,
        carry_over.uphold_carry_over,
        done="维持原来的结转。",
        help="不需要冲销的，维持原来的结转。",
        undo=("reopen",),
    ),
    Verb(
        "revoke",
        ReasonForm,
        carry_over.revoke_carry_over,
        done="已撤销，可以重新决定。",
        tone="danger",
        help="撤销后这项决定不再办理。",
        final="撤销后可以重新决定。",
    ),
)
