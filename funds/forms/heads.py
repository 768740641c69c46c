"""What is typed from a paper to hold it against the ledger."""

from django import forms

from funds.heads import AUDIT
from funds.kept_heads import SHORTEST, kept_head
from pilotwork.refusals import Refused


class HeadForm(forms.Form):
    """The number that a paper carries, and its digest, or at least the beginning of it."""

    number = forms.CharField(
        label="凭单号或核对号",
        max_length=60,
        help_text="凭单上的凭单号，如 JJ2026-00012；其他表格页脚上的核对号，如 立项申请-12-5。",
    )
    digest = forms.CharField(
        label="校验码",
        max_length=100,
        help_text=f"照纸上抄写，可只抄前 {SHORTEST} 位；空格和大小写不论。",
    )

    def clean(self):
        """Add `head`, the KeptHead of what was typed."""
        typed = super().clean()
        if {"number", "digest"} <= typed.keys():
            chain, _, number = typed["number"].strip().rpartition("-")
            try:
                if chain == AUDIT:
                    raise Refused("审计的封存由 check_ledger 核对。", "number")
                typed["head"] = kept_head(chain, number, typed["digest"], "纸上所印")
            except Refused as refusal:
                self.add_error(refusal.field, refusal.message)
        return typed
