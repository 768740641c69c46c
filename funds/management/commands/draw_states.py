"""manage.py draw_states: write docs/states.md from the transitions that the code declares."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.matters import Matter

HEADING = """# States

Drawn from the declared transitions by `manage.py draw_states`; a test fails when this page and the
code differ. Below a diagram stand the verbs that leave the state as it is, with the states in which
they are open, and those that lead from many states back to one of many.
"""


class Command(BaseCommand):
    help = "Writes docs/states.md; with --check only says whether it is up to date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="exit 1 when the page differs")

    def handle(self, *args, check, **options):
        page = Path(settings.BASE_DIR) / "docs" / "states.md"
        text = drawing()
        if not check:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md is not what the code says: run draw_states.")


def drawing():
    """The whole page (Markdown text): one Mermaid diagram for each kind of matter."""
    models = [model for model in apps.get_models() if issubclass(model, Matter)]
    models.sort(key=lambda model: model._meta.label)
    return "\n".join([HEADING, *map(diagram, models)])


def diagram(model):
    """One kind of matter (a Matter class): its states, the arrows between them, its other verbs."""
    field = model._meta.get_field("state")
    arrows, others = arrows_of(model)
    lines = [f"## {model.__name__} {model._meta.verbose_name}", "", "```mermaid"]
    lines.append("stateDiagram-v2")
    lines += [f'    state "{label}" as {state}' for state, label in field.choices]
    lines.append(f"    [*] --> {field.default}")
    lines += [f"    {source} --> {target} : {label}" for source, target, label in arrows]
    lines += ["```", ""]
    for label, states in others.items():
        lines.append(f"- {label}: {', '.join(states)}")
    if others:
        lines.append("")
    return "\n".join(lines)


def arrows_of(model):
    """The model's transitions: ([(source, target, label)] in order of states, {label: states}).

    A verb that leads from many states back to one of many is named in words, not in a web of arrows.
    """
    order = [state for state, _ in model._meta.get_field("state").choices]
    arrows, others = [], {}
    for transition in model.declared_transitions():
        label, source = transition.custom["label"], str(transition.source)
        targets = getattr(transition.target, "allowed_states", None) or [transition.target]
        if transition.target is None:
            others.setdefault(label, []).append(source)
        elif len(targets) > 2:
            back = ", ".join(sorted(map(str, targets), key=order.index))
            others.setdefault(f"{label} (back to one of {back})", []).append(source)
        else:
            arrows += [(source, str(target), label) for target in targets]
    arrows.sort(key=lambda arrow: (order.index(arrow[0]), order.index(arrow[1]), arrow[2]))
    return arrows, {
        label: sorted(states, key=order.index) for label, states in sorted(others.items())
    }
