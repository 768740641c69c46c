"""The demo: five weeks of a county's pilot, told through the verbs that people use.

Names are surname and post only. What the office's report does not say (amounts of single projects,
who said what, how figures split over the units) is invented.
"""

from django.db import transaction

from reports.demo.awards import honour_the_pilot
from reports.demo.county import set_up
from reports.demo.dues import collect_the_dues
from reports.demo.five_ones import serve_the_units
from reports.demo.fund import run_the_fund
from reports.demo.honours import mark_the_units
from reports.demo.pairings import join_forces
from reports.demo.public import open_to_the_public
from reports.demo.story import Story


@transaction.atomic
def load():
    """Fill an empty database; all or nothing. Every moment lies before now, in order."""
    story = Story()
    set_up(story)
    serve_the_units(story)
    run_the_fund(story)
    join_forces(story)
    collect_the_dues(story)
    mark_the_units(story)
    honour_the_pilot(story)
    open_to_the_public(story)
    return story
