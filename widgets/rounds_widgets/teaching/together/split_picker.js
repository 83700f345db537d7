// The split picker: one strip of draws for each model, and who stands on which side. Python has learned and tested
// already; a move only looks numbers up. Numbers come as thousandths, or as how many came for 100 that were predicted.
const STRIP = 62;
const NAME = 22; // of a strip's height, for its name and its numbers
const DOT = 5;
const PERSON = 20;
const SPLIT_TEXTS = {
  rows: ["single rows", "each stay by chance"],
  patients: ["whole patients", "all stays of a patient together"],
  time: ["a later time", "stays from {year} on"],
  site: ["another hospital", "all stays at hospital {site}"],
};
const FIGURE_TEXTS = {
  auroc: ["AUROC", "0.5 is a coin, 1 is perfect"],
  observed_expected: ["came, for 100 predicted", "100 is right"],
  difference: ["two models", "the AUROC of one, less that of the other"],
};
const AXIS_TEXTS = { auroc: "AUROC", observed_expected: "Came, for 100 predicted", difference: "Difference of AUROC" };
const LINE_TEXTS = { auroc: "a coin", observed_expected: "as many as predicted", difference: "no difference" };
const NO_CHANGE = { auroc: 500, observed_expected: 100, difference: 0 };

const SPLIT_PAGE = `
  <h3>What must be new in the test?</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: for 100 predicted, <input type="number" min="0" max="500" step="any" required> came.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="split"><legend>New in the test</legend></fieldset>
    <fieldset class="figure"><legend>Figure</legend></fieldset>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <svg class="plot" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="dot">●</span> the tested patients drawn again, with all their stays <span class="bar">┣━┫</span> 95 of 100 draws lie between <span class="value">◆</span> the test itself <span>┊</span> <b class="of-line"></b><b class="of-guess"></b></p>
  <svg class="people" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="known">■</span> learned from <span class="new">○</span> tested (of rows and of patients: the first of five folds)</p>
  <table><caption>What you have seen</caption>
    <thead><tr><th scope="col">new in the test</th></tr></thead>
    <tbody></tbody></table>`;

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-split";
  root.setAttribute("aria-label", "What must be new in the test?");
  keepKeys(root);
  root.innerHTML = SPLIT_PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const [strips, facts, people] = ["_strips", "_facts", "_people"].map((name) => model.get(name));
  const plot = find(".plot");
  const groups = { split: SPLIT_TEXTS, figure: FIGURE_TEXTS };
  const fill = (text) => text.replace("{year}", facts.year).replace("{site}", facts.site);
  const main = facts.pairs.length ? facts.pairs[0].split(", less ")[0] : facts.models[0];
  const other = facts.pairs.length ? facts.pairs.at(-1).split(", less ")[1] : main;
  const columns = [...new Set([main, other])].map((name) => ["auroc", name]).concat([["observed_expected", main]]);
  const isOpen = () => model.get("prediction") !== null;
  const isSeen = (split, figure) => model.get("seen").split(" ").includes(`${split}-${figure}`);
  const stripOf = (split, figure, name) => strips[[split, figure, name].join("|")];
  const shownStrip = (name) => stripOf(model.get("split"), model.get("figure"), name);
  const shownNames = () => (model.get("figure") === "difference" ? facts.pairs : facts.models);
  let speak = 0;

  function begin() {
    find(".task").textContent = `${facts.models.length} models of different columns are learned and tested in four ways. The model "${main}" predicts for each stay at hospital ${facts.site} how likely a return is. It has learned at the other hospital. Added up, it predicts 100 returns: how many come?`;
    find(".guess input").setAttribute("aria-label", `My guess: for 100 returns predicted at hospital ${facts.site}, so many came`);
    for (const [trait, texts] of Object.entries(groups)) {
      for (const [value, [text, more]] of Object.entries(texts)) find(`.${trait}`).append(makeChoice(trait, value, text, fill(more)));
    }
    const heads = columns.map(([figure, name]) => `${figure === "auroc" ? "AUROC" : "came for 100"}: ${name}`);
    find("thead tr").append(...heads.map((text) => Object.assign(document.createElement("th"), { scope: "col", textContent: text })));
  }

  function makeChoice(trait, value, text, more) {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", value, name: `${trait}-${model.model_id ?? "one"}` });
    radio.addEventListener("change", () => move({ [trait]: value }));
    label.append(radio, ` ${text}`, Object.assign(document.createElement("small"), { textContent: more }));
    return label;
  }

  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    model.set("seen", `${model.get("seen")} ${model.get("split")}-${model.get("figure")}`.trim());
    model.save_changes();
  }

  // A figure as text: thousandths become an AUROC with two digits, a difference with three and its sign.
  function write(figure, value) {
    if (figure === "observed_expected") return String(value);
    if (figure === "auroc") return (value / 1000).toFixed(2);
    return `${value < 0 ? "−" : "+"}${Math.abs(value / 1000).toFixed(3)}`;
  }

  const sentence = (figure, { value, ends: [low, high] }) => `${write(figure, value)} (${write(figure, low)} to ${write(figure, high)})`;

  // One scale for all splits of a figure, so that what moves is the figure.
  function scaleOf(figure, width) {
    const all = Object.entries(strips).filter(([key]) => key.split("|")[1] === figure).flatMap(([, strip]) => [...strip.dots, ...strip.ends]);
    if (figure === "observed_expected" && isOpen()) all.push(Math.min(200, model.get("prediction")));
    const ends = [Math.min(...all, NO_CHANGE[figure]), Math.max(...all, NO_CHANGE[figure])];
    const margin = (ends[1] - ends[0]) * 0.04;
    return linearScale([ends[0] - margin, ends[1] + margin], [12, width - 12]);
  }

  function drawPlot() {
    const width = plot.clientWidth;
    if (!width) return;
    const figure = model.get("figure");
    const names = shownNames();
    const height = names.length * STRIP + 48;
    const x = scaleOf(figure, width);
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.style.height = `${height}px`;
    const axis = scaleForReading(x, figure);
    const line = x(NO_CHANGE[figure]).toFixed(1);
    const nodes = [
      drawAxis(axis, { side: "bottom", at: height - 42, across: 0, label: AXIS_TEXTS[figure], wanted: width < 500 ? 4 : 8 }),
      svgNode("path", { class: "coin", d: besideNames(line, names.length) }),
    ];
    if (isOpen()) nodes.push(...names.flatMap((name, at) => drawStrip(name, at, { x, figure, width })), ...markGuess(x));
    plot.replaceChildren(...nodes);
    find(".of-line").textContent = LINE_TEXTS[figure];
    find(".of-guess").textContent = plot.querySelector(".guessed") ? "; the unbroken line: your guess" : "";
  }

  // A line through all strips that leaves out the rows of their names: nothing is struck through.
  const besideNames = (place, count) => Array.from({ length: count }, (_, at) => `M${place} ${at * STRIP + NAME}V${(at + 1) * STRIP}`).join("");

  // The same places with the numbers that people read: an AUROC of 0.6 in place of 600 thousandths.
  function scaleForReading(x, figure) {
    const times = figure === "observed_expected" ? 1 : 1000;
    return linearScale(x.ends.map((end) => end / times), x.ends.map(x));
  }

  function drawStrip(name, at, { x, figure, width }) {
    const { value, ends, dots } = shownStrip(name);
    const top = at * STRIP;
    const middle = top + 42;
    const [low, high] = ends.map((end) => x(end).toFixed(1));
    const place = x(value);
    return [
      svgNode("text", { class: "name", x: 12, y: top + 16 }, name),
      svgNode("text", { class: "numbers", x: width - 12, y: top + 16, "text-anchor": "end" }, width < 520 ? write(figure, value) : sentence(figure, shownStrip(name))),
      stack(dots.map(x), middle),
      svgNode("path", { class: "interval", d: `M${low} ${middle}H${high}M${low} ${middle - 7}v14M${high} ${middle - 7}v14` }),
      svgNode("path", { class: "value", d: `M${place.toFixed(1)} ${middle - 8}l7 8l-7 8l-7 -8z` }),
    ];
  }

  // Dots beside each other are piled up around the line, as on a plate.
  function stack(places, middle) {
    const piles = new Map();
    const parts = places.map((place) => {
      const pile = Math.round(place / DOT);
      const number = piles.get(pile) ?? 0;
      piles.set(pile, number + 1);
      const away = Math.ceil(number / 2) * (number % 2 ? 1 : -1) * DOT * 0.8;
      return `M${(pile * DOT).toFixed(1)} ${(middle + Math.max(-16, Math.min(16, away))).toFixed(1)}h0`;
    });
    return svgNode("path", { class: "dots", d: parts.join(""), "stroke-width": DOT - 0.5, "stroke-linecap": "round", fill: "none" });
  }

  function markGuess(x) {
    if (model.get("figure") !== "observed_expected" || model.get("split") !== "site") return [];
    const place = x(Math.min(200, model.get("prediction")));
    return [
      svgNode("path", { class: "guessed", d: besideNames(place, shownNames().length) }),
    ];
  }

  function drawPeople() {
    const svg = find(".people");
    const width = svg.clientWidth;
    if (!width) return;
    const years = people.flatMap((person) => person.years);
    const [from, to] = [Math.min(...years), Math.max(...years) + 1];
    const left = width < 520 ? 96 : 150;
    const x = linearScale([from, to], [left, width - 12]);
    const height = people.length * PERSON + 30;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.height = `${height}px`;
    const nodes = people.flatMap((person, at) => drawPerson(person, at, { x, width }));
    for (let year = from; year < to; year += 1) {
      nodes.unshift(svgNode("path", { class: "grid", d: `M${x(year)} 0V${height - 24}` }));
      nodes.push(svgNode("text", { x: x(year + 0.5), y: height - 8, "text-anchor": "middle" }, String(year)));
    }
    svg.replaceChildren(...nodes);
  }

  function drawPerson({ site, years, sides }, at, { x, width }) {
    const y = at * PERSON + PERSON / 2 + 2;
    const first = at === 0 || people[at - 1].site !== site;
    const nodes = [svgNode("text", { x: 12, y: y + 4 }, `${first && width >= 520 ? "hospital " : ""}${site}, patient ${at + 1}`)];
    if (width < 520) nodes[0].textContent = `${site}, no. ${at + 1}`;
    nodes.push(svgNode("path", { class: "grid", d: `M${x.ends.map(x).join(` ${y}H`)}` }));
    years.forEach((year, number) => {
      const same = years.slice(0, number).filter((one) => one === year).length;
      const of = years.filter((one) => one === year).length;
      const place = x(year + (same + 1) / (of + 1));
      const isNew = isOpen() && sides[model.get("split")][number] === "n";
      nodes.push(isNew
        ? svgNode("circle", { class: "new", cx: place, cy: y, r: 6 })
        : svgNode("rect", { class: isOpen() ? "known" : "closed", x: place - 5, y: y - 5, width: 10, height: 10, rx: 1 }));
    });
    return nodes;
  }

  function showControls() {
    const open = isOpen();
    for (const [trait, texts] of Object.entries(groups)) {
      for (const radio of root.querySelectorAll(`.${trait} input`)) {
        radio.disabled = !open;
        radio.checked = radio.value === model.get(trait);
      }
    }
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Now choose a split and a figure." : "The tests are shown after your guess.";
  }

  function showTable() {
    find("tbody").replaceChildren(...Object.entries(SPLIT_TEXTS).map(([split, [text]]) => {
      const row = document.createElement("tr");
      if (split === model.get("split")) row.className = "now";
      const cells = columns.map(([figure, name]) => (isSeen(split, figure) ? write(figure, stripOf(split, figure, name).value) : "?"));
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: text }));
      row.append(...cells.map((cell) => Object.assign(document.createElement("td"), { textContent: cell })));
      return row;
    }));
  }

  function describe() {
    const [split, figure] = ["split", "figure"].map((trait) => model.get(trait));
    const met = facts.met[split];
    const said = [
      `New in the test: ${SPLIT_TEXTS[split][0]}. ${facts.tested[split].toLocaleString("en")} stays are tested.`,
      met ? `Of 100 tested stays, ${met} are of a patient whom the model has met.` : "The model has met none of the tested patients.",
      `${AXIS_TEXTS[figure]}: ${shownNames().map((name) => `${name} ${sentence(figure, shownStrip(name))}`).join("; ")}.`,
    ];
    if (figure === "difference") said.push(...facts.mixed.map((pair) => `In "${pair}" two things differ: the columns, and the algorithm (a regression, a forest).`));
    if (split === "site" && figure === "observed_expected") said.push(`Your guess was ${model.get("prediction")}.`); // what was asked for
    return said.join(" ");
  }

  function show() {
    showControls();
    drawPlot();
    drawPeople();
    showTable();
    plot.setAttribute("aria-label", isOpen() ? `Strips of dots. ${describe()}` : "An empty plot. It is drawn after your guess.");
    find(".people").setAttribute("aria-label", `Stays of ${people.length} patients by year, at two hospitals; ${isOpen() ? `those that are tested are open circles: ${SPLIT_TEXTS[model.get("split")].map(fill).join(", ")}.` : "who is tested is shown after your guess."}`);
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe() : ""; }, 300);
  }

  onGuess(find(".guess"), (guess) => {
    move({ prediction: guess });
    find(".split input").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["split", "figure", "seen", "prediction"], show);
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
