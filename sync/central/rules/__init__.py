"""The centre's rules: plain functions over a store, without HTTP.

Each is called inside `centre.store.transaction()`, with the name that the caller's certificate carries, and answers
with a message of the contract or a `Problem`.
"""

from sync.central.rules.admission import admit
from sync.central.rules.clerks import give_credentials, name_clerk, sign_in, withdraw_clerk
from sync.central.rules.cryptograms import cryptogram
from sync.central.rules.items import get_transaction, put_outcome, put_transaction, put_void, take_items
from sync.central.rules.pairing import new_code, pair
from sync.central.rules.production import progress
from sync.central.rules.proofs import check_code, send_code
from sync.central.rules.queries import cards
from sync.central.rules.sequence import gaps
from sync.central.rules.terminals import (
    add_policy,
    heartbeat,
    order,
    policy,
    renew_certificate,
    revoke,
    suspend,
)

__all__ = [
    "add_policy",
    "admit",
    "cards",
    "check_code",
    "cryptogram",
    "gaps",
    "get_transaction",
    "give_credentials",
    "heartbeat",
    "name_clerk",
    "new_code",
    "order",
    "pair",
    "policy",
    "progress",
    "put_outcome",
    "put_transaction",
    "put_void",
    "renew_certificate",
    "revoke",
    "send_code",
    "sign_in",
    "suspend",
    "take_items",
    "withdraw_clerk",
]
