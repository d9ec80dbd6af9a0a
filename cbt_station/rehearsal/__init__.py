"""Rehearsal: whole sessions played by the program itself, with keys, candidates and venues of its own, in test mode.

May import everything but `cli`. Absent on purpose: shortcuts. What a command calls, a rehearsal calls; a rehearsed
sheet differs from a real one only in the word `test` in every note.
"""
