"""`python -m pilotwork.launch install | run | demo-reset`, as the Makefile calls it."""

import sys

from pilotwork.launch import demo
from pilotwork.launch.install import install
from pilotwork.launch.talk import Trouble, complain


def run():
    """Everything from a fresh clone to a served demo. Looks at the port before the long part."""
    demo.refuse_production()
    port = demo.chosen_port()
    install()
    demo.prepare_data()
    demo.prepare_assets()
    demo.serve(port)


def demo_reset():
    """Install what is missing and start the demo's data afresh."""
    demo.refuse_production()
    install()
    demo.reset()


STEPS = {"install": install, "run": run, "demo-reset": demo_reset}


def main(arguments):
    """Do the step that the one argument names; returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        sys.stderr.write(f"usage: python -m pilotwork.launch {' | '.join(STEPS)}\n")
        return 2
    try:
        STEPS[arguments[0]]()
    except Trouble as trouble:
        complain(trouble)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
