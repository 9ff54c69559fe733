"""Points the Python client at a loopback service, and keeps all it writes in one folder.

`redirect` must run before `otf_api` is imported: the client opens its cache on import.
"""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

API_HOSTS = {
    "api.orangetheory.co",
    "api.orangetheory.io",
    "api.yuzu.orangetheory.com",
    "api.gateway.orangetheory.com",
}
KEY_SET_HOST = "cognito-idp.us-east-1.amazonaws.com"


@dataclass
class Exchange:
    """One request of the client's domain calls, and what came back."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Traffic:
    """What went over the wire, in order (the calls to the user pool and its key set apart)."""

    exchanges: list[Exchange] = field(default_factory=list)

    def answer(self, method: str, path_end: str) -> Any:
        """The JSON of the latest answer to a request whose path ends so."""
        for exchange in reversed(self.exchanges):
            if exchange.method == method and exchange.path.endswith(path_end):
                return exchange.json
        raise AssertionError(f"no {method} …{path_end} was sent")

    def clear(self) -> None:
        self.exchanges.clear()


def redirect(base_url: str, folder: Path, time_zone: str) -> Traffic:
    """Sends every request of the client to `base_url`, and refuses those to unknown hosts."""
    _environment(base_url, folder, time_zone)
    traffic = Traffic()
    _patch_httpx(base_url, traffic)
    _patch_requests(base_url)
    return traffic


def _environment(base_url: str, folder: Path, time_zone: str) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("AWS_", "OTF_", "COGNITO_")):
            del os.environ[name]
    os.environ |= {
        # boto3 reads this one itself
        "AWS_ENDPOINT_URL": base_url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        # The client takes "today" from the machine's zone: it is the member's here.
        "TZ": time_zone,
    }
    time.tzset()


def _moved(url: str, base_url: str) -> str:
    base, target = urlsplit(base_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, target.path, target.query, ""))


def _patch_httpx(base_url: str, traffic: Traffic) -> None:
    import httpx

    send = httpx.HTTPTransport.handle_request

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.host not in API_HOSTS or request.url.scheme != "https":
            raise RuntimeError(f"the client wanted to reach {request.url}")
        # The headers stay as they are, Host among them: a signature covers it.
        moved = httpx.Request(
            request.method,
            _moved(str(request.url), base_url),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        response = send(self, moved)
        response.read()
        traffic.exchanges.append(
            Exchange(
                request.method,
                request.url.host,
                request.url.path,
                dict(request.headers),
                response.status_code,
                response.text,
            )
        )
        return response

    httpx.HTTPTransport.handle_request = handle_request


def _patch_requests(base_url: str) -> None:
    import requests.adapters

    send = requests.adapters.HTTPAdapter.send

    def moved_send(self, request, *args, **kwargs):
        if urlsplit(request.url).hostname != KEY_SET_HOST:
            raise RuntimeError(f"the client wanted to reach {request.url}")
        request.url = _moved(request.url, base_url)
        return send(self, request, *args, **kwargs)

    requests.adapters.HTTPAdapter.send = moved_send
