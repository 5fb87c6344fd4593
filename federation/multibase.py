"""Base58 (bitcoin alphabet), as multibase `z` uses it for keys. Source: draft-multiformats-multibase, appendix."""

from federation.errors import KeyInvalid

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LONGEST = 200  # decoding costs the square of the length; no key is longer


def base58_encode(data: bytes) -> str:
    """Base58 text; a leading zero byte becomes a leading `1`."""
    number, letters = int.from_bytes(data, "big"), []
    while number:
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def base58_decode(text: str) -> bytes:
    """The bytes of a base58 text. Raises KeyInvalid."""
    if len(text) > _LONGEST:
        raise KeyInvalid("base58 text too long")
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise KeyInvalid(f"{letter!r} is not a base58 letter")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
