"""The did:plc method: self-certifying operations, and the audit of their history.

Source: https://web.plc.directory/spec/v0.1/did-plc
"""

from federation.plc.data import PlcData, Service
from federation.plc.history import RECOVERY_WINDOW, AuditEntry, History, audit
from federation.plc.operation import (
    Operation,
    did_of,
    make_genesis,
    make_operation,
    parse_operation,
    sign_operation,
)

__all__ = [
    "RECOVERY_WINDOW",
    "AuditEntry",
    "History",
    "Operation",
    "PlcData",
    "Service",
    "audit",
    "did_of",
    "make_genesis",
    "make_operation",
    "parse_operation",
    "sign_operation",
]
