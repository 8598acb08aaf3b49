"""A further proof of the person: two cards can be in one stolen wallet, a window would look at the face."""

from __future__ import annotations

from kiosk.contract import Kind, Problem, Proof, ProofChecked, ProofKind, ProofRequest, ProofSent
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.line import NoAnswer
from kiosk.prompts import Step, TypeCode, Typed
from kiosk.seal import seal_personal
from kiosk.words import Message, msg

CODE_DIGITS = 6


async def prove(desk: Desk, kind: Kind, step: Step) -> None:
    """What the policy asks for beyond the two cards; `desk.proof` afterwards.  A failure ends the service.

    Where a clerk vouches, the clerk looked at the face: nothing else is asked.
    """
    if desk.vouching is not None:
        return
    match desk.terminal.policy.proof_for(kind):
        case ProofKind.PHONE_CODE:
            desk.proof = await _phone_code(desk, kind, step)
        case other:
            raise AssertionError(f"the policy was checked at start: {other}")


async def _phone_code(desk: Desk, kind: Kind, step: Step) -> Proof:
    sent = await _send(desk, kind)
    trouble: Message | None = None
    while True:  # bounded by the centre: three tries
        page = TypeCode(
            step=step,
            title=msg("code.title"),
            body=msg("code.body", last2=sent.phone_last2),
            trouble=trouble,
            digits=CODE_DIGITS,
        )
        typed = await desk.ask(page)
        assert isinstance(typed, Typed)  # noqa: S101 - the page has no other answer
        desk.show_work(msg("code.checking"), about_s=2, step=step)
        checked = await desk.terminal.line.check_proof(sent.id, typed.text)
        match checked:
            case ProofChecked(ok=True):
                return Proof(ProofKind.PHONE_CODE, sent.id)
            case ProofChecked(tries_left=left) if left > 0:
                desk.log.info("phone_code_wrong", tries_left=left)
                trouble = msg("code.wrong", tries=left)
            case ProofChecked():
                await desk.refuse(Reason.CODE_SPENT)
            case Problem():
                await desk.refuse_as_centre(checked)
            case NoAnswer():
                await desk.refuse(Reason.NO_LINE)


async def _send(desk: Desk, kind: Kind) -> ProofSent:
    terminal = desk.terminal
    desk.show_work(msg("code.sending"), about_s=3)
    sealed = seal_personal(terminal.seal, desk.who(), terminal.name, desk.visit)
    sent = await terminal.line.proof(ProofRequest(visit=desk.visit, for_=kind, sealed=sealed))
    match sent:
        case ProofSent():
            return sent
        case Problem():
            await desk.refuse_as_centre(sent)
        case NoAnswer():
            await desk.refuse(Reason.NO_LINE)
