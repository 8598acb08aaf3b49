"""A centre for the journal's tests: real keys, the contract's rules of acknowledgement, nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import msgspec

from kiosk.contract import (
    Acknowledged,
    ChipResult,
    Domain,
    ItemAnswer,
    ItemEnvelope,
    Outcome,
    Problem,
    Signed,
    Text,
    Verdict,
    VerdictOutcome,
)
from kiosk.seal import OpenKey, SigningKey, VerifyKey, from_text

WORDS = Text("字", "words")
WORD_ON = {ChipResult.DONE: VerdictOutcome.DONE, ChipResult.NOT_DONE: VerdictOutcome.VOID}
"""As long as nobody knows, it stays `issued`."""
CHIP_KINDS = {"reload_pin", "unblock_pin"}


class Centre:
    """Keeps what arrived, answers the same id and bytes with the same verdict, and burns what it is told to burn."""

    def __init__(self, terminal_key: bytes) -> None:
        self.signing = SigningKey.generate()
        self.opening = OpenKey.generate()
        self.terminal = VerifyKey(terminal_key)
        self.stored: dict[str, tuple[str, Verdict]] = {}
        """Transaction → its item's bytes and the verdict on it."""
        self.burnt: set[str] = set()
        self.arrived: list[ItemEnvelope] = []
        self.executed: list[str] = []
        self.burns_authorised = False
        """Both are right while no secure message has left: to burn it, or to repeat the verdict."""
        self.issued: set[str] = set()
        """A secure message has left the HSM."""
        self.outcomes: dict[str, list[Outcome]] = {}
        self.wrong_outcomes: list[str] = []
        self.record: dict[str, Signed] = {}
        """The last verdict on each transaction, for who asks by id."""
        self.seqs: set[tuple[str, int]] = set()
        self.filled: set[int] = set()
        self.outcome = VerdictOutcome.DONE
        self.chip_outcome = VerdictOutcome.AUTHORISED

    def receive(self, item: ItemEnvelope) -> ItemAnswer:
        data = self.terminal.verify(item.domain, item.signed)
        assert isinstance(data, bytes), "the terminal signs what it sends"
        again = item in self.arrived
        self.arrived.append(item)
        answer = self._receive(item, data)
        if answer.verdict is not None and not again:
            self.record[item.id] = answer.verdict
        return answer

    def _receive(self, item: ItemEnvelope, data: bytes) -> ItemAnswer:
        said = json.loads(data)
        self.seqs.add((said["journal_id"], said["seq"]))
        if item.domain is Domain.VOID:
            return self._void(item.id, data, said)
        if item.domain is Domain.OUTCOME:
            return self._outcome(item.id, data)
        if said.get("fills_seq") is not None:
            self.seqs.add((said["journal_id"], said["fills_seq"]))
        return self._transaction(item.id, data)

    def _void(self, id: str, data: bytes, said: dict[str, int | str]) -> ItemAnswer:
        self.seqs.add((str(said["journal_id"]), int(said["burns_seq"])))
        if id in self.stored:
            stored = self.stored[id][1]
            if self.burns_authorised and stored.outcome is VerdictOutcome.AUTHORISED and id not in self.issued:
                self.burnt.add(id)
                return self.answer(self.verdict(id, data, VerdictOutcome.VOID))
            outcome = VerdictOutcome.ISSUED if id in self.issued else stored.outcome
            if told := self.outcomes.get(id):
                outcome = WORD_ON.get(told[-1].result, VerdictOutcome.ISSUED)
            return self.answer(msgspec.structs.replace(stored, outcome=outcome, acknowledged=acknowledged(data)))
        self.burnt.add(id)
        return self.answer(self.verdict(id, data, VerdictOutcome.VOID))

    def _transaction(self, id: str, data: bytes) -> ItemAnswer:
        known = self.stored.get(id)
        if known is not None:
            if known[0] != data.hex():
                return problem(409, "content_differs")
            return self.answer(known[1])
        if id in self.burnt:
            return self.answer(self.verdict(id, data, VerdictOutcome.VOID))
        on_the_chip = json.loads(data)["kind"] in CHIP_KINDS
        verdict = self.verdict(id, data, self.chip_outcome if on_the_chip else self.outcome)
        self.stored[id] = (data.hex(), verdict)
        if not on_the_chip:
            self.executed.append(id)
        return self.answer(verdict)

    def _outcome(self, id: str, data: bytes) -> ItemAnswer:
        """Of what was authorised, or of a PIN change nobody knew of; after anything but `unknown` no more is said."""
        outcome = msgspec.json.decode(data, type=Outcome)
        told = self.outcomes.setdefault(id, [])
        if outcome not in told:
            ended = bool(told) and told[-1].result is not ChipResult.UNKNOWN
            if ended or not self._may_have_outcome(id):
                self.wrong_outcomes.append(id)
                return problem(409, "not_authorised")
            told.append(outcome)
        word = WORD_ON.get(outcome.result, VerdictOutcome.ISSUED) if self._authorised(id) else VerdictOutcome.DONE
        return self.answer(self.verdict(id, data, word))

    def _may_have_outcome(self, id: str) -> bool:
        if id not in self.stored:
            return False
        item = json.loads(bytes.fromhex(self.stored[id][0]))
        return self._authorised(id) or (item["kind"], item.get("result")) == ("pin_changed", ChipResult.UNKNOWN)

    def _authorised(self, id: str) -> bool:
        return self.stored[id][1].outcome is VerdictOutcome.AUTHORISED

    def verdict(self, id: str, data: bytes, outcome: VerdictOutcome) -> Verdict:
        return Verdict(
            id=id,
            terminal=json.loads(data)["terminal"],
            outcome=outcome,
            code="00",
            reason=WORDS,
            effective_at=None,
            card_status=None,
            receipt_no="R1",
            acknowledged=acknowledged(data),
        )

    def answer(self, verdict: Verdict) -> ItemAnswer:
        return ItemAnswer(verdict=self.sign(verdict))

    def sign(self, verdict: Verdict) -> Signed:
        return self.signing.sign(Domain.VERDICT, msgspec.json.encode(verdict))


def acknowledged(data: bytes) -> Acknowledged:
    said = json.loads(data)
    return Acknowledged(
        journal_id=said["journal_id"],
        seq=said["seq"],
        item_sha256=hashlib.sha256(data).hexdigest(),
        record_seq=said["record_seq"],
        head=said["head"],
        time=dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC),
    )


def problem(status: int, code: str) -> ItemAnswer:
    return ItemAnswer(problem=Problem(code, status, WORDS))


def item_of(envelope: ItemEnvelope) -> dict[str, object]:
    item: dict[str, object] = json.loads(from_text(envelope.signed.item))
    return item
