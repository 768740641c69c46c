"""The form in which a text is written: its fields, its paragraphs, and what others saved meanwhile."""

from pilotwork.refusals import Refused
from reports.briefing.arranging import arrange, typed_paragraphs
from reports.briefing.drafts import CONTENT, draft_of, save_draft
from reports.briefing.forms import DraftForm, Paragraphs
from reports.briefing.standard import standard_draft
from reports.models import BriefingKind

PREFIX = "p"
# The button that asks for the standard text.
STANDARD = "standard"
# So much of a paragraph tells which one is meant.
HINT = 16


class Editor:
    """One draft in its form. `form` holds what stands around the text, `formset` the paragraphs."""

    def __init__(self, draft):
        self.draft = draft
        initial = {name: getattr(draft, name) for name in CONTENT} | {"seen": draft.version}
        self.form = DraftForm(initial=initial)
        self.formset = Paragraphs(initial=draft.paragraphs, prefix=PREFIX)
        # Typed but not saved: the browser warns before the page is left.
        self.is_unsaved = False
        self.theirs = {}
        # What others saved that has no place in the form beside which it could stand.
        self.theirs_besides = []

    @property
    def kind(self):
        """Which of the two documents it is."""
        return BriefingKind(self.draft.kind)

    def rearrange(self, data, order):
        """Show what was typed, paragraphs rearranged by the button `order`; nothing is saved."""
        typed = {name: data.get(name, "") for name in ("seen", *CONTENT)}
        self.form = DraftForm(initial=typed)
        rows = self._standard() if order == STANDARD else arrange(typed_paragraphs(data), order)
        self.formset = Paragraphs(initial=rows, prefix=PREFIX)
        self.is_unsaved = True

    def _standard(self):
        """The paragraphs as they were before anybody edited them."""
        return standard_draft(self.draft.programme, self.kind, county_name="").paragraphs

    def save(self, data, *, by):
        """Save what was typed; whether it could be. If not, everything typed is still in the form."""
        self.form, self.formset = DraftForm(data), Paragraphs(data, prefix=PREFIX)
        self.is_unsaved = True
        if not all([self.form.is_valid(), self.formset.is_valid()]):
            return False
        content = dict(self.form.cleaned_data)
        seen = content.pop("seen")
        try:
            save_draft(
                self.draft.programme,
                self.kind,
                by=by,
                seen=seen,
                content=content,
                paragraphs=self.formset.paragraphs,
            )
        except Refused as refusal:
            if refusal.stale:
                self._show_theirs(data)
            self.form.add_error(None, refusal.message)
            return False
        return True

    def _show_theirs(self, data):
        """Put what others saved beside what was typed; saving again then is done knowingly."""
        self.draft = draft_of(self.draft.programme, self.kind)
        data = data.copy()
        data["seen"] = str(self.draft.version)
        self.form = DraftForm(data)
        self.form.is_valid()
        self.theirs = {one["key"]: one["text"] for one in self.draft.paragraphs}
        typed = {form["key"].value() for form in self.formset.forms}
        self.theirs_besides = [
            (self.form[name].label, getattr(self.draft, name) or "（空）")
            for name in CONTENT
            if (self.form.cleaned_data.get(name) or "") != (getattr(self.draft, name) or "")
        ] + [("新加的段落", text) for key, text in self.theirs.items() if key not in typed]
        self.theirs_besides += self._arranged_by_them()

    def _arranged_by_them(self):
        """What they hid, showed again or moved, as (words, the paragraph's beginning)."""
        mine = {form["key"].value(): form for form in self.formset.forms}
        both = [one for one in self.draft.paragraphs if one["key"] in mine]
        besides = []
        for one in both:
            is_hidden = bool(mine[one["key"]]["is_hidden"].value())
            if bool(one["is_hidden"]) != is_hidden:
                words = "对方恢复写入的段落" if is_hidden else "对方暂不写入的段落"
                besides.append((words, one["text"][:HINT]))
        theirs = [one["key"] for one in both]
        typed = [key for key in mine if key in set(theirs)]
        if theirs != typed:
            order = "；".join(one["text"][:HINT] or "（空）" for one in both)
            besides.append(("对方的段落顺序", order))
        return besides

    def context(self):
        """What templates/reports/briefing_edit.html shows."""
        last = len(self.formset.forms) - 1
        rows = []
        for place, form in enumerate(self.formset.forms):
            theirs = self.theirs.get(form["key"].value(), "")
            rows.append(
                {
                    "form": form,
                    "place": place,
                    "is_first": place == 0,
                    "is_last": place == last,
                    "before": place - 1,
                    "after": place + 1,
                    "theirs": theirs if theirs != form["text"].value() else "",
                }
            )
        return {
            "draft": self.draft,
            "form": self.form,
            "formset": self.formset,
            "rows": rows,
            "theirs_besides": self.theirs_besides,
            "is_unsaved": self.is_unsaved,
        }
