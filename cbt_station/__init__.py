"""CBT Station: sealed exams, durable answers, results that anybody can check.

`ARCHITECTURE.md` draws the house. Nothing is imported here: a station must start fast.
"""

__version__ = "0.1.0"
