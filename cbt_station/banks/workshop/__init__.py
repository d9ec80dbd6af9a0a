"""The committee's bank workshop without a screen: list, edit, preview, versions, reviews, import and export of one bank.

A workshop writes the same text files that a person could write by hand, and beside them two folders that belong to no
edition: `history/` (every text that was replaced, verbatim) and `reviews/` (states and votes). `Workshop` is the face.

May import what `banks` may. Absent on purpose: Qt, accounts, signatures, the time of day (callers hand it in).
"""
