"""What `make` runs on a newcomer's machine: install, build, load the demo, serve.

Only the standard library: this code runs before anything is installed. It writes to .venv/,
node_modules/ and var/ and nowhere else.
"""
