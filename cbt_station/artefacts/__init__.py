"""Artefacts: one module for each thing that is written, signed or sealed: its frozen type, its strict bytes, its checks.

May import `exam`, `sealing`, `errors`. Absent on purpose: disk, network, clock; what makes and what uses an artefact.
Names, signers and openers of each are the tables in `docs/artefacts.md`.
"""
