"""What a candidate did is to be seen: on the smallest screen, with twice the text.

Sizes and contrast of every page are in test_accessible.py and test_tokens.py.
"""

from PySide6.QtCore import QPoint, QRect, Qt

SMALLEST, TWICE = (1024, 600), 200


def test_an_option_answered_by_its_letter_is_brought_into_sight(qtbot, sit_at):
    window = sit_at(size=SMALLEST)
    window.look.set_zoom(TWICE)
    row, view = window.exam.question.options[-1], window.exam.question.viewport()
    qtbot.waitUntil(lambda: row.visibleRegion().isEmpty())
    qtbot.keyClick(window.exam, getattr(Qt.Key, f"Key_{row.letter}"))
    assert row.isChecked()
    middle = row.mapTo(view, QPoint(row.width() // 2, row.height() // 2))
    assert QRect(QPoint(), view.size()).contains(middle)


def test_a_doubtful_mark_leaves_the_sections_name_whole(qtbot, sit_at):
    window = sit_at(size=SMALLEST)
    window.look.set_zoom(TWICE)
    window.exam.doubtful.click()
    question = window.exam.question
    qtbot.waitUntil(question.mark.isVisible)
    assert not question.mark_text.isVisible()
    assert window.exam.doubtful.isChecked()
    window.look.set_zoom(100)
    qtbot.waitUntil(question.mark_text.isVisible)
