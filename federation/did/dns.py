"""TXT records by the operating system's resolver: where a handle's domain says which account it names."""

_SECONDS = 5.0
_MOST = 50  # records looked at


async def look_up_txt(name: str) -> list[str]:
    """The texts of a name's TXT records; empty where there are none or nobody answers."""
    import dns.asyncresolver
    import dns.exception

    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=_SECONDS)
    except (dns.exception.DNSException, OSError):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in list(answer)[:_MOST]]
