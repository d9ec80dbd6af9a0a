"""The commands, thin: each reads its arguments, calls its room, prints what came back. `docs/commands.md` is the promise.

May import everything below, and each command imports its room only when it is called. Absent on purpose: decisions.

Exit codes: 0 good, 1 refused by the rules, 2 wrong usage, 3 tampered, 4 trouble, 70 a bug of ours, 130 interrupted.
"""


def main() -> None:
    """The command `cbt-station`."""
    import gc
    import sys

    gc.disable()  # until the window stands: what a start makes is needed, and looking through it takes 20 ms
    from cbt_station.cli.directly import read_start, show_window

    start = read_start(sys.argv[1:])
    if start is None:
        gc.enable()
        from cbt_station.cli.app import run

        run()
        return
    try:
        sys.exit(show_window(start))
    except (Exception, KeyboardInterrupt) as early:  # noqa: BLE001 (the frame tells it, in its usual words)
        gc.enable()
        from cbt_station.cli import app, console

        console.choose_language(start.lang)
        app.run(early=early)
