"""Measurements: each line is a ratio of the product to a peer or a physical limit, taken in one run.

`make bench` runs all lines, `make bench BENCH=answer` one. Nothing here asserts a time: the tests of the harness are in
tests/bench/test_harness.py.
"""
