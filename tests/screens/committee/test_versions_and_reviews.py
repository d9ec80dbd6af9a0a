"""Earlier texts, votes and approval at the workshop's window."""

from tests.screens.committee.conftest import file_of, vote_of_others
from tests.screens.committee.doing import open_item, say, type_into


def test_every_saved_text_is_a_version_that_can_be_had_again(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    first = window.bench.text
    type_into(window.work.form.title, "Ikrar")
    window.bench.save()
    window.work.turn_to("versions")
    versions = window.work.versions
    assert versions.list.count() == 2
    assert "+ title: Ikrar" in versions.text.toPlainText()
    versions.list.setCurrentRow(1)
    versions.restore.click()
    assert file_of(bank, "twk-001").read_text() == first == window.bench.text
    assert window.bench.on_bench.versions == 3


def test_two_votes_of_others_approve_and_an_edit_afterwards_falls_back(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review = window.work.review
    review.submit.click()
    assert review.state.text() == "Ditinjau"
    assert not review.approve.isEnabled()
    assert review.why.text().endswith(": 2")
    window.bench.close_bank()
    vote_of_others(bank, "twk-001")
    window.open_bank(bank, "Sari")
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review.approve.click()
    assert review.state.text() == "Disetujui"
    assert window.bench.row("twk-001").state == "approved"
    window.bench.edit(window.bench.text.replace("level: sedang", "level: mudah"), None)
    window.bench.save()
    assert window.bench.row("twk-001").state == "review"
    assert review.state.text() == "Ditinjau lagi: berubah setelah disetujui"
    assert review.why.text().endswith(": 2")  # votes on another text do not count


def test_a_vote_against_needs_words_and_stops_the_approval(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review = window.work.review
    review.submit.click()
    review.vote_against.click()
    assert "komentar" in say(window).lower() or "alasan" in say(window).lower()
    assert review.review.votes == ()
    review.comment.setPlainText("Pengecoh b terlalu dekat.")
    review.vote_against.click()
    assert [(vote.by, vote.vote) for vote in review.review.votes] == [("Sari", "against")]
    assert not review.approve.isEnabled()


def test_nothing_can_be_voted_on_while_it_is_not_saved(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    window.work.review.submit.click()
    window.bench.edit(window.bench.text.replace("level: sedang", "level: mudah"), None)
    assert not window.work.review.vote_for.isEnabled()
    assert window.work.review.why.isVisible()


def test_an_approval_without_the_votes_for_it_is_not_shown_as_a_sound_one(bank, open_bank):
    window = open_bank(bank)
    on = window.bench.workshop.review("twk-001").on
    (bank / "reviews").mkdir(exist_ok=True)
    (bank / "reviews" / "twk-001.yaml").write_text(f"state: approved\nby: Budi\napproved: {on}\n")
    window.bench.look_again()
    window.work.items.wanted.emit("twk-001")
    window.work.turn_to("review")
    assert window.bench.row("twk-001").state == "review"
    assert window.work.review.why.isVisible()
    assert window.work.review.why.text() == window.look.words("committee.review_wants", left=2)


def test_the_first_text_of_a_new_item_is_version_1(open_bank, bank):
    window = open_bank(bank)
    window.bench.lay_new("twk-900", file_of(bank, "twk-001").read_text().replace("twk-001", "twk-900"))
    window.bench.save()
    assert window.bar.saved.text().endswith("versi 1")
    type_into(window.work.form.title, "Ikrar")
    window.bench.save()
    assert window.bar.saved.text().endswith("versi 2")
    window.work.turn_to("versions")
    said = [window.work.versions.list.item(at).text() for at in range(window.work.versions.list.count())]
    assert [text.split(" ")[:2] for text in said] == [["Versi", "2"], ["Versi", "1"]]
    window.work.versions.list.setCurrentRow(1)
    window.work.versions.restore.click()
    assert "title: Ikrar" not in file_of(bank, "twk-900").read_text()
