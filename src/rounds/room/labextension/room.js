// What a room's page says when JupyterLab is silent: the server has stopped, the sign-in has ended, an output is lost.
// No bundler: this script is its own module-federation container, and takes JupyterLab's packages from the shared scope.
(() => {
  "use strict";
  const LOOK_EVERY_MS = 20_000; // as often as JupyterLab itself asks; only while the page is visible
  const SETTLED_MS = 3_000; // how long a kernel is idle before a cell that still says it runs is believed to be left
  const CONTENTS = "/jupyter_server/contents_service/v1"; // the end of the name of a schema
  const LOST_WIDGET = "Error displaying widget: model not found";
  const WORDS = {
    stopped: "This room’s server has stopped. Your text is still on this page: start the server, and the page goes on by itself.",
    out: "This page is no longer signed in, and what you type is not saved. Copy your text, then reload.",
    away: "No connection to the room. What you type stays on this page, and is saved when the connection is back.",
    widget: "This view belongs to a kernel that has ended. Run this cell again.",
    running: "This cell still runs. What it prints before this page hears it is not kept.",
    ended: "This cell ran on, or was cut off, while no page was open. What it printed then is not kept. Run it again to see its output.",
    deleted: (name) => `“${name}” was deleted or moved by somebody while it is open here. What you type is no longer saved.`,
    kept: (name) => `Kept as “${name}”, which is open now. The tab of the deleted one is closed.`,
  };

  let scope;
  async function take(name) {
    const versions = Object.values(scope[name]);
    const entry = versions.find((one) => one.loaded) || versions[versions.length - 1];
    return (await entry.get())();
  }

  // ---- one bar at the foot of the page ----
  const bar = { key: "", node: null };
  function say(key, text, button, act) {
    if (bar.key === key) return;
    bar.node?.remove();
    bar.key = key;
    bar.node = document.createElement("div");
    bar.node.className = "rounds-room-bar";
    bar.node.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = text;
    bar.node.append(words);
    if (button) bar.node.append(press(button, act));
    document.body.append(bar.node);
  }
  function press(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }
  function unsay(...keys) {
    if (!keys.includes(bar.key)) return;
    bar.node.remove();
    bar.key = "";
  }

  // ---- the server ----
  async function ask(settings, makeRequest) {
    try {
      const answer = await makeRequest(`${settings.baseUrl}api/status`, { cache: "no-store" }, settings);
      if (answer.ok) return "ok";
      if (answer.status === 403 || answer.status === 401) return "out";
      return [404, 424, 503].includes(answer.status) ? "stopped" : "away";
    } catch {
      return "away";
    }
  }
  async function look(settings, makeRequest, start) {
    const state = await ask(settings, makeRequest);
    if (state === "ok") unsay("stopped", "out", "away");
    else if (state === "stopped") say(state, WORDS.stopped, start && "Start the server", () => window.open(`${start}?stopped=yes`, "_blank"));
    else if (state === "out") say(state, WORDS.out, "Reload", () => location.reload());
    else say(state, WORDS.away);
  }

  // ---- a notebook ----
  function sayLostWidgets(panel) {
    const mend = (node) => {
      if (node.textContent !== LOST_WIDGET) return;
      node.textContent = WORDS.widget;
    };
    new MutationObserver((changes) => changes.forEach((change) => mend(change.target))).observe(panel.node, {
      childList: true,
      subtree: true,
    });
    panel.node.querySelectorAll(".jupyter-widgets").forEach(mend);
  }
  function note(cell, text, Widget) {
    cell.roundsNote?.dispose();
    const node = document.createElement("div");
    node.className = "rounds-room-note";
    node.setAttribute("role", "note");
    node.textContent = text;
    cell.roundsNote = new Widget({ node });
    cell.layout.addWidget(cell.roundsNote);
    const gone = () => {
      cell.model.stateChanged.disconnect(changed);
      cell.roundsNote?.dispose();
      cell.roundsNote = null;
    };
    const changed = (_, change) => change.name === "executionCount" && gone();
    cell.model.stateChanged.connect(changed);
  }
  // Which cells run is noted in the browser too: outside co-editing the file itself does not say it.
  function change(key, act) {
    if (!key) return;
    const ids = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    act(ids);
    if (ids.size) localStorage.setItem(key, JSON.stringify([...ids]));
    else localStorage.removeItem(key);
  }
  const keyOf = (panel) => panel && `rounds-running ${location.pathname.split("/lab")[0]} ${panel.context.path}`;
  function rememberRuns(actions, tracker) {
    const key = (content) => keyOf(tracker.find((panel) => panel.content === content));
    actions.executionScheduled.connect((_, { notebook, cell }) => change(key(notebook), (ids) => ids.add(cell.model.id)));
    actions.executed.connect((_, { notebook, cell }) => change(key(notebook), (ids) => ids.delete(cell.model.id)));
  }
  async function sayLeftCells(panel, Widget) {
    await panel.context.ready;
    let noted;
    change(keyOf(panel), (ids) => (noted = new Set(ids)));
    const runs = (cell) => cell.model.executionState === "running" || noted.has(cell.model.id);
    let left = panel.content.widgets.filter((cell) => cell.model.type === "code" && runs(cell));
    const settle = () => {
      if (panel.isDisposed) return;
      left = left.filter((cell) => !cell.isDisposed && runs(cell));
      const status = panel.sessionContext.session?.kernel?.status;
      if (status === "idle") {
        left.forEach((cell) => {
          if (cell.model.executionState === "running") cell.model.executionState = "idle";
          note(cell, WORDS.ended, Widget);
        });
        change(keyOf(panel), (ids) => noted.forEach((id) => ids.delete(id)));
      } else if (left.length) {
        if (status) left.forEach((cell) => cell.roundsNote || note(cell, WORDS.running, Widget));
        setTimeout(settle, SETTLED_MS);
      }
    };
    if (left.length) setTimeout(settle, SETTLED_MS);
  }

  // ---- a file that somebody else deletes ----
  function openAt(app, path) {
    return [...app.shell.widgets("main")].find((widget) => widget.context?.path.replace(/^RTC:/, "") === path);
  }
  async function keep(app, widget) {
    const context = widget.context;
    const [path, end] = [context.path, context.path.match(/(\.[^./]*)?$/)[0]];
    const copy = `${path.slice(0, path.length - end.length)} (kept ${new Date().toTimeString().slice(0, 8).replaceAll(":", "-")})${end}`;
    const model = context.model;
    const notebook = end === ".ipynb";
    await app.serviceManager.contents.save(copy.replace(/^RTC:/, ""), {
      type: notebook ? "notebook" : "file",
      format: notebook ? "json" : "text",
      content: notebook ? model.toJSON() : model.toString(),
    });
    await app.commands.execute("docmanager:open", { path: copy });
    widget.dispose(); // it would go on taking text that nothing saves
    say("kept", WORDS.kept(copy.split("/").pop()), "Close", () => unsay("kept"));
  }
  function sayDeleted(app, widget) {
    const name = widget.context.path.split("/").pop();
    say("deleted", WORDS.deleted(name), "Keep a copy", () => keep(app, widget));
  }
  // A folder that was renamed, or a file that a terminal took away, is told of by no event: each open file is looked for.
  async function lookForFiles(app) {
    for (const widget of [...app.shell.widgets("main")]) {
      const path = widget.context?.path.replace(/^RTC:/, "");
      if (!path || !widget.context.isReady || bar.key) continue;
      try {
        await app.serviceManager.contents.get(path, { content: false });
      } catch (error) {
        if (error.response?.status === 404 && !widget.isDisposed) sayDeleted(app, widget);
      }
    }
  }
  function hearDeletions(app) {
    app.serviceManager.events.stream.connect((_, event) => {
      if (!event.schema_id.endsWith(CONTENTS) || event.action !== "delete") return;
      setTimeout(() => {
        const widget = openAt(app, event.path);
        if (!widget || widget.isDisposed) return; // this page deleted it, and has closed it
        sayDeleted(app, widget);
      }, 1_000);
    });
  }

  const STYLE = `
    .rounds-room-bar { position: fixed; inset: auto 0 0 0; z-index: 10000; display: flex; flex-wrap: wrap; gap: 8px 16px;
      align-items: center; justify-content: center; padding: 12px 16px; background: #1b2733; color: #fbfaf7; font: 16px/1.5 system-ui, sans-serif; }
    .rounds-room-bar button { font: inherit; padding: 4px 16px; border: 0; border-radius: 4px; background: #fbfaf7; color: #0f4f4f; cursor: pointer; }
    .rounds-room-bar button:focus-visible { outline: 3px solid #f0c36d; outline-offset: 2px; }
    .rounds-room-note { margin: 4px 0 8px 64px; padding: 8px 12px; border-left: 4px solid #b86e00; background: #fff6e5; color: #1b2733;
      font: 14px/1.5 system-ui, sans-serif; }`;

  async function plugins() {
    const [application, notebook, services, lumino, coreutils] = await Promise.all(
      ["@jupyterlab/application", "@jupyterlab/notebook", "@jupyterlab/services", "@lumino/widgets", "@jupyterlab/coreutils"].map(take),
    );
    const server = {
      id: "rounds-room:server",
      description: "Says that a room's server has stopped, and starts this room's",
      autoStart: true,
      provides: application.IConnectionLost,
      activate: (app) => {
        const style = document.createElement("style");
        style.textContent = STYLE;
        document.head.append(style);
        const settings = app.serviceManager.serverSettings;
        const start = coreutils.PageConfig.getOption("roundsStart");
        const now = () => look(settings, services.ServerConnection.makeRequest, start);
        setInterval(() => document.visibilityState === "visible" && now().then(() => lookForFiles(app)), LOOK_EVERY_MS);
        hearDeletions(app);
        return now;
      },
    };
    const cells = {
      id: "rounds-room:cells",
      description: "Says below a cell what it has lost",
      autoStart: true,
      requires: [notebook.INotebookTracker],
      activate: (app, tracker) => {
        rememberRuns(notebook.NotebookActions, tracker);
        tracker.widgetAdded.connect((_, panel) => {
          sayLostWidgets(panel);
          sayLeftCells(panel, lumino.Widget);
        });
      },
    };
    return [server, cells];
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["rounds-room"] = {
    init: (given) => {
      scope = given;
    },
    get: async () => {
      const made = await plugins();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
