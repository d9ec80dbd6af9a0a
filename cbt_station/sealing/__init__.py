"""Bytes in, bytes out: age files, signed notes, the Merkle tree, trust list, quorum, release codes, the deterministic
random stream, key files, PAdES and PDF attachments.

May import `errors` only. Absent on purpose: disk, network, and what an exam is. Nothing decodes without encoding back
to the same bytes; everything that is refused is a `Refusal`, `Trouble` or `Tampered`, never another exception.
"""
