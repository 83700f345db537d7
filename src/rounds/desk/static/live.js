// A page that follows the event: the desk says that something changed, and the page asks for itself again.
// The browser's EventSource sends no header, so the stream is read with fetch, which shows the session's secret.

const REST_MS = 1000; // between two times that the page asks
const SAY_EVERY_MS = 20000; // a screen reader hears a summary, and not each change
const RETRY_MS = [1000, 2000, 5000, 10000, 30000];

const page = document.querySelector("[data-live]");
const said = document.getElementById("said");
const secret = JSON.parse(document.body.getAttribute("hx-headers"));
let askedAt = 0;
let waiting = 0;
let spokenAt = performance.now();
let speaking = 0;

function summary() {
  return [...document.querySelectorAll("[data-say]")].map((part) => part.textContent.trim().replace(/\s+/g, " ")).join(" ");
}
let spoken = summary();

function ask() {
  waiting ||= setTimeout(() => {
    waiting = 0;
    askedAt = performance.now();
    htmx.trigger(page, "rounds:changed");
  }, Math.max(0, askedAt + REST_MS - performance.now()));
}

function speak() {
  speaking = 0;
  if (summary() !== spoken) {
    spoken = summary();
    spokenAt = performance.now();
    said.textContent = spoken;
  }
}
document.body.addEventListener("htmx:afterSettle", () => {
  speaking ||= setTimeout(speak, Math.max(0, spokenAt + SAY_EVERY_MS - performance.now()));
});

// Read the stream to its end; true when the desk answered.
async function listen(signal) {
  const reply = await fetch(page.dataset.live, { headers: secret, signal, redirect: "error", cache: "no-store" });
  if (!reply.ok) {
    return false;
  }
  let rest = "";
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return true;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    if (lines.includes("event: changed")) {
      ask();
    }
  }
}

async function follow(signal) {
  for (let failures = 0; !signal.aborted; ) {
    try {
      failures = (await listen(signal)) ? 0 : failures + 1;
    } catch {
      failures += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
  }
}

// A tab that nobody sees holds no connection: a browser has six to a host.
let open = null;
function begin() {
  open?.abort();
  open = document.hidden ? null : new AbortController();
  if (open) {
    follow(open.signal);
  }
}
if (page) {
  document.addEventListener("visibilitychange", begin);
  window.addEventListener("pagehide", () => open?.abort());
  begin();
}
