// The depth slider: a tree grows, its training curve and its test curve are drawn as far as it has grown.
// Python has fitted every tree already; a move only looks numbers up.
const HEIGHT_OF_CURVES = 320;
const LEFT = 56;
const COIN = 50;
const SPLITS = ["patients", "rows"];

const PAGE = `
  <h3>How deep may the tree grow?</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: the test is best at depth <input type="number" min="1" step="1" required>.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <label class="deep"><span class="name-depth"></span><input class="depth" type="range" min="1" step="1"></label>
    <fieldset class="columns"><legend>The tree may ask about</legend></fieldset>
    <fieldset class="split"><legend>Who is put aside for the test?</legend></fieldset>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <svg class="plot" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="train">━</span> training <span class="test">━●</span> test <span class="other">╍</span> test of the other split <span class="coin">┄</span> a coin</p>
  <table><caption></caption>
    <thead><tr><th scope="col">asks about</th><th scope="col">split by</th><th scope="col">test is best at depth</th><th scope="col">test there</th><th scope="col" class="end-test"></th><th scope="col" class="end-train"></th></tr></thead>
    <tbody></tbody></table>`;

const whole = (value) => Math.round(value).toLocaleString("en");

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-depth";
  root.setAttribute("aria-label", "How deep may the tree grow?");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const plot = find(".plot");
  const curves = model.get("_curves");
  const facts = model.get("_facts");
  const { deepest, sets } = facts;
  const depths = Array.from({ length: deepest }, (_, at) => at + 1);
  const isOpen = () => model.get("prediction") !== null;
  const nameOf = (set, split) => `${sets.indexOf(set)}-${split}`;
  const shown = () => nameOf(model.get("columns"), model.get("split"));
  const opposite = () => nameOf(model.get("columns"), SPLITS.find((one) => one !== model.get("split")));
  const isSeen = (name) => model.get("seen").split(" ").includes(name);
  let scales = null;
  let speak = 0;

  function begin() {
    find(".task").textContent = `A tree of questions says of each stay in hospital how likely the patient is to come back soon: a return. At depth 1 it asks one question, at depth ${deepest} up to ${deepest} in a row. The curves count pairs, one stay with a return and one without: in how many the tree gives the first the higher risk. A coin is right in ${COIN} of 100 pairs.`;
    find(".guess input").max = find(".depth").max = deepest;
    find(".guess input").setAttribute("aria-label", "My guess: the depth at which the test is best");
    find("caption").textContent = `What you have seen to its end: pairs of 100 ranked rightly, means of ${facts.folds} splits`;
    find(".end-test").textContent = `test at depth ${deepest}`;
    find(".end-train").textContent = `training at depth ${deepest}`;
    sets.forEach((set, at) => find(".columns").append(makeChoice("columns", set, set, facts.names[at])));
    find(".split").append(
      makeChoice("split", "patients", "whole patients", "all stays of a patient on one side"),
      makeChoice("split", "rows", "single rows", "each stay by chance"),
    );
  }

  function makeChoice(trait, value, text, more) {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", value, name: `${trait}-${model.model_id ?? "one"}` });
    radio.addEventListener("change", () => move({ [trait]: value }));
    label.append(radio, ` ${text}`, Object.assign(document.createElement("small"), { textContent: more }));
    return label;
  }

  // A move: what was chosen, how far the curves are drawn by now, and which were looked at to their end.
  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    model.set("reached", Math.max(model.get("reached"), model.get("depth")));
    if (model.get("reached") === deepest && !isSeen(shown())) model.set("seen", `${model.get("seen")} ${shown()}`.trim());
    model.save_changes();
  }

  function drawStill() {
    const width = plot.clientWidth;
    if (!width) return;
    const x = linearScale([1, deepest], [LEFT + 12, width - 16]);
    const y = linearScale([45, 100], [HEIGHT_OF_CURVES - 48, 12]);
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT_OF_CURVES}`);
    plot.replaceChildren(
      drawAxis(x, { side: "bottom", at: HEIGHT_OF_CURVES - 48, across: 12, label: "depth of the tree", wanted: width < 500 ? 5 : 10 }),
      drawAxis(y, { side: "left", at: LEFT, across: width - 8, label: "pairs ranked rightly, of 100", wanted: 6 }),
      svgNode("path", { class: "coin", d: `M${LEFT} ${y(COIN)}H${width - 8}` }),
      svgNode("g", { class: "curves" }),
    );
    scales = { x, y };
  }

  const pathOf = (values) => svgPath(depths.slice(0, values.length), values, scales.x, scales.y);

  function drawCurves() {
    if (!scales) return;
    const { x, y } = scales;
    const { train, test } = curves[shown()];
    const until = model.get("reached");
    const nodes = [];
    if (isOpen()) {
      if (isSeen(shown()) && isSeen(opposite())) nodes.push(svgNode("path", { class: "other", d: pathOf(curves[opposite()].test) }));
      nodes.push(svgNode("path", { class: "guessed", d: `M${x(model.get("prediction"))} 12V${HEIGHT_OF_CURVES - 48}` }), markGuess());
      nodes.push(svgNode("path", { class: "train", d: pathOf(train.slice(0, until)) }), svgNode("path", { class: "test", d: pathOf(test.slice(0, until)) }));
      nodes.push(drawPoints(depths.slice(0, until), test, x, y, 7));
      const at = model.get("depth");
      nodes.push(...[["train", train], ["test", test]].map(([name, values]) => svgNode("circle", { class: `now ${name}`, cx: x(at), cy: y(values[at - 1]), r: 8 })));
    }
    plot.querySelector(".curves").replaceChildren(...nodes);
  }

  function markGuess() {
    const place = scales.x(model.get("prediction"));
    const late = place > (scales.x(1) + scales.x(deepest)) / 2;
    return svgNode("text", { x: place + (late ? -6 : 6), y: 24, "text-anchor": late ? "end" : "start" }, "your guess");
  }

  function showControls() {
    const open = isOpen();
    const depth = model.get("depth");
    find(".depth").value = depth;
    find(".depth").setAttribute("aria-valuetext", `depth ${depth}`);
    find(".name-depth").textContent = `Depth: ${depth}`;
    for (const control of root.querySelectorAll(".controls input")) control.disabled = !open;
    for (const trait of ["columns", "split"]) {
      for (const radio of root.querySelectorAll(`.${trait} input`)) radio.checked = radio.value === model.get(trait);
    }
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Now move the depth." : "The tree grows after your guess.";
  }

  function showTable() {
    const rows = sets.flatMap((set) => SPLITS.map((split) => [set, split, nameOf(set, split)]));
    find("tbody").replaceChildren(...rows.map(([set, split, name]) => makeRow(set, split, name)));
  }

  function makeRow(set, split, name) {
    const row = document.createElement("tr");
    if (name === shown()) row.className = "now";
    const { best, test, train } = curves[name];
    const figures = [best, test[best - 1].toFixed(1), test[deepest - 1].toFixed(1), train[deepest - 1].toFixed(1)];
    const cells = [split, ...figures.map((figure) => (isSeen(name) ? figure : "?"))];
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: set }));
    row.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
    return row;
  }

  function describe() {
    const { train, test, groups, shared, best } = curves[shown()];
    const at = model.get("depth");
    const said = [
      `Depth ${at}: right in ${whole(train[at - 1])} of 100 training pairs and in ${whole(test[at - 1])} of 100 test pairs.`,
      `About ${whole(facts.fitted)} training stays lie in ${whole(groups[at - 1])} groups.`,
      shared > 0 ? `Of 100 test patients, ${whole(shared)} have another stay in the training.` : "No test patient has a stay in the training.",
    ];
    if (isSeen(shown())) {
      said.push(`Here the test is best at depth ${best}, with ${whole(test[best - 1])} of 100.`);
      if (shown() === nameOf(sets[0], SPLITS[0])) said.push(`Your guess was ${model.get("prediction")}.`); // the one that was asked for
    }
    return said.join(" ");
  }

  function show() {
    showControls();
    drawCurves();
    showTable();
    plot.setAttribute("aria-label", `Two curves of pairs ranked rightly by depth of the tree. ${isOpen() ? describe() : "They are drawn after your guess."}`);
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe() : ""; }, 300);
  }

  function drawAnew() {
    drawStill();
    show();
  }

  // A finger on the plot is as good as the slider.
  function point(event) {
    if (!isOpen() || !scales) return;
    const place = scales.x.back(event.clientX - plot.getBoundingClientRect().left);
    move({ depth: Math.min(deepest, Math.max(1, Math.round(place))) });
  }

  plot.addEventListener("pointerdown", (event) => {
    plot.setPointerCapture(event.pointerId);
    point(event);
  });
  plot.addEventListener("pointermove", (event) => plot.hasPointerCapture(event.pointerId) && point(event));
  find(".depth").addEventListener("input", (event) => move({ depth: Number(event.target.value) }));
  onGuess(find(".guess"), (guess) => {
    move({ prediction: guess });
    find(".depth").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["depth", "reached", "columns", "split", "seen", "prediction"], show);
  const resized = followWidth(plot, drawAnew);
  drawAnew();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
