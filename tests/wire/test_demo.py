"""The demo plays its stories: three processes, a window, a centre, and witnesses who must agree."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from drivers.virtual.demo import main
from drivers.virtual.pcscd import VirtualReaders


def play(reader: VirtualReaders, out: Path, *words: str) -> int:
    """`kiosk demo …` in a run that holds the virtual reader already."""
    return main([*words, "--out", str(out)], readers=lambda _wait_s: contextlib.nullcontext(reader))


def told(*stories: str) -> list[str]:
    return [word for story in stories for word in ("--story", story)]


def test_a_citizen_is_served_online_and_offline(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    assert play(virtual_reader, tmp_path, *told("status-v3", "another-persons-card", "loss-v1", "offline-v2")) == 0
    pictures = sorted(file.name for file in tmp_path.glob("*.png"))
    assert len([name for name in pictures if name.endswith("-slip.png")]) == 2
    assert pictures[0] == "001-status-v3-attract.png"


def test_english_on_an_upright_screen(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    assert play(virtual_reader, tmp_path, *told("loss-v2"), "--language", "en", "--size", "1080x1920") == 0


def test_killing_any_process_between_confirm_and_result_loses_nothing(
    virtual_reader: VirtualReaders, tmp_path: Path
) -> None:
    victims = [f"kill-{victim}-loss-before-result" for victim in ("devices", "sync", "terminal")]
    assert play(virtual_reader, tmp_path, *told(*victims)) == 0


def test_a_device_that_hangs_is_replaced_while_the_others_go_on(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    assert play(virtual_reader, tmp_path, *told("card-reader-hangs")) == 0


def test_killing_what_the_terminal_needs_is_told_and_outlived(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    victims = ("kill-centre-loss-before-result", "kill-centre-loss-before-answer", "kill-pcscd-status")
    assert play(virtual_reader, tmp_path, *told(*victims)) == 0


def test_a_new_pin_is_on_the_chip_at_the_centre_and_in_the_journal(
    virtual_reader: VirtualReaders, tmp_path: Path
) -> None:
    """A normal 3.0 card after a weak choice; a blocked 2.0 card that came back after nobody knew."""
    assert play(virtual_reader, tmp_path, *told("reset-weak-pin", "reset-v3", "reset-in-doubt-not-done")) == 0


def test_a_new_pin_is_typed_on_the_pad_alone(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    assert play(virtual_reader, tmp_path, *told("reset-on-pad")) == 0


def test_a_blocked_pin_is_unblocked(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    assert play(virtual_reader, tmp_path, *told("unblock-v2", "unblock-wrong-pin")) == 0


def test_every_other_service_goes_well(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    """Chip, centre and journal agree after each."""
    services = ("change-pin", "release", "formal-loss", "replacement", "activation", "assisted", "progress", "guide")
    assert play(virtual_reader, tmp_path, *told(*services)) == 0


def test_killing_any_process_while_the_chip_gets_its_new_pin_leaves_one_truth(
    virtual_reader: VirtualReaders, tmp_path: Path
) -> None:
    victims = [f"kill-{victim}-reset-on-chip" for victim in ("devices", "sync", "terminal")]
    assert play(virtual_reader, tmp_path, *told(*victims)) == 0


def test_what_does_not_start_is_named(
    virtual_reader: VirtualReaders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text('[devices.id_card]\nport = "not a path"\n')
    assert play(virtual_reader, tmp_path, *told("status-v1"), "--config", str(config)) == 1
    assert "devices.id_card.port" in capsys.readouterr().err


def test_a_loss_and_a_reset_by_ear_and_keypad_alone(virtual_reader: VirtualReaders, tmp_path: Path) -> None:
    """The listener goes by what the voice says; the screen is black from the first key to the last."""
    assert play(virtual_reader, tmp_path, *told("heard")) == 0
