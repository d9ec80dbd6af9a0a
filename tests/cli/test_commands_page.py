"""docs/commands.md has every command with its arguments and options, and nothing else; the design's names are all there."""

from tests.cli.usage import PAGE, commands, page

PROMISED = {
    "demo", "doctor", "keys new", "keys backup", "keys restore", "trust sign", "bank check", "bank import", "bank export",
    "roster template", "roster check", "seal", "draw", "release", "station", "committee", "drive", "recover", "close", "sync",
    "server", "results open", "results rank", "results sheets", "results decide", "results reveal", "verify",
}  # fmt: skip
"""Names do not change without a line in the changelog. Still to come: proctor."""


def test_the_table_is_the_one_that_the_commands_give() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.cli.usage"


def test_what_was_promised_is_there() -> None:
    assert set(commands()) >= PROMISED


def test_every_command_says_what_it_does_and_can_tell_it_as_json_where_a_script_needs_it() -> None:
    for name, command in commands().items():
        assert command.help, name
        options = {option for param in command.params for option in param.opts}
        if name not in {
            "station",
            "committee",
            "drive",
            "server",
        }:  # a window, JSON lines, and what never ends
            assert "--json" in options, name
