"""Assembly: from bank, blueprint and roster to a sealed session; the key ceremony; the public draw; the release.

May import `banks`, `storage`, `paper`, `verify` and everything below. Absent on purpose: a sitting, its journal, Qt.
What a function makes it returns as bytes by file name; `write_all` puts them on a disk. Chance and time come in.
"""
