"""The exam's rules: items, blueprint, form, a sitting as events and the state they fold to, clock, scoring, ranking.

Plain frozen values (msgspec structs) and arithmetic. May import `errors` only.
Absent on purpose: disk, network, screen, keys, and the time of day. What comes from them comes in as an argument.
"""
