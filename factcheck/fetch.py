"""Fetching a page that a user names, without becoming a way into the network that this runs in.

Threat model. The address comes from a user of the app, or from whoever wrote the page that redirects; both may be
hostile, and the server may stand in a newsroom's network or in a cloud. They may try to

* reach this machine, its network or the cloud's metadata service: by a private address in any spelling (decimal, octal,
  hex, IPv4 inside IPv6), by a name that resolves to one, by a name with one public and one private address, by a
  redirect, or by a name that resolves differently the second time (DNS rebinding). So a name is resolved once, here;
  every address that it has must be public; the connection goes to the address that was checked, with the name kept for
  `Host` and for TLS; each redirect is checked from the start; proxies of the environment are not used.
* reach other services: only http and https on ports 80 and 443 of the default kind, and no user names or passwords.
  Articles hardly ever live on other ports, and services that do are what such attacks look for.
* make this machine wait or fill up: one time limit over everything, a size limit on what is received and on what it
  unpacks to, a limit on redirects and on headers.
* hand over something that is not an article: only the media types that `factcheck.read` can read.

No cookie, no referrer and no credential is sent. A redirect from https to http is followed: nothing secret travels, and
shortened links do it. What is fetched stays untrusted text.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from factcheck.errors import FetchError

MAX_REDIRECTS = 5
MAX_URL_CHARS = 2_000
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_OVERHEAD = 1_000_000
"""Bytes for headers and the marks of chunks, beyond twice the limit of a body."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", _WORD})
"""What may be fetched; the rest is refused before its body is read."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""A host name and a port to the addresses that it has, as text."""

_BLOCKED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # "this network": RFC 1122, 3.2.1.3
            "10.0.0.0/8",  # private: RFC 1918
            "100.64.0.0/10",  # shared by carriers (CGNAT), and Alibaba's metadata: RFC 6598
            "127.0.0.0/8",  # loopback: RFC 1122, 3.2.1.3
            "168.63.129.16/32",  # Azure's host agent, on a public address: no RFC, Microsoft's documentation
            "169.254.0.0/16",  # link-local, and most clouds' metadata: RFC 3927
            "172.16.0.0/12",  # private: RFC 1918
            "192.0.0.0/24",  # protocol assignments, and Oracle's metadata: RFC 6890
            "192.0.2.0/24",  # documentation: RFC 5737
            "192.88.99.0/24",  # 6to4 relays, withdrawn: RFC 7526
            "192.168.0.0/16",  # private: RFC 1918
            "198.18.0.0/15",  # benchmarks: RFC 2544
            "198.51.100.0/24",  # documentation: RFC 5737
            "203.0.113.0/24",  # documentation: RFC 5737
            "224.0.0.0/4",  # multicast: RFC 5771
            "240.0.0.0/4",  # reserved, and the broadcast address: RFC 1112, RFC 919
        ),
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")  # all that is global unicast so far: RFC 4291, 2.4
_BLOCKED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, with Teredo and ORCHID: RFC 2928, RFC 4380, RFC 7343
            "2001:db8::/32",  # documentation: RFC 3849
            "2002::/16",  # 6to4, an IPv4 address inside, withdrawn: RFC 3056, RFC 7526
            "3fff::/20",  # documentation: RFC 9637
        ),
    )
)
# Outside 2000::/3 and so refused: loopback and unspecified (RFC 4291), IPv4-compatible (RFC 4291, 2.5.5.1), link-local
# (RFC 4291), unique local with AWS's fd00:ec2::254 (RFC 4193), site-local (RFC 3879), multicast (RFC 4291), local NAT64
# (RFC 8215), SRv6 (RFC 9602), discard-only (RFC 6666).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address, checked as one

_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: before an IPv4 address, in any network


class Fetched(NamedTuple):
    """What lay at an address: the address after redirects, the Content-Type header, and the unpacked body."""

    url: str
    content_type: str
    data: bytes


class _Target(NamedTuple):
    url: str
    scheme: str
    host: str
    port: int
    path: str


def fetch(
    url: str,
    *,
    timeout: float,
    max_bytes: int,
    resolve: Resolver | None = None,
    allow_private: Collection[str] = (),
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """The content of a public http(s) address.

    Args:
        url: the address, as a user gives it.
        timeout: seconds for everything together: names, connections, redirects, body.
        max_bytes: limit of the body, as received and as unpacked.
        resolve: how names become addresses; the system's resolver unless given.
        allow_private: addresses or networks (`127.0.0.1`, `10.1.0.0/16`) that are let through on any port though they
            are not public: a newsroom's own server, or a test's.
        tls: certificates to trust; the system's and certifi's unless given.

    Raises:
        FetchError: the address is refused, cannot be reached, or gives no article; the sentence says which.
    """
    deadline = time.monotonic() + timeout
    allowed = tuple(ipaddress.ip_network(network) for network in allow_private)
    target = _target(url)
    for _ in range(MAX_REDIRECTS + 1):
        addresses = _checked_addresses(target, resolve or _system_resolver, allowed, deadline)
        try:
            answer = _ask(target, addresses, deadline, max_bytes, tls)
        except TimeoutError as error:
            raise FetchError(
                f"{target.url} did not answer within {timeout:g} seconds."
                " Try again, or save the page and give the file."
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise FetchError(
                f"The certificate of {target.host} is not valid ({error.verify_message}), so its page was not read."
            ) from error
        except (
            OSError,
            http.client.HTTPException,
            ValueError,
        ) as error:  # http.client lets an odd chunk length through
            raise FetchError(
                f"{target.url} could not be fetched ({_reason(error)}). Check the address and the network."
            ) from error
        if isinstance(answer, Fetched):
            return answer
        target = _target(_joined(target.url, answer))
    raise FetchError(
        f"{url} redirects more than {MAX_REDIRECTS} times. Open it in a browser and give the last address."
    )


def _joined(base: str, place: str) -> str:
    try:
        return urljoin(base, place)
    except ValueError as error:
        raise FetchError(f"{base} redirects to an address that is not valid.") from error


# --- the guard ----------------------------------------------------------------------------------------------------


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, looking through IPv4 inside IPv6.

    IANA's special-purpose registries (RFC 6890 and its updates) are the rule; the library's own table is asked too, so
    that a network added to it later is refused even before it is added here.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _BLOCKED_V4)
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:  # ::ffff:0:0/96, RFC 4291, 2.5.5.2
        return is_public(address.ipv4_mapped)
    within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        return is_public(within)
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(within):
        return False
    return address in _PUBLIC_V6 and address.is_global and not any(address in network for network in _BLOCKED_V6)


def _target(url: str) -> _Target:
    """The parts of an address, or a refusal. Nothing ambiguous passes: parsers differ, and attacks live there."""
    url = url.strip()
    shown = url if len(url) <= 200 else url[:200] + "..."
    if len(url) > MAX_URL_CHARS:
        raise FetchError(f"The address {shown} is longer than {MAX_URL_CHARS:,} characters.")
    if re.search(r"[\x00-\x20\x7f\\\ud800-\udfff]", url):
        raise FetchError(f"The address {shown!r} holds a space, a backslash or a control character. Copy it again.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"The address {shown} is not a valid URL ({error}). Copy it again.") from error
    if parts.scheme not in _PORTS:
        raise FetchError(f"The address {shown} does not begin with http:// or https://, and only those are fetched.")
    if "@" in parts.netloc:
        raise FetchError("The address holds a user name or password, and such addresses are not fetched. Take it out.")
    if "[" in parts.netloc and ":" not in (parts.hostname or ""):  # IPvFuture: RFC 3986, 3.2.2
        raise FetchError(f"The address {shown} holds no valid IPv6 address.")
    host = _host(parts.hostname or "", shown)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    port = _PORTS[parts.scheme] if port is None else port
    netloc = (f"[{host}]" if ":" in host else host) + ("" if port == _PORTS[parts.scheme] else f":{port}")
    return _Target(f"{parts.scheme}://{netloc}{path}{query}", parts.scheme, host, port, path + query)


def _host(host: str, shown: str) -> str:
    """A host name in ASCII, or an address in its one usual spelling."""
    if not host:
        raise FetchError(f"The address {shown} names no host. Copy it again.")
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise FetchError(f"The address {shown} holds no valid IPv6 address.") from error
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise FetchError(f"The host name in {shown} is not valid. Copy the address again.") from error
    if not re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", name):
        raise FetchError(f"The host name in {shown} is not valid. Copy the address again.")
    # 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 all mean 127.0.0.1 to some resolvers (inet_aton).
    if re.fullmatch(r"0x[0-9a-f]*|\d+", name.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise FetchError(
                f"The address {shown} spells a numeric address in an unusual way and is refused."
            ) from error
    return name


def _checked_addresses(
    target: _Target, resolve: Resolver, allowed: Sequence[Any], deadline: float
) -> tuple[Address, ...]:
    """Every address of the host, all of them checked."""
    try:
        addresses: tuple[Address, ...] = (ipaddress.ip_address(target.host),)
    except ValueError:
        addresses = _resolved(target, resolve, deadline)

    def let_through(address: Address) -> bool:
        return any(address.version == network.version and address in network for network in allowed)

    for address in addresses:
        if let_through(address):
            continue
        if not is_public(address):
            raise FetchError(
                f"{target.host} is at {address}, which is not a public address, so it was not fetched."
                " Save the page and give the file."
            )
        if target.port != _PORTS[target.scheme]:
            raise FetchError(
                f"{target.url} asks for port {target.port}; {target.scheme} is only fetched from port"
                f" {_PORTS[target.scheme]}. Save the page and give the file."
            )
    return addresses


def _resolved(target: _Target, resolve: Resolver, deadline: float) -> tuple[Address, ...]:
    found: list[Sequence[str] | Exception] = []

    def ask() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            found.append(error)

    # The system's resolver takes no time limit, so it is given up on, not waited for.
    worker = threading.Thread(target=ask, name="resolve", daemon=True)
    worker.start()
    worker.join(max(0.0, deadline - time.monotonic()))
    if not found:
        raise FetchError(f"The name {target.host} could not be resolved in time. Check the network and try again.")
    if isinstance(found[0], Exception) or not found[0]:
        raise FetchError(f"There is no host {target.host}, or its name cannot be resolved. Check the address.")
    try:
        return tuple(dict.fromkeys(ipaddress.ip_address(address) for address in found[0]))
    except ValueError as error:
        raise FetchError(f"The name {target.host} resolves to something that is not an address.") from error


def _system_resolver(host: str, port: int) -> Sequence[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


# --- one request --------------------------------------------------------------------------------------------------


def _ask(
    target: _Target, addresses: Sequence[Address], deadline: float, max_bytes: int, tls: ssl.SSLContext | None
) -> Fetched | str:
    """One request to one of the checked addresses: the content, or the address that it redirects to."""
    sock = _connected(target, addresses, deadline, tls)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.default_port = _PORTS[target.scheme]
    connection.sock = _Limited(sock, deadline, 2 * max_bytes + _OVERHEAD, _too_long(target.url, max_bytes))
    with contextlib.closing(sock):
        headers = {
            "Accept": ", ".join(sorted(MEDIA_TYPES)),
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            "User-Agent": "factcheck/0.1 (fact-checking; one page at a user's request)",
        }
        connection.request("GET", target.path, headers=headers)
        response = connection.getresponse()
        place = response.getheader("Location")
        if response.status in _REDIRECTS and place:
            return place.encode("latin-1").decode("utf-8", "replace")
        if response.status != 200:
            raise FetchError(f"{target.url} answered {response.status} {response.reason}. {_advice(response.status)}")
        content_type = response.getheader("Content-Type") or ""
        kind = content_type.partition(";")[0].strip().lower()
        if kind not in MEDIA_TYPES:
            raise FetchError(
                f"{target.url} is {kind or 'of no stated type'}; only web pages, text, PDF and DOCX are read."
            )
        return Fetched(target.url, content_type, _body(response, target.url, max_bytes))


def _connected(
    target: _Target, addresses: Sequence[Address], deadline: float, tls: ssl.SSLContext | None
) -> socket.socket:
    problem: OSError = OSError("no address")
    for tried, address in enumerate(addresses):
        try:
            # A share of the time for each, so that one dead address does not use it all up.
            timeout = _left(deadline) / (len(addresses) - tried)
            sock = socket.create_connection((str(address), target.port), timeout=timeout)
        except OSError as error:
            problem = error
            continue
        if target.scheme == "http":
            return sock
        try:
            sock.settimeout(_left(deadline))
            return (tls or _system_tls()).wrap_socket(sock, server_hostname=target.host)
        except BaseException:
            sock.close()
            raise
    raise problem


def _system_tls() -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    # Python on macOS and in bare containers finds no certificates of the system.
    context.load_verify_locations(certifi.where())
    return context


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    return left


class _Limited:
    """A socket whose every operation ends at one deadline: a server that drips bytes cannot hold it open.

    It gives so many bytes at most, whatever http.client makes of them: a chunk of negative length has that read all
    that comes, and it reads trailers and 1xx answers without end.
    """

    def __init__(self, sock: socket.socket, deadline: float, most: int, over: FetchError) -> None:
        self._sock, self._deadline, self._most, self._over = sock, deadline, most, over

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._sock, self._deadline, self._most, self._over))

    def close(self) -> None:
        """Nothing: http.client closes its connection before the body is read; `_ask` closes the socket."""


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float, most: int, over: FetchError) -> None:
        self._sock, self._deadline, self._left, self._over = sock, deadline, most, over

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        received = self._sock.recv_into(buffer)
        self._left -= received
        if self._left < 0:
            raise self._over
        return received


def _too_long(url: str, max_bytes: int) -> FetchError:
    return FetchError(
        f"{url} is larger than {max_bytes:,} bytes. Save the article's text and give the file, or raise"
        " FACTCHECK_FETCH_MAX_BYTES."
    )


def _body(response: http.client.HTTPResponse, url: str, max_bytes: int) -> bytes:
    too_long = _too_long(url, max_bytes)
    announced = response.length
    if (announced or 0) > max_bytes:
        raise too_long
    received, unpacked = 0, bytearray()
    unpacker = _Unpacker(response.getheader("Content-Encoding") or "", url)
    while chunk := response.read(_CHUNK):
        received += len(chunk)
        for piece in unpacker.pieces(chunk):
            unpacked += piece
            if len(unpacked) > max_bytes:
                raise too_long
        if received > max_bytes:
            raise too_long
    if announced is not None and received < announced:
        raise FetchError(f"{url} broke off after {received:,} of {announced:,} bytes. Try again.")
    unpacker.finish()
    return bytes(unpacked)


class _Unpacker:
    """Packed bytes to unpacked ones in small pieces, so that a bomb is noticed while it is small."""

    def __init__(self, encoding: str, url: str) -> None:
        self._encoding, self._url = encoding.strip().lower(), url
        self._machine: Any = None
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(
                f"{url} is packed as {encoding[:40]!r}, which was not asked for. Save the page and give the file."
            )

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk unpacks to, at most `_CHUNK` bytes at a time."""
        if self._encoding in ("", "identity"):
            yield chunk
            return
        if self._machine is None:
            # Servers call both zlib's format (RFC 1950) and bare deflate (RFC 1951) "deflate".
            bare = self._encoding == "deflate" and chunk[0] & 0x0F != 8
            self._machine = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        full = True
        while not self._machine.eof and (chunk or full):
            try:
                piece = self._machine.decompress(chunk, _CHUNK)
            except zlib.error as error:
                raise FetchError(f"{self._url} sent damaged data ({error}). Try again.") from error
            yield piece
            chunk, full = self._machine.unconsumed_tail, len(piece) == _CHUNK

    def finish(self) -> None:
        """Raises FetchError if packed data ended before its end."""
        if self._machine is not None and not self._machine.eof:
            raise FetchError(f"{self._url} sent damaged data (it broke off). Try again.")


def _advice(status: int) -> str:
    if status in (401, 402, 403, 407, 429, 451):
        return "The site does not let programs in, or wants a login. Copy the text from the browser and paste it."
    if status in (404, 410):
        return "There is no such page. Check the address."
    return "Try again later, or copy the text from the browser and paste it."


def _reason(error: BaseException) -> str:
    if isinstance(error, http.client.HTTPException | ValueError):
        return f"its answer is not valid HTTP: {type(error).__name__}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
