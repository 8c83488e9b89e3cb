"""TLS in front of the server, in the same process: accepts https, pipes the bytes to a loopback port.

It knows nothing of HTTP; whole requests are gathered by the server behind it, so a phone that stalls holds
two sockets and no thread.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 64 * 1024
HANDSHAKE_S = 20.0  # a slow phone's TLS takes seconds; longer is somebody holding a socket
CLOSE_S = 5.0


class Terminator:
    """One https port, served from a thread of its own until `stop`."""

    def __init__(self, sock: socket.socket, certificate: Path, upstream: tuple[str, int]) -> None:
        self.sock = sock
        self.upstream = upstream
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(certificate)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, name="terminator", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(CLOSE_S)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(
                self.connect,
                sock=self.sock,
                ssl=self.context,
                limit=CHUNK_BYTES,
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=CLOSE_S,
            )
        )
        self.loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.upstream)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pipe(reader, upstream_writer), pipe(upstream_reader, writer))


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until one side ends, then close the other; a side that breaks off is ordinary."""
    with suppress(OSError, asyncio.IncompleteReadError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError):
        writer.close()
        await writer.wait_closed()
