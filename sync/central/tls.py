"""TLS 1.3, and the caller's certificate where the application can see it."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

from uvicorn.protocols.http.h11_impl import H11Protocol

PEER_CERTIFICATE = "peer_certificate"
"""Key in the request's state: DER bytes, or None."""


class PeerCertificateProtocol(H11Protocol):
    """uvicorn tells applications nothing of the client's certificate; this puts it into each request's state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connection = transport.get_extra_info("ssl_object")
        certificate = connection.getpeercert(binary_form=True) if connection is not None else None
        self.app_state = {**self.app_state, PEER_CERTIFICATE: certificate}


def server_context(certificate: Path, key: Path, ca: Path) -> ssl.SSLContext:
    """A client may come without a certificate (to pair), but not with one of another CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
