"""A PDF of A4 pages being drawn, as every paper of ours begins and ends; what is drawn on it is its makers' affair."""

import io

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


class Document:
    """One document. `finish` gives its bytes: the same for the same calls."""

    def __init__(self, title: str, lang: str, author: str, subject: str) -> None:
        self._target = io.BytesIO()
        self._canvas = canvas.Canvas(self._target, pagesize=A4, pageCompression=1, invariant=1, lang=lang)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("CBT Station")

    def next_page(self) -> None:
        """What is drawn from now on is on another page."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The document's bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._target.getvalue()

    def _slanted(self, text: str, font: str, size: float, colour: str) -> None:
        """A text across the whole page, behind what is drawn later."""
        self._canvas.saveState()
        self._canvas.translate(A4[0] / 2, A4[1] / 2)
        self._canvas.rotate(52)
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.setFont(font, size)
        self._canvas.drawCentredString(0, -size / 3, text)
        self._canvas.restoreState()
