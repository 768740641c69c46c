"""Processes beside the two databases: each has Django for itself, and does one thing at a time."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import django

from benchmarks.databases import url_of


def start(size):
    """Set Django up for the database of a size; the first thing in a process."""
    os.environ["DATABASE_URL"] = url_of(size)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()


def beside(size):
    """An executor of one new process beside the database of a size."""
    return ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=start, initargs=(size,)
    )
