"""Receipts and forms as data."""
