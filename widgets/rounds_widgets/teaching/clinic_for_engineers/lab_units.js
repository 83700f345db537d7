// Two laboratories on one log axis: as written, or converted to one unit.
const PAGE = `
  <h3>One test, two laboratories</h3>
  <p class="task">Two hospitals, A and B, each with its own laboratory; their patients are about equally ill. A histogram of one
    test shows how many results have each value. A hump is a value round which many results lie.</p>
  <form class="line"><label>My guess for C-reactive protein as written:
    <input type="number" min="1" max="9" step="1" required aria-label="How many humps will the histogram have"> humps.</label>
    <button type="submit">Lock in my guess</button></form>
  <div class="open" hidden>
    <div class="line"><label>Test <select></select></label>
      <label><input type="checkbox"> All in one unit</label></div>
    <p class="said" role="status" aria-live="polite"></p>
    <div class="key"><span><span class="a">■</span> site A (filled)</span><span><span class="b">□</span> site B (outlined)</span></div>
    <svg role="img"></svg>
    <details><summary>The same as a table</summary><table></table></details>
  </div>`;
const HEIGHT = 280;
const [LEFT, FOOT, TOP] = [56, 220, 20]; // pixels
const GAP = 6; // so many empty bins, a decade, part what lies alone from the others
const ALONE = 0.005; // of all results: what lies alone and is more is no slip
const ROOM = 3; // bins on either side
const OWN_HUMP = 3; // times: sites whose medians lie so far apart have a hump each

const number = (value) => (value >= 1 ? Number(value.toPrecision(3)).toString() : Number(value.toPrecision(2)).toString());
const edge = (view, index) => 10 ** ((view.first + index) / view.per_decade);
const totals = (view) => Object.values(view.counts).reduce((sums, counts) => sums.map((sum, at) => sum + counts[at]));

// The first and last place where the results lie, without a few that lie a decade or more beyond all others.
function findBulk(view) {
  const sums = totals(view);
  const few = ALONE * sums.reduce((one, other) => one + other, 0);
  const trim = (places) => {
    let beyond = 0;
    for (let at = 1; at < places.length; at += 1) {
      beyond += sums[places[at - 1]];
      if (beyond > few) return places[0];
      if (Math.abs(places[at] - places[at - 1]) > GAP) return places[at];
    }
    return places[0];
  };
  const filled = sums.flatMap((sum, at) => (sum ? [at] : []));
  return [view.first + trim(filled), view.first + trim([...filled].reverse()) + 1];
}

// What lies beyond the axis: how many results, and between which values.
function findBeyond(view, [low, high]) {
  const beyond = totals(view).flatMap((sum, at) => (sum && (view.first + at < low || view.first + at >= high) ? [[sum, at]] : []));
  if (!beyond.length) return "";
  const count = beyond.reduce((sum, [one]) => sum + one, 0);
  const where = `${number(edge(view, beyond[0][1]))} to ${number(edge(view, beyond.at(-1)[1] + 1))}`;
  return `${count} ${count === 1 ? "result lies" : "results lie"} beyond the axis, at ${where}.`;
}

function countHumps(view) {
  const middles = Object.values(view.medians).map(Number).sort((one, other) => one - other);
  return 1 + middles.filter((value, at) => at && value > OWN_HUMP * middles[at - 1]).length;
}

function drawTicks(view, x, [low, high]) {
  const ticks = [];
  for (let place = Math.ceil(low / view.per_decade); place * view.per_decade <= high; place += 1) {
    const at = x(place * view.per_decade);
    ticks.push(`<path d="M${at} ${FOOT}v5" stroke="var(--u-muted)"/><text x="${at}" y="${FOOT + 20}" text-anchor="middle">${number(10 ** place)}</text>`);
  }
  return ticks.join("");
}

function draw(svg, view, range) {
  const width = svg.clientWidth;
  if (!width) return;
  const top = Math.max(...Object.values(view.counts).flat());
  const x = linearScale(range, [LEFT, width - 12]);
  const y = linearScale([0, top], [FOOT, TOP]);
  const inside = (place) => place >= range[0] && place < range[1];
  const bars = (counts, style, inset) => counts.map((count, i) => (count && inside(view.first + i)
    ? `<rect x="${x(view.first + i) + inset}" y="${y(count)}" width="${x(1) - x(0) - 2 * inset}" height="${FOOT - y(count)}" ${style}/>` : "")).join("");
  const [a, b] = Object.values(view.counts);
  const middle = (LEFT + width - 12) / 2;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.innerHTML = `<path d="M${LEFT} ${FOOT}H${width - 12}" stroke="var(--u-muted)"/>${drawTicks(view, x, range)}
    ${bars(a ?? [], 'fill="var(--u-a)" opacity="0.6"', 1)}
    ${bars(b ?? [], 'fill="none" stroke="var(--u-b)" stroke-width="3"', 2.5)}
    <text x="${middle}" y="${FOOT + 40}" text-anchor="middle">${view.unit}</text>
    <text x="${middle}" y="${FOOT + 56}" text-anchor="middle">each number 10 times the one before</text>
    <text x="14" y="${(FOOT + TOP) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(FOOT + TOP) / 2})">results</text>
    <text x="${LEFT - 6}" y="${y(top) + 4}" text-anchor="end">${top}</text><text x="${LEFT - 6}" y="${FOOT + 4}" text-anchor="end">0</text>`;
}

function fillTable(table, view) {
  const sites = Object.keys(view.counts);
  const rows = view.counts[sites[0]].map((_, i) => `<tr><th scope="row">${number(edge(view, i))} to ${number(edge(view, i + 1))}</th>
    ${sites.map((site) => `<td>${view.counts[site][i]}</td>`).join("")}</tr>`);
  table.innerHTML = `<thead><tr><th scope="col">${view.unit}</th>${sites.map((site) => `<th scope="col">site ${site}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody>`;
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-units";
  root.setAttribute("aria-label", "Histogram of one test per site");
  // JupyterLab would take the arrow keys and Enter for its cells; Escape still leads back to them.
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const look = followLook(root);
  const find = (selector) => root.querySelector(selector);
  const tests = model.get("_tests");
  for (const test of tests) find("select").add(new Option(test.name));

  // One axis for both views, so that a hump that moves is seen to move.
  function span(test) {
    const ends = [findBulk(test.written), findBulk(test.one_unit)];
    return [Math.min(...ends.map(([low]) => low)) - ROOM, Math.max(...ends.map(([, high]) => high)) + ROOM];
  }

  function judge(test) {
    const guess = model.get("prediction");
    const humps = countHumps(test.written);
    const words = `Your guess for ${test.name} as written was ${guess}`;
    return test === tests[0] && !model.get("one_unit") ? `${words}: ${guess === humps ? "right" : `there are ${humps}`}.` : "";
  }

  function describe(test, view) {
    const medians = Object.entries(view.medians).map(([site, middle]) => `site ${site} ${middle}`).join(", ");
    const humps = countHumps(view);
    return [
      `${test.name}, ${view.unit}.`,
      humps > 1 ? `${humps} humps, one for each site, round different numbers.` : "One hump: the results of both sites lie round the same number.",
      judge(test),
      `Medians of all numbers: ${medians}.`,
      view.unit.includes("DDU") ? "FEU and DDU are two ways to count the same D-dimer." : "",
      findBeyond(view, span(test)),
      `${view.left_out} results are not drawn: empty, zero or negative.`,
    ].filter(Boolean).join(" ");
  }

  function show() {
    const guess = model.get("prediction");
    const test = tests.find((one) => one.name === model.get("test"));
    const view = model.get("one_unit") ? test.one_unit : test.written;
    find(".open").hidden = guess === null;
    find("form button").disabled = find("form input").disabled = guess !== null;
    if (guess === null) return;
    find("form input").value = guess;
    find("select").value = test.name;
    find("input[type=checkbox]").checked = model.get("one_unit");
    draw(find("svg"), view, span(test));
    fillTable(find("table"), view);
    const words = describe(test, view);
    find(".said").textContent = words;
    find("svg").setAttribute("aria-label", words);
  }

  const set = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  onGuess(find("form"), (guess) => {
    set("prediction", guess);
    find("select").focus();
  });
  find("select").addEventListener("change", (event) => set("test", event.target.value));
  find("input[type=checkbox]").addEventListener("change", (event) => set("one_unit", event.target.checked));
  const leave = followModel(model, ["test", "one_unit", "prediction"], show);
  const resized = followWidth(root, show);
  show();
  return () => {
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
