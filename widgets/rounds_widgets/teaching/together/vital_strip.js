// The vital strip: readings of two days, the slots made of them, and beneath it which slots somebody measured. Python
// has filled the slots in all ways; a move only looks them up. Numbers come as tenths, hours of readings as hundredths.
const HOURS = 48;
const STRIP_HEIGHT = 22;
const PLOT_HEIGHT = 240;
const LEFT = 46;
const WIDTH_TEXTS = { 1: ["1 hour"], 2: ["2 hours"], 4: ["4 hours"], 8: ["8 hours"] };
const WINDOW_TEXTS = { 12: ["last 12 hours"], 24: ["last 24 hours"], 48: ["last 48 hours"] };
const SIGN_TEXTS = { temperature: ["temperature", "degrees Celsius"], pulse: ["pulse", "beats a minute"] };
// What is said of a sign: how many digits, the words of a change, the rule and what it is called.
const SIGN_SAYS = {
  temperature: { digits: 1, change: "change, degrees a day", rule: "fever", name: "fever", asks: "fever (38.3 once, or 38.0 for an hour)" },
  pulse: { digits: 0, change: "change, beats a minute, a day", rule: "fast", name: "fast pulse", asks: "fast pulse (above 100 once)" },
};
const FILL_TEXTS = {
  none: ["leave it empty", "nobody measured"],
  carry: ["carry forward", "the last value goes on for a while"],
  mean: ["the mean", "of all that was charted in the two days"],
};
const LIMITS = [2, 4, 8, 12, 24];
const KIND_TEXTS = { m: "measured", f: "filled", e: "empty" };
const FEVER_LINE = 380;

const VITAL_PAGE = `
  <h3>Who measured this?</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: <input type="number" min="0" max="10" step="1" required> of the ten slots are off by more than 1 degree.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="patient"><legend>Patient</legend></fieldset>
    <fieldset class="width"><legend>A slot holds</legend></fieldset>
    <fieldset class="fill"><legend>An empty slot</legend>
      <label class="reach">for at most <output></output><input type="range" min="0" max="4" step="1"></label></fieldset>
    <fieldset class="window"><legend>Look at</legend></fieldset>
    <fieldset class="sign"><legend>Sign</legend></fieldset>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <svg class="plot" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="read">●</span> reading, charted <span class="aside">○</span> measured, and put aside <span class="measured">■</span> slot, measured <span class="filled">▨</span> slot, filled <span class="empty">□</span> slot, empty <span class="shade">■</span> the hours that you look at. Of two readings in one slot the last stays.</p>
  <table><caption></caption>
    <thead><tr><th scope="col" class="of"></th><th scope="col">the slots say</th><th scope="col">was measured</th></tr></thead>
    <tbody></tbody></table>
  <p class="why" aria-live="polite"></p>`;

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-vital";
  root.setAttribute("aria-label", "Who measured this?");
  keepKeys(root);
  root.innerHTML = VITAL_PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const [readings, slots, facts] = ["_readings", "_slots", "_facts"].map((name) => model.get(name));
  const patients = [...new Set(Object.keys(readings).map((key) => key.split("|")[0]))];
  const asked = patients.at(-1);
  const plot = find(".plot");
  const name = `vital-${model.model_id ?? "one"}`;
  const groups = { patient: Object.fromEntries(patients.map((one) => [one, [one]])), width: WIDTH_TEXTS, fill: FILL_TEXTS, window: WINDOW_TEXTS, sign: SIGN_TEXTS };
  const get = (trait) => model.get(trait);
  const isOpen = () => get("prediction") !== null;
  const kindOfFill = () => get("fill").split("-")[0];
  const limit = () => Number(get("fill").split("-")[1] ?? LIMITS[find(".reach input").value]);
  const shownSlots = () => slots[[get("patient"), get("sign"), get("width"), get("fill")].join("|")];
  const said = () => facts[[get("patient"), get("sign"), get("width"), get("fill"), get("window")].join("|")];
  const measured = () => facts[[get("patient"), get("sign"), get("window")].join("|")];
  const says = () => SIGN_SAYS[get("sign")];
  const level = (tenths) => (tenths === null ? "no value" : (tenths / 10).toFixed(says().digits));
  const change = (tenths) => (tenths === null ? "too few values" : `${tenths < 0 ? "−" : "+"}${Math.abs(tenths / 10).toFixed(1)}`);
  const yes = (value) => (value ? "yes" : "no");
  const clock = (hour) => `${String((hour + 8) % 24).padStart(2, "0")}:00`;
  let speak = 0;

  function begin() {
    find(".task").textContent = `A nurse charts temperature and pulse; a table for a model cuts her readings into slots of equal hours. “${asked}” is a patient between an ordinary ward and intensive care (step-up), in truth measured each hour. We put the readings from 22:00 to 8:00 aside, as if nobody had come. Slots of 1 hour are made, and the last value before 22:00 is carried on until 8:00. How many of these ten slots are off by more than 1 degree from what was measured?`;
    find(".guess input").setAttribute("aria-label", "My guess: so many of the ten slots are off by more than 1 degree");
    for (const [trait, texts] of Object.entries(groups)) {
      for (const [value, [text, more]] of Object.entries(texts)) find(`.${trait}`).append(makeChoice(trait, value, text, more));
    }
    find(".fill input[value=carry]").parentElement.after(find(".reach"));
    const range = find(".reach input");
    range.value = LIMITS.indexOf(get("fill").startsWith("carry") ? limit() : 4);
    range.setAttribute("aria-label", "Carry forward for at most so many hours");
    range.addEventListener("input", () => move({ fill: `carry-${LIMITS[range.value]}` }));
  }

  function makeChoice(trait, value, text, more = "") {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", value, name: `${trait}-${name}` });
    radio.addEventListener("change", () => move({ [trait]: trait === "fill" && value === "carry" ? `carry-${limit()}` : ["width", "window"].includes(trait) ? Number(value) : value }));
    label.append(radio, ` ${text}`);
    if (more) label.append(Object.assign(document.createElement("small"), { textContent: more }));
    return label;
  }

  function move(chosen) {
    for (const [trait, value] of Object.entries(chosen)) model.set(trait, value);
    model.save_changes();
  }

  // One scale for all patients of a sign, so that a fever looks high beside a calm night.
  function scaleOfSign(top, bottom) {
    const all = Object.entries(readings).filter(([key]) => key.endsWith(`|${get("sign")}`)).flatMap(([, rows]) => rows.map((row) => row[1] / 10));
    return linearScale([Math.min(...all) - 0.3, Math.max(...all) + 0.3], [bottom, top]);
  }

  function drawPlot() {
    const width = plot.clientWidth;
    if (!width) return;
    const height = PLOT_HEIGHT + STRIP_HEIGHT + 44;
    const x = linearScale([0, HOURS], [LEFT, width - 10]);
    const y = scaleOfSign(16, PLOT_HEIGHT - 14);
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.style.height = `${height}px`;
    const from = HOURS - get("window");
    const nodes = [
      drawStripes(),
      svgNode("rect", { class: "window", x: x(from), y: 0, width: x(HOURS) - x(from), height: PLOT_HEIGHT + STRIP_HEIGHT + 6 }),
      drawAxis(y, { side: "left", at: LEFT, across: width - 10, label: SIGN_TEXTS[get("sign")][1], wanted: 5 }),
      ...drawHours(x, width),
    ];
    if (get("sign") === "temperature") nodes.push(svgNode("path", { class: "fever", d: `M${LEFT} ${y(FEVER_LINE / 10)}H${width - 10}` }), svgNode("text", { x: LEFT + 6, y: y(FEVER_LINE / 10) - 5 }, "38.0"));
    plot.replaceChildren(...nodes, ...(isOpen() ? [...drawSlots(x, y), ...drawReadings(x, y)] : []));
  }

  function drawStripes() {
    const pattern = svgNode("pattern", { id: `${name}-stripes`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    pattern.append(svgNode("rect", { class: "paper", width: 6, height: 6 }), svgNode("rect", { class: "stripe", width: 3, height: 6 }));
    const made = svgNode("defs");
    made.append(pattern);
    return made;
  }

  function drawHours(x, width) {
    const step = width < 520 ? 16 : 8;
    return Array.from({ length: HOURS / step + 1 }, (_, at) => at * step).map((hour) =>
      svgNode("text", { x: x(hour), y: PLOT_HEIGHT + STRIP_HEIGHT + 26, "text-anchor": hour ? (hour === HOURS ? "end" : "middle") : "start" }, clock(hour)));
  }

  // Each slot as a bar at its value, and beneath it as a field of the strip.
  function drawSlots(x, y) {
    const [values, kinds] = shownSlots();
    const wide = get("width");
    return [...kinds].flatMap((kind, at) => {
      const [left, right] = [x(at * wide) + 0.5, x((at + 1) * wide) - 0.5];
      const field = svgNode("rect", { class: `field ${KIND_TEXTS[kind]}`, x: left, y: PLOT_HEIGHT, width: right - left, height: STRIP_HEIGHT });
      if (kind === "f") field.setAttribute("fill", `url(#${name}-stripes)`);
      if (values[at] === null) return [field];
      const place = y(values[at] / 10).toFixed(1);
      return [field, svgNode("path", { class: `value ${KIND_TEXTS[kind]}`, d: `M${left} ${place}H${right}` })];
    });
  }

  function drawReadings(x, y) {
    return readings[`${get("patient")}|${get("sign")}`].map(([hour, value, aside]) =>
      svgNode("circle", { class: aside ? "aside" : "read", cx: x(hour / 100).toFixed(1), cy: y(value / 10).toFixed(1), r: aside ? 4 : 3.5 }));
  }

  function showControls() {
    const open = isOpen();
    for (const trait of Object.keys(groups)) {
      const now = trait === "fill" ? kindOfFill() : String(get(trait));
      for (const radio of root.querySelectorAll(`.${trait} input[type=radio]`)) {
        radio.disabled = !open;
        radio.checked = radio.value === now;
      }
    }
    const range = find(".reach input");
    if (kindOfFill() === "carry") range.value = LIMITS.indexOf(limit());
    range.disabled = !open || kindOfFill() !== "carry";
    range.setAttribute("aria-valuetext", `${LIMITS[range.value]} hours`);
    find(".reach output").textContent = `${LIMITS[range.value]} hours`;
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = get("prediction");
    find(".locked").textContent = open ? "Locked in. For the answer, fill all ten slots: slots of 1 hour, carry forward, at most 12 hours or more." : "Readings and slots are shown after your guess.";
  }

  function showTable() {
    const [now, was] = [said(), measured()];
    const all = now.measured + now.filled + now.empty;
    find("caption").textContent = `What is said at 8:00 of the last ${get("window")} hours`;
    find(".of").textContent = get("sign");
    const rows = [
      ["values in the table", `${now.measured + now.filled} of ${all} slots`, `${was.readings} readings`],
      ["of these, nobody charted", `${now.filled} of them`, `${was.aside} put aside`],
      ["highest", level(now.highest), level(was.highest)],
      [says().change, change(now.slope), change(was.slope)],
      [says().asks, yes(now[says().rule]), yes(was[says().rule])],
      ["age of the last charted reading", "the slots do not say", `${(was.since / 10).toFixed(1)} hours`],
    ];
    find(".why").textContent = isOpen() ? sayCopies(now) : "";
    find("tbody").replaceChildren(...rows.map(([head, ...cells]) => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: head }));
      row.append(...cells.map((cell) => Object.assign(document.createElement("td"), { textContent: isOpen() ? cell : "?" })));
      return row;
    }));
  }

  // Why slots that climb can show no change: the change is the middle one of all pairs, and copies make pairs alike.
  function sayCopies({ copies }) {
    if (!copies) return "";
    const [same, rising, falling, all] = copies;
    return `Why no change? Each two slots make a pair, ${all} in all: ${rising} rise, ${falling} fall, and in ${same} a filled slot repeats the value of the other. So the change in the middle of all pairs is none.`;
  }

  // The number that was asked for, said where the learner has set what the question says.
  function answerGuess(now) {
    const isAsked = get("sign") === "temperature" && get("patient") === asked && get("width") === 1 && kindOfFill() === "carry";
    if (!isAsked) return "";
    const filled = [...shownSlots()[1]].slice(-10).filter((kind) => kind === "f").length;
    if (filled < 10) return ` Of the ten slots of the night ${filled} are filled: move the limit up for the answer to your guess.`;
    return ` ${now.off} of the ten slots of the night are off by more than 1 degree. Your guess was ${get("prediction")}.`;
  }

  function describe() {
    const [now, was] = [said(), measured()];
    const fill = kindOfFill() === "carry" ? `carry forward for at most ${limit()} hours` : FILL_TEXTS[kindOfFill()][0];
    const [rule, called] = [says().rule, says().name.replace(/^./, (letter) => letter.toUpperCase())];
    return `${get("patient")}, ${get("sign")}. The last ${get("window")} hours in slots of ${WIDTH_TEXTS[get("width")][0]}; an empty slot: ${fill}. ` +
      `${now.measured} slots measured, ${now.filled} filled, ${now.empty} empty. ` +
      `${called} by the slots: ${yes(now[rule])}, highest ${level(now.highest)}. By what was measured: ${yes(was[rule])}, highest ${level(was.highest)}.${answerGuess(now)}`;
  }

  function show() {
    showControls();
    drawPlot();
    showTable();
    plot.setAttribute("aria-label", isOpen() ? `Readings of ${get("sign")} over two days, with slots. ${describe()}` : "An empty plot of two days. It is drawn after your guess.");
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe() : ""; }, 300);
  }

  onGuess(find(".guess"), (guess) => {
    move({ prediction: guess });
    find(".width input:checked").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", "patient", "sign", "width", "fill", "window"], show);
  const resized = followWidth(plot, show);
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
