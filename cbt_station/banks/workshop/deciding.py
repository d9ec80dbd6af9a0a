"""What a committee decides of an item: handing it in, votes, approval.

1. An item without faults is handed in for review.
2. Reviewers vote on it as it is now. Nobody votes for a text of their own.
3. It is approved with as many votes for it as the bank asks for, and none against it.

Every rule looks at the hash of what was judged, so an edit of the text, its shared text or a picture starts at 2 again.
"""

from dataclasses import replace
from datetime import datetime

from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import ID
from cbt_station.banks.workshop.desk import Desk
from cbt_station.banks.workshop.disk import put
from cbt_station.banks.workshop.people import comment_text, is_same, moment
from cbt_station.banks.workshop.reviews import (
    Choice,
    Review,
    ReviewFile,
    Vote,
    read_review,
    review_name,
    review_text,
)
from cbt_station.banks.workshop.rows import State
from cbt_station.errors import Refusal


def submit(desk: Desk, item: str, at: datetime) -> None:
    """Step 1."""
    with desk.writing():
        said = _said(desk, item)
        _require_good(desk, item)
        _require_state(desk.shelf.review(item), "draft", item)
        _write(desk, item, replace(said, state="review", by=desk.by, at=moment(at)))


def vote(desk: Desk, item: str, choice: Choice, comment: str, at: datetime, on: str) -> None:
    """Step 2."""
    with desk.writing():
        said, review = _said(desk, item), _present(desk, item, on)
        _require_state(review, "review", item)
        if choice == "for" and is_same(desk.author(item), desk.by):
            raise Refusal("review-own-text", where=item, by=desk.by)
        words = comment_text(comment)
        if choice == "against" and not words:
            raise Refusal("review-comment-missing", where=item)
        votes = (*said.votes, Vote(desk.by, choice, words, moment(at), on))
        _write(desk, item, replace(said, votes=votes))


def approve(desk: Desk, item: str, at: datetime) -> None:
    """Step 3. A vote that somebody wrote into the file for a text of their own does not count."""
    with desk.writing():
        said, review = _said(desk, item), desk.shelf.review(item)
        _require_state(review, "review", item)
        review = _present(desk, item, review.on)
        _require_good(desk, item)
        against = [one.by for one in review.votes if one.vote == "against"]
        if against:
            raise Refusal("review-vote-against", where=item, by=", ".join(against))
        author = desk.author(item)
        votes = sum(one.vote == "for" and not is_same(one.by, author) for one in review.votes)
        if votes < review.needed:
            raise Refusal("review-votes-missing", where=item, have=votes, needed=review.needed)
        _write(desk, item, replace(said, state="approved", by=desk.by, at=moment(at), approved=review.on))


def send_back(desk: Desk, item: str, at: datetime) -> None:
    """Back to draft, from review or after approval."""
    with desk.writing():
        said = _said(desk, item)
        if desk.shelf.review(item).state == "draft":
            raise Refusal("review-wrong-state", where=item, state="draft", wanted="review")
        _write(desk, item, replace(said, state="draft", by=desk.by, at=moment(at)))


def settle(desk: Desk, item: str, at: datetime) -> None:
    """After an edit: let the file say the state that holds. What the file does not say yet holds all the same."""
    said = desk.shelf.reviews.get(item)
    if said is not None and said.state != (state := desk.shelf.review(item).state):
        _write(desk, item, replace(said, state=state, by=desk.by, at=moment(at)))


def begin(desk: Desk, item: str, at: datetime) -> None:
    """Before a new item is written: whatever lies under its id, it begins as a draft."""
    said = _from_disk(desk, item)
    if said.state != "draft":
        text = review_text(replace(said, state="draft", by=desk.by, at=moment(at)))
        put(desk.directory, review_name(item), text.encode())


def _said(desk: Desk, item: str) -> ReviewFile:
    """What the review's file says. Raises Refusal("review-file-faulty"), ("workshop-id-malformed")."""
    desk.shelf.file(item, "item")
    if not ID.fullmatch(item):
        raise Refusal("workshop-id-malformed", where=item)
    said = _from_disk(desk, item)
    if said != desk.shelf.reviews.get(item):
        desk.put_back(desk.shelf.with_review(item, said))
    return said


def _from_disk(desk: Desk, item: str) -> ReviewFile:
    """What the file says now: a vote that somebody wrote into it by hand is not written over."""
    said = read_review(desk.directory, item, FaultList())
    if said is None:
        raise Refusal("review-file-faulty", where=review_name(item))
    return said


def _present(desk: Desk, item: str, on: str) -> Review:
    """The review, if what was judged lies so on the disk too."""
    review = desk.shelf.review(item)
    if review.on != on or not desk.shelf.is_as_read(item):
        raise Refusal("review-changed-meanwhile", where=item)
    return review


def _require_good(desk: Desk, item: str) -> None:
    if not desk.shelf.is_good(item):
        raise Refusal("review-faulty", where=item)


def _require_state(review: Review, wanted: State, item: str) -> None:
    if review.state != wanted:
        raise Refusal("review-wrong-state", where=item, state=review.state, wanted=wanted)


def _write(desk: Desk, item: str, said: ReviewFile) -> None:
    put(desk.directory, review_name(item), review_text(said).encode())
    desk.put_back(desk.shelf.with_review(item, said))
