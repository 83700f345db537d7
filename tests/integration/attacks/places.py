"""Where code of users runs, and how a test brings attacks there: a kernel, a terminal, a dashboard, a hand-in."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).parent
PARTS = ("trick", "on_files", "on_processes", "on_the_network")
LINE = re.compile(r"ATTACKS (\{.*?\]?\}\})")
WITHIN_S = 240.0

RUN = """async ([room, code]) => {
  const xsrf = (document.cookie.match(/_xsrf=([^;]+)/) || [])[1];
  const headers = {"Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(xsrf || "")};
  const made = await fetch(room + "/api/kernels", {method: "POST", headers, body: "{}"});
  const kernel = await made.json();
  if (!kernel.id) return "no kernel: " + JSON.stringify(kernel);
  const line = new WebSocket(room.replace("http", "ws") + "/api/kernels/" + kernel.id + "/channels?session_id=s");
  const said = await new Promise((done) => {
    let text = "";
    const header = {msg_id: "m1", username: "", session: "s", msg_type: "execute_request", version: "5.3", date: ""};
    const options = {silent: false, store_history: false, user_expressions: {}, allow_stdin: false};
    const content = {code, ...options};
    line.onopen = () => line.send(JSON.stringify(
      {header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: []}));
    line.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.parent_header.msg_id !== "m1") return;
      if (message.msg_type === "stream") text += message.content.text;
      if (message.msg_type === "error") text += message.content.ename + ": " + message.content.evalue;
      if (message.msg_type === "status" && message.content.execution_state === "idle") done(text);
      // a flood of displays drops messages, the last "idle" among them; the reply comes by a line of its own
      if (message.msg_type === "execute_reply") setTimeout(() => done(text), 15_000);
    };
    line.onclose = () => done(text + " (closed)");
  });
  line.close();
  await fetch(room + "/api/kernels/" + kernel.id, {method: "DELETE", headers});
  return said;
}"""
TYPE = """async ([room, words]) => {
  const xsrf = (document.cookie.match(/_xsrf=([^;]+)/) || [])[1];
  const headers = {"Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(xsrf || "")};
  const made = await (await fetch(room + "/api/terminals", {method: "POST", headers, body: "{}"})).json();
  const line = new WebSocket(room.replace("http", "ws") + "/terminals/websocket/" + made.name);
  await new Promise((done) => { line.onmessage = done; });
  line.send(JSON.stringify(["stdin", words + "\\r"]));
  window.roundsTerminal = line;
}"""


def script(at: Mapping[str, Any]) -> str:
    """Return the text that tries every attack and prints what succeeded."""
    texts = [(HERE / f"{part}.py").read_text(encoding="utf-8") for part in PARTS]
    whole = "\n".join(re.sub(r"^from (__future__|tests)\S* import .*$", "", text, flags=re.MULTILINE) for text in texts)
    sent = base64.b64encode(f"from __future__ import annotations\n{whole}".encode()).decode()
    known = base64.b64encode(json.dumps(at).encode()).decode()
    names = "{'__name__': 'attacks'}"
    return (
        f"import base64, json\nattacks = {names}\nexec(base64.b64decode({sent!r}), attacks)\n"
        f"attacks['tell'](json.loads(base64.b64decode({known!r})))"
    )


def read_found(text: str) -> dict[str, Any]:
    """Return what the attacks told: `tried`, and `succeeded` with the evidence."""
    begin = text.find("ATTACKS {")
    assert begin >= 0, text[-3000:]
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text[begin + len("ATTACKS ") :])[0]
    return found


def run_in_kernel(page: Page, room: str, code: str) -> str:
    """Return what a new kernel of the room prints; the page is one of the room's."""
    said: str = page.evaluate(RUN, [room, code])
    return said


def run_in_terminal(page: Page, room: str, work: Path, code: str) -> str:
    """Return what a program in a terminal of the room prints."""
    (work / "attack.py").write_text(code, encoding="utf-8")
    page.evaluate(TYPE, [room, "python attack.py > attack.out 2>&1; echo ENDED >> attack.out"])
    return wait_for(work / "attack.out", "ENDED")


def wait_for(path: Path, word: str) -> str:
    """Return a file's text once it holds a word."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if word in text:
            return text
        time.sleep(0.3)
    raise AssertionError(f"{path} holds no {word}: {text[-1000:]}")
