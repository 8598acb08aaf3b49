"""A resident ID card reader that exists only on the wire, and the documents to lay on it."""

from drivers.virtual.id_reader.document import IdDocument, text_block
from drivers.virtual.id_reader.machine import IdReader, RefindingIdReader
from drivers.virtual.id_reader.served import ServedIdReader

__all__ = ["IdDocument", "IdReader", "RefindingIdReader", "ServedIdReader", "text_block"]
