"""The pages between "this is me" and the first question: language, the invitation to practise, the rules."""

from collections.abc import Callable

from cbt_station.delivery.views import StationView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.screens.station.page import Page

RULES = 6


class LanguagePage(Page):
    """One large button a language of the exam: `chosen(language)`."""

    def __init__(self, look: Look, chosen: Callable[[str], None]) -> None:
        super().__init__(look, "languages", "choose_language", most=520)
        self._chosen = chosen
        self.choices: dict[str, Button] = {}
        self.say()

    def show_languages(self, languages: tuple[str, ...]) -> None:
        for button in self.choices.values():
            self.card.removeWidget(button)
            button.deleteLater()
        self.choices = {language: self._choice(language) for language in languages}
        self.say()

    def _choice(self, language: str) -> Button:
        button = Button(self.look, "choice")
        button.clicked.connect(lambda: self._chosen(language))
        self.card.addWidget(button)
        return button

    def arrive(self) -> None:
        (self.choices.get(self.look.language) or next(iter(self.choices.values()))).setFocus()

    def say(self) -> None:
        super().say()
        for language, button in self.choices.items():
            key = f"station.language_{language}"
            button.name(self.words(key) if self.words.knows(key) else language)


class PracticePage(Page):
    """Invites to practise: `begin()`, or `skip()` to the rules."""

    def __init__(self, look: Look, begin: Callable[[], None], skip: Callable[[], None]) -> None:
        super().__init__(look, "keyboard", "practice", most=640)
        self.lines = [label() for _ in range(4)]
        for line in self.lines:
            self.card.addWidget(line)
        self.skip, self.begin = Button(look), Button(look, "primary", "chevron-right", "on_accent")
        self.skip.clicked.connect(skip)
        self.begin.clicked.connect(begin)
        self.buttons(self.skip, self.begin)
        self.say()

    def arrive(self) -> None:
        self.begin.setFocus()

    def say(self) -> None:
        super().say()
        for number, line in enumerate(self.lines, start=1):
            line.setText("•  " + self.words(f"station.practice_point_{number}"))
        self.skip.name(self.words("station.practice_skip"))
        self.begin.name(self.words("station.practice_begin"))


class RulesPage(Page):
    """The rules, and the start: `start()`, or `practise()` again."""

    def __init__(self, look: Look, start: Callable[[], None], practise: Callable[[], None]) -> None:
        super().__init__(look, "list-checks", "rules", most=720)
        self._minutes, self._count = 0, 0
        self.lines = [label() for _ in range(RULES)]
        for line in self.lines:
            self.card.addWidget(line)
        self.waits = label(role="muted")
        self.card.addWidget(self.waits)
        self.again, self.start = Button(look), Button(look, "primary", "chevron-right", "on_accent")
        self.again.clicked.connect(practise)
        self.start.clicked.connect(start)
        self.buttons(self.again, self.start)
        self.say()

    def arrive(self) -> None:
        self.start.setFocus()

    def show_busy(self, busy: bool) -> None:
        self.start.setEnabled(not busy)

    def show_station(self, station: StationView) -> None:
        self._mode = station.mode
        self.say()

    def say(self) -> None:
        super().say()
        for number, line in enumerate(self.lines, start=1):
            line.setText(f"{number}.  " + self.words(f"station.rule_{number}"))
        self.waits.setText(self.words("station.start_hint"))
        self.again.name(self.words("station.practice_again"))
        self.start.name(self.words("station.start"))
