"""Plain calls of the API, for what a drill sets up; what is measured goes through `client`."""

import json
from typing import Any

import aiohttp


class CallFailed(Exception):
    """An answer that the set-up of a drill cannot go on with."""


class API:
    """One caller: a key, and the address of the service."""

    def __init__(self, session: aiohttp.ClientSession, base: str, key: str) -> None:
        self.session = session
        self.base = base
        self.key = key

    async def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], Any]:
        given = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en", **(headers or {})}
        data = None
        if body is not None:
            given["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        async with self.session.request(method, self.base + path, data=data, headers=given) as answer:
            text = await answer.read()
            held = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, held, json.loads(text) if text else None

    async def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """The body of a 2xx answer."""
        status, _, document = await self.send(method, path, body, headers)
        if not 200 <= status < 300:
            raise CallFailed(f"{method} {path}: {status} {document}")
        return document

    async def tag(self, path: str) -> str:
        status, headers, document = await self.send("GET", path)
        if status != 200:
            raise CallFailed(f"GET {path}: {status} {document}")
        return headers["etag"]
