"""The commands, thin: each reads its arguments, calls its room, prints what came back. `docs/commands.md` is the promise.

May import everything below, and each command imports its room only when it is called. Absent on purpose: decisions.

Exit codes: 0 good, 1 refused by the rules, 2 wrong usage, 3 tampered, 4 trouble, 70 a bug of ours, 130 interrupted.
"""


def main() -> None:
    """The command `cbt-station`."""
    from cbt_station.cli.app import run

    run()
