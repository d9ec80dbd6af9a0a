"""Where an item stands: draft, review or approved, and what the reviewers said of the text as it is now.

Votes are on what was read: where the text was changed meanwhile the workshop refuses, and says so. Each act that cannot be
done now says why in words instead of only being grey.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cbt_station.banks.workshop.reviews import Choice as VoteChoice
from cbt_station.banks.workshop.reviews import Review, Vote
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.item_list import STATE_ICONS, state_words
from cbt_station.screens.committee.parts import Field, Lines, Page, row_of
from cbt_station.screens.committee.versions_tab import moment_words
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, Picture, announce, label

_VOTES: Final = {"for": ("thumbs-up", "ok"), "against": ("thumbs-down", "warn")}


class ReviewTab(Page):
    """State, acts, votes. Looked up when the tab is shown and after every act."""

    def __init__(self, look: Look, bench: Bench) -> None:
        super().__init__(look, most=820, pad=14)
        self._look, self._bench = look, bench
        self.review: Review | None = None
        self.state_icon, self.state = Picture(look, "pencil", "muted", 24), label(role="heading")
        self.detail, self.why = label(role="muted"), label(role="waiting")
        self.comment = Lines(look, least=2, most=8)
        self.comment_field = Field(self.comment)
        self.vote_for, self.vote_against = (
            Button(look, picture="thumbs-up"),
            Button(look, picture="thumbs-down"),
        )
        self.submit = Button(look, "primary", "send", "on_accent")
        self.approve = Button(look, "primary", "circle-check", "on_accent")
        self.send_back = Button(look, picture="undo-2")
        self.votes_title, self.none = label(role="strong"), label(role="muted")
        self._cards = QVBoxLayout()
        self._lay_out()
        self.vote_for.clicked.connect(lambda: self._vote("for"))
        self.vote_against.clicked.connect(lambda: self._vote("against"))
        for button, act in (
            (self.submit, "submit"),
            (self.approve, "approve"),
            (self.send_back, "send_back"),
        ):
            button.clicked.connect(lambda _on=False, act=act: self._act(act))
        bench.kept.connect(self._kept)
        look.spoken.connect(self._say)
        self._say()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.state_icon)
        top.addWidget(self.state, 1)
        self.rows.addLayout(top)
        self.rows.addWidget(self.detail)
        self.rows.addWidget(self.why)
        self.rows.addWidget(row_of(self._look, self.submit, self.approve, self.send_back))
        self.rows.addWidget(self.comment_field)
        self.rows.addWidget(row_of(self._look, self.vote_for, self.vote_against))
        self.rows.addWidget(self.votes_title)
        self.rows.addWidget(self.none)
        self._cards.setSpacing(8)
        self.rows.addLayout(self._cards)
        self.rows.addStretch(1)

    def _kept(self) -> None:
        laid = self._bench.on_bench
        if laid is None or laid.what != "item" or laid.was is None:
            self._show(None)
        elif self.isVisible():
            self.look_up()

    def look_up(self) -> None:
        """Ask where the item stands."""
        laid = self._bench.on_bench
        if laid is None or laid.what != "item" or laid.was is None:
            self._show(None)
            return
        self._bench.ask(lambda workshop: workshop.review(laid.name), self._show)

    # Acts

    def _vote(self, vote: VoteChoice) -> None:
        laid, review, at = self._bench.on_bench, self.review, self._bench.now
        if laid is None or review is None:
            return
        comment = self.comment.toPlainText().strip()
        on = review.on

        def voted(now: Review) -> None:
            self.comment.show_text("")
            self._acted(now)

        self._bench.ask(lambda workshop: workshop.vote(laid.name, vote, comment, at, on=on), voted)

    def _act(self, act: str) -> None:
        laid, at = self._bench.on_bench, self._bench.now
        if laid is not None:
            self._bench.ask(lambda workshop: getattr(workshop, act)(laid.name, at), self._acted)

    def _acted(self, review: Review) -> None:
        self._show(review)
        (self.comment if self.comment.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.state.text())
        self._bench.relist()

    # Drawing

    def _show(self, review: Review | None) -> None:
        self.review = review
        laid = self._bench.on_bench
        words = self._look.words
        there = review is not None and laid is not None
        parts: tuple[QWidget, ...] = (
            self.state_icon,
            self.submit,
            self.approve,
            self.send_back,
            self.comment_field,
            self.vote_for,
            self.vote_against,
            self.votes_title,
        )
        for part in parts:
            part.setVisible(there)
        self._clear_cards()
        if review is None or laid is None:
            key = "committee.review_unsaved" if laid and laid.what == "item" else "committee.review_none"
            self.state.setText(words(key))
            self.detail.hide()
            self.why.hide()
            self.none.hide()
            return
        changed = review.changed_since_approved
        self.state_icon.show_icon(*STATE_ICONS["changed" if changed else review.state])
        self.state.setText(state_words(self._look, review.state, changed=changed))
        self.detail.setText(self._detail(review))
        self.detail.show()
        self._enable(review)
        self._show_votes(review)

    def _detail(self, review: Review) -> str:
        words = self._look.words
        pro = sum(vote.vote == "for" for vote in review.votes)
        con = len(review.votes) - pro
        said = [words("committee.review_votes", pro=pro, con=con, needed=review.needed)]
        if review.by:
            said.append(words("committee.review_by", by=review.by, at=moment_words(review.at, words)))
        return " ".join(said)

    def _enable(self, review: Review) -> None:
        """What can be done now; `why` says what has to come before."""
        unsaved = self._bench.is_changed
        reading = self._bench.reading
        faulty = bool(reading and reading.faults)
        pro = sum(vote.vote == "for" for vote in review.votes)
        con = any(vote.vote == "against" for vote in review.votes)
        in_review = review.state == "review"
        self.submit.setVisible(review.state == "draft")
        self.submit.setEnabled(not unsaved and not faulty)
        self.approve.setVisible(in_review)
        self.approve.setEnabled(not unsaved and pro >= review.needed and not con)
        self.send_back.setVisible(review.state != "draft")
        self.send_back.setEnabled(not unsaved)
        voting: tuple[QWidget, ...] = (self.comment_field, self.vote_for, self.vote_against)
        for part in voting:
            part.setVisible(in_review)
            part.setEnabled(not unsaved)
        key = ""
        if unsaved:
            key = "committee.review_save_first"
        elif faulty and review.state == "draft":
            key = "committee.review_faulty"
        elif in_review and con:
            key = "committee.review_against"
        elif in_review and pro < review.needed:
            key = "committee.review_wants"
        self.why.setText(self._look.words(key, left=review.needed - pro) if key else "")
        self.why.setVisible(bool(key))

    def _show_votes(self, review: Review) -> None:
        for vote in review.votes:
            self._cards.addWidget(self._card(vote, old=False))
        for vote in review.earlier:
            self._cards.addWidget(self._card(vote, old=True))
        self.none.setVisible(not (review.votes or review.earlier))

    def _card(self, vote: Vote, *, old: bool) -> QFrame:
        words = self._look.words
        card = QFrame()
        card.setObjectName("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 8, 12, 8)
        picture, colour = _VOTES[vote.vote]
        row.addWidget(
            Picture(self._look, picture, "muted" if old else colour, 22), 0, Qt.AlignmentFlag.AlignTop
        )
        column = QVBoxLayout()
        key = f"committee.vote_{vote.vote}_old" if old else f"committee.vote_{vote.vote}_by"
        column.addWidget(
            label(words(key, by=vote.by, at=moment_words(vote.at, words)), "muted" if old else "strong")
        )
        if vote.comment:
            column.addWidget(label(vote.comment))
        row.addLayout(column, 1)
        return card

    def _clear_cards(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _say(self) -> None:
        words = self._look.words
        self.comment_field.name(words("committee.vote_comment"), words("committee.vote_comment_hint"))
        self.vote_for.name(words("committee.vote_for"))
        self.vote_against.name(words("committee.vote_against"))
        self.submit.name(words("committee.submit"))
        self.approve.name(words("committee.approve"))
        self.send_back.name(words("committee.send_back"))
        self.votes_title.setText(words("committee.votes"))
        self.none.setText(words("committee.no_votes"))
        self._show(self.review)
