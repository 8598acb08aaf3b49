"""Programs of the bench that run in processes of their own and tell what they measured as JSON, a line each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def told(module: str, *words: str, environment: Mapping[str, str] | None = None) -> Any:
    """The last line of a program that has ended.  Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def tell(measured: Any) -> None:
    print(json.dumps(measured), flush=True)  # noqa: T201 - for the bench that started this program
