"""Opening a centre and serving it: what `kiosk central …` calls."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from kiosk.clock import Clock, SystemClock
from kiosk.contract import OLD_ENOUGH, FirstOperator, Text
from kiosk.quotas import Quotas
from sync.central import keys, rules, tables
from sync.central.card_crypto import TEST_KEYS, load_master_keys
from sync.central.centre import Centre, SpentInStore
from sync.central.hsm import SoftwareHsm
from sync.central.http import make_app
from sync.central.rules import production
from sync.central.seed import Citizen, seed
from sync.central.store import Store
from sync.central.tls import PeerCertificateProtocol, server_context

log = structlog.get_logger()

BACKLOG = 2048
"""Connections that may wait: after an outage all terminals come at once."""


class TestKeysOutsideDemo(Exception):
    """Master keys that everybody knows must not stand behind real cards."""

    __test__ = False


def open_centre(
    url: str,
    state_dir: Path,
    *,
    master_keys: Path = TEST_KEYS,
    clock: Clock | None = None,
    limits: Quotas | None = None,
    old_enough: int = OLD_ENOUGH,
) -> Centre:
    """Keys are made in `state_dir` the first time.

    Raises BadStoreUrl, BadKeyFile, kiosk.pairing.NotPaired, OSError for what cannot be used.
    """
    clock = clock or SystemClock()
    hsm = SoftwareHsm(load_master_keys(master_keys), SpentInStore())
    return Centre(Store(url), keys.load_or_make(state_dir, clock.now()), hsm, clock, limits or Quotas(), old_enough)


def make_server(centre: Centre, state_dir: Path, host: str, *, also_named: Iterable[str] = ()) -> uvicorn.Server:
    """A server for `host` and further names; its TLS certificate is made anew each time."""
    hosts = list(dict.fromkeys([host, *also_named, "localhost", "127.0.0.1"]))
    files = keys.write_server_files(state_dir, centre.keys.authority, hosts, centre.now())
    context = server_context(*files, state_dir / "ca.crt")
    config = uvicorn.Config(
        make_app(centre),
        http=PeerCertificateProtocol,
        ssl_context_factory=lambda _config, _default: context,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    listener = socket.create_server((host, port), backlog=BACKLOG)
    # Inherited by accepted sockets.  asyncio would set it only on a socket whose protocol number is given, which
    # `create_server` does not do; without it every answer waits 40 ms for the client's delayed ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@dataclass(frozen=True)
class Address:
    """Where to listen, and by which further names terminals know this place."""

    host: str
    port: int
    also_named: tuple[str, ...] = ()


def serve(centre: Centre, state_dir: Path, address: Address, *, demo: bool) -> None:
    """Blocks until the process is told to end.  Raises TestKeysOutsideDemo; OSError if the port is taken."""
    if centre.hsm.for_tests_only and not demo:
        raise TestKeysOutsideDemo("these are the test keys that everybody knows: give --keys, or run with --demo")
    server = make_server(centre, state_dir, address.host, also_named=address.also_named)
    with listen(address.host, address.port) as listener:
        log.info("centre_listening", host=address.host, port=listener.getsockname()[1])
        server.run([listener])
    centre.store.close()


# --- the other words of `kiosk central` -------------------------------------------------------


def give_code(centre: Centre, terminal: str, region: str | None = None, operator: str | None = None) -> str:
    """A pairing code for a terminal of this name, good for 15 minutes.

    `region`: where it is to stand; `operator`: the clerk whose credentials come with the pairing.
    """
    with centre.store.transaction():
        return rules.new_code(centre, terminal, region, operator)


def give_credentials(centre: Centre, name: str) -> FirstOperator:
    """A clerk who may vouch for people at the terminals, with fresh credentials: the old ones are dead.

    The office's own word, so it brings back one whom it had withdrawn.
    """
    with centre.store.transaction():
        rules.name_clerk(name)
        return rules.give_credentials(centre, name)


def withdraw_clerk(centre: Centre, name: str) -> bool:
    """Nobody signs in by this name any more; what was vouched for before counts.  False: no such clerk."""
    with centre.store.transaction():
        known = tables.Clerk.get_or_none(name=name) is not None
        if known:
            rules.withdraw_clerk(centre, name)
        return known


def suspend(centre: Centre, terminal: str, *, suspended: bool = True) -> None:
    with centre.store.transaction():
        rules.suspend(terminal, suspended=suspended)


def revoke(centre: Centre, terminal: str) -> None:
    with centre.store.transaction():
        rules.revoke(terminal)


def add_people(centre: Centre, people: Iterable[Citizen]) -> int:
    """How many were not on record yet."""
    with centre.store.transaction():
        return seed(people, centre.now())


def list_production(centre: Centre) -> list[str]:
    """A line for each order: its number, the end of the card it replaces, the step that is to be done now."""
    with centre.store.transaction():
        return [
            f"{order.order}  {order.card.number[-4:]}  {production.following(order) or 'finished'}"
            for order in production.orders()
        ]


def advance_production(centre: Centre, number: str, told: Text | production.MadeCard | None) -> str:
    """The step that is reached now.  Raises CannotAdvance."""
    with centre.store.transaction():
        return production.advance(centre, number, told).value


def fail_production(centre: Centre, number: str, reason: Text) -> None:
    """Raises CannotAdvance."""
    with centre.store.transaction():
        production.fail(centre, number, reason)


def publish_policy(centre: Centre, state_dir: Path, version: str, text: str) -> None:
    """Signed here with the development office key."""
    with centre.store.transaction():
        rules.add_policy(centre, version, keys.sign_policy(state_dir, text))


def openapi(centre: Centre) -> dict[str, Any]:
    """The contract as an OpenAPI 3.1 document."""
    schema: dict[str, Any] = make_app(centre).openapi_schema.to_schema()
    return schema


def openapi_text(centre: Centre) -> str:
    return json.dumps(openapi(centre), ensure_ascii=False, indent=2) + "\n"
