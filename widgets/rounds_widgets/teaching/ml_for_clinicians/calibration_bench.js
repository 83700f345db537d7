// The calibration bench: each risk is bent by an intercept and a slope, on the scale of log-odds, and the figures follow.
// Python sends some hundred small groups of patients; a move adds them up anew. What happened to them never moves.
const HEIGHT_OF_PLOT = 300;
const LEFT = 52;
const FOOT = HEIGHT_OF_PLOT - 46;
const TOP = 12;
const FLOOR = -0.1;
const MOST = 0.6; // the highest threshold
const TENTHS = 10;
const ASKED = -1; // the intercept of the guess
const TIE = 0.0015; // net benefits nearer than this are the same number, or its neighbour, in the table
const START = { intercept: 0, slope: 1 };

const PAGE = `
  <h3>Bend the risks of a model</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: with intercept −1, of 100 pairs it ranks rightly <input type="number" min="0" max="100" step="any" required>.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="groups"><legend>Patients</legend></fieldset>
    <label><span class="name-intercept"></span><input class="intercept" type="range" min="-2" max="2" step="0.1"></label>
    <label><span class="name-slope"></span><input class="slope" type="range" min="0.3" max="2" step="0.1"></label>
    <label><span class="name-threshold"></span><input class="threshold" type="range" min="0.02" max="0.6" step="0.01"></label>
    <button type="button" class="back">Back to the model's own risks (the threshold stays)</button>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <p class="meaning"></p>
  <div class="plots">
    <figure><figcaption>Predicted and observed, by tenths</figcaption><svg class="plot calibration" role="img"></svg></figure>
    <figure><figcaption>Net benefit by threshold</figcaption><svg class="plot benefit" role="img"></svg></figure>
  </div>
  <p class="legend" aria-hidden="true"><span class="model">●━</span> risks as you bend them <span class="own">○╍</span> the model's own <span class="everybody">━</span> everybody is flagged <span class="nobody">━</span> nobody is <span class="at">┃</span> the threshold <span class="model">│</span> where the true share may lie (95 of 100 times). In the table a marked row is one that your bending has moved.</p>
  <table><caption></caption>
    <thead><tr><th scope="col">figure</th><th scope="col">model's own</th><th scope="col">as you bend it</th></tr></thead>
    <tbody></tbody></table>`;

const sigmoid = (value) => 1 / (1 + Math.exp(-value));
const sum = (values) => values.reduce((total, value) => total + value, 0);
const whole = (value) => Math.round(value).toLocaleString("en");
const signed = (value) => (Math.abs(value) < 0.05 ? "0" : value.toFixed(1).replace("-", "−"));
const percent = (value) => `${Math.round(100 * value)} %`;
const decimal = (value) => value.toFixed(3).replace("-", "−");

const bend = (group, { intercept, slope }) => group.log_odds.map((one) => sigmoid(intercept + slope * one));

// The chance that one who died has a higher risk than one who lived: counted over the risks as they are now.
function rankPairs(group, risks) {
  const order = risks.map((_, at) => at).sort((one, other) => risks[one] - risks[other]);
  let [below, right, at] = [0, 0, 0];
  while (at < order.length) {
    let [died, lived] = [0, 0];
    const level = risks[order[at]];
    for (; at < order.length && risks[order[at]] === level; at += 1) {
      died += group.died[order[at]];
      lived += group.size[order[at]] - group.died[order[at]];
    }
    right += died * (below + lived / 2);
    below += lived;
  }
  return (100 * right) / (sum(group.died) * below);
}

// A plain loop: the curves ask for it some hundred times a move.
function findBenefit({ size, died }, risks, threshold) {
  const odds = threshold / (1 - threshold);
  let [worth, all] = [0, 0];
  for (let at = 0; at < risks.length; at += 1) {
    all += size[at];
    if (risks[at] >= threshold) worth += died[at] - (size[at] - died[at]) * odds;
  }
  return worth / all;
}

function findFigures(group, risks, threshold) {
  const expected = sum(risks.map((risk, at) => risk * group.size[at]));
  const died = sum(group.died);
  const everybody = findBenefit(group, risks.map(() => 1), threshold);
  return { pairs: rankPairs(group, risks), expected, died, ratio: died / expected, benefit: findBenefit(group, risks, threshold), everybody };
}

// The mean predicted risk of each tenth: where its dot stands from left to right.
function placeTenths(group, risks) {
  return Array.from({ length: TENTHS }, (_, tenth) => {
    const inside = risks.map((_, at) => (group.tenths[at] === tenth ? group.size[at] : 0));
    return sum(risks.map((risk, at) => risk * inside[at])) / sum(inside);
  });
}

// Which rule is worth most; rules whose net benefit is the same after rounding make no difference.
function findBest(benefit, everybody) {
  const rules = [["the model", "use the model", benefit], ["flagging everybody", "flag everybody", everybody], ["flagging nobody", "flag nobody", 0]];
  const best = Math.max(benefit, everybody, 0);
  const first = rules.filter(([, , worth]) => best - worth < TIE);
  if (first.length === 1) return `it is best to ${first[0][1]}.`;
  return `${first.map(([name]) => name).join(" and ")} are worth the same: it makes no difference which you choose.`;
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-bench";
  root.setAttribute("aria-label", "Bend the risks of a model");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const groups = model.get("_groups");
  const names = Object.keys(groups);
  const sliders = ["intercept", "slope", "threshold"];
  const isOpen = () => model.get("prediction") !== null;
  const shown = () => groups[model.get("group")];
  const bent = () => ({ intercept: model.get("intercept"), slope: model.get("slope") });
  const isBent = () => Math.abs(model.get("intercept")) > 0.01 || Math.abs(model.get("slope") - 1) > 0.01;
  let speak = 0;

  function begin() {
    find(".task").textContent = "A model gave each patient a risk of dying. Bend all its risks at once: the intercept pushes them up or down (−1 makes a risk of 20 % one of 8 %). The slope pulls them apart or together. What happened to the patients stays as it was.";
    find(".guess input").setAttribute("aria-label", "My guess: pairs ranked rightly, of 100, with intercept minus 1");
    for (const name of names) {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", value: name, name: `group-${model.model_id ?? "one"}` });
      radio.addEventListener("change", () => move({ group: name }));
      label.append(radio, ` ${name}`);
      find(".groups").append(label);
    }
  }

  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    model.save_changes();
  }

  // The empty plot, and its scales.
  function drawStill(plot, x, y, labels) {
    const width = plot.clientWidth;
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT_OF_PLOT}`);
    plot.replaceChildren(
      drawAxis(x, { side: "bottom", at: FOOT, across: TOP, label: labels[0], wanted: 5 }),
      drawAxis(y, { side: "left", at: LEFT, across: width - 12, label: labels[1], wanted: 5 }),
    );
  }

  function drawCalibration(now, own) {
    const plot = find(".calibration");
    if (!plot.clientWidth) return;
    const x = linearScale([0, 1], [LEFT, plot.clientWidth - 16]);
    const y = linearScale([0, 1], [FOOT, TOP]);
    drawStill(plot, x, y, ["predicted risk", "share that died"]);
    plot.append(svgNode("path", { class: "right", d: `M${x(0)} ${y(0)}L${x(1)} ${y(1)}` }));
    if (!isOpen()) return;
    const { observed } = shown();
    const places = placeTenths(shown(), now);
    if (isBent()) plot.append(...placeTenths(shown(), own).map((risk, at) => svgNode("circle", { class: "own", cx: x(risk), cy: y(observed[at][0]), r: 5 })));
    plot.append(svgNode("path", { class: "interval", d: places.map((risk, at) => `M${x(risk).toFixed(1)} ${y(observed[at][1]).toFixed(1)}V${y(observed[at][2]).toFixed(1)}`).join("") }));
    plot.append(svgNode("path", { class: "model", d: svgPath(places, observed.map(([share]) => share), x, y) }));
    plot.append(...places.map((risk, at) => svgNode("circle", { class: "dot", cx: x(risk), cy: y(observed[at][0]), r: 5 })));
  }

  function drawBenefit(now, own) {
    const plot = find(".benefit");
    if (!plot.clientWidth) return;
    const rate = sum(shown().died) / sum(shown().size);
    const x = linearScale([0, MOST], [LEFT, plot.clientWidth - 16]);
    const y = linearScale([FLOOR, 0.3], [FOOT, TOP]);
    drawStill(plot, x, y, ["threshold", "net benefit"]);
    if (!isOpen()) return;
    const steps = Array.from({ length: 121 }, (_, at) => (at * MOST) / 120);
    const curve = (risks) => svgPath(steps, steps.map((step) => Math.max(FLOOR, findBenefit(shown(), risks, step))), x, y);
    const last = (rate - FLOOR) / (1 - FLOOR); // where the line of everybody leaves the plot
    const all = [...steps.filter((step) => step < last), last];
    plot.append(svgNode("path", { class: "nobody", d: `M${LEFT} ${y(0)}H${x(MOST)}` }));
    plot.append(svgNode("path", { class: "everybody", d: svgPath(all, all.map((step) => rate - (1 - rate) * (step / (1 - step))), x, y) }));
    if (isBent()) plot.append(svgNode("path", { class: "own", d: curve(own) }));
    plot.append(svgNode("path", { class: "model", d: curve(now) }));
    const at = model.get("threshold");
    plot.append(svgNode("path", { class: "at", d: `M${x(at)} ${TOP}V${FOOT}` }));
    plot.append(svgNode("circle", { class: "dot", cx: x(at), cy: y(Math.max(FLOOR, findBenefit(shown(), now, at))), r: 6 }));
  }

  function showControls() {
    const open = isOpen();
    const texts = { intercept: `Intercept: ${signed(model.get("intercept"))}`, slope: `Slope: ${model.get("slope").toFixed(1)}`, threshold: `Threshold: ${percent(model.get("threshold"))}` };
    for (const name of sliders) {
      find(`.${name}`).value = model.get(name);
      find(`.${name}`).setAttribute("aria-valuetext", texts[name].toLowerCase());
      find(`.name-${name}`).textContent = texts[name];
    }
    for (const control of root.querySelectorAll(".controls input, .controls button")) control.disabled = !open;
    for (const radio of root.querySelectorAll(".groups input")) radio.checked = radio.value === model.get("group");
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? `Locked in.${isBent() ? "" : " Now move the intercept to −1."}` : "The sliders move after your guess.";
  }

  function showTable(before, after) {
    find("caption").textContent = `${model.get("group")}: ${whole(sum(shown().size))} patients, threshold ${percent(model.get("threshold"))}`;
    const rows = [
      ["pairs ranked rightly, of 100", (one) => one.pairs.toFixed(1)],
      ["deaths expected", (one) => whole(one.expected)],
      ["deaths observed", (one) => whole(one.died)],
      ["observed / expected (O/E)", (one) => one.ratio.toFixed(2)],
      ["net benefit of the model", (one) => decimal(one.benefit)],
      ["net benefit, everybody flagged", (one) => decimal(one.everybody)],
      ["net benefit, nobody flagged", () => decimal(0)],
    ];
    find("tbody").replaceChildren(...rows.map(([name, write]) => makeRow(name, isOpen() ? [write(before), write(after)] : ["?", "?"])));
  }

  function makeRow(name, cells) {
    const row = document.createElement("tr");
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: name }));
    row.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
    if (cells[0] !== cells[1]) row.className = "moved";
    return row;
  }

  function describe({ pairs, expected, died, ratio, benefit, everybody }) {
    const rounded = Number(ratio.toFixed(2));
    const verdict = rounded < 0.95 ? "The risks are too high." : rounded > 1.05 ? "The risks are too low." : "On the whole the risks fit.";
    const said = [
      `In ${model.get("group")}: right in ${whole(pairs)} of 100 pairs.`,
      `Expected ${whole(expected)} deaths, observed ${whole(died)}: O/E ${ratio.toFixed(2)}. ${verdict}`,
      `With a threshold of ${percent(model.get("threshold"))} ${findBest(benefit, everybody)}`,
    ];
    const asked = model.get("group") === names[0] && Math.abs(model.get("intercept") - ASKED) < 0.01 && Math.abs(model.get("slope") - 1) < 0.01;
    if (asked) said.push(`Your guess was ${model.get("prediction")} pairs.`);
    return said.join(" ");
  }

  function show() {
    const [own, now] = [bend(shown(), START), bend(shown(), bent())];
    const [before, after] = [own, now].map((risks) => findFigures(shown(), risks, model.get("threshold")));
    showControls();
    drawCalibration(now, own);
    drawBenefit(now, own);
    showTable(before, after);
    const at = model.get("threshold");
    find(".meaning").textContent = isOpen() ? `Net benefit: the share of all patients who are rightly flagged, less the wrong flags. At a threshold of ${percent(at)} ${((1 - at) / at).toFixed(1)} wrong flags weigh as much as one right flag.` : "";
    const said = isOpen() ? describe(after) : "";
    find(".calibration").setAttribute("aria-label", isOpen() ? readTenths(now) : "Predicted risk and share that died. Drawn after your guess.");
    find(".benefit").setAttribute("aria-label", isOpen() ? `Net benefit at ${percent(model.get("threshold"))}: model ${decimal(after.benefit)}, everybody ${decimal(after.everybody)}, nobody 0.` : "Net benefit by threshold. Drawn after your guess.");
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = said; }, 300);
  }

  const readTenths = (risks) => `Predicted and observed, from the lowest tenth: ${placeTenths(shown(), risks).map((risk, at) => `${percent(risk)} and ${percent(shown().observed[at][0])}`).join("; ")}.`;

  // A finger on the right plot is as good as the slider of the threshold.
  function point(event) {
    if (!isOpen()) return;
    const plot = find(".benefit");
    const x = linearScale([0, MOST], [LEFT, plot.clientWidth - 16]);
    const place = x.back(event.clientX - plot.getBoundingClientRect().left);
    move({ threshold: Math.min(MOST, Math.max(0.02, Math.round(place * 100) / 100)) });
  }

  find(".benefit").addEventListener("pointerdown", (event) => {
    find(".benefit").setPointerCapture(event.pointerId);
    point(event);
  });
  find(".benefit").addEventListener("pointermove", (event) => find(".benefit").hasPointerCapture(event.pointerId) && point(event));
  for (const name of sliders) find(`.${name}`).addEventListener("input", (event) => move({ [name]: Number(event.target.value) }));
  find(".back").addEventListener("click", () => move(START));
  onGuess(find(".guess"), (guess) => {
    move({ prediction: guess });
    find(".intercept").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", "intercept", "slope", "threshold", "group"], show);
  const resized = followWidth(find(".plots"), show);
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
