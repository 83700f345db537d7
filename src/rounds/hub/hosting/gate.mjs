// The gate in front of the proxy for `hosting.rooms = "ports"`: the hub on one port, each account's code on its own.
//
//     node gate.mjs SETTINGS.json
//
// The proxy routes by path or by host and cannot tell ports apart.  Each listening server here knows whose port it is,
// so nothing is decided by what a request says of itself but its path.  A hub's page is never passed on through an
// account's port: cookies do not know ports, and a script there could make itself a token (docs/explanation/origins.md).
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import path from "node:path";

const settings = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { listen, port, hubHost, roomsHost, firstPort, lastPort, accounts, proxy, target, certificate, key } = settings;
const { createProxyServer } = createRequire(path.join(proxy, "package.json"))("http-proxy-3");

const scheme = certificate ? "https" : "http";
const usual = scheme === "https" ? 443 : 80;
const LARGEST_HEADER = 2 ** 20; // more than a browser keeps of cookies for one host: 180 of 4 kB in Chromium
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const hubNetloc = port === usual ? hubHost : `${hubHost}:${port}`;
const forward = createProxyServer({ target, xfwd: true, agent: new http.Agent({ keepAlive: true }) });

// Which account has which port: read again when the file has changed, which is when somebody was added.
let table = { changed: -1, portOf: {}, accountOf: {} };
function ports() {
  const changed = fs.statSync(accounts).mtimeMs;
  if (changed !== table.changed) {
    const portOf = JSON.parse(fs.readFileSync(accounts, "utf8"));
    const accountOf = Object.fromEntries(Object.entries(portOf).map(([name, number]) => [number, name]));
    table = { changed, portOf, accountOf };
  }
  return table;
}

// The path as the proxy will read it: it decodes and takes several slashes at the front for one.
function pathOf(request) {
  return decodeURIComponent(new URL(request.url, "http://x").pathname).replace(/\/{2,}/g, "/");
}

function netlocOf(account) {
  const number = ports().portOf[account];
  return number === undefined ? undefined : `${roomsHost}:${number}`;
}

// Where a path belongs: a room's to its account, all others to the hub.
function homeOf(where) {
  const account = /^\/user\/([^/]+)(?:\/|$)/.exec(where)?.[1];
  return account === undefined ? hubNetloc : netlocOf(account);
}

// What a page of another origin may never do with the cookies of a room's viewer.
function isForeign(request, own) {
  const { origin, cookie, authorization } = request.headers;
  const { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest } = request.headers;
  if (request.headers["service-worker"]) return true;
  if (origin !== undefined && origin !== `${scheme}://${own}`) return true;
  if (!SAFE.has(request.method) && cookie && !authorization && origin === undefined) return true;
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return mode !== "navigate" || ["iframe", "frame", "embed", "object"].includes(dest);
}

// Return "pass", "refuse" or an address to send the browser to.
function judge(request, own) {
  const home = homeOf(pathOf(request));
  const atHome = home === own && request.headers.host?.toLowerCase() === own;
  if (atHome) return own !== hubNetloc && isForeign(request, own) ? "refuse" : "pass";
  return request.method === "GET" && home !== undefined ? `${scheme}://${home}${relative(request.url)}` : "refuse";
}

// The path and the question of a request, whatever host it names.
function relative(url) {
  const { pathname, search } = new URL(url, "http://x");
  return pathname.replace(/^\/{2,}/, "/") + search;
}

function decide(request, own) {
  try {
    return judge(request, own());
  } catch {
    return "refuse"; // a path that cannot be decoded, a table that cannot be read
  }
}

// Only the gate says who asks: what a browser claims of itself goes.  To a room goes its own sign-in alone, out of all
// cookies of the host that the rooms share: a page that floods the browser with cookies stops nobody's room.
function strip(request, own) {
  if (own !== hubNetloc && request.headers.cookie) {
    const account = ports().accountOf[own.split(":").at(-1)];
    const ofRoom = new RegExp(`^(_xsrf|jupyterhub-session-id|jupyterhub-user-${account}(-oauth-state[^=]*)?)=`);
    request.headers.cookie = request.headers.cookie.split("; ").filter((part) => ofRoom.test(part)).join("; ");
  }
  for (const name of Object.keys(request.headers)) {
    if (/^(x-forwarded-.*|x-real-ip|x-scheme|forwarded)$/.test(name)) delete request.headers[name];
  }
}

function answer(request, response, own) {
  const decision = decide(request, own);
  if (decision === "pass") {
    strip(request, own());
    forward.web(request, response, {}, () => refuse(response, 502, "Rounds is starting or has stopped. Try again in a minute."));
  } else if (decision === "refuse") {
    refuse(response, 403, "This address is not open to that page.");
  } else {
    response.writeHead(302, { location: decision, "content-security-policy": "sandbox" }).end();
  }
}

function refuse(response, status, sentence) {
  if (!response.headersSent) response.writeHead(status, { "content-type": "text/plain", "content-security-policy": "sandbox" });
  response.end(sentence);
}

function upgrade(request, socket, head, own) {
  socket.on("error", () => socket.destroy());
  if (decide(request, own) !== "pass") {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  strip(request, own());
  forward.ws(request, socket, head, {}, () => socket.destroy());
}

// A line that breaks is the end of that line alone: without a listener it would be the end of the gate.
forward.on("error", (error, request, response) => {
  if (response?.writeHead) refuse(response, 502, "Rounds is starting or has stopped. Try again in a minute.");
  else response?.destroy?.();
});

forward.on("proxyRes", (answered) => {
  delete answered.headers["service-worker-allowed"];
});

function open(number, own) {
  const options = { maxHeaderSize: LARGEST_HEADER };
  if (certificate) Object.assign(options, { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) });
  const server = (certificate ? https : http).createServer(options, (request, response) => answer(request, response, own));
  server.on("upgrade", (request, socket, head) => upgrade(request, socket, head, own));
  server.listen(number, listen);
}

open(port, () => hubNetloc);
for (let number = firstPort; number <= lastPort; number += 1) {
  open(number, () => `${roomsHost}:${number}`);
}
