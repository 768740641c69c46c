"""What sorts of accounts, receipts, entries and commitments the ledger knows."""

from django.db import models


class AccountKind(models.TextChoices):
    PILOT_FUND = "pilot_fund", "试点工作基金"
    DUES = "dues", "团费"
    WORKING = "working", "工作经费"


class Source(models.TextChoices):
    """Where a receipt comes from."""

    WORKING = "working", "工作经费"
    DONATION = "donation", "社会筹集"
    SUPERIOR = "superior", "上级拨款"
    DUES = "dues", "团费缴纳"
    CARRY_OVER = "carry_over", "上次试点结转"
    OTHER = "other", "其他"


class EntryKind(models.TextChoices):
    RECEIPT = "receipt", "入账"
    RESERVE = "reserve", "占用"
    RELEASE = "release", "释放"
    DISBURSE = "disburse", "拨付"
    RECOVER = "recover", "收回"
    REVERSE = "reverse", "冲销"


class CommitmentKind(models.TextChoices):
    APPLICATION = "application", "立项申请"
    DUES = "dues", "团费退返"
    PLAQUE = "plaque", "铜牌"
    REWARD = "reward", "典型奖励"
    CARRY_OVER = "carry_over", "基金结转"
