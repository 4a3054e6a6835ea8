"""Halves of exchanges on streams -> rows: the n-th question of a flow with its n-th answer."""

from dataclasses import dataclass, field

from thingwarden.flows.collect import Collector, turned
from thingwarden.protocols.reader import ExchangeReader, Row

SWAPPED_NOTE = 1 << 31
MOST_OPEN = 64
"""Questions without answer that are kept for a flow; the oldest is told when there are more."""


@dataclass(slots=True)
class Half:
    """One half, and where it was seen."""

    context: bytes
    """A record of dtype `collect.CONTEXT`."""
    frame: int
    time_us: int
    row: Row


@dataclass(slots=True)
class Talk:
    """What is known of a flow's exchanges so far."""

    questions: dict[int, Half] = field(default_factory=dict)
    answers: dict[int, Half] = field(default_factory=dict)
    interim: int = 0
    """Answers that were only interim (HTTP 1xx), and do not count."""


class Exchanges:
    """Pairs the halves of one protocol."""

    def __init__(self, reader: ExchangeReader, collector: Collector) -> None:
        self._reader = reader
        self._collector = collector
        self._talks: dict[int, Talk] = {}
        self._no_question: Row = (None,) * reader.client_width
        self._no_answer: Row = (None,) * reader.server_width
        self._no_ending: Row = (None,) * reader.ending_width

    def question(self, flow_id: int, ordinal: int, half: Half) -> None:
        """The client's message `ordinal`."""
        talk = self._talks.setdefault(flow_id, Talk())
        if len(talk.questions) >= MOST_OPEN:
            oldest = next(iter(talk.questions))
            self._tell(talk.questions.pop(oldest), talk.answers.pop(oldest, None), None)
        talk.questions[ordinal] = half
        self._settle(talk, ordinal)

    def answer(self, flow_id: int, ordinal: int, half: Half | None) -> None:
        """The server's message `ordinal`; None: an interim one."""
        talk = self._talks.setdefault(flow_id, Talk())
        if half is None:
            talk.interim += 1
            return
        number = ordinal - talk.interim
        if len(talk.answers) >= MOST_OPEN:
            self._tell(None, talk.answers.pop(next(iter(talk.answers))), None)
        talk.answers[number] = half
        self._settle(talk, number)

    def ended(self, flow_id: int, notes: int) -> None:
        """No more will come on this flow; `notes` as the flow tracker left them."""
        talk = self._talks.pop(flow_id, None)
        if talk is None:
            return
        for number in sorted({*talk.questions, *talk.answers}):
            self._tell(talk.questions.get(number), talk.answers.get(number), notes)

    def flush(self) -> None:
        """Tell whatever is left."""
        for flow_id in list(self._talks):
            self.ended(flow_id, 0)

    def _settle(self, talk: Talk, number: int) -> None:
        """A row is told as soon as it is whole, unless it has an ending."""
        if self._reader.read_ending is None and number in talk.questions and number in talk.answers:
            self._tell(talk.questions.pop(number), talk.answers.pop(number), None)

    def _tell(self, question: Half | None, answer: Half | None, notes: int | None) -> None:
        asked = question.context if question else turned(answer.context) if answer else b""
        answered = (answer.frame, answer.time_us) if answer else (None, None)
        ending = self._no_ending
        if notes is not None and self._reader.read_ending is not None:
            ending = self._reader.read_ending(_from_client(notes))
        self._collector.add_row(
            asked,
            (
                *answered,
                *(question.row if question else self._no_question),
                *(answer.row if answer else self._no_answer),
                *ending,
            ),
        )


def _from_client(notes: int) -> int:
    """Notes with the client's bits first, whichever end of the flow it is."""
    if not notes & SWAPPED_NOTE:
        return notes
    sent = (notes & 1) << 1 | (notes >> 1 & 1)
    return sent | (notes >> 16 & 0xFF) << 8 | (notes >> 8 & 0xFF) << 16
