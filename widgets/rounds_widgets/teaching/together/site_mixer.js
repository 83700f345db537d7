// The site mixer: patients of another hospital are weighed anew, their risks are those of how things are written down
// there, and three figures are drawn beside those of the same place before, and those at home.  Then two groups, each with a threshold of its own.
const ROW = 78;
const ROWS_HEIGHT = 3 * ROW;
const FIGURES = [
  { key: "pairs", name: "pairs ranked rightly, of 100", short: "pairs of 100", ends: [50, 100], good: "all" },
  { key: "came", name: "deaths for 100 expected (the sum of the risks)", short: "deaths for 100", ends: [0, 200], good: "as expected" },
  { key: "right", name: "of 100 flags, how many are right", short: "right of 100 flags", ends: [0, 100], good: "all" },
];
const RIGHT = 100; // on each scale

const PAGE = `
  <h3>A model goes to another hospital</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: it ranks <input type="number" min="0" max="100" step="0.1" required> of 100 pairs rightly.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="written"><legend>How it is written down there</legend></fieldset>
    <label class="slide"><span class="name-older"></span><input class="older" type="range" min="-1" max="1" step="0.1"></label>
    <label class="slide"><span class="name-avoided"></span><input class="avoided" type="range" min="0" max="0.6" step="0.05"></label>
    <button type="button" class="back">Back to the hospital as it is</button>
  </div>
  <svg class="figures" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="home">○</span> at home <span class="before">◇</span> there as it is <span class="here">●</span> there, changed <span class="good">▼</span> what would be right. More than 100 deaths for 100 expected: the risks are too low; fewer: too high.</p>
  <p class="said" role="status" aria-live="polite"></p>
  <h4>Two groups, two thresholds</h4>
  <p>Here the other hospital is as it is: the choices above do not change this part. From its threshold on, a patient of a group is flagged.</p>
  <div class="groups"></div>
  <table><caption class="words"></caption><thead><tr><th scope="col">group</th><th scope="col">flagged</th><th scope="col">found, of 100 who died</th><th scope="col">right, of 100 flags</th></tr></thead><tbody></tbody></table>
  <p class="said-groups said" role="status" aria-live="polite"></p>`;

const nearest = (value) => (Number.isFinite(value) ? value.toFixed(0) : "–");

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-mixer";
  root.setAttribute("aria-label", "A model goes to another hospital");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const plot = find(".figures");
  const rows = model.get("_rows");
  const home = model.get("_home");
  const names = Object.keys(rows.risks);
  const orders = Object.fromEntries(names.map((name) => [name, rows.died.map((_, at) => at).sort((a, b) => rows.risks[name][a] - rows.risks[name][b])]));
  const middle = rows.age.reduce((sum, age) => sum + age, 0) / rows.age.length;
  const isOpen = () => model.get("prediction") !== null;
  let speak = 0;

  // The same as Python's Rows.figures, in one pass over the patients in the order of their risk.
  function weigh(written, older, avoided) {
    const risk = rows.risks[written];
    const stay = 1 - avoided;
    let sick = 0, well = 0, pairs = 0, expected = 0, flagged = 0, right = 0, ages = 0, all = 0;
    let at = 0;
    const order = orders[written];
    while (at < order.length) {
      let tiedSick = 0, tiedWell = 0;
      const level = risk[order[at]];
      for (; at < order.length && risk[order[at]] === level; at += 1) {
        const row = order[at];
        const weight = Math.exp((older * (rows.age[row] - middle)) / 10);
        const ill = weight * rows.died[row] * stay;
        tiedSick += ill;
        tiedWell += weight - ill;
        expected += weight * level;
        ages += weight * rows.age[row];
        all += weight;
        if (level >= rows.threshold) { flagged += weight; right += ill; }
      }
      pairs += tiedSick * (well + tiedWell / 2);
      sick += tiedSick;
      well += tiedWell;
    }
    return { pairs: (100 * pairs) / (sick * well), came: (100 * sick) / expected, right: (100 * right) / flagged, flagged: (100 * flagged) / all, died: (100 * sick) / all, age: ages / all };
  }

  const before = weigh(names[0], 0, 0); // the other hospital as it is

  function groupFigures(group, threshold) {
    const risk = rows.risks[names[0]];
    let people = 0, died = 0, flagged = 0, found = 0;
    rows.group.forEach((one, row) => {
      if (one !== group) return;
      people += 1;
      died += rows.died[row];
      if (risk[row] >= threshold) { flagged += 1; found += rows.died[row]; }
    });
    return { people, died, flagged, found: (100 * found) / died, right: flagged ? (100 * found) / flagged : NaN };
  }

  function begin() {
    find(".task").textContent = `At home the model ranks ${home.pairs.toFixed(1)} of 100 pairs rightly: of one who died and one who did not, it gives the first the higher risk. It goes to another hospital: of the patients there, with all written down as at home, it ranks ${before.pairs.toFixed(1)} of 100. Then one thing is written down there in another way: ${names[1] ?? names[0]}. How many of 100 pairs does it rank rightly now?`;
    for (const name of names) {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", value: name, name: `written-${model.model_id ?? "one"}` });
      radio.addEventListener("change", () => move({ written: name }));
      label.append(radio, ` ${name}`);
      if (name === names[0]) label.append(Object.assign(document.createElement("small"), { textContent: " (the hospital as it is)" }));
      find(".written").append(label);
    }
    rows.names.forEach((name, at) => {
      const trait = ["first", "second"][at];
      const label = document.createElement("label");
      label.className = "slide";
      const words = Object.assign(document.createElement("span"), { className: `name-${trait}` });
      const slider = Object.assign(document.createElement("input"), { type: "range", className: trait, min: 0.05, max: 0.6, step: 0.01 });
      slider.addEventListener("input", () => move({ [trait]: Number(slider.value) }));
      label.append(words, slider);
      find(".groups").append(label);
    });
    find(".words").textContent = "Each group at its threshold";
  }

  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    model.save_changes();
  }

  function showControls() {
    for (const control of root.querySelectorAll(".controls input, .controls button, .groups input")) control.disabled = !isOpen();
    for (const radio of root.querySelectorAll(".written input")) radio.checked = radio.value === model.get("written");
    find(".guess button").disabled = find(".guess input").disabled = isOpen();
    if (isOpen()) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = isOpen() ? "Locked in. Below stands what you guessed about. Then change one thing at a time." : "The hospital opens after your guess.";
    for (const trait of ["older", "avoided", "first", "second"]) find(`.${trait}`).value = model.get(trait);
    const avoided = Math.round(100 * model.get("avoided"));
    find(".name-avoided").textContent = `A new treatment avoids ${avoided} of 100 deaths`;
    find(".avoided").setAttribute("aria-valuetext", `${avoided} of 100 deaths avoided`);
    rows.names.forEach((name, at) => {
      const trait = ["first", "second"][at];
      const percent = Math.round(100 * model.get(trait));
      find(`.name-${trait}`).textContent = `${name}: flagged from ${percent} % on`;
      find(`.${trait}`).setAttribute("aria-valuetext", `${percent} %`);
    });
  }

  function label({ key, name, short }, width, here) {
    const there = `${nearest(before[key])} → ${nearest(here[key])}`;
    return width < 620 ? `${short}: ${there} (home ${nearest(home[key])})` : `${name}: ${nearest(home[key])} at home, ${there} there`;
  }

  function drawFigures(here) {
    const width = plot.clientWidth;
    if (!width) return;
    plot.setAttribute("viewBox", `0 0 ${width} ${ROWS_HEIGHT}`);
    plot.style.height = `${ROWS_HEIGHT}px`;
    const nodes = [];
    FIGURES.forEach(({ key, name, short, ends, good }, at) => {
      const y = 46 + at * ROW;
      const x = linearScale(ends, [14, width - 14]);
      nodes.push(svgNode("text", { class: "name", x: 2, y: y - 30 }, isOpen() ? label({ key, name, short }, width, here) : name));
      nodes.push(svgNode("path", { class: "line", d: `M14 ${y}H${width - 14}` }));
      for (const tick of roundTicks(ends, 5)) nodes.push(svgNode("path", { class: "tick", d: `M${x(tick)} ${y - 4}v8` }), svgNode("text", { class: "value", x: x(tick), y: y + 18, "text-anchor": "middle" }, String(tick)));
      nodes.push(svgNode("path", { class: "good", d: `M${x(RIGHT) - 5} ${y - 20}h10l-5 9z` }));
      nodes.push(svgNode("text", { class: "value", x: x(RIGHT) - 8, y: y - 12, "text-anchor": "end" }, `right: ${good}`));
      if (!isOpen()) return;
      const place = Math.min(ends[1], Math.max(ends[0], here[key]));
      nodes.push(svgNode("path", { class: "moved", d: `M${x(before[key])} ${y}H${x(place)}` }));
      nodes.push(svgNode("circle", { class: "home", cx: x(home[key]), cy: y, r: 8 }), svgNode("path", { class: "before", d: `M${x(before[key])} ${y - 10}l10 10l-10 10l-10 -10z` }), svgNode("circle", { class: "here", cx: x(place), cy: y, r: 6 }));
    });
    plot.replaceChildren(...nodes);
  }

  function describe(here) {
    const said = [
      `Mean age ${nearest(here.age)}; ${nearest(here.died)} of 100 die.`,
      `Pairs ${here.pairs.toFixed(1)} of 100 (before ${before.pairs.toFixed(1)}, at home ${home.pairs.toFixed(1)}), ${nearest(here.came)} deaths for 100 expected (before ${nearest(before.came)}, at home ${nearest(home.came)}), ${nearest(here.right)} of 100 flags right (before ${nearest(before.right)}, at home ${nearest(home.right)}).`,
    ];
    const asked = model.get("written") === names[1] && model.get("older") === 0 && model.get("avoided") === 0;
    if (asked) said.push(`Your guess was ${model.get("prediction")} pairs.`);
    return said.join(" ");
  }

  function showGroups() {
    const both = rows.names.map((name, at) => ({ name, ...groupFigures(at, model.get(["first", "second"][at])) }));
    find("tbody").replaceChildren(...both.map((one) => {
      const line = document.createElement("tr");
      const cells = isOpen() ? [one.flagged, nearest(one.found), nearest(one.right)] : ["?", "?", "?"];
      line.append(Object.assign(document.createElement("th"), { scope: "row", textContent: `${one.name}: ${one.died} of ${one.people} died` }));
      line.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
      return line;
    }));
    const [a, b] = both;
    const near = (key) => Math.abs(a[key] - b[key]) < 3;
    const words = near("found") && near("right") ? "Both are alike." : near("found") ? "Alike in what is found; not in what a flag is worth." : near("right") ? "Alike in what a flag is worth; not in what is found." : "The groups differ in both.";
    return `${a.name}: ${nearest(a.found)} found, ${nearest(a.right)} right. ${b.name}: ${nearest(b.found)} found, ${nearest(b.right)} right. ${words}`;
  }

  function show() {
    const here = weigh(model.get("written"), model.get("older"), model.get("avoided"));
    showControls();
    find(".name-older").textContent = `Who comes: mean age ${nearest(here.age)}`;
    find(".older").setAttribute("aria-valuetext", `mean age ${nearest(here.age)}`);
    drawFigures(here);
    const groups = showGroups();
    plot.setAttribute("aria-label", isOpen() ? `Three figures at home, there as it is, and there as it is changed. ${describe(here)}` : "Three figures at home and there; they are drawn after your guess.");
    clearTimeout(speak);
    speak = setTimeout(() => {
      find(".said").textContent = isOpen() ? describe(here) : "";
      find(".said-groups").textContent = isOpen() ? groups : "";
    }, 300);
  }

  find(".older").addEventListener("input", (event) => move({ older: Number(event.target.value) }));
  find(".avoided").addEventListener("input", (event) => move({ avoided: Number(event.target.value) }));
  find(".back").addEventListener("click", () => move({ written: names[0], older: 0, avoided: 0 }));
  onGuess(find(".guess"), (guess) => {
    move({ prediction: guess, written: names[1] ?? names[0] }); // what was asked about is shown at once
    find(".written input:checked").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", "written", "older", "avoided", "first", "second"], show);
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
