"""The address guard against the known tricks, and fetching against real servers on loopback."""

from __future__ import annotations

import gzip
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from factcheck.errors import FetchError
from factcheck.fetch import Fetched, fetch, is_public

PAGE = b"<html><body><p>Kim menyambut Putin di bandara Pyongyang.</p></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Site:
    """A loopback server whose pages are functions of the request; it remembers what was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                site.pages[self.path](self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = int(self.server.server_address[1])
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def page(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        given = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {**HTML, "Content-Length": str(len(body)), **given}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return f"http://news.example:{self.port}{path}"

    def raw(self, path: str, answer: Callable[[Any], None]) -> str:
        self.pages[path] = lambda handler: answer(handler.wfile)
        return f"http://news.example:{self.port}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


NAMES = {"news.example": ["127.0.0.1"], "intranet.example": ["127.0.0.2"], "metadata.example": ["169.254.169.254"]}


def resolve(host: str, port: int) -> Sequence[str]:
    return NAMES.get(host, [])


def get(url: str, **more: Any) -> Fetched:
    """A fetch that may reach 127.0.0.1 and nothing else that is not public."""
    given = {"timeout": 5.0, "max_bytes": 100_000, "resolve": resolve, "allow_private": ["127.0.0.1"], **more}
    return fetch(url, **given)


def guarded(url: str, *addresses: str) -> FetchError:
    """The error of a fetch with the guard as users have it; it must come before any connection."""

    def found(host: str, port: int) -> Sequence[str]:
        return addresses

    with pytest.raises(FetchError) as caught:
        fetch(url, timeout=5, max_bytes=1000, resolve=found)
    assert str(caught.value)[-1] == "."
    return caught.value


# --- the guard ----------------------------------------------------------------------------------------------------

PUBLIC = ["8.8.8.8", "1.1.1.1", "104.18.32.7", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "11.0.0.1"]
PUBLIC += [
    "2606:4700::6810:84e5",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2606:4700::5efe:8.8.8.8",
]

NOT_PUBLIC_V4 = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "168.63.129.16", "192.0.0.192", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
NOT_PUBLIC_V6 = [
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:808:808::1", "2001::1", "2001:0:53aa:64c:0:7ffe:80ff:fffe",
    "2001:db8::1", "2001:10::1", "2001:20::1", "3fff::1", "100::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "2606:4700::5efe:127.0.0.1", "2a00:1450::200:5efe:a9fe:a9fe", "2606:4700::5efe:10.0.0.1",
    "fd12:3456:789a::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1",
]  # fmt: skip
NOT_PUBLIC = NOT_PUBLIC_V4 + NOT_PUBLIC_V6


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    if "%" not in address:
        assert "not a public address" in str(guarded("http://news.example/", address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/",
        "http://１２７.０.０.１/", "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1./",
    ],
)  # fmt: skip
def test_private_addresses_written_in_the_url_are_refused(url: str) -> None:
    assert "not a public address" in str(guarded(url))


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0x7f.1", "1.2.3.4.5",
     "127.0.0.0x1", "256.256.256.256", "00000127.0.0.1", "0", "0x", "news.0x7f"],
)  # fmt: skip
def test_numeric_hosts_in_odd_spellings_are_refused(host: str) -> None:
    assert "unusual way" in str(guarded(f"http://{host}/", "8.8.8.8"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://news.example/", "does not begin with http"),
        ("file:///etc/passwd", "does not begin with http"),
        ("gopher://127.0.0.1:6379/_INFO", "does not begin with http"),
        ("javascript:alert(1)", "does not begin with http"),
        ("//news.example/", "does not begin with http"),
        ("news.example", "does not begin with http"),
        ("", "does not begin with http"),
        ("http://", "names no host"),
        ("http:///etc/passwd", "names no host"),
        ("http://user@news.example/", "user name or password"),
        ("http://user:pass@news.example/", "user name or password"),
        ("http://news.example@127.0.0.1/", "user name or password"),
        ("http://news.example\\@127.0.0.1/", "backslash"),
        ("http://news.example\t.evil/", "control character"),
        ("http://news.example/a b", "space"),
        ("http://news.example/\r\nHost: x", "control character"),
        ("http://news.example:80\n/", "control character"),
        ("http://news.example:99999/", "not a valid URL"),
        ("http://news.example:abc/", "not a valid URL"),
        ("http://[::1/", "not a valid URL"),
        ("http://[v1.x]/", "not a valid URL|no valid IPv6|host name"),
        ("http://[fe80::1%25eth0]/", "IPv6|not a valid URL|not a public"),
        ("http://%31%32%37.0.0.1/", "host name"),
        ("http://exa_mple..example/", "host name"),
        ("http://-bad-.example/", "host name"),
        ("http://" + "a" * 64 + ".example/", "host name"),
        ("http://news.example/" + "a" * 5000, "longer than"),
        ("http://news.example:22/", "port 22"),
        ("http://news.example:8080/", "port 8080"),
        ("http://news.example:443/", "port 443"),
        ("https://news.example:80/", "port 80"),
        ("http://news.example:0/", "port 0"),
    ],
)
def test_addresses_that_are_not_plain_web_addresses_are_refused(url: str, said: str) -> None:
    assert re.search(said, str(guarded(url, "8.8.8.8")))


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    assert "10.0.0.7" in str(guarded("http://news.example/", "8.8.8.8", "10.0.0.7"))
    assert "fd00::1" in str(guarded("http://news.example/", "8.8.8.8", "2606:4700::1", "fd00::1"))


def test_names_that_do_not_resolve_are_sentences() -> None:
    assert "no host news.example" in str(guarded("http://news.example/"))
    assert "not an address" in str(guarded("http://news.example/", "somewhere"))

    def fails(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="no host"):
        fetch("http://news.example/", timeout=5, max_bytes=10, resolve=fails)


def test_a_resolver_that_hangs_is_given_up_on() -> None:
    go = threading.Event()

    def hangs(host: str, port: int) -> Sequence[str]:
        go.wait(30)
        return []

    started = time.monotonic()
    with pytest.raises(FetchError, match="could not be resolved in time"):
        fetch("http://news.example/", timeout=0.2, max_bytes=10, resolve=hangs)
    assert time.monotonic() - started < 5
    go.set()


def test_the_systems_resolver_is_guarded_too() -> None:
    with pytest.raises(FetchError, match="not a public address"):
        fetch("http://localhost/", timeout=5, max_bytes=10)


# --- real requests ------------------------------------------------------------------------------------------------


def test_a_page_comes_with_its_type_and_last_address(site: Site) -> None:
    url = site.page("/berita?id=1")
    assert get(url) == Fetched(url, "text/html; charset=utf-8", PAGE)
    [(path, headers)] = site.asked
    assert (path, headers["Host"]) == ("/berita?id=1", f"news.example:{site.port}")
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_names_and_paths_in_other_scripts_are_encoded(site: Site) -> None:
    site.page("/caf%C3%A9?q=%C3%A9%20a")
    assert get(f"http://NEWS.example.:{site.port}/café?q=é%20a#fragment").data == PAGE

    seen: list[str] = []

    def note(host: str, port: int) -> Sequence[str]:
        seen.append(host)
        return ["127.0.0.1"]

    site.page("/")
    get(f"http://bücher.example:{site.port}", resolve=note)
    assert seen == ["xn--bcher-kva.example"]


def test_the_checked_address_is_the_one_connected_to(site: Site) -> None:
    """DNS rebinding: a name that turns private on the second look is never looked at twice."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    assert get(site.page("/a"), resolve=rebinding).data == PAGE
    assert asked == ["news.example"]


def test_a_dead_address_is_passed_over(site: Site) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.3", 0))
        found = get(
            site.page("/a"), resolve=lambda host, port: ["127.0.0.3", "127.0.0.1"], allow_private=["127.0.0.0/8"]
        )
    assert found.data == PAGE


def test_nothing_listening_is_a_sentence() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(FetchError, match="could not be fetched"):
        get(f"http://news.example:{port}/")


def test_redirects_are_followed_and_checked_each_time(site: Site) -> None:
    last = site.page("/last")
    site.page("/third", status=308, Location="last")
    site.page("/second", status=303, Location=f"//news.example:{site.port}/third")
    assert get(site.page("/first", status=301, Location="/second")).url == last
    assert [path for path, _ in site.asked] == ["/first", "/second", "/third", "/last"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/", "not a public address"),
        ("http://metadata.example/", "169.254.169.254, which is not a public"),
        ("http://intranet.example/", "127.0.0.2, which is not a public"),
        ("http://[::1]/", "not a public address"),
        ("http://2130706433/", "unusual way"),
        ("file:///etc/passwd", "does not begin with http"),
        ("gopher://news.example/", "does not begin with http"),
        ("http://user:pass@news.example/", "user name or password"),
        ("http://[", "not valid|not a valid"),
        ("http://news.example:22\\@x/", "backslash"),
        ("//169.254.169.254/", "not a public address"),
        ("http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/", "not a public address"),
        ("http://169。254。169。254/", "not a public address"),
        ("http://[::ffff:a9fe:a9fe]/", "not a public address"),
        ("http://0/", "unusual way"),
        ("http://0251.0376.0251.0376/", "unusual way"),
        ("http://127.0.0.1:22@metadata.example/", "user name or password"),
        ("http://metadata.example:80#@news.example/", "169.254.169.254"),
        ("http://metadata.example/?http://news.example/", "169.254.169.254"),
        ("HTTP://METADATA.EXAMPLE./", "169.254.169.254"),
        ("dict://127.0.0.1:11211/", "does not begin with http"),
        ("data:text/html,hello", "does not begin with http"),
    ],
)
def test_a_redirect_cannot_lead_inside(site: Site, place: str, said: str) -> None:
    url = site.page("/first", status=302, Location=place.encode().decode("latin-1"))
    with pytest.raises(FetchError, match=said):
        get(url)
    assert len(site.asked) == 1


def test_a_redirect_by_name_is_resolved_and_checked_again(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1", "10.0.0.1"]])
    url = site.page("/first", status=302, Location="/second")
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        get(url, resolve=lambda host, port: next(answers))


def test_redirects_without_end_are_a_sentence(site: Site) -> None:
    with pytest.raises(FetchError, match="more than 5 times"):
        get(site.page("/loop", status=302, Location="/loop"))
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "does not let programs in"),
        (404, "no such page"),
        (429, "does not let"),
        (500, "Try again later"),
        (204, "204"),
    ],
)
def test_answers_other_than_a_page_are_sentences(site: Site, status: int, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        get(site.page("/x", b"" if status == 204 else PAGE, status=status))


@pytest.mark.parametrize(
    "kind", ["text/plain", "TEXT/HTML", "application/pdf", "application/xhtml+xml; charset=x", "text/markdown"]
)
def test_readable_types_pass(site: Site, kind: str) -> None:
    assert get(site.page("/x", Content_Type=kind)).content_type == kind


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "application/json", "video/mp4", "text/css", ""])
def test_other_types_are_refused(site: Site, kind: str) -> None:
    with pytest.raises(FetchError, match="only web pages, text, PDF and DOCX"):
        get(site.page("/x", Content_Type=kind))


def test_packed_bodies_are_unpacked(site: Site) -> None:
    bare = zlib.compressobj(wbits=-15)
    big = PAGE * 900
    packed = {
        "gzip": gzip.compress(big),
        "deflate": zlib.compress(big),
        "Deflate": bare.compress(big) + bare.flush(),
        "identity": big,
    }
    for encoding, body in packed.items():
        assert get(site.page("/x", body, Content_Encoding=encoding)).data == big
    for body in (gzip.compress(b"")[:10], b"no gzip at all", b"\x1f\x8b\x08\x00junk junk junk"):
        with pytest.raises(FetchError, match=r"damaged|broke off"):
            get(site.page("/x", body, Content_Encoding="gzip"))
    with pytest.raises(FetchError, match="'br'"):
        get(site.page("/x", Content_Encoding="br"))


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_bomb_is_noticed_while_it_is_small(site: Site, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(50_000_000))
    assert len(bomb) < 60_000
    url = site.page("/x", bomb, Content_Encoding="gzip" if pack is gzip.compress else "deflate")
    with pytest.raises(FetchError, match="larger than 100,000 bytes"):
        get(url)


def test_a_body_over_the_limit_is_refused_whatever_it_says_of_its_length(site: Site) -> None:
    with pytest.raises(FetchError, match="larger than"):
        get(site.page("/honest", b"x" * 100_001))
    assert len(get(site.page("/exact", b"x" * 100_000)).data) == 100_000

    def endless(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
        for _ in range(10_000):
            out.write(b"x" * 10_000)

    with pytest.raises(FetchError, match="larger than"):
        get(site.raw("/endless", endless))

    def chunked(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(200):
            out.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

    with pytest.raises(FetchError, match="larger than"):
        get(site.raw("/chunked", chunked))


@pytest.mark.parametrize("said", ["-1", "-FFFF", "FFFFFFFFFFFFFFFF", "0" * 100_000, "0x10", "10;x=" + "y" * 100_000])
def test_a_chunk_that_lies_of_its_length_fills_nothing_up(site: Site, said: str) -> None:
    """http.client reads on without end after a chunk of negative length."""
    sent = 0

    def lie(out: Any) -> None:
        nonlocal sent
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        out.write(said.encode() + b"\r\n")
        for _ in range(2_000):
            out.write(b"x" * 50_000)
            sent += 50_000

    with pytest.raises(FetchError, match=r"larger than|could not be fetched"):
        get(site.raw("/lie", lie))
    assert sent < 50_000_000, "it hung up long before the end"


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
              b"Content-Type: text/html\r\n\r\n0\r\n"]
)  # fmt: skip
def test_interim_answers_and_trailers_end(site: Site, start: bytes) -> None:
    def endless(out: Any) -> None:
        out.write(start)
        for _ in range(100_000):
            out.write(start if b"100" in start else b"X: " + b"y" * 1_000 + b"\r\n")

    with pytest.raises(FetchError, match=r"larger than|could not be fetched"):
        get(site.raw("/endless", endless), timeout=30.0)


@pytest.mark.parametrize(
    ("length", "got"),
    [("5", PAGE[:5]), ("-5", PAGE), ("9" * 5_000, PAGE), ("ten", PAGE), ("0", b""), ("99999999999", None)],
)
def test_a_content_length_that_lies(site: Site, length: str, got: bytes | None) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n".encode())
        handler.wfile.write(PAGE)
        handler.close_connection = True

    site.pages["/x"] = answer
    url = f"http://news.example:{site.port}/x"
    if got is None:
        with pytest.raises(FetchError, match="larger than"):
            get(url)
    else:
        assert get(url).data == got


def test_what_was_packed_twice_is_not_unpacked(site: Site) -> None:
    twice = gzip.compress(gzip.compress(bytes(10_000_000)))
    for encoding in ("gzip, gzip", "gzip,deflate", "zstd"):
        with pytest.raises(FetchError, match="was not asked for"):
            get(site.page("/x", twice, Content_Encoding=encoding))


def test_the_time_limit_is_one_for_all_redirects(site: Site) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        handler.send_response(302)
        handler.send_header("Location", "/again")
        handler.end_headers()

    site.pages["/again"] = slowly
    with pytest.raises(FetchError, match="did not answer within"):
        get(f"http://news.example:{site.port}/again", timeout=0.5)
    assert len(site.asked) <= 3


def test_the_body_of_a_redirect_is_not_read(site: Site) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    site.page("/last")
    url = site.page("/first", bomb, status=302, Location="/last", Content_Encoding="gzip", Content_Type="image/png")
    assert get(url).data == PAGE


def test_a_body_that_breaks_off_is_not_an_article(site: Site) -> None:
    def broken(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\nConnection: close\r\n\r\nhalf")

    def answer(handler: BaseHTTPRequestHandler) -> None:
        broken(handler.wfile)
        handler.close_connection = True

    site.pages["/broken"] = answer
    with pytest.raises(FetchError, match="broke off after 4 of 500"):
        get(f"http://news.example:{site.port}/broken")


@pytest.mark.parametrize("part", ["status", "header", "body"])
def test_a_server_that_drips_is_cut_off_in_time(site: Site, part: str) -> None:
    heads = {
        "status": b"",
        "header": b"HTTP/1.1 200 OK\r\nX: ",
        "body": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    }
    stop = threading.Event()

    def drip(out: Any) -> None:
        out.write(heads[part])
        while not stop.wait(0.05):
            out.write(b"H")

    url = site.raw("/drip", drip)
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"did not answer within 0\.6 seconds"):
        get(url, timeout=0.6)
    assert time.monotonic() - started < 4
    stop.set()


@pytest.mark.parametrize(
    "reply", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\0\1\2\3\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500]
)
def test_what_is_not_http_is_a_sentence(site: Site, reply: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(reply)
        handler.close_connection = True

    site.pages["/x"] = answer
    with pytest.raises(FetchError, match="could not be fetched"):
        get(f"http://news.example:{site.port}/x")


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(site.page("/a")).data == PAGE


# --- TLS ----------------------------------------------------------------------------------------------------------


def certificate(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return file


def test_tls_checks_the_name_that_was_asked_for_at_the_address_that_was_checked(tmp_path: Path) -> None:
    file = certificate("news.example", tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    asked: list[str | None] = []
    server.sni_callback = lambda sock, name, context: asked.append(name)  # type: ignore[assignment]
    site = Site(server)
    try:
        site.page("/a")
        trusting = ssl.create_default_context(cafile=str(file))
        assert get(f"https://news.example:{site.port}/a", tls=trusting).data == PAGE
        assert asked == ["news.example"] and site.asked[0][1]["Host"] == f"news.example:{site.port}"
        with pytest.raises(FetchError, match=r"certificate of other\.example is not valid"):
            get(f"https://other.example:{site.port}/a", tls=trusting, resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(FetchError, match=r"certificate of news\.example is not valid"):
            get(f"https://news.example:{site.port}/a")
    finally:
        site.close()
