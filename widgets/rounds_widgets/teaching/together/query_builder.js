// A query builder: lists to choose from, the SQL that Python wrote for the choice, and the ribbon of its counts.
// Only ids of the lists that Python sent go back to it.
const GUESSED = "creatinine"; // the join that the guess is about

const PAGE = `
  <h3>A query builder</h3>
  <p class="task">The ribbon shows the stays in hospital, and the persons whose stays they are. Next comes a join: each stay with its creatinine results.</p>
  <form class="guess">
    <label>My guess: after the join there will be <input type="number" min="0" step="1" required
      aria-label="My guess: how many rows there will be after the join"> rows.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <div><label><span>1. Begin with the table</span><select class="from"></select></label><small class="back" aria-live="polite"></small></div>
    <fieldset><legend>2. Keep only (WHERE)</legend><div class="where"></div></fieldset>
    <div><label><span>3. Join</span><select class="join"></select></label>
      <label class="check"><input type="checkbox" class="keep"> keep rows without a match (LEFT JOIN)</label></div>
    <label><span>4. Group (GROUP BY)</span><select class="group"></select></label>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <svg class="ribbon" role="img"></svg>
  <p class="legend" aria-hidden="true"><span class="of-rows">■</span> rows <span class="of-persons">■</span> persons</p>
  <div class="below">
    <div><h4>The SQL that was written</h4><pre class="sql" tabindex="0" aria-label="The SQL that was written"></pre></div>
    <div><h4 class="result-name"></h4><div class="result"></div></div>
  </div>
  <table class="steps"><caption>Rows and persons after each step</caption>
    <thead><tr><th scope="col">step</th><th scope="col">rows</th><th scope="col">persons</th></tr></thead><tbody></tbody></table>`;

const cells = (name, texts) => texts.map((text) => Object.assign(document.createElement(name), { textContent: text }));

const row = (...parts) => {
  const made = document.createElement("tr");
  made.append(...parts);
  return made;
};

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-query";
  root.setAttribute("aria-label", "A query builder");
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const ribbon = find(".ribbon");
  const offers = model.get("_offers");
  const isOpen = () => model.get("prediction") !== null;
  const chosen = () => JSON.parse(model.get("choices"));
  const shown = (number) => number.toLocaleString("en");
  let speak = 0;
  let listed = "";

  const choose = (changes) => {
    model.set("choices", JSON.stringify({ ...chosen(), ...changes }));
    model.save_changes();
  };

  // Another table: what its lists have too stays chosen, and what they have not is put back and named.
  function begin(from) {
    const before = chosen();
    const has = (list, id) => offers[from][list].some(([other]) => other === id);
    const where = before.where.filter((id) => has("where", id));
    const join = has("join", before.join) ? before.join : "";
    const group = has("group", before.group) ? before.group : "";
    const lost = [where.length < before.where.length && "what to keep", join !== before.join && "the join", group !== before.group && "the group"].filter(Boolean);
    find(".back").textContent = lost.length ? `Put back, because ${from} has other choices: ${lost.join(", ")}.` : "";
    choose({ from, where, join, keep: before.keep && join !== "", group });
  }

  // The lists belong to the table that is chosen; they are written anew only when it changes, so that the focus stays.
  function listOptions() {
    const from = chosen().from;
    if (listed === from) return;
    listed = from;
    const offer = offers[from];
    find(".join").replaceChildren(new Option("nothing", ""), ...offer.join.map(([id, label]) => new Option(label, id)));
    find(".group").replaceChildren(new Option("no group: count all rows", ""), ...offer.group.map(([id, label]) => new Option(label, id)));
    find(".where").replaceChildren(...offer.where.map(([id, label]) => {
      const holder = document.createElement("label");
      holder.className = "check";
      const box = Object.assign(document.createElement("input"), { type: "checkbox", value: id });
      box.addEventListener("change", () => choose({ where: [...root.querySelectorAll(".where input:checked")].map((one) => one.value) }));
      holder.append(box, ` ${label.replace(/^only /, "")}`);
      return holder;
    }));
  }

  function showControls() {
    const open = isOpen();
    const { from, where, join, keep, group } = chosen();
    listOptions();
    root.classList.toggle("waits", !open);
    find(".from").value = from;
    find(".join").value = join;
    find(".group").value = group;
    find(".keep").checked = keep;
    for (const box of root.querySelectorAll(".where input")) box.checked = where.includes(box.value);
    for (const control of root.querySelectorAll(".controls input, .controls select")) control.disabled = !open;
    find(".keep").disabled = !open || !join;
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Now change the choices." : "The choices open after your guess.";
  }

  function drawSteps() {
    const { steps, most } = model.get("_answer");
    const width = ribbon.clientWidth;
    // Before the guess nothing says how wide the ribbon can become.
    const full = isOpen() ? most : Math.max(...steps.map((step) => step.rows));
    if (width) drawRibbon(ribbon, steps, { width, most: full });
    ribbon.setAttribute("aria-label", `Ribbon of counts. ${steps.map((step) => `${step.name}: ${ribbonSentence(step)}`).join(". ")}`);
    find(".steps tbody").replaceChildren(...steps.map((step) => {
      const head = Object.assign(document.createElement("th"), { scope: "row", textContent: step.words ? `${step.name}: ${step.words}` : step.name });
      return row(head, ...cells("td", [shown(step.rows), shown(step.persons)]));
    }));
  }

  function showResult() {
    const { sql, columns, rows, steps } = model.get("_answer");
    find(".sql").textContent = sql;
    const all = chosen().group ? steps[steps.length - 1].rows : 1;
    find(".result-name").textContent = all > rows.length ? `Its first ${rows.length} of ${shown(all)} rows` : "Its result";
    const table = document.createElement("table");
    const head = document.createElement("thead");
    head.append(row(...cells("th", columns)));
    head.querySelectorAll("th").forEach((cell) => cell.setAttribute("scope", "col"));
    const body = document.createElement("tbody");
    body.append(...rows.map((values) => row(...cells("td", values.map((value) => (typeof value === "number" ? shown(value) : value))))));
    table.append(head, body);
    find(".result").replaceChildren(table);
  }

  // What the guess was about is said while that join is the one that is shown.
  function describe() {
    const { said, steps } = model.get("_answer");
    if (!isOpen()) return "";
    const { from, join, keep, where } = chosen();
    const asked = from === "encounter" && join === GUESSED && !keep && where.join() === "inpatient";
    const joined = steps.find((step) => step.name.includes("JOIN"));
    return `${model.get("_answer").alarm ? "▲ " : ""}${asked ? `Your guess was ${shown(model.get("prediction"))} rows; there are ${shown(joined.rows)}. ` : ""}${said}`;
  }

  function show() {
    showControls();
    drawSteps();
    showResult();
    const said = find(".said");
    said.classList.toggle("alarm", isOpen() && model.get("_answer").alarm);
    clearTimeout(speak);
    speak = setTimeout(() => { said.textContent = describe(); }, 250);
  }

  for (const name of Object.keys(offers)) find(".from").append(new Option(`${name}: one row for each ${offers[name].row}`, name));
  find(".from").addEventListener("change", (event) => begin(event.target.value));
  find(".join").addEventListener("change", (event) => choose({ join: event.target.value, keep: event.target.value !== "" && find(".keep").checked }));
  find(".keep").addEventListener("change", (event) => choose({ keep: event.target.checked }));
  find(".group").addEventListener("change", (event) => choose({ group: event.target.value }));
  onGuess(find(".guess"), (guess) => {
    model.set("prediction", guess);
    choose({ join: GUESSED, keep: false });
    find(".join").focus();
  });
  const look = followLook(root);
  const leave = followModel(model, ["_answer", "choices", "prediction"], show);
  const resized = followWidth(ribbon, drawSteps);
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
