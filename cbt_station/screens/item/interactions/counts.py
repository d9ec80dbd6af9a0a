"""How many may be given, in words: one sentence for each pair of bounds, and how many there are."""

from cbt_station.words import Words


def rule_of(words: Words, least: int, most: int, given: int, offered: int) -> str:
    """ "Pilih paling banyak 2. Dipilih: 1." `most` 0: any number."""
    key = _key(least, most, offered)
    wanted = words(f"station.count_{key}", least=least, most=most)
    return words("station.count_given", wanted=wanted, given=given) if key != "one" else wanted


def _key(least: int, most: int, offered: int) -> str:
    most = 0 if most >= offered else most
    if most == 1:
        return "one"
    if least and least == most:
        return "exactly"
    if least > 1 and most:
        return "between"
    if most:
        return "at_most"
    return "at_least" if least > 1 else "any"
