"""docs/states.md is drawn from the code; it may not say anything else."""

from django.core.management import call_command


def test_the_drawn_states_are_those_of_the_code():
    call_command("draw_states", check=True)
