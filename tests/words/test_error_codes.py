"""docs/error-codes.md lists every code of every failure with its kinds and its sentence, and nothing else."""

from tests.words.error_codes import PAGE, page


def test_the_page_is_the_one_that_the_code_gives() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.words.error_codes"
