"""Response and outcome processing as QTI defines it: the interpreter of `exam.processing`'s data, and what builds such data.

The interpreter is pure, exact and bounded; the station never reaches it. `exam.scoring` is its only caller in an exam.
"""
