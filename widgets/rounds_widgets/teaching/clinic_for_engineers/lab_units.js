// Two laboratories on one log axis: as written, or converted to one unit.
const PAGE = `
  <h3>One test, two laboratories</h3>
  <form class="line"><label>My guess for C-reactive protein as written:
    <input type="number" min="1" max="9" step="1" required aria-label="How many humps will the histogram have"> humps.</label>
    <button type="submit">Lock in my guess</button></form>
  <div class="open" hidden>
    <div class="line"><label>Test <select></select></label>
      <label><input type="checkbox"> All in one unit</label></div>
    <p class="said" role="status" aria-live="polite"></p>
    <div class="key"><span><span class="a">■</span> site A (filled)</span><span><span class="b">▧</span> site B (outlined)</span></div>
    <svg viewBox="0 0 720 270" role="img"></svg>
    <details><summary>The same as a table</summary><table></table></details>
  </div>`;

const number = (value) => (value >= 1 ? Number(value.toPrecision(3)).toString() : Number(value.toPrecision(2)).toString());
const edge = (view, index) => 10 ** ((view.first + index) / view.per_decade);

function draw(svg, view, range) {
  const [low, high] = range;
  const top = Math.max(...Object.values(view.counts).flat());
  const x = (place) => 40 + (660 * (place - low)) / (high - low);
  const y = (count) => 220 - (200 * count) / top;
  const bars = (counts, style, inset) => counts.map((count, i) => (count
    ? `<rect x="${x(view.first + i) + inset}" y="${y(count)}" width="${x(1) - x(0) - 2 * inset}" height="${220 - y(count)}" ${style}/>` : "")).join("");
  const ticks = [];
  for (let place = Math.ceil(low / view.per_decade); place * view.per_decade <= high; place += 1) {
    const at = x(place * view.per_decade);
    ticks.push(`<path d="M${at} 220v5" stroke="var(--u-muted)"/><text x="${at}" y="242" text-anchor="middle">${number(10 ** place)}</text>`);
  }
  const [a, b] = Object.values(view.counts);
  svg.innerHTML = `<path d="M40 220H700" stroke="var(--u-muted)"/>${ticks.join("")}
    ${bars(a ?? [], 'fill="var(--u-a)" opacity="0.6"', 1)}
    ${bars(b ?? [], 'fill="none" stroke="var(--u-b)" stroke-width="3"', 2.5)}
    <text x="370" y="264" text-anchor="middle">${view.unit}, log axis</text>
    <text x="34" y="${y(top) + 4}" text-anchor="end">${top}</text><text x="34" y="224" text-anchor="end">0</text>`;
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
  el.append(root);
  const look = followLook(root);
  const find = (selector) => root.querySelector(selector);
  const tests = model.get("_tests");
  for (const test of tests) find("select").add(new Option(test.name));

  function span(test) {
    const views = [test.written, test.one_unit];
    const lasts = views.map((view) => view.first + Object.values(view.counts)[0].length);
    return [Math.min(...views.map((view) => view.first)), Math.max(...lasts)];
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
    const medians = Object.entries(view.medians).map(([site, middle]) => `site ${site} ${middle}`).join(", ");
    const words = `${test.name}, ${view.unit}. Medians: ${medians}. ${view.left_out} results are not drawn: empty, zero or negative. Your guess for C-reactive protein was ${guess}.`;
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
  show();
  return () => {
    look.disconnect();
    leave();
  };
}

export default { render };
