// The timeline editor: three sliders and the same three grips on the drawing, four columns, and the score of the
// question from a table that Python computed beforehand. Nothing is fitted here.
const WINDOWS = ["today", "tomorrow", "next 48 h"];
const LOOK_BACKS = [12, 24, 48];
const LEAKS = ["antibiotic_today", "cultures_of_stay", "code_at_discharge"];
const WORDS = { antibiotic_today: "antibiotic given today", cultures_of_stay: "number of cultures of the whole stay",
  code_at_discharge: "code for sepsis or infection" };
const AHEAD = { "today": [9, 24], "tomorrow": [24, 48], "next 48 h": [24, 72] }; // hours after midnight of t0's day
const ASKED = { "today": "later today", "tomorrow": "tomorrow", "next 48 h": "in the next 48 hours (after today)" };
let views = 0;

const PAGE = `
  <h3>One patient's record, and the question you ask of it</h3>
  <p class="told"></p>
  <form class="guess">
    <label>My guess for the next 48 hours: AUROC <input type="number" min="0.5" max="1" step="0.01" required
      aria-label="My guess: the AUROC for the next 48 hours, from 0.50 to 1"></label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="sliders">
    <label><span class="name-zero"></span><input class="zero" type="range" step="1"></label>
    <label><span class="name-back"></span><input class="back" type="range" min="0" max="2" step="1"><small class="note-back"></small></label>
    <label><span class="name-ahead"></span><input class="ahead" type="range" min="0" max="2" step="1"><small class="note-ahead"></small></label>
  </div>
  <div class="drawing"></div>
  <p class="key"><span class="swatch back-band"></span> look-back <span class="swatch ahead-band"></span> horizon
    <span class="swatch dot"></span> known <span class="swatch stripe"></span> not known yet (also between dot and box; an arrow: known after the last day that is drawn). The flag and the two
    handles above the drawing can be dragged, too.</p>
  <fieldset class="columns"><legend>Columns that the model may use</legend>
    <label><input type="checkbox" checked disabled> temperature, heart rate, CRP, neutrophils, day, kind of transplant, hospital: known by time zero</label>
    ${LEAKS.map((name) => `<label><input type="checkbox" data-leak="${name}"> ${WORDS[name]} <em></em></label>`).join("")}
  </fieldset>
  <fieldset class="columns"><legend>When the label says yes</legend>
    <label><input type="checkbox" class="late"> put the label at the time of the <strong>result</strong>, not of the draw</label>
  </fieldset>
  <div class="score"><span class="number"></span><span class="scale" aria-hidden="true"><span class="fill"></span>
    <span class="pin"><span>your guess</span></span><span class="low">0.5: a coin</span><span class="high">1: perfect</span></span></div>
  <p class="said" role="status" aria-live="polite"></p>
  <details><summary>The same as a table</summary><table><thead><tr><th scope="col">mark</th><th scope="col">happened</th>
    <th scope="col">known from</th><th scope="col">at time zero</th></tr></thead><tbody></tbody></table></details>`;

function readChoice(model) {
  const get = (name) => model.get(name);
  const leaks = LEAKS.filter((name) => get(name));
  const midnight = 24 * get("t0_day");
  const [from, to] = AHEAD[get("window")];
  const t0 = midnight + 9;
  const event = get("_drawn");
  return { t0, lookBack: get("look_back_h"), window: get("window"), leaks, late: get("label") === "resulted",
    ahead: { from: midnight + from, to: midnight + to }, over: t0 > event,
    apart: get("window") !== "today" && t0 < event && event <= midnight + 24,
    label: event > midnight + from && event <= midnight + to, score: get("_scores")[keyOf(model, get("look_back_h"))] };
}

const keyOf = (model, lookBack) =>
  [lookBack, model.get("label"), model.get("window"), ...LEAKS.filter((name) => model.get(name))].join("|");

function sayChoice(now, marks, guess) {
  if (now.over) return "The infection is behind time zero: this patient is asked no more. Move time zero back.";
  const states = marks.map((mark) => timelineState(mark, now.t0, now.lookBack));
  const known = states.filter((state) => state === TIMELINE_STATES.known).length;
  const { auroc, mornings, infected } = now.score;
  const later = [...now.leaks.map((name) => WORDS[name])];
  const parts = [
    now.late ? `Does a result with a germ come ${ASKED[now.window]}?` : `Is blood drawn ${ASKED[now.window]} that will grow a germ?`,
    `AUROC ${auroc.toFixed(2)}, measured on ${mornings.toLocaleString("en")} mornings, ${infected.toLocaleString("en")} of them yes.`,
    `${known} of ${marks.length} marks are known at time zero.`,
  ];
  if (now.apart) parts.push("This patient's blood is drawn today already, so this question does not count the patient. Move time zero back.");
  else if (!now.late) parts.push(`This patient's label: ${now.label ? "yes" : "no"}.`);
  if (later.length) parts.push(`The model also sees what nobody knows at 9:00: ${later.join(", ")}.`);
  if (now.late) parts.push("The ward has drawn the blood up to three days before: such an alert comes late.");
  if (now.window === "next 48 h" && !later.length && !now.late) {
    parts.push(`Your guess for this question was ${guess.toFixed(2)}.`);
  }
  return parts.join(" ");
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-time";
  root.setAttribute("aria-label", "Timeline editor");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const look = followLook(root);
  const stripes = `rounds-stripes-${(views += 1)}`;
  const eventDay = Math.floor(model.get("_drawn") / 24);
  const [from, to] = [24 * (eventDay - 4), 24 * (eventDay + 4)];
  const same = model.get("_scores")["24|drawn|today"].auroc;
  find(".zero").min = eventDay - 3;
  find(".zero").max = eventDay + 2;
  find(".told").innerHTML = `Each morning at 9:00 a model asks: is blood drawn <strong>later today</strong> that will grow a germ? ` +
    `On unseen patients of our cohort its AUROC is <strong>${same.toFixed(2)}</strong> (0.5 is a coin, 1 is perfect). What is it for the next 48 hours, after today?`;
  let speak = 0;
  let dragged = "";

  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };

  function paint(now, marks) {
    const box = find(".drawing");
    const width = Math.max(Math.floor(box.clientWidth), 280);
    const title = `Record of one patient. Time zero ${timelineClock(now.t0)}. The table below says the same in words.`;
    box.innerHTML = drawTimeline({ marks, t0: now.t0, lookBack: now.lookBack, ahead: now.ahead, from, to, width, stripes, title });
    find("tbody").innerHTML = marks.map((mark) => `<tr><th scope="row">${timelineEscape(mark.what)}</th>
      <td>${timelineClock(mark.happened)}</td><td>${timelineClock(mark.known)}</td>
      <td>${timelineState(mark, now.t0, now.lookBack)}</td></tr>`).join("");
  }

  function showScore(now) {
    const value = now.over ? null : now.score.auroc;
    find(".number").textContent = value === null ? "no question" : `AUROC ${value.toFixed(2)}`;
    find(".fill").style.width = `${value === null ? 0 : 200 * (value - 0.5)}%`;
    find(".pin").style.left = `${200 * (Math.max(model.get("prediction"), 0.5) - 0.5)}%`;
    root.dataset.fair = String(!now.leaks.length && !now.late);
  }

  function showControls(now) {
    find(".zero").value = model.get("t0_day");
    find(".back").value = LOOK_BACKS.indexOf(now.lookBack);
    find(".ahead").value = WINDOWS.indexOf(now.window);
    find(".zero").setAttribute("aria-valuetext", timelineClock(now.t0));
    find(".back").setAttribute("aria-valuetext", `${now.lookBack} hours`);
    find(".ahead").setAttribute("aria-valuetext", now.window);
    find(".name-zero").textContent = `Time zero: ${timelineClock(now.t0)}`;
    find(".name-back").textContent = `Look-back: ${now.lookBack} hours`;
    find(".name-ahead").textContent = `Horizon: ${now.window}`;
    const each = LOOK_BACKS.map((hours) => model.get("_scores")[keyOf(model, hours)].auroc.toFixed(2));
    find(".note-back").textContent = new Set(each).size === 1
      ? `It moves what is too old; the AUROC is ${each[0]} with 12, 24 and 48 hours.`
      : `It moves what is too old, and the AUROC little: ${each.join(", ")} with 12, 24, 48 hours.`;
    find(".note-ahead").textContent = now.over ? "It has no effect now: behind the infection there is no question." : "";
    for (const box of root.querySelectorAll("[data-leak]")) {
      box.checked = model.get(box.dataset.leak);
      box.parentElement.querySelector("em").textContent = "(not known at 9:00)";
    }
    find(".late").checked = now.late;
  }

  function show() {
    const open = model.get("prediction") !== null;
    const now = readChoice(model);
    const marks = model.get("_marks");
    find(".guess button").disabled = find(".guess input").disabled = open;
    find(".locked").textContent = open ? "Locked in. Now move the horizon." : "The timeline opens after your guess.";
    if (open) find(".guess input").value = model.get("prediction");
    root.dataset.open = String(open);
    if (!open) return;
    showControls(now);
    paint(now, marks);
    showScore(now);
    clearTimeout(speak);
    speak = setTimeout(() => (find(".said").textContent = sayChoice(now, marks, model.get("prediction"))), 250);
  }

  const nearest = (values, wanted) =>
    values.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);

  function drag(event) {
    const svg = find(".drawing svg");
    const frame = svg.getBoundingClientRect();
    const scale = timelineScale(from, to, 12, frame.width - 12);
    const hour = scale.hour(event.clientX - frame.left);
    const now = readChoice(model);
    const midnight = 24 * model.get("t0_day");
    if (dragged === "zero") set({ t0_day: Math.min(Math.max(Math.round((hour - 9) / 24), eventDay - 3), eventDay + 2) });
    if (dragged === "back") set({ look_back_h: LOOK_BACKS[nearest(LOOK_BACKS, now.t0 - hour)] });
    if (dragged === "ahead") set({ window: WINDOWS[nearest(WINDOWS.map((name) => AHEAD[name][1]), hour - midnight)] });
  }

  find(".drawing").addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    dragged = grip.dataset.grip;
    find(".drawing").setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  find(".drawing").addEventListener("pointermove", (event) => dragged && drag(event));
  for (const name of ["pointerup", "pointercancel"]) find(".drawing").addEventListener(name, () => (dragged = ""));
  find(".zero").addEventListener("input", (event) => set({ t0_day: Number(event.target.value) }));
  find(".back").addEventListener("input", (event) => set({ look_back_h: LOOK_BACKS[event.target.value] }));
  find(".ahead").addEventListener("input", (event) => set({ window: WINDOWS[event.target.value] }));
  find(".late").addEventListener("change", (event) => set({ label: event.target.checked ? "resulted" : "drawn" }));
  for (const box of root.querySelectorAll("[data-leak]")) {
    box.addEventListener("change", () => set({ [box.dataset.leak]: box.checked }));
  }
  onGuess(find(".guess"), (guess) => {
    set({ prediction: guess });
    find(".ahead").focus();
  });
  const leave = followModel(model, ["prediction", "t0_day", "look_back_h", "window", "label", ...LEAKS], show);
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
