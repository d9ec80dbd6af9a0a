"""Writes docs/error-codes.md from the code and its words: `python -m tests.words.error_codes`."""

from pathlib import Path

from cbt_station.words import words_in
from tests.words.source import raised

PAGE = Path(__file__).parents[2] / "docs" / "error-codes.md"
_HEAD = """# Error codes

Every failure of CBT Station is one of three kinds, and carries a code that never changes once released:

| kind | means | exit code |
|---|---|---|
| `refusal` | the rules say no | 1 |
| `tampered` | the evidence is false | 3 |
| `trouble` | disk, network, power, or a key or evidence that is not there | 4 |

With `--json` a failing command ends with `{"ok": false, "kind": …, "code": …, "where": …, "message": …}` and the facts
that the sentence names. Wrong usage leaves with 2, a bug of ours with 70, an interruption with 130. A code that has two
kinds says no to a person who types it and is false evidence where somebody signed it.

The sentences below are those of `cbt_station/words/en.po`; words in braces are facts. This page is written by
`python -m tests.words.error_codes`, and a test holds it to the code.

| code | kind | says |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    kinds: dict[str, set[str]] = {}
    for one in raised():
        kinds.setdefault(str(one.code), set()).add(one.kind.lower())
    rows = [
        f"| `{code}` | {', '.join(sorted(found))} | {_sentence(code)} |"
        for code, found in sorted(kinds.items())
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _sentence(code: str) -> str:
    return words_in("en")(f"error.{code}").replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page())
