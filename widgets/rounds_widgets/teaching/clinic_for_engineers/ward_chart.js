// The ward chart: above one made-up monitor with what the nurse charts of it, below one number for each stay.
// Python has written every chart already; a move only looks numbers up.
const CHART_HEIGHT = 250;
const STAYS_HEIGHT = 230;
const LEFT = 62;
const TOP_PULSE = 220;
const RULES = [
  ["first", "first", "the first that was charted"],
  ["median", "median", "the middle one of the day"],
  ["worst", "worst", "the farthest from 75, high or low"],
];
const WRITES = [
  ["as shown", "what the monitor shows", ""],
  ["half a minute, doubled", "half a minute, doubled", "counts beats at the wrist: even numbers only"],
  ["nearest ten", "the nearest ten", ""],
];

const PAGE = `
  <h3>From the monitor to one number</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess, of 100 patients: <input type="number" min="0" max="100" step="1" required></label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="every"><legend>The nurse comes</legend></fieldset>
    <fieldset class="written"><legend>She writes</legend></fieldset>
    <fieldset class="rule"><legend>Your column takes</legend></fieldset>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <h4>One made-up patient, one day</h4>
  <svg class="day" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="band">▮</span> lowest to highest on the monitor <span class="middle">━</span> median of five minutes <span class="dot">●</span> charted <span class="ring">◯</span> your column</p>
  <table class="sources"><caption>Her day, by what the rule reads</caption>
    <thead><tr><th scope="col">read from</th><th scope="col">values</th><th scope="col" class="rule-name"></th></tr></thead><tbody></tbody></table>
  <h4 class="name-stays"></h4>
  <svg class="stays" role="img"></svg>
  <table class="rules"><caption></caption>
    <thead><tr><th scope="col">column</th><th scope="col">above 100, of 100 patients</th><th scope="col">less than 5 away from 75, of 100</th></tr></thead><tbody></tbody></table>`;

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-ward-chart";
  root.setAttribute("aria-label", "From the monitor to one number");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const counts = model.get("_counts");
  const patient = model.get("_patient");
  const facts = model.get("_facts");
  const isOpen = () => model.get("prediction") !== null;
  const habit = () => `${model.get("every")}${model.get("sooner") ? "y" : "n"}${model.get("written")[0]}`;
  const nameOf = (rule) => habit() + rule[0];
  const isSeen = (name) => model.get("seen").split(" ").includes(name);
  const chart = () => patient.charts[habit()];
  const figures = () => counts[nameOf(model.get("rule"))];
  let speak = 0;
  const ends = { now: 0, before: 0 }; // where the vertical axis of the patients ends, and where it ended before

  function begin() {
    find(".task").textContent = `Below, ${facts.stays.toLocaleString("en")} patients have one pulse each for their first day: the first that was charted. Many scores of intensive care take the worst in its place: of all that was charted in 24 hours, the value farthest from ${facts.normal}, a fixed normal pulse. In how many of 100 patients will the worst be above ${facts.worry}?`;
    find(".guess input").setAttribute("aria-label", "My guess: in how many of 100 patients the worst pulse is above 100");
    for (const hours of [4, 8, 12]) find(".every").append(makeChoice("every", hours, `every ${hours} hours`));
    find(".every").append(makeSooner());
    for (const [value, text, more] of WRITES) find(".written").append(makeChoice("written", value, text, more));
    for (const [value, text, more] of RULES) find(".rule").append(makeChoice("rule", value, text, more));
  }

  function makeChoice(trait, value, text, more = "") {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", value, name: `${trait}-${model.model_id ?? "one"}` });
    radio.addEventListener("change", () => move({ [trait]: value }));
    label.append(radio, ` ${text}`);
    if (more) label.append(Object.assign(document.createElement("small"), { textContent: more }));
    return label;
  }

  function makeSooner() {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "sooner" });
    box.addEventListener("change", () => move({ sooner: box.checked }));
    const more = Object.assign(document.createElement("small"), { textContent: `again after four hours, when she wrote ${facts.worry} or more` });
    label.append(box, " sooner when she is worried", more);
    return label;
  }

  // A move: what was chosen, and that it was looked at.
  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    const name = nameOf(model.get("rule"));
    if (!isSeen(name)) model.set("seen", `${model.get("seen")} ${name}`.trim());
    model.save_changes();
  }

  const own = () => chart()[model.get("rule")];

  // Which charted value is the column's; a median may lie between two.
  function ownHour() {
    const { at, values } = chart();
    if (model.get("rule") === "first") return at[0];
    const place = values.indexOf(own());
    return place < 0 ? null : at[place];
  }

  function drawDay() {
    const svg = find(".day");
    const width = svg.clientWidth;
    if (!width) return;
    const x = linearScale([0, 24], [LEFT, width - 12]);
    const y = linearScale([0, TOP_PULSE], [CHART_HEIGHT - 44, 8]);
    const band = patient.low.map((low, at) => {
      const hour = (24 * at) / patient.low.length;
      return `M${x(hour).toFixed(1)} ${y(low).toFixed(1)}V${(y(patient.high[at]) - 1).toFixed(1)}`;
    });
    const hours = patient.medians.map((_, at) => (24 * (at + 0.5)) / patient.medians.length);
    svg.setAttribute("viewBox", `0 0 ${width} ${CHART_HEIGHT}`);
    svg.replaceChildren(
      drawAxis(x, { side: "bottom", at: CHART_HEIGHT - 44, across: 8, label: "hours after the arrival", wanted: width < 500 ? 4 : 8 }),
      drawAxis(y, { side: "left", at: LEFT, across: width - 12, label: "pulse", wanted: 4 }),
      svgNode("path", { class: "band", d: band.join("") }),
      svgNode("path", { class: "middle", d: svgPath(hours, patient.medians, x, y) }),
      ...markArtefacts(x, y, width),
      ...drawChart(x, y, width),
    );
  }

  function markArtefacts(x, y, width) {
    const named = new Set();
    return patient.marks.flatMap(([kind, hour, until]) => {
      if (named.has(kind)) return [];
      named.add(kind);
      const height = { movement: 206, cuff: 14, "lead off": 14 }[kind];
      return [svgNode("text", { class: "kind", x: x(until) + (width < 500 ? 4 : 7), y: y(height) }, kind)];
    });
  }

  function drawChart(x, y, width) {
    const { at, values } = chart();
    const dots = at.map((hour, number) => svgNode("circle", { class: "dot", cx: x(hour), cy: y(values[number]), r: 5 }));
    const hour = ownHour();
    const line = svgNode("path", { class: "own", d: `M${LEFT} ${y(own())}H${width - 12}` });
    return hour === null ? [...dots, line] : [...dots, line, svgNode("circle", { class: "ring", cx: x(hour), cy: y(own()), r: 10 })];
  }

  function drawStays() {
    const svg = find(".stays");
    const width = svg.clientWidth;
    if (!width) return;
    const { bins } = figures();
    const top = Math.max(...bins);
    const x = linearScale([facts.low, facts.high], [LEFT, width - 12]);
    const y = linearScale([0, top], [STAYS_HEIGHT - 44, 20]);
    const thick = Math.max(x(1) - x(0) - 0.5, 1);
    const bars = bins.map((count, at) => {
      const value = facts.low + at;
      const side = value > facts.worry ? "high" : "rest";
      return [side, `M${(x(value) - thick / 2).toFixed(1)} ${STAYS_HEIGHT - 44}V${y(count).toFixed(1)}h${thick.toFixed(1)}V${STAYS_HEIGHT - 44}Z`, count];
    });
    const pathOf = (side) => bars.filter(([of, , count]) => of === side && count).map(([, d]) => d).join("");
    svg.setAttribute("viewBox", `0 0 ${width} ${STAYS_HEIGHT}`);
    svg.replaceChildren(
      drawAxis(x, { side: "bottom", at: STAYS_HEIGHT - 44, across: 20, label: `pulse in your column: ${model.get("rule")}`, wanted: width < 500 ? 5 : 10 }),
      drawAxis(y, { side: "left", at: LEFT, across: width - 12, label: "patients", wanted: 3 }),
      svgNode("path", { class: "bars rest", d: pathOf("rest") }),
      svgNode("path", { class: "bars high", d: pathOf("high") }),
      svgNode("path", { class: "mark", d: `M${x(facts.normal)} 16V${STAYS_HEIGHT - 44}` }),
      svgNode("text", { x: x(facts.normal) - 4, y: 13, "text-anchor": "end" }, `${facts.normal}`),
      svgNode("path", { class: "mark", d: `M${x(facts.worry + 0.5)} 16V${STAYS_HEIGHT - 44}` }),
      svgNode("text", width < 500 ? { x: width - 12, y: 13, "text-anchor": "end" } : { x: x(facts.worry + 0.5) + 4, y: 13 }, `above ${facts.worry}: ${figures().above.toFixed(0)}${width < 500 ? " %" : " of 100"}`),
    );
  }

  function showControls() {
    const open = isOpen();
    for (const control of root.querySelectorAll(".controls input")) control.disabled = !open;
    for (const trait of ["every", "written", "rule"]) {
      for (const radio of root.querySelectorAll(`.${trait} input[type="radio"]`)) radio.checked = radio.value === String(model.get(trait));
    }
    find(".sooner").checked = model.get("sooner");
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? `Locked in. ${/w\b/.test(model.get("seen")) ? "Now change how she charts." : "Now choose another column: worst."}` : "The choices open after your guess.";
  }

  function makeRow(head, cells, now = false) {
    const row = document.createElement("tr");
    if (now) row.className = "now";
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: head }));
    row.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
    return row;
  }

  function showTables() {
    const rule = model.get("rule");
    const show = (value) => (isOpen() ? value : "?");
    const reads = [["the monitor, each second", patient.monitor], ["medians of five minutes", patient.filtered], ["the nurse's chart", chart()]];
    find(".rule-name").textContent = `her ${rule}`;
    find(".sources tbody").replaceChildren(...reads.map(([name, from]) => makeRow(name, [from.number.toLocaleString("en"), show(`${Math.round(from[rule])}`)])));
    find(".name-stays").textContent = `${facts.stays.toLocaleString("en")} patients of this cohort, one number each`;
    find(".rules caption").textContent = `Charted ${habitWords(habit())}: ${figures().rows.toFixed(1)} values a patient`;
    find(".rules tbody").replaceChildren(...RULES.map(([value]) => rowOf(value, rule)), ...(isOpen() ? otherRows() : []));
  }

  const write = ({ above, middle }) => [above.toFixed(1), middle.toFixed(1)];

  function rowOf(value, rule) {
    const known = isOpen() && (value === rule || isSeen(nameOf(value)));
    return makeRow(value, known ? write(counts[nameOf(value)]) : ["?", "?"], value === rule);
  }

  // What was looked at under other ways of charting stays to be compared: the same patients, another number.
  function otherRows() {
    const others = model.get("seen").split(" ").filter((name) => name in counts && !name.startsWith(habit()));
    return others.map((name) => makeRow(`${RULES.find(([rule]) => rule[0] === name.at(-1))[0]}, ${habitWords(name.slice(0, -1))}`, write(counts[name])));
  }

  // A way of charting by its short name, as "12yn": hours, sooner or not, how she writes.
  function habitWords(name) {
    const [, hours, sooner, written] = name.match(/^(\d+)([yn])(.)$/);
    return `every ${hours} hours${sooner === "y" ? ", sooner when worried" : ""}, ${WRITES.find(([value]) => value[0] === written)[0]}`;
  }

  function describe() {
    const rule = model.get("rule");
    const { above, middle } = figures();
    const said = [
      `Charted ${habitWords(habit())}; column: ${rule}.`,
      `The made-up patient has ${Math.round(own())}, out of ${chart().number} charted values.`,
      `Of 100 patients of the cohort, ${above.toFixed(0)} are above ${facts.worry} and ${middle.toFixed(0)} are less than ${facts.near} away from ${facts.normal}.`,
    ];
    if (ends.before && ends.before !== ends.now) said.push(`The heights have another scale than before: the vertical axis ends at ${ends.now.toLocaleString("en")} patients, not at ${ends.before.toLocaleString("en")}.`);
    if (nameOf(rule) === "4naw") said.push(`Your guess was ${model.get("prediction")}.`); // the one that was asked for
    return said.join(" ");
  }

  function noteScale() {
    const top = Math.max(...figures().bins);
    if (top !== ends.now) Object.assign(ends, { now: top, before: ends.now });
  }

  function show() {
    if (isOpen()) noteScale();
    showControls();
    drawDay();
    drawStays();
    showTables();
    const shown = isOpen() ? describe() : "The choices open after your guess.";
    find(".day").setAttribute("aria-label", `A made-up pulse over a day, with movement, a cuff and a loose lead, and what a nurse charts of it. ${shown}`);
    find(".stays").setAttribute("aria-label", `How many patients have each pulse in your column. ${shown}`);
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe() : ""; }, 300);
  }

  onGuess(find(".guess"), (guess) => {
    model.set("prediction", guess);
    move({});
    root.querySelector('.rule input[value="first"]').focus();
  });
  begin();
  const look = followLook(root);
  const leave = followModel(model, ["prediction", "every", "sooner", "written", "rule", "seen"], show);
  const width = followWidth(root, show);
  show();
  return () => {
    clearTimeout(speak);
    leave();
    look.disconnect();
    width.disconnect();
  };
}

export default { render };
