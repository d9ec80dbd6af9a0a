"""The text form of an age file has one spelling. The testkit's 33 armored files are in test_age_testkit.py."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Tampered
from cbt_station.sealing.armor import armor, dearmor

TEXT = armor(bytes(range(100)))


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_armor_comes_off_as_it_went_on(data: bytes) -> None:
    assert dearmor(armor(data)) == dearmor(armor(data).encode()) == data


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" \n\t" + TEXT + "\r\n ", id="white space around"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="CRLF throughout"),
        pytest.param(TEXT[:-1], id="no newline at the end"),
    ],
)
def test_what_mail_and_editors_do_is_forgiven(text: str) -> None:
    assert dearmor(text) == bytes(range(100))


def test_a_changed_character_is_refused_or_changes_the_file() -> None:
    for place in range(len(TEXT) - 1):
        for other in "A \n\r=é":
            changed = TEXT[:place] + other + TEXT[place + 1 :]
            try:
                data = dearmor(changed)
            except Tampered:
                continue
            assert data != bytes(range(100)) or changed == TEXT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace("\n", "\r\n", 2), id="CRLF in some lines"),
        pytest.param(TEXT + TEXT, id="two blocks"),
        pytest.param("﻿" + TEXT, id="byte order mark"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param("", id="nothing"),
        pytest.param("-----BEGIN AGE ENCRYPTED FILE-----", id="begin only"),
    ],
)
def test_a_second_spelling_is_refused(text: str | bytes) -> None:
    with pytest.raises(Tampered, match="age-armor"):
        dearmor(text)
