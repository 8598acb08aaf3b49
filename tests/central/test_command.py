"""`kiosk central …`: what the office does by hand, and what it is kept from doing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import structlog

from kiosk.contract import Signed
from kiosk.pairing import draft, read_office_key
from kiosk.policy.signing import read_signed, signature_of
from kiosk.seal import Rejected, SigningKey, VerifyKey, from_text
from sync.central import serving, tables
from sync.central.command import main
from tests.central.office import CARD, IDENTIFIER, NAME, NUMBER
from tests.kiosk.region import GUANGXI


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The command sets up its process's logs; here it is only a guest."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def run(state: Path, *words: str) -> int:
    return main(["--state", str(state), *words])


def test_the_test_keys_stand_behind_no_real_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "serve", "--port", "0") == 1
    assert "--demo" in capsys.readouterr().err


def test_a_wrong_store_is_told_what_is_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--store", "mysql://db/kiosk", "code", "T-1") == 1
    assert "postgresql://" in capsys.readouterr().err


def test_a_policy_with_a_mistake_is_named_before_its_quotas_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "region.toml"
    file.write_text(GUANGXI.read_text().replace("unblocks_per_card_a_day = 1", "unblocks_per_card_a_day = 0"))
    assert run(tmp_path, "--policy", str(file), "code", "T-1") == 1
    assert "unblocks_per_card_a_day" in capsys.readouterr().err


def test_a_code_given_by_hand_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "code", "T-1") == 0
    code = capsys.readouterr().out.strip()
    request = json.loads(draft(tmp_path / "terminal", "T-1", code).body)
    assert request["code"] == code
    assert len(code.replace("-", "")) * 5 >= 60, "bits"


def test_where_a_terminal_stands_is_said_with_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "code", "T-1", "--region", "459900") == 0
    with pytest.raises(SystemExit):
        run(tmp_path, "code", "T-1", "--region", "Nanning")
    assert "must be six digits" in capsys.readouterr().err
    centre = serving.open_centre(f"sqlite:///{tmp_path}/central.db", tmp_path)
    with centre.store.transaction():
        assert tables.Terminal.get_by_id("T-1").region == "459900"
    centre.store.close()


def test_clerks_get_their_credentials_once_and_are_withdrawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "clerk", "窗口3号") == 0
    number, password, otpauth = (line.split()[1] for line in capsys.readouterr().out.splitlines())
    assert number == "100001"
    assert re.fullmatch("[0-9]{6}", password)
    assert otpauth.startswith("otpauth://totp/")
    assert run(tmp_path, "clerk", "窗口4号") == 0
    assert "100002" in capsys.readouterr().out
    assert run(tmp_path, "clerk", "窗口3号", "--withdraw") == 0
    centre = serving.open_centre(f"sqlite:///{tmp_path}/central.db", tmp_path)
    with centre.store.transaction():
        assert {row.name for row in tables.Clerk.select() if row.withdrawn_at} == {"窗口3号"}
    centre.store.close()


def test_a_mistyped_clerk_is_not_withdrawn_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "clerk", "窗口3号") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["number", "password", "code"]
    assert run(tmp_path, "clerk", "窗口8号", "--withdraw") == 1
    assert "窗口8号" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", " ", " 窗口5号 ", "窗口\n5号"])
def test_a_clerk_has_a_name_that_can_be_typed_again(tmp_path: Path, name: str) -> None:
    for words in (("clerk", name), ("code", "T-1", "--operator", name)):
        with pytest.raises(SystemExit):
            run(tmp_path, *words)


def test_people_are_added_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = {"number": CARD, "identifier": IDENTIFIER, "region": "459900", "status": "4", "expires": "2034-04-06"}
    (tmp_path / "people.json").write_text(json.dumps([{"number": NUMBER, "name": NAME, "cards": [card]}]))
    for said in ("1 added", "0 added"):
        assert run(tmp_path, "seed", str(tmp_path / "people.json")) == 0
        assert capsys.readouterr().out.strip() == said


def test_a_broken_seed_file_is_named_and_nobody_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.json").write_text(json.dumps([{"number": NUMBER}]))
    assert run(tmp_path, "seed", str(tmp_path / "people.json")) == 1
    said = capsys.readouterr().err
    assert "people.json" in said
    assert NUMBER not in said


def test_an_order_waits_for_the_next_heartbeat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "code", "T-1")
    assert run(tmp_path, "order", "T-1", "out_of_service") == 0
    given = capsys.readouterr().out.split()[-1]
    centre = serving.open_centre(f"sqlite:///{tmp_path}/central.db", tmp_path)
    with centre.store.transaction():
        assert [row.id for row in tables.Order.select()] == [given]
    centre.store.close()


# --- new cards --------------------------------------------------------------------------------


@pytest.fixture
def order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Of the card of somebody who is on record with a formal loss."""
    card = {"number": CARD, "identifier": IDENTIFIER, "region": "459900", "status": "2", "replacement_filed": True}
    (tmp_path / "people.json").write_text(json.dumps([{"number": NUMBER, "name": NAME, "cards": [card]}]))
    run(tmp_path, "seed", str(tmp_path / "people.json"))
    capsys.readouterr()
    assert run(tmp_path, "production", "list") == 0
    said = capsys.readouterr().out
    assert NUMBER not in said
    number, last4, step = said.split()
    assert (last4, step) == (CARD[-4:], "data_collected")
    return number


def test_a_new_card_is_made_step_by_step(tmp_path: Path, order: str, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(tmp_path, "production", "advance", order) == 0
    made = ("--card", "T00000991", "459900D15600000500000099FFFFFFFF")
    assert run(tmp_path, "production", "advance", order, *made, "soon") == 1
    assert "YYYY-MM-DD" in capsys.readouterr().err
    assert run(tmp_path, "production", "advance", order, *made, "2036-03-02") == 0
    assert run(tmp_path, "production", "fail", order, "机器坏了", "The machine broke") == 0
    assert run(tmp_path, "production", "advance", order) == 1
    assert "place" in capsys.readouterr().err
    assert run(tmp_path, "production", "advance", order, "--place", "青秀大厅", "Qingxiu") == 0
    assert capsys.readouterr().out.split() == ["ready"]
    assert run(tmp_path, "production", "advance", order) == 0
    assert run(tmp_path, "production", "advance", order) == 1


def test_an_order_nobody_gave_cannot_advance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "production", "advance", "7") == 1
    assert "production list" in capsys.readouterr().err


# --- the office's rules -----------------------------------------------------------------------


@pytest.fixture
def policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A policy file that the development office has just signed."""
    file = tmp_path / "hall.toml"
    file.write_text('version = "2026-11"\nhotline = "12333"\n# 大厅\n')
    assert run(tmp_path / "centre", "policy", "sign", str(file)) == 0
    assert capsys.readouterr().out.strip() == f"{file}.sig"
    return file


def office_key(tmp_path: Path) -> VerifyKey:
    return read_office_key(tmp_path / "centre" / "office.pub")


def test_a_signed_policy_is_read_byte_for_byte(policy: Path, tmp_path: Path) -> None:
    assert read_signed(policy, office_key(tmp_path)) == policy.read_bytes()


def test_a_policy_changed_after_signing_is_not_read(policy: Path, tmp_path: Path) -> None:
    policy.write_text(policy.read_text() + "[reset_pin]\nenabled = true\n")
    assert isinstance(read_signed(policy, office_key(tmp_path)), Rejected)


def test_a_policy_of_another_office_is_not_read(policy: Path) -> None:
    assert isinstance(read_signed(policy, VerifyKey(SigningKey.generate().public)), Rejected)


def test_another_thing_the_office_signed_is_no_policy(policy: Path, tmp_path: Path) -> None:
    """The bundle of keys, put beside a file that says the same."""
    bundle = msgspec.json.decode((tmp_path / "centre" / "bundle.json").read_bytes(), type=Signed)
    policy.write_bytes(from_text(bundle.item))
    signature_of(policy).write_bytes(msgspec.json.encode(bundle))
    assert isinstance(read_signed(policy, office_key(tmp_path)), Rejected)


@pytest.mark.parametrize("signature", [None, b"", b"{}", b"\xff"])
def test_a_missing_or_broken_signature_is_named(policy: Path, tmp_path: Path, signature: bytes | None) -> None:
    signature_of(policy).unlink()
    if signature is not None:
        signature_of(policy).write_bytes(signature)
    answer = read_signed(policy, office_key(tmp_path))
    assert isinstance(answer, Rejected)
    assert str(signature_of(policy)) in answer.why


def test_a_policy_that_is_not_there_cannot_be_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "centre", "policy", "sign", str(tmp_path / "nothing.toml")) == 1
    assert "nothing.toml" in capsys.readouterr().err


def test_the_contract_is_printed_as_openapi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "openapi") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["openapi"].startswith("3.")
    assert "Heartbeat" in json.dumps(document["components"]["schemas"])
