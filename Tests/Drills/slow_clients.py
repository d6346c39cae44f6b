#!/usr/bin/env python3
"""Clients that are slow on purpose, in a process of their own, until its input is closed; then one line of JSON says what they met.

A third sends its head byte by byte, a third its body, a third asks for much and does not read. Each has an address of 127/8 in turns,
so that a limit for each address does not keep them out.
"""

import asyncio
import json
import socket
import sys
from collections import Counter

#: How many slow clients share an address.
FOR_EACH_ADDRESS = 50
#: Seconds between two bytes.
PAUSE = 0.7


class SlowClient:
    """One of them; `bytes_sent` and `end` tell how far it came."""

    def __init__(self, number: int, port: int, key: str) -> None:
        self.number, self.port, self.key = number, port, key
        self.kind = ("slow head", "slow body", "slow reader")[number % 3]
        self.bytes_sent = 0
        self.is_connected = False
        self.end = "still open"

    async def run(self) -> None:
        held = socket.socket()
        held.setblocking(False)
        # Takes in as little as the system allows, so that the answer stays with the server.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        loop = asyncio.get_running_loop()
        try:
            held.bind((f"127.0.{1 + self.number // FOR_EACH_ADDRESS}.1", 0))
            await loop.sock_connect(held, ("127.0.0.1", self.port))
            self.is_connected = True
            await self.be_slow(held)
        except OSError as error:
            self.end = type(error).__name__
        except asyncio.CancelledError:
            pass
        finally:
            held.close()

    async def be_slow(self, held: socket.socket) -> None:
        head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
        match self.kind:
            case "slow head":
                await self.drip(held, f"GET /v1/me HTTP/1.1\r\n{head}X-Padding: {'x' * 5000}\r\n\r\n".encode())
            case "slow body":
                await self.send(held, f"POST /v1/availability HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
                                      f"Content-Length: 5000\r\n\r\n".encode())
                await self.drip(held, b" " * 5000)
            case _:
                # More than the buffers of both sides hold; read by nobody.
                for _ in range(60):
                    await self.send(held, f"GET /openapi.yaml HTTP/1.1\r\n{head}\r\n".encode())
                while True:
                    await asyncio.sleep(PAUSE)
                    await self.send(held, b"")
                    if not await asyncio.get_running_loop().sock_recv(held, 1):
                        self.end = "closed by the server"
                        return

    async def drip(self, held: socket.socket, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        answer = asyncio.create_task(loop.sock_recv(held, 300))
        try:
            for byte in data:
                await self.send(held, bytes([byte]))
                done, _ = await asyncio.wait([answer], timeout=PAUSE)
                if done:
                    said = answer.result()
                    self.end = said.split(b"\r\n")[0].decode(errors="replace") if said else "closed by the server"
                    return
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    async def send(self, held: socket.socket, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(held, data)
        self.bytes_sent += len(data)


async def main(port: int, count: int, key: str) -> None:
    clients = [SlowClient(number, port, key) for number in range(count)]
    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(client.run()))
        # Not all at the same instant: what is tested is slowness, not a burst.
        await asyncio.sleep(0.002)
    while not all(client.is_connected or task.done() for client, task in zip(clients, tasks, strict=True)):
        await asyncio.sleep(0.05)
    print(json.dumps({"connected": sum(client.is_connected for client in clients)}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    ends = Counter(f"{client.kind}: {client.end}" for client in clients)
    active = sum(client.end == "still open" and client.bytes_sent > 0 for client in clients)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps({"ends": ends, "active": active}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
