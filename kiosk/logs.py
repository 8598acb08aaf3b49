"""How every process of a terminal logs: one JSON object a line on standard error, for journald."""

from __future__ import annotations

import sys

import structlog


def log_to_stderr() -> None:
    """A traceback shows code, never the values in it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
