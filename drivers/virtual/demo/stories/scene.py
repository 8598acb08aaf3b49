"""What a story is played with."""

from __future__ import annotations

import msgspec

from drivers.virtual.bench import Bench
from drivers.virtual.demo.cast import Cast
from drivers.virtual.demo.citizen import Citizen
from drivers.virtual.demo.listener import Listener
from drivers.virtual.demo.office import Clerk, Office
from drivers.virtual.demo.pin_witnesses import PinWitnesses
from drivers.virtual.demo.service_witnesses import ServiceWitnesses
from drivers.virtual.demo.witnesses import Witnesses


class Scene(msgspec.Struct, frozen=True):
    cast: Cast
    citizen: Citizen
    listener: Listener
    bench: Bench
    witnesses: Witnesses
    pin_witnesses: PinWitnesses
    service_witnesses: ServiceWitnesses
    clerk: Clerk
    office: Office
