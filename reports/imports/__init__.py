"""Import: lists that the office keeps in Excel come in through the rooms' own verbs.

A kind of list (one module each) says which columns it has, how a row is found among what is there,
and which verbs write it. `actions` keeps an upload until it is confirmed; nothing is written before.
"""
