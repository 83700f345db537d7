// A line by hand: points, the mean, the learner's line with two handles, the computer's line, and how far each is off.
// Python fits and sends pairs; this module measures the moved line on them, as `LineByHand.errors` does.
const HEIGHT_OF_PLOT = 340;
const HANDLES = [0.1, 0.9]; // where along the column the two handles stand

const errorOf = ([level, slope], { measured, middle }, truths) =>
  measured.reduce((sum, value, at) => sum + Math.abs(level + slope * (value - middle) - truths[at]), 0) / measured.length;

const PAGE = `
  <h3>A line by hand</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: my best line will be off by <input type="number" min="0" step="1" required> <span class="unit"></span> on average.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <label><span>Predict from this column</span><select></select></label>
    <label><span class="name-level"></span><input class="level" type="range" step="10"></label>
    <label><span class="name-slope"></span><input class="slope" type="range"></label>
    <button type="button" class="fit">Fit: let the computer draw its line</button>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <svg class="plot" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="dot">●</span> one baby of the training mothers <span class="mean">┄</span> mean for everybody <span class="hand">●━●</span> your line: drag its knobs, or use the sliders <span class="computer">╍</span> the computer's line</p>
  <table><caption></caption>
    <thead><tr><th scope="col">predict from</th><th scope="col">known at booking?</th><th scope="col">your line now</th><th scope="col">computer</th></tr></thead>
    <tbody></tbody></table>`;

const short = (value, digits) => Number(value.toFixed(digits)).toLocaleString("en");

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-line";
  root.setAttribute("aria-label", "A line by hand");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const plot = find(".plot");
  const inputs = model.get("_inputs");
  const outcome = model.get("_outcome");
  const flat = [outcome.mean, 0];
  const low = 500 * Math.floor(Math.min(...outcome.drawn) / 500);
  const high = 500 * Math.ceil(Math.max(...outcome.drawn) / 500);
  const columns = Object.keys(inputs);
  const chosen = () => inputs[model.get("column")];
  const lines = () => JSON.parse(model.get("lines"));
  const line = () => lines()[model.get("column")] ?? flat;
  const isFitted = (name) => model.get("fitted").split(" ").includes(name);
  const grams = (error) => `${short(error, 0)} ${outcome.unit}`;
  const isOpen = () => model.get("prediction") !== null;
  const words = (name) => inputs[name].words;
  const titleOf = (name) => (inputs[name].unit ? `${words(name)} (${inputs[name].unit})` : words(name));
  let scales = null;
  let dragged = null; // where the handles stood when one was taken: they keep their places until it is let go
  let speak = 0;

  function begin() {
    find(".task").textContent = `Each point is a baby. The dotted line says the mean for everybody: it is off by ${grams(errorOf(flat, chosen(), outcome.measured))} on average. Can a line of yours do better? It is measured on ${short(outcome.measured.length, 0)} births of other mothers.`;
    find(".unit").textContent = outcome.unit;
    find(".guess input").setAttribute("aria-label", `My guess: how many ${outcome.unit} my best line will be off`);
    find("caption").textContent = "How far off, on average, on births of other mothers. Booking is the first visit of a pregnancy.";
    for (const name of columns) find("select").append(new Option(titleOf(name), name));
    Object.assign(find(".level"), { min: low, max: high });
  }

  // What stays while the line moves: axes and points. The line is a group of its own, redrawn at each move.
  function drawStill() {
    const width = plot.clientWidth;
    if (!width) return;
    const { drawn } = chosen();
    const room = (Math.max(...drawn) - Math.min(...drawn)) * 0.03;
    const x = linearScale([Math.min(...drawn) - room, Math.max(...drawn) + room], [64, width - 8]);
    const y = linearScale([low, high], [HEIGHT_OF_PLOT - 48, 8]);
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT_OF_PLOT}`);
    const clip = svgNode("clipPath", { id: "rounds-line-inside" });
    clip.append(svgNode("rect", { x: 64, y: 8, width: width - 72, height: HEIGHT_OF_PLOT - 56 }));
    plot.replaceChildren(
      clip,
      drawAxis(x, { side: "bottom", at: HEIGHT_OF_PLOT - 48, across: 8, label: titleOf(model.get("column")), wanted: width < 500 ? 4 : 7 }),
      drawAxis(y, { side: "left", at: 64, across: width - 8, label: outcome.name }),
      drawPoints(drawn, outcome.drawn, x, y),
      svgNode("g", { class: "lines", "clip-path": "url(#rounds-line-inside)" }),
      svgNode("g", { class: "handles" }),
    );
    scales = { x, y };
  }

  const heightAt = ([level, slope], value) => level + slope * (value - chosen().middle);

  // A handle stands on the part of the line that is seen: where the line leaves the plot, it stands at the crossing.
  function handleAt(share, [level, slope]) {
    const [least, most] = scales.x.ends;
    const wanted = least + share * (most - least);
    if (!slope) return wanted;
    const crossings = [low, high].map((height) => chosen().middle + (height - level) / slope).sort((one, other) => one - other);
    return Math.min(Math.max(wanted, crossings[0], least), crossings[1], most);
  }

  function drawLines() {
    if (!scales) return;
    const { x, y } = scales;
    const path = (one) => `M${x(x.ends[0])} ${y(heightAt(one, x.ends[0]))}L${x(x.ends[1])} ${y(heightAt(one, x.ends[1]))}`;
    const paths = [svgNode("path", { class: "mean", d: path(flat) })];
    if (isOpen()) paths.push(svgNode("path", { class: "hand", d: path(line()) }));
    if (isFitted(model.get("column"))) paths.push(svgNode("path", { class: "computer", d: path(chosen().fit) })); // over a hand that met it
    plot.querySelector(".lines").replaceChildren(...paths);
    placeHandles();
  }

  // The handles stay the same nodes while they are dragged, or the pointer would lose them.
  function placeHandles() {
    const group = plot.querySelector(".handles");
    if (!isOpen()) return group.replaceChildren();
    if (!group.childElementCount) HANDLES.forEach((_, at) => group.append(makeHandle(at)));
    [...group.children].forEach((handle, at) => {
      const value = dragged ? dragged[at] : handleAt(HANDLES[at], line());
      const height = Math.min(high, Math.max(low, heightAt(line(), value)));
      handle.setAttribute("transform", `translate(${scales.x(value)} ${scales.y(height)})`);
    });
  }

  function makeHandle(at) {
    const handle = svgNode("g", { class: "handle" });
    handle.append(svgNode("circle", { class: "reach", r: 22 }), svgNode("circle", { class: "knob", r: 9 }));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      dragged = HANDLES.map((share) => handleAt(share, line()));
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && drag(at, event));
    handle.addEventListener("lostpointercapture", () => {
      dragged = null;
      placeHandles();
    });
    return handle;
  }

  // One end follows the hand, the other stays: two heights are a level and a slope.
  function drag(at, event) {
    const here = event.clientY - plot.getBoundingClientRect().top;
    const [left, right] = dragged;
    const heights = [heightAt(line(), left), heightAt(line(), right)];
    heights[at] = Math.min(high, Math.max(low, scales.y.back(here)));
    const slope = (heights[1] - heights[0]) / (right - left);
    move([heights[0] + slope * (chosen().middle - left), slope]);
  }

  function move([level, slope]) {
    const { steepest } = chosen();
    const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
    const kept = [Number(clamp(level, low, high).toFixed(1)), Number(clamp(slope, -steepest, steepest).toPrecision(5))];
    model.set("lines", JSON.stringify({ ...lines(), [model.get("column")]: kept }));
    model.save_changes();
  }

  function showControls() {
    const open = isOpen();
    const [level, slope] = line();
    const { steepest, middle } = chosen();
    find("select").value = model.get("column");
    Object.assign(find(".level"), { value: level });
    Object.assign(find(".slope"), { min: -steepest, max: steepest, step: steepest / 100, value: slope });
    const { words: name, unit } = chosen();
    const each = unit ? `${unit.replace(/^(day|week|year)s$/, "$1")} of ${name}` : `step of 1 in ${name}`;
    find(".name-level").textContent = `Level: ${grams(level)} where ${name} is at its mean, ${short(middle, 0)}${unit && ` ${unit}`}`;
    find(".name-slope").textContent = `Slope: ${short(slope, steepest > 10 ? 0 : 2)} ${outcome.unit} for each ${each}`;
    find(".level").setAttribute("aria-valuetext", grams(level));
    find(".slope").setAttribute("aria-valuetext", `${short(slope, 2)} ${outcome.unit} for each ${each}`);
    for (const control of root.querySelectorAll(".controls input, .controls select")) control.disabled = !open;
    find(".fit").disabled = !open || !Object.keys(lines()).length || isFitted(model.get("column"));
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".fit").textContent = isFitted(model.get("column")) ? "Fitted: the computer's line is drawn" : "Fit: let the computer draw its line";
    const next = columns.every(isFitted) ? "" : model.get("fitted") ? " Now try another column." : " Now move the line, then press Fit.";
    find(".locked").textContent = open ? `Locked in.${next}` : "The line opens after your guess.";
  }

  function showTable() {
    const rows = [["the mean for everybody", "yes", grams(errorOf(flat, chosen(), outcome.measured)), "–"]];
    for (const name of columns) {
      const mine = lines()[name];
      const { later, fit_error } = inputs[name];
      const seen = mine || name === model.get("column") || isFitted(name);
      const known = seen && isOpen() ? (later ? `no: known at ${later}` : "yes") : "?";
      const fitted = isFitted(name) ? grams(fit_error) : "?";
      rows.push([titleOf(name), known, mine ? grams(errorOf(mine, inputs[name], outcome.measured)) : "?", fitted]);
    }
    find("tbody").replaceChildren(...rows.map((cells, at) => makeRow(cells, columns[at - 1])));
  }

  function makeRow([name, known, mine, computer], column) {
    const row = document.createElement("tr");
    if (column === model.get("column")) row.className = "now";
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
    const cells = [known, mine, computer].map((text) => Object.assign(document.createElement("td"), { textContent: text }));
    if (known.startsWith("no")) cells[0].className = "no";
    row.append(head, ...cells);
    return row;
  }

  const lateNote = () => {
    const { later } = chosen();
    return later ? `${words(model.get("column"))} is known at ${later}, not at booking: nobody can use this line at booking.` : "";
  };

  function describe() {
    const mine = errorOf(line(), chosen(), outcome.measured);
    const mean = errorOf(flat, chosen(), outcome.measured);
    const said = [`Your line is off by ${grams(mine)} on average. Your guess was ${grams(model.get("prediction"))}; the mean for everybody is off by ${grams(mean)}.`];
    if (isFitted(model.get("column"))) {
      const { fit_error, fit } = chosen();
      said.push(`The computer's line is off by ${grams(fit_error)}; its slope is ${short(fit[1], chosen().steepest > 10 ? 0 : 2)}.`);
    }
    return said.join(" ");
  }

  function show() {
    showControls();
    drawLines();
    showTable();
    plot.setAttribute("aria-label", `Points of ${outcome.name} against ${titleOf(model.get("column"))}. ${isOpen() ? describe() : ""}`);
    clearTimeout(speak);
    speak = setTimeout(() => {
      const late = lateNote() && `✗ ${lateNote()}`;
      find(".said").replaceChildren(...(isOpen() ? [`${describe()} `, Object.assign(document.createElement("strong"), { className: "late", textContent: late })] : []));
    }, 300);
  }

  function drawAnew() {
    drawStill();
    show();
  }

  const choose = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  find("select").addEventListener("change", (event) => choose("column", event.target.value));
  find(".level").addEventListener("input", (event) => move([Number(event.target.value), line()[1]]));
  find(".slope").addEventListener("input", (event) => move([line()[0], Number(event.target.value)]));
  find(".fit").addEventListener("click", () => {
    choose("fitted", `${model.get("fitted")} ${model.get("column")}`.trim());
    find("select").focus();
  });
  onGuess(find(".guess"), (guess) => {
    choose("prediction", guess);
    find(".level").focus();
  });
  const look = followLook(root);
  begin();
  const leave = [followModel(model, ["lines", "fitted", "prediction"], show), followModel(model, ["column"], drawAnew)];
  const resized = followWidth(plot, drawAnew);
  drawAnew();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave.forEach((end) => end());
  };
}

export default { render };
