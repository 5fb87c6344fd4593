"""DAG-CBOR, canonical only: bytes to plain values and back.

Two codecs speak the same: `cbrrr`, compiled, where the machine could build it, and `schemas.cbor.plain`, some thirty
times slower, where it could not (cbrrr comes as C source alone). Tests hold them against each other.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.cbor.plain import CID, decode_dag_cbor, decode_first, encode_dag_cbor

    COMPILED: bool
else:
    try:
        from cbrrr import CID, decode_dag_cbor, encode_dag_cbor
        from cbrrr import decode_multi_dag_cbor_in_violation_of_the_spec as _decode_each

        COMPILED = True

        def decode_first(data):
            return next(_decode_each(data), None)
    except ImportError:
        from schemas.cbor.plain import CID, decode_dag_cbor, decode_first, encode_dag_cbor

        COMPILED = False

__all__ = ["CID", "COMPILED", "decode_dag_cbor", "decode_first", "encode_dag_cbor"]
