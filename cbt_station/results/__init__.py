"""Results: opening what venues sealed, scoring, decisions, ranking, score sheets.

May import `assembly`, `storage`, `paper`, `verify` and everything below. Absent on purpose: any score of its own (the
public's `verify.rescoring` scores), Qt, the log. Everything starts from the sealed evidence: nothing opened is ever
read back from a disk. Time, chance and keys come in as arguments.
"""
