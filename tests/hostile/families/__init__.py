"""One module a family of attacks: each says `CASES`."""
