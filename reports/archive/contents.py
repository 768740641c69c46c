"""The 目录 of an archive: every file with size and SHA-256, and the heads of the ledgers' chains."""

from django.db.models import OuterRef, Subquery

from funds.models import Entry, FundAccount
from pilotwork import clock
from pilotwork.exports import APP_NAME
from pilotwork.paper.bundle import MISSING
from pilotwork.paper.workbook import Heading, Kind, Ledger, to_xlsx
from pilotwork.templatetags.pilotwork import cn_full_date

NAME = "目录"
# What Windows' Notepad needs to see that a text is UTF-8, and where its lines end.
BYTE_ORDER_MARK, LINE_END = "\ufeff", "\r\n"
FILES = (
    Heading("文件", width=60),
    Heading("字节数", Kind.WHOLE, 12, is_summed=True),
    Heading("SHA-256", Kind.LABEL, 68),
    Heading("备注", Kind.LABEL, 22),
)
HEADS = (
    Heading("账户", width=24),
    Heading("代码", Kind.LABEL, 10),
    Heading("最后一笔", Kind.WHOLE, 12),
    Heading("记账时间", Kind.MOMENT),
    Heading("链首校验码", Kind.LABEL, 68),
)


def chain_heads(scope):
    """[(account, code, number, moment, digest)] of the last entry of every account in the archive.

    The digest covers the entry and all before it: nobody can rewrite what the archive was made of.
    """
    accounts = FundAccount.objects.filter(pk__in=scope.entries().order_by().values("account"))
    last = Entry.objects.filter(account=OuterRef("pk")).order_by("-number").values("pk")[:1]
    keys = accounts.annotate(last=Subquery(last)).values("last")
    return [
        (entry.account.name, entry.account.code, entry.number, entry.booked_at, entry.digest)
        for entry in Entry.objects.filter(pk__in=keys).select_related("account").order_by("account")
    ]


def add_contents(bundle, scope):
    """Write 目录.txt and 目录.xlsx into the bundle's root, as its last files.

    They list everything but themselves.
    """
    members, heads = list(bundle.members), chain_heads(scope)
    bundle.root.add(f"{NAME}.txt", _as_text(scope, members, heads))
    bundle.root.add(f"{NAME}.xlsx", _as_workbook(scope, members, heads))


def _as_text(scope, members, heads):
    missing = sum(member.remark == MISSING for member in members)
    lines = [
        f"{scope.title}档案",
        f"试点工作：{scope.programme}",
        f"制作：{scope.issuer}　{scope.reader}",
        f"制作日期：{cn_full_date(clock.now())}",
        f"共 {len(members) - missing} 个文件，{sum(member.size for member in members)} 字节"
        + (f"；缺失 {missing} 个，见备注" if missing else ""),
        "",
        "账本链首（由该账户全部记账算出，任何一笔被改动都会不同）：",
        *(f"{name}（{code}）第 {number} 笔　{digest}" for name, code, number, _, digest in heads),
        "" if heads else "没有记账",
        "文件（SHA-256　字节数　路径　备注）：",
        *(f"{m.sha256}　{m.size}　{m.path}　{m.remark}".rstrip("　") for m in members),
    ]
    return (BYTE_ORDER_MARK + LINE_END.join(lines) + LINE_END).encode()


def _as_workbook(scope, members, heads):
    notes = {"made_by": scope.issuer, "cutoff": clock.today()}
    files = ((member.path, member.size, member.sha256, member.remark) for member in members)
    return to_xlsx(
        Ledger(f"{scope.title}档案目录", FILES, files, sheet_name="文件", **notes),
        Ledger("账本链首", HEADS, heads, sheet_name="账本链首", **notes),
        author=APP_NAME,
        created_at=clock.now(),
    )
