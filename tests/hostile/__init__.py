"""The hostile corpus: what somebody could send a committee, or seal into a package, to read, to call out, to stop or to hide.

`families/` makes the cases; `playing.py` gives one to the program's own readers, compiler and screen; `runner.py` does
that in a process of its own that is watched (`watching.py`), and `judging.py` says what was wrong with it. `planted.py`
holds faults that must be caught first. `python -m tests.hostile` prints the table, `docs/hostile.md` says what it means.
"""
