"""nginx accepts the site and passes requests on as the API and the dashboard expect them."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from benchmarks.ports import free_port

SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "invoice-agent.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = pytest.mark.skipif(
    NGINX is None or shutil.which("openssl") is None, reason="nginx or openssl is not installed"
)


class Echo(BaseHTTPRequestHandler):
    """Answers with the path and the headers that arrived."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"path": self.path, "headers": headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep the test's output clean."""


class Installed:
    """The site as an administrator installs it, with ports and certificate of the test."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.http, self.https = free_port(), free_port()
        self.certificate = folder / "certificate.crt"
        key = folder / "private.key"
        subject = ["-subj", "/CN=invoice-agent.example.com"]
        names = ["-addext", "subjectAltName=DNS:invoice-agent.example.com"]
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        made = [*make, *subject, *names, "-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run(made, check=True, capture_output=True)
        site = SITE.read_text()
        for printed, used in {
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.https} ssl http2;",
            "/path/to/ssl/certificate.crt": str(self.certificate),
            "/path/to/ssl/private.key": str(key),
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "127.0.0.1:8501": f"127.0.0.1:{upstream}",
        }.items():
            assert printed in site
            site = site.replace(printed, used)
        (folder / "site.conf").write_text(site)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/errors;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
        )
        self.command = [
            str(NGINX),
            *("-e", f"{folder}/errors", "-p", str(folder), "-c", f"{folder}/nginx.conf"),
        ]

    @contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """A client that knows the certificate; the name resolves to this machine."""
        server = subprocess.Popen(self.command)
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        try:
            with httpx.Client(
                base_url=f"https://127.0.0.1:{self.https}",
                verify=trusted,
                headers={"Host": "invoice-agent.example.com"},
                trust_env=False,
            ) as client:
                _wait_until_up(client)
                yield client
        finally:
            server.terminate()
            server.wait(60)


def _wait_until_up(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            _get(client, "/")
            return
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _get(client: httpx.Client, path: str) -> httpx.Response:
    return client.get(path, extensions={"sni_hostname": "invoice-agent.example.com"})


@pytest.fixture
def upstream() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def installed(tmp_path: Path, upstream: int) -> Installed:
    return Installed(tmp_path, upstream)


def test_nginx_accepts_the_site(installed: Installed) -> None:
    done = subprocess.run(
        [*installed.command, "-t"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "test is successful" in done.stderr


def test_requests_arrive_as_the_services_expect(installed: Installed) -> None:
    with installed.serving() as client:
        api = _get(client, "/api/results?limit=5").json()
        dashboard = _get(client, "/overview").json()
        upload = client.post(
            "/api/upload",
            content=b"x" * (3 * 1024 * 1024),
            extensions={"sni_hostname": "invoice-agent.example.com"},
        )
        plain = httpx.get(
            f"http://127.0.0.1:{installed.http}/api/docs",
            headers={"Host": "invoice-agent.example.com"},
            trust_env=False,
        )
    assert api["path"] == "/results?limit=5"
    assert api["headers"]["host"] == "invoice-agent.example.com"
    assert api["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert api["headers"]["x-forwarded-proto"] == "https"
    assert dashboard["path"] == "/overview"
    # nginx takes 1 MB unless the site says more.
    assert upload.status_code == 200
    assert plain.status_code == 301
    assert plain.headers["location"] == "https://invoice-agent.example.com/api/docs"
