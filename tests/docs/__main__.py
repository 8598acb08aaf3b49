"""`./run docs`: write the generated pages."""

from __future__ import annotations

from tests.docs.services import PAGE, page

PAGE.write_text(page())
