"""The application as the unit writes it, and the change it asks for later."""

from django import forms

from funds.actions.applications import gaps_of
from funds.actions.changes import CHANGEABLE
from funds.actions.drafts import CONTENT_FIELDS
from funds.forms.rows import BudgetFormSet
from funds.models import Application, ApplicationAttachment
from funds.models.content import AttachmentPurpose
from pilotwork.files import UploadsField
from pilotwork.forms import ACCOUNT_NUMBER, TELEPHONE, DateField, RowsField, TextArea
from pilotwork.history import last_change


class ContentForm(forms.ModelForm):
    """Fields of the application's content with the budget rows beside them.

    A draft may be saved with gaps; what is missing is asked for when it is submitted.
    """

    starts_on = DateField(label="活动开始日期", required=False)
    ends_on = DateField(label="活动结束日期", required=False)

    class Meta:
        model = Application
        fields = [*CONTENT_FIELDS, "signature_activity"]
        widgets = {"purpose": TextArea(rows=3), "plan": TextArea(rows=6)}

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, **kwargs)
        self.lines = BudgetFormSet(data, prefix="lines", initial=self._typed_lines(data))

    def _typed_lines(self, data):
        if data is not None or not self.instance.pk:
            return None
        fields = ("item", "note", "quantity", "unit_price", "from_fund")
        return list(self.instance.budget_lines.values(*fields))

    def is_valid(self):
        """Fields and rows are checked together so that all errors show at once."""
        fields, rows = super().is_valid(), self.lines.is_valid()
        return fields and rows

    def refuse(self, refusal):
        """Show a verb's refusal where it belongs: at a field, at the budget, or on top."""
        if refusal.field == "lines":
            self.lines.non_form_errors().append(refusal.message)
        else:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return cleaned


class DraftForm(ContentForm):
    """The unit's application, new or returned."""

    uploads = UploadsField(label="附件", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    removed = RowsField(
        label="移除附件", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, **kwargs)
        for name in CONTENT_FIELDS:
            self.fields[name].required = name == "name"
        self.fields["phone"].validators.append(TELEPHONE)
        self.fields["payee_account"].validators.append(ACCOUNT_NUMBER)
        unit = self.instance.pilot_unit
        self.fields["signature_activity"].queryset = unit.signature_activities.all()
        self.fields["signature_activity"].empty_label = "不关联"
        self.fields["removed"].queryset = ApplicationAttachment.objects.filter(
            application=self.instance.pk, purpose=AttachmentPurpose.PROPOSAL, removed_at=None
        )
        self.fields["seen"].initial = getattr(self.instance, "last_change_then", None)
        self.lines.missing = ""

    @classmethod
    def as_stored(cls, application):
        """The form as if what is stored had just been sent: what is missing can stand beside it."""
        form, sent = cls(instance=application), {}
        for part in (form, form.lines.management_form, *form.lines.initial_forms):
            for field in part:
                value = field.value()
                if value is not None:
                    sent[field.html_name] = field.field.widget.format_value(value)
        return cls(sent, instance=application)

    def refuse(self, refusal):
        """A draft that was changed meanwhile is saved all the same when it is sent once more."""
        super().refuse(refusal)
        if refusal.field == "seen":
            self.data = self.data.copy()
            self.data["seen"] = last_change(self.instance)

    def ask_for_gaps(self):
        """Say beside what is wrong all that is missing too: once and not in rounds."""
        known = set(self.errors)
        # A budget with a mistake in a row cannot be said to lack anything.
        if not self.lines.is_valid() or any(row["from_fund"] for row in self.lines.rows()):
            known.add("lines")
        for gap in gaps_of(self.instance):
            if gap.field not in known:
                self.refuse(gap)

    def arguments(self):
        """The keyword arguments of `save_draft`."""
        names = [*CONTENT_FIELDS, "signature_activity"]
        return {
            "content": {name: self.cleaned_data[name] for name in names},
            "lines": self.lines.rows(),
            "uploads": self.cleaned_data["uploads"],
            "removed_attachments": [a.pk for a in self.cleaned_data["removed"]],
            "seen": self.cleaned_data["seen"],
        }


class ChangeForm(ContentForm):
    """Other dates, content or a shift between budget lines, with the reason."""

    reason = forms.CharField(label="变更理由", max_length=1000, widget=TextArea(rows=3))

    field_order = ["reason"]

    class Meta(ContentForm.Meta):
        fields = list(CHANGEABLE)

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, **kwargs)
        for name in CHANGEABLE:
            self.fields[name].required = True

    def arguments(self):
        """The keyword arguments of `file_change`."""
        return {
            "reason": self.cleaned_data["reason"],
            "content": {name: self.cleaned_data[name] for name in CHANGEABLE},
            "lines": self.lines.rows(),
        }
