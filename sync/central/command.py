"""`kiosk central …`: run the reference centre, and do by hand what its office does."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import msgspec
import structlog

from kiosk.contract import OLD_ENOUGH, OrderKind, Text
from kiosk.pairing import NotPaired
from kiosk.policy.signing import signature_of
from kiosk.quotas import Quotas
from sync.central import keys, rules, serving
from sync.central.card_crypto import TEST_KEYS, BadKeyFile
from sync.central.centre import Centre
from sync.central.conformance import Asked, check_centre
from sync.central.conformance.people import SHIPPED, BadPeopleFile, load
from sync.central.rules.pairing import OperatorWithdrawn
from sync.central.rules.production import CannotAdvance, MadeCard
from sync.central.seed import Citizen
from sync.central.store import BadStoreUrl
from sync.pairing import PairingFailed

STATE = Path("/var/lib/kiosk-central")


class NotConforming(Exception):
    """Some check failed; each was told."""


class NoSuchClerk(ValueError):
    """Nobody was named so: a mistyped name withdraws nobody."""


class BadFile(ValueError):
    """Names the file and the fault, never a person."""


REFUSALS = (
    BadStoreUrl,
    BadKeyFile,
    BadFile,
    NoSuchClerk,
    BadPeopleFile,
    NotConforming,
    NotPaired,
    PairingFailed,
    serving.TestKeysOutsideDemo,
    CannotAdvance,
    OperatorWithdrawn,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """→ exit status: 0 well, 1 refused."""
    options = _parser().parse_args(arguments)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except (*REFUSALS, OSError) as error:
        _say(f"kiosk central: {error}", sys.stderr)
        return 1
    return 0


# --- words ----------------------------------------------------------------------------------


def _serve(options: argparse.Namespace) -> None:
    centre = _open(options)
    if options.people is not None:
        serving.add_people(centre, _read_people(options.people))
    address = serving.Address(options.host, options.port, tuple(options.named))
    serving.serve(centre, options.state, address, demo=options.demo)


def _code(options: argparse.Namespace) -> None:
    _say(serving.give_code(_open(options), options.terminal, options.region, options.operator))


def _clerk(options: argparse.Namespace) -> None:
    """What is said is said once: for the clerk alone."""
    centre = _open(options)
    if options.withdraw:
        if not serving.withdraw_clerk(centre, options.name):
            raise NoSuchClerk(f"{options.name!r}: no clerk of that name")
        return
    given = serving.give_credentials(centre, options.name)
    _say(f"number    {given.number}\npassword  {given.password}\ncode      {given.otpauth}")


def _suspend(options: argparse.Namespace) -> None:
    serving.suspend(_open(options), options.terminal)


def _resume(options: argparse.Namespace) -> None:
    serving.suspend(_open(options), options.terminal, suspended=False)


def _revoke(options: argparse.Namespace) -> None:
    serving.revoke(_open(options), options.terminal)


def _order(options: argparse.Namespace) -> None:
    centre = _open(options)
    with centre.store.transaction():
        given = rules.order(centre, options.terminal, OrderKind(options.kind), options.policy_version)
    _say(given.order_id)


def _seed(options: argparse.Namespace) -> None:
    _say(f"{serving.add_people(_open(options), _read_people(options.people))} added")


def _list_production(options: argparse.Namespace) -> None:
    for line in serving.list_production(_open(options)):
        _say(line)


def _advance_production(options: argparse.Namespace) -> None:
    told: Text | MadeCard | None = None
    if options.place is not None:
        told = Text(*options.place)
    if options.card is not None:
        number, identifier, expires = options.card
        told = MadeCard(number, identifier, _day(expires))
    _say(serving.advance_production(_open(options), options.order, told))


def _fail_production(options: argparse.Namespace) -> None:
    serving.fail_production(_open(options), options.order, Text(options.zh, options.en))


def _sign_policy(options: argparse.Namespace) -> None:
    """With the development office key: a real office signs where its offline key is."""
    _open(options)
    try:
        text = options.file.read_bytes().decode()
    except UnicodeDecodeError:
        raise BadFile(f"{options.file}: not UTF-8") from None
    signed = keys.sign_policy(options.state, text)
    signature_of(options.file).write_bytes(msgspec.json.encode(signed))
    _say(str(signature_of(options.file)))


def _check(options: argparse.Namespace) -> None:
    asked = Asked(
        options.url.rstrip("/"), options.ca, options.office_key, options.terminal, options.code, load(options.people)
    )
    if not check_centre(asked, _say):
        raise NotConforming("the centre does not keep the contract")


def _openapi(options: argparse.Namespace) -> None:
    _say(serving.openapi_text(_open(options)))


# --- pieces -----------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> Centre:
    options.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = options.store or f"sqlite:///{(options.state / 'central.db').absolute()}"
    policy = _Policy() if options.policy is None else _read_policy(options.policy)
    return serving.open_centre(
        url, options.state, master_keys=options.keys, limits=policy.quotas, old_enough=policy.id_card.minimum_age
    )


class _IdCardRules(msgspec.Struct, frozen=True):
    minimum_age: int = OLD_ENOUGH


class _Policy(msgspec.Struct, frozen=True):
    """What of a region's policy is the centre's."""

    quotas: Quotas = Quotas()
    id_card: _IdCardRules = _IdCardRules()


def _read_policy(file: Path) -> _Policy:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=_Policy)
    except msgspec.MsgspecError as error:
        raise BadFile(f"{file}: {error}") from None


def _read_people(file: Path) -> list[Citizen]:
    """A JSON list of `Citizen`."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Citizen])
    except msgspec.MsgspecError as error:
        raise BadFile(f"{file}: {error}") from None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CannotAdvance(f"{text!r}: a day is written YYYY-MM-DD") from None


def _region(text: str) -> str:
    if not re.fullmatch(r"\d{6}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r}: must be six digits")
    return text


def _clerk_name(text: str) -> str:
    if not text or text != text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r}: must be a name, without spaces before or after it")
    return text


def _say(text: str, to: TextIO | None = None) -> None:
    print(text, file=to)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk central", description="the reference central system")
    parser.add_argument("--state", type=Path, default=STATE, help=f"keys and database (default {STATE})")
    parser.add_argument("--store", help="sqlite:///… or postgresql://… (default: central.db in the state folder)")
    parser.add_argument("--keys", type=Path, default=TEST_KEYS, help="HSM master keys, TOML")
    parser.add_argument(
        "--policy", type=Path, help="a region's policy, whose quotas are kept (default: those of kiosk/quotas.py)"
    )
    words = parser.add_subparsers(required=True, metavar="WORD")

    serve = _word(words, "serve", _serve, "answer terminals over HTTPS")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument("--named", action="append", default=[], help="a further name for the server's certificate")
    serve.add_argument("--people", type=Path, help="JSON file of people to add first")
    serve.add_argument("--demo", action="store_true", help="run with the test keys")

    code = _word(words, "code", _code, "give a pairing code")
    code.add_argument("terminal")
    code.add_argument("--region", type=_region, help="AAB301, six digits: where it stands, to activate cards there")
    code.add_argument(
        "--operator", type=_clerk_name, metavar="NAME", help="a clerk whose first credentials `kiosk pair` is to tell"
    )
    told = "number, password and otpauth URI of a clerk, new: whoever has them vouches for people at the terminals"
    clerk = _word(words, "clerk", _clerk, told)
    clerk.add_argument("name", type=_clerk_name)
    clerk.add_argument("--withdraw", action="store_true", help="not any more")
    for name, run, text in (
        ("suspend", _suspend, "refuse everything but heartbeats"),
        ("resume", _resume, "take a suspension back"),
        ("revoke", _revoke, "take all its certificates back"),
    ):
        _word(words, name, run, text).add_argument("terminal")
    order = _word(words, "order", _order, "give a terminal an order")
    order.add_argument("terminal")
    order.add_argument("kind", choices=[kind.value for kind in OrderKind])
    order.add_argument("--policy-version")
    _word(words, "seed", _seed, "add people from a JSON file").add_argument("people", type=Path)
    policy = words.add_parser("policy", help="the office's rules for its terminals")
    policy_words = policy.add_subparsers(required=True, metavar="WORD")
    sign = _word(policy_words, "sign", _sign_policy, "write FILE.sig, signed with the development office key")
    sign.add_argument("file", type=Path)
    check = _word(words, "check", _check, "whether anybody's centre keeps the contract, as far as a terminal can see")
    check.add_argument("url", help="https://…")
    check.add_argument("--ca", type=Path, required=True, help="the CA that vouches for the centre, PEM")
    check.add_argument("--office-key", type=Path, required=True, help="public half of the office's offline key")
    check.add_argument("--terminal", required=True, help="a name registered for this alone")
    check.add_argument("--code", required=True, help="pairing code for that name")
    check.add_argument("--people", type=Path, default=SHIPPED, help=f"test people, TOML (default {SHIPPED})")
    production = words.add_parser("production", help="new cards that are being made")
    production_words = production.add_subparsers(required=True, metavar="WORD")
    _word(production_words, "list", _list_production, "each order, the end of the card it replaces, the step before it")
    advance = _word(production_words, "advance", _advance_production, "one step further")
    advance.add_argument("order")
    facts = advance.add_mutually_exclusive_group()
    facts.add_argument("--place", nargs=2, metavar=("ZH", "EN"), help="where it can be collected, with the step ready")
    facts.add_argument(
        "--card",
        nargs=3,
        metavar=("NUMBER", "IDENTIFIER", "EXPIRES"),
        help="which card it is, with the step card_made; collected, it takes the old one's place",
    )
    fail = _word(production_words, "fail", _fail_production, "stop it, until it is advanced again")
    fail.add_argument("order")
    fail.add_argument("zh", help="why, in Chinese")
    fail.add_argument("en", help="why, in English")
    _word(words, "openapi", _openapi, "print the contract as OpenAPI")
    return parser


def _word(
    words: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    parser = words.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser
