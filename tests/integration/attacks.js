// Takeovers that a script tries with its viewer's rights. Each says "worked" or why it was stopped; none may work.
// It is called with { hub, account, other, otherRoom, otherSocket, only }; the answers are left in `window.attacked`.
async (target) => {
  const { hub, account, other, otherRoom, otherSocket, only } = target;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const read = async (address, more = {}) => {
    const answer = await fetch(address, { credentials: "include", ...more });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return (await answer.text()).slice(0, 20000);
  };
  const blind = async (address, body, type = "application/x-www-form-urlencoded") => {
    await fetch(address, { method: "POST", mode: "no-cors", credentials: "include", headers: { "content-type": type }, body });
    return "sent"; // whether it did anything is asked on the other side
  };
  const form = async (address, fields) => {
    const frame = document.createElement("iframe");
    frame.name = `f${Math.random()}`.replace(".", "");
    const sent = document.createElement("form");
    Object.assign(sent, { method: "post", action: address, target: frame.name });
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      sent.append(field);
    }
    document.body.append(frame, sent);
    sent.submit();
    await wait(1500);
    return "sent";
  };
  const socket = (address) =>
    new Promise((done) => {
      const line = new WebSocket(address);
      line.onopen = () => done("worked: open");
      line.onerror = line.onclose = () => done("stopped: closed");
      setTimeout(() => done("stopped: silent"), 5000);
    });
  const framed = async (address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
    await wait(2000);
    return frame.contentDocument?.body?.innerText.trim() ? `worked: ${frame.contentDocument.body.innerText}` : "stopped: unread";
  };
  const popup = async (address) => {
    const window_ = window.open(address);
    if (!window_) return "stopped: no window";
    await wait(2500);
    try {
      return `worked: ${window_.document.body.innerText.slice(0, 200)}`;
    } finally {
      window_.close();
    }
  };
  const worker = async (address, scope) => {
    const registration = await navigator.serviceWorker.register(address, { scope });
    return `worked: ${registration.scope}`;
  };
  const attempts = {
    "read the token page": async () => ((await read(`${hub}/hub/token`)).includes("oken") ? "worked" : "stopped"),
    "make a token of the viewer and read it": () =>
      read(`${hub}/hub/api/users/${account}/tokens`, { method: "POST", body: "{}" }).then((text) => `worked: ${text}`),
    "make a token of the viewer blindly": () => blind(`${hub}/hub/api/users/${account}/tokens`, "{}", "text/plain"),
    "read who is signed in from the hub": async () => `worked: ${await read(`${hub}/hub/api/user`)}`,
    "read the desk's invitations": async () => `worked: ${await read(`${hub}/services/desk/invitations`)}`,
    "open the invitations in a window and read them": () => popup(`${hub}/services/desk/invitations`),
    "issue an invitation by a form": () => form(`${hub}/services/desk/invitations/${other}`, { csrf: "guessed" }),
    "read the desk": async () => `worked: ${await read(`${hub}/services/desk/`)}`,
    "read the hub in a frame": () => framed(`${hub}/hub/home`),
    "read the desk in a frame": () => framed(`${hub}/services/desk/`),
    "sign the viewer out by a fetch": () => blind(`${hub}/hub/logout`, ""),
    "sign the viewer out by an image": async () => {
      new Image().src = `${hub}/hub/logout`;
      await wait(800);
      return "sent";
    },
    "sign the viewer out by a form": () => form(`${hub}/hub/logout`, {}),
    "ask the hub on the room's own address": async () => {
      const text = await read(`${location.origin}/hub/api/user`);
      return text.includes('"name"') ? `worked: ${text}` : "stopped: no word of the hub";
    },
    "make a token on the room's own address": async () => {
      const text = await read(`${location.origin}/hub/api/users/${account}/tokens`, { method: "POST", body: "{}" });
      return text.includes('"token"') ? `worked: ${text}` : "stopped: no token";
    },
    "a service worker for the hub": () => worker(`${hub}/hub/worker.js`, `${hub}/hub/`),
    "a service worker for all of the room's host": () => worker("/worker.js", "/"),
    "read the hub's cookies": async () =>
      /jupyterhub-hub-login|jupyterhub-session-id|rounds-desk/.test(document.cookie) ? `worked: ${document.cookie}` : "stopped",
    "read the files of the viewer's other room": async () => `worked: ${await read(`${otherRoom}/api/contents`)}`,
    "write a file into the viewer's other room": async () => {
      const body = JSON.stringify({ type: "file", format: "text", content: "taken" });
      const sent = { method: "PUT", body, mode: "cors", headers: { "content-type": "text/plain" } };
      return `worked: ${await read(`${otherRoom}/api/contents/taken.txt`, sent)}`;
    },
    "start a kernel in the viewer's other room blindly": () => blind(`${otherRoom}/api/kernels`, "{}", "text/plain"),
    "a websocket to the viewer's other room": () => socket(otherSocket),
    "stop the viewer's other server": () =>
      read(`${hub}/hub/api/users/${account}/server`, { method: "DELETE" }).then((text) => `worked: ${text}`),
    "plant a cookie at the hub": async () => {
      const host = new URL(hub).hostname;
      document.cookie = `jupyterhub-session-id=planted; path=/; domain=${host}`;
      document.cookie = `jupyterhub-session-id=planted; path=/`;
      return "sent";
    },
    "flood the browser with cookies": async () => {
      for (let i = 0; i < 300; i += 1) document.cookie = `flood${i}=${"x".repeat(3000)}; path=/`;
      return "sent";
    },
  };
  const said = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    if (only && !only.includes(name)) continue;
    try {
      said[name] = await attempt();
    } catch (error) {
      said[name] = `stopped: ${error.message}`;
    }
  }
  window.attacked = said;
  return said;
}
