"""A team's room without a hub: a real Jupyter server that can be stopped and started again, and pages that co-edit."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import websockets
from jupyter_ydoc import YNotebook
from pycrdt import Doc, YMessageType, YSyncMessageType, create_sync_message, create_update_message, handle_sync_message

from rounds.room.configuration import Room, team_config, write_room

CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "ward = 1", "outputs": [], "execution_count": None}
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]}
PAUSE_S = 0.05  # between two keys of one person
OPEN_S = 120.0  # a dozen rooms begin at once on a machine that tests keep busy
QUIET_S = 1.0  # how long a page hears nothing before it has everything


@dataclass
class RoomServer:
    """One room's server; its standard input is no terminal, as under a hub."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> Room:
        """The room's folders."""
        return Room(account="team-stork", work=self.folder / "work", own=self.folder / "own")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the server's interface answers."""
        headers = {"Authorization": "token t"}
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=60) as client:
            answer = client.request(method, path, json=body, headers=headers)
        return answer.json() if answer.content else None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        for folder in (self.room.work, self.room.own):
            folder.mkdir(exist_ok=True)
        config = team_config(self.room, "python3") | {"KernelSpecManager": {}} | self.more
        write_room(self.room, config, {})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environ = {**os.environ, **self.room.environment, "JUPYTER_TOKEN": "t"}
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={self.port}", "--allow-root"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(1200):
            try:
                self.ask("GET", "/api")
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text(encoding="utf-8", errors="replace"))

    def stop(self) -> None:
        """Stop the server as a hub does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(50)  # a room that is closed under a page took 60 s

    def kill(self) -> None:
        """End the server, however it stands."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def write(self, name: str = "shared.ipynb") -> Path:
        """Write a notebook of one cell into the room."""
        path = self.room.work / name
        self.room.work.mkdir(exist_ok=True)
        path.write_text(json.dumps(NOTEBOOK), encoding="utf-8")
        return path

    def open(self, name: str = "shared.ipynb") -> Page:
        """Return a page that asks for a notebook as JupyterLab does."""
        body = {"format": "json", "type": "notebook"}
        said = self.ask("PUT", f"/api/collaboration/session/{name}", body)
        return Page(said["fileId"], said["sessionId"])


@dataclass
class Page:
    """One person's page: its copy of the document lives on when the connection ends."""

    file_id: str
    session: str
    doc: Doc[Any] = field(default_factory=Doc)

    @property
    def notebook(self) -> YNotebook:
        """The copy as a notebook."""
        return YNotebook(self.doc)

    @property
    def text(self) -> str:
        """What the page shows."""
        return "\n".join(str(cell["source"]) for cell in self.notebook.ycells)

    def type(self, text: str) -> None:
        """Type at the end of the first cell."""
        source = self.notebook.ycells[0]["source"]
        source += text

    def connect(self, server: RoomServer) -> Any:
        """Return the connection that JupyterLab makes for this document."""
        address = f"ws://127.0.0.1:{server.port}/api/collaboration/room/json:notebook:{self.file_id}"
        return websockets.connect(f"{address}?sessionId={self.session}&token=t", max_size=None, open_timeout=OPEN_S)

    async def meet(self, server: RoomServer, *typed: str) -> str:
        """Connect, exchange everything, type, wait; return why the server closed the line, empty if it did not."""
        async with self.connect(server) as line:
            try:
                await self.listen(line)
                for text in typed:
                    await self.send(line, text)
                    await asyncio.sleep(PAUSE_S)
                await self.listen(line)
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.reason if closed.rcvd else "closed without a word"
        return ""

    async def listen(self, line: Any) -> None:
        """Ask for what this page lacks, and answer until nothing more comes.

        The room reads its file first: on a busy machine a page without a cell heard nothing for over a second.
        """
        await line.send(create_sync_message(self.doc))
        while True:
            try:
                message = await asyncio.wait_for(line.recv(), QUIET_S if self.text else OPEN_S)
            except TimeoutError:
                return
            if message[0] == YMessageType.SYNC and message[1] in set(YSyncMessageType):
                answer = handle_sync_message(message[1:], self.doc)
                if answer is not None:
                    await line.send(answer)

    async def send(self, line: Any, text: str) -> None:
        """Type at the end of the first cell."""
        before = self.doc.get_state()
        self.type(text)
        await line.send(create_update_message(self.doc.get_update(before)))
