"""Storage: an encrypted database and durable files, so that what was acknowledged survives a power cut.

`encrypted` opens SQLCipher databases, `engine` the same through SQLAlchemy for the centre, `files` writes and reads files,
`folder_lock` keeps a second program out, `reserve` keeps disk space that only answers may use, `core_dumps` keeps memory off
the disk. What the disk refuses comes back as `Trouble`.

May import `errors`. Absent on purpose: tables (each activity keeps its own), what is written, and the time of day.
"""
