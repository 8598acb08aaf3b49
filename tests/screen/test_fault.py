"""A page that cannot be drawn: the person reads that the machine has a fault, never a trace."""

from __future__ import annotations

from tests.screen.conftest import Glass


def test_a_fault_in_a_page_shows_out_of_service(glass: Glass) -> None:
    glass.tell(ask="confirm", settle=True)
    glass.tell(break_page=True, settle=True)
    assert "暂停服务" in glass.texts()
    assert "12333" in glass.texts()
