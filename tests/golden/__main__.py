"""`python -m tests.golden` makes the golden files again."""

from tests.golden.make import main

main()
