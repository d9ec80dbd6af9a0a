"""Item banks in and out, one file a format; compiling an item into what is shown and what scores it.

A bank is a folder of text files that people write, review and compare line by line (`docs/bank-format.md`). Reading
is strict and collects every fault with its file and line; compiling gives the same bytes on every machine.

May import `storage`, `paper`, `artefacts`, `exam`, `sealing`, `words`, `errors`. Absent on purpose: screens, keys, sessions,
and the time of day. Libraries that only compiling needs (markdown-it-py, ziamath, Pillow) are loaded when called.
"""
