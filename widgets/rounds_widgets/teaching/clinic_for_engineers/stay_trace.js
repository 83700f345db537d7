// The trace of one stay: three orders of the same things, a moment that is dragged, and who holds the rest of the path.
// Marks, clocks and replies come from Python; what can be read at a moment is counted here, in plain functions.
const TRACE_VIEWS = ["happened", "charted", "available"];
const TRACE_MEANS = { happened: "when it happened", charted: "when its row was opened",
  available: "from when its content could be read" };
const TRACE_TABLES = ["encounter", "vital", "lab", "medication", "procedure", "observation", "note", "diagnosis", "told"];
const TRACE_SHARES = [0.15, 0.32, 0.27, 0.26];
const TRACE_STEPS = 240;
const TRACE_STATES = { later: "lies ahead", readable: "can be read", waits: "not readable yet", none: "in no table" };
let traces = 0;

const traceBy = (hour, t0) => hour !== null && hour <= t0;

// At a moment a thing lies ahead, or can be read, or is waited for, or stands in no table at all.
const traceState = (mark, t0) => {
  if (mark.happened > t0) return TRACE_STATES.later;
  if (mark.available === null) return TRACE_STATES.none;
  return traceBy(mark.available, t0) ? TRACE_STATES.readable : TRACE_STATES.waits;
};

const traceOrder = (marks, view) => {
  const last = (hour) => (hour === null ? Infinity : hour);
  const first = marks.toSorted((one, other) => one.happened - other.happened);
  return view === "happened" ? first : first.toSorted((one, other) => last(one[view]) - last(other[view]) || 0);
};

// What happened has happened, whichever tables are read: `off` are the tables that are not.
const traceCount = (marks, t0, off = []) => {
  const happened = marks.filter((mark) => mark.happened <= t0);
  const read = happened.filter((mark) => !off.includes(mark.table));
  const of = (state) => read.filter((mark) => traceState(mark, t0) === state);
  return { happened: happened.length, readable: of(TRACE_STATES.readable).length, waits: of(TRACE_STATES.waits),
    none: of(TRACE_STATES.none), unread: happened.length - read.length };
};

// How many things were overtaken: something that happened after them stands before them in another order.
const traceOvertaken = (marks, view) => {
  const written = marks.filter((mark) => mark[view] !== null);
  return written.filter((mark) => written.some((other) => other.happened > mark.happened && other[view] < mark[view])).length;
};

const traceClock = (stay) => (hour) => timelineClock(stay.clock + hour + 24).replace("day 0,", "the day before,");

const traceNames = (marks) => {
  const names = marks.slice(0, 3).map((mark) => mark.what);
  return marks.length > 3 ? `${names.join("; ")}; and ${marks.length - 3} more` : names.join("; ");
};

function sayTrace(stay, off, t0, view) {
  const now = traceCount(stay.marks, t0, off);
  const marks = stay.marks.filter((mark) => !off.includes(mark.table));
  const parts = [`At ${traceClock(stay)(t0)}, ${now.happened} of ${stay.marks.length} things have happened.`];
  if (now.happened) parts.push(`${now.readable} of these ${now.happened} can be read.`);
  if (now.unread) parts.push(`${now.unread} of them ${now.unread === 1 ? "stands" : "stand"} in tables that you have unticked: they have happened, and you do not read them.`);
  if (now.waits.length) parts.push(`Not readable yet: ${traceNames(now.waits)}.`);
  if (now.none.length) parts.push(`In no table of this hospital: ${traceNames(now.none)}.`);
  if (view !== "happened") {
    const verb = view === "charted" ? "written down" : "readable";
    const overtaken = traceOvertaken(marks, view);
    const [things, them] = overtaken === 1 ? ["thing is", "it"] : ["things are", "them"];
    parts.push(`On the whole path, ${overtaken} ${things} overtaken: something that happened after ${them} was ${verb} before ${them}.`);
  }
  return parts.join(" ");
}

const TRACE_PAGE = `
  <h3>One stay, and the trace that it leaves</h3>
  <p class="told"></p>
  <label class="moment"><span class="name-zero"></span><input class="zero" type="range" min="0" max="${TRACE_STEPS}" step="1"></label>
  <form class="guess">
    <label><span class="asked"></span> <input type="number" min="0" max="24" step="1" required></label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="choices">
    <fieldset class="views"><legend>Order and place: by</legend></fieldset>
    <label class="which">Stay <select></select></label>
  </div>
  <fieldset class="tables"><legend>Tables</legend></fieldset>
  <div class="drawing"></div>
  <p class="key"><span class="word"><span class="swatch dot"></span> happened</span>
    <span class="word"><span class="swatch tick"></span> row opened</span> <span class="word"><span class="swatch box"></span> can be read</span>
    <span class="word"><span class="swatch stripe"></span> not yet</span> <span class="word"><span class="swatch ring"></span> in no table</span></p>
  <p class="said" role="status" aria-live="polite"></p>
  <details><summary>The same as a table</summary><table><thead><tr><th scope="col">thing</th><th scope="col">table</th>
    <th scope="col">happened</th><th scope="col">row opened</th><th scope="col">readable from</th><th scope="col">at the moment</th>
    </tr></thead><tbody></tbody></table></details>
  <section class="land" aria-label="Who holds the rest">
    <h3>Who holds the rest?</h3>
    <p>Her path does not end at the hospital's door. Choose who can answer; the answer comes after your guess.</p>
    <ol></ol>
    <p class="heard" role="status" aria-live="polite"></p>
    <table class="holders"><caption>Who holds what in Israel, and what each cannot see</caption>
      <thead><tr><th scope="col">who</th><th scope="col">holds</th><th scope="col">cannot see</th></tr></thead><tbody></tbody></table>
  </section>`;

// A dot where it happened, a tick where its row was opened, a square from where it can be read.
function traceShape(mark, y, { scale, t0, open, view, stripes }) {
  const at = scale.at(mark.happened);
  const ahead = mark.happened > t0;
  const dot = (radius, fill, edge) => `<circle cx="${at}" cy="${y}" r="${radius}" fill="${fill}" stroke="${edge}" stroke-width="2"/>`;
  if (!open) return dot(5, ahead ? "var(--tl-paper)" : "var(--tl-known)", ahead ? "var(--tl-muted)" : "var(--tl-known)");
  if (mark.available === null) return dot(6, "var(--tl-paper)", "var(--tl-later)");
  const [row, read] = [scale.at(mark.charted), scale.at(mark.available)];
  const known = traceBy(mark.available, t0);
  const edge = ahead ? "var(--tl-muted)" : known ? "var(--tl-known)" : "var(--tl-later)";
  const ink = ahead ? "var(--tl-muted)" : "var(--tl-ink)";
  const fill = ahead ? "var(--tl-paper)" : known ? "var(--tl-known)" : `url(#${stripes})`;
  const [low, high] = [Math.min(at, row, read), Math.max(at, row, read)];
  const thick = (name) => (view === name ? 3 : 1.5);
  const apart = (pixel) => Math.abs(pixel - read) > 5;
  return `<path d="M${low} ${y}H${high}" stroke="${edge}" stroke-width="2" stroke-dasharray="2 3"/>
    <rect x="${read - 6}" y="${y - 6}" width="12" height="12" rx="1" fill="${fill}" stroke="${edge}" stroke-width="${thick("available")}"/>` +
    (apart(row) ? `<path d="M${row} ${y - 9}v18" stroke="${ink}" stroke-width="${thick("charted")}"/>` : "") +
    (apart(at) ? `<circle cx="${at}" cy="${y}" r="${view === "happened" ? 5 : 4}" fill="${ahead ? "var(--tl-paper)" : ink}"
      stroke="${ink}" stroke-width="1.5"/>` : "");
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-trace";
  root.setAttribute("aria-label", "The trace of a stay");
  keepKeys(root);
  root.innerHTML = TRACE_PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const look = followLook(root);
  const number = (traces += 1);
  const stays = model.get("_stays");
  const { holders, questions } = model.get("_landscape");
  let speak = 0;
  let dragging = false;

  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const stay = () => stays[model.get("stay")];
  const off = () => model.get("hidden").split(",").filter(Boolean);
  const shown = () => stay().marks.filter((mark) => !off().includes(mark.table));
  const scaleOf = (left, right) => timelineParts(stay().parts, TRACE_SHARES, left, right);
  const stepOf = (hour) => Math.round(scaleOf(0, TRACE_STEPS).at(hour));
  const hourOf = (step) => Math.round(scaleOf(0, TRACE_STEPS).hour(step) * 60) / 60;
  const guesses = () => model.get("guesses").split(",").filter(Boolean);

  find(".views").insertAdjacentHTML("beforeend", TRACE_VIEWS.map((view) => `<label><input type="radio" name="trace-${number}"
    value="${view}"> <strong>${view}</strong>: ${TRACE_MEANS[view]}</label>`).join(""));
  find(".which select").innerHTML = stays.map((one, at) => `<option value="${at}">${timelineEscape(one.name)}</option>`).join("");
  find(".tables").insertAdjacentHTML("beforeend", TRACE_TABLES.map((table) => `<label><input type="checkbox" data-table="${table}">
    ${table === "told" ? "in no table, only told" : table}</label>`).join(""));
  find(".land ol").innerHTML = questions.map((question, at) => `<li data-at="${at}"><p>${timelineEscape(question.ask)}</p>
    <div class="who">${holders.map((one) => `<button type="button" data-who="${one.name}">${one.name}</button>`).join("")}</div>
    <p class="reply"></p></li>`).join("");
  find(".holders tbody").innerHTML = holders.map((one) => `<tr><th scope="row">${one.name}</th><td>${timelineEscape(one.holds)}</td>
    <td>${timelineEscape(one.blind)}</td></tr>`).join("");

  function paint(marks, t0, open) {
    const width = Math.max(Math.floor(find(".drawing").clientWidth), 280);
    const parts = stay().parts;
    const scale = scaleOf(12, width - 12);
    const narrow = width < 520;
    const names = narrow ? ["home", "door", "ward", "after"] : ["at home", "at the door", "on the ward", "home, clinic"];
    const ticks = parts.map((hour, at) => ({ hour, text: names[at], middle: at < names.length
      ? scale.hour((scale.at(hour) + scale.at(parts[at + 1])) / 2) : null }));
    const view = open ? model.get("view") : "happened";
    const stripes = `rounds-trace-${number}`;
    const clock = traceClock(stay())(t0);
    find(".drawing").innerHTML = drawTimeline({ marks: traceOrder(marks, view), t0, from: parts[0], to: parts.at(-1), width, stripes,
      row: 38, scale, ticks, name: clock, title: `${stay().name}. The moment is ${clock}. The table below says the same in words.`,
      stateOf: (mark) => (open || mark.happened > t0 ? traceState(mark, t0) : "happened"),
      shape: (mark, y) => traceShape(mark, y, { scale, t0, open, view, stripes }) });
    for (const text of root.querySelectorAll(".drawing .state")) {
      text.dataset.state = text.textContent.trim();
    }
  }

  function showTable(marks, t0) {
    const clock = traceClock(stay());
    const said = (hour) => (hour === null ? "–" : clock(hour));
    find("details tbody").innerHTML = traceOrder(marks, model.get("view")).map((mark) => `<tr><th scope="row">${
      timelineEscape(mark.what)}</th><td>${mark.table}</td><td>${said(mark.happened)}</td><td>${said(mark.charted)}</td>
      <td>${said(mark.available)}</td><td>${traceState(mark, t0)}</td></tr>`).join("");
  }

  function showControls(t0) {
    const clock = traceClock(stay())(t0);
    const { happened } = traceCount(stay().marks, t0);
    find(".zero").value = stepOf(t0);
    find(".zero").setAttribute("aria-valuetext", clock);
    find(".name-zero").textContent = `The moment: ${clock}`;
    find(".told").textContent = `${stay().name}. By this moment, ${happened} things have happened. ` +
      "Who was not in the room, a colleague or your model, knows only what the tables hold by then.";
    find(".asked").textContent = model.get("prediction") !== null ? "My guess:"
      : `How many of the ${happened} can be read in this hospital's tables at ${clock}?`;
    for (const radio of root.querySelectorAll(".views input")) radio.checked = radio.value === model.get("view");
    find(".which select").value = model.get("stay");
    const there = new Set(stay().marks.map((mark) => mark.table));
    for (const box of root.querySelectorAll("[data-table]")) {
      box.checked = !off().includes(box.dataset.table);
      box.parentElement.hidden = !there.has(box.dataset.table);
    }
  }

  function showLandscape() {
    const given = guesses();
    for (const item of root.querySelectorAll(".land li")) {
      const at = Number(item.dataset.at);
      const { right, says } = questions[at];
      item.hidden = at > given.length;
      for (const press of item.querySelectorAll("button")) {
        press.disabled = at < given.length;
        press.classList.toggle("mine", given[at] === press.dataset.who);
        press.classList.toggle("right", at < given.length && right.includes(press.dataset.who));
        press.setAttribute("aria-pressed", String(given[at] === press.dataset.who));
      }
      item.querySelector(".reply").textContent = at < given.length
        ? `${right.includes(given[at]) ? "Yes" : `You said: ${given[at]}. It is: ${right.join(" or ")}`}. ${says}` : "";
    }
    find(".holders").hidden = given.length < questions.length;
  }

  function say(t0, open) {
    const guess = model.get("prediction");
    const text = open ? `${root.dataset.fresh === "true" ? `You guessed ${guess}. ` : ""}${sayTrace(stay(), off(), t0, model.get("view"))}` : "";
    if (find(".said").textContent !== text) find(".said").textContent = text;
  }

  function show() {
    const open = model.get("prediction") !== null;
    const t0 = model.get("t0");
    const marks = shown();
    root.dataset.open = String(open);
    showControls(t0);
    paint(marks, t0, open);
    find(".guess button").disabled = find(".guess input").disabled = open;
    find(".locked").textContent = open ? "Locked in. Now change the order, then drag the moment." : "";
    if (open) find(".guess input").value = model.get("prediction");
    if (open) showTable(marks, t0);
    showLandscape();
    clearTimeout(speak);
    speak = setTimeout(() => say(t0, open), 250);
  }

  const move = (values) => {
    root.dataset.fresh = "false";
    set(values);
  };

  function drag(event) {
    const frame = find(".drawing svg").getBoundingClientRect();
    move({ t0: Math.round(scaleOf(12, frame.width - 12).hour(event.clientX - frame.left) * 60) / 60 });
  }

  find(".drawing").addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-grip]")) return;
    dragging = true;
    find(".drawing").setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  find(".drawing").addEventListener("pointermove", (event) => dragging && drag(event));
  for (const name of ["pointerup", "pointercancel"]) find(".drawing").addEventListener(name, () => (dragging = false));
  find(".zero").addEventListener("input", (event) => move({ t0: hourOf(Number(event.target.value)) }));
  find(".which select").addEventListener("change", (event) => move({ stay: Number(event.target.value) }));
  find(".views").addEventListener("change", (event) => move({ view: event.target.value }));
  find(".tables").addEventListener("change", () => move({ hidden: [...root.querySelectorAll("[data-table]:not(:checked)")]
    .map((box) => box.dataset.table).join(",") }));
  find(".land ol").addEventListener("click", (event) => {
    const press = event.target.closest("button");
    if (!press || press.disabled) return;
    const item = press.closest("li");
    set({ guesses: [...guesses(), press.dataset.who].join(",") });
    find(".heard").textContent = item.querySelector(".reply").textContent;
    (item.nextElementSibling ?? find(".holders")).querySelector("button")?.focus();
  });
  onGuess(find(".guess"), (guess) => {
    root.dataset.fresh = "true";
    set({ prediction: Math.round(guess) });
    find(".views input:checked").focus();
  });
  const leave = followModel(model, ["prediction", "t0", "view", "stay", "hidden", "guesses"], show);
  const resized = followWidth(root, show); // not its height: what is said for screen readers drew all a second time
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
