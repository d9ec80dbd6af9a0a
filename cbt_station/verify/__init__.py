"""Verify: the procedures over artefacts as numbered steps, for the public and for every room's own checks.

One procedure, two readers: a room runs it strictly (the first failure is raised), the public reads a report in which
each step is true, false (tampered) or not checkable (what is missing). May import `artefacts` and below.
Absent on purpose: any disk or network of its own: files come in as a mapping from name to bytes. Imports nothing here,
so that who needs one procedure loads one.
"""
