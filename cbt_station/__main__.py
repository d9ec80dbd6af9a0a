"""`python -m cbt_station` is the command `cbt-station`."""

from cbt_station.cli import main

if __name__ == "__main__":
    main()
