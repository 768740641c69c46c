"""One file with all data and uploads, made while people work, and put back into an empty installation.

`tables` says what is kept, `snapshot` reads it as of one moment, `box` is the file, `making` writes
it, `checking` proves it whole, `restoring` puts it back, `retention` clears old ones away.
"""
