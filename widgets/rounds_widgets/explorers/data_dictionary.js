// The data dictionary: words about columns, searched in the browser. Everything is written as text, never as HTML.
let made = 0;

function make(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

// A label and its field, tied together.
function field(label, input) {
  made += 1;
  input.id = `rounds-columns-${made}`;
  const name = make("label", label);
  name.htmlFor = input.id;
  const box = make("div", "", "field");
  box.append(name, input);
  return box;
}

function choice(options) {
  const select = make("select");
  for (const [value, text] of options) {
    const option = make("option", text);
    option.value = value;
    select.append(option);
  }
  return select;
}

function meaning(title, text) {
  const box = make("div");
  box.append(make("h5", title), make("p", text || "No words yet."));
  return box;
}

function keyOf(entry) {
  return `${entry.table}.${entry.name}`;
}

function answers(entry, open) {
  const { asked, name } = entry;
  const details = make("details");
  details.open = open;
  details.dataset.key = keyOf(entry);
  const summary = make("summary", asked.length === 1 ? "1 question" : `${asked.length} questions`);
  summary.setAttribute("aria-label", `${summary.textContent} about ${name}`);
  details.append(summary);
  for (const one of asked) {
    const box = make("div", "", "said");
    box.append(make("p", `Asked: ${one.question}`), make("p", `Answered: ${one.answer}`), make("p", one.who, "quiet"));
    details.append(box);
  }
  return details;
}

function column(entry, words, open) {
  const article = make("article");
  const head = make("div", "", "head");
  head.append(make("h4", entry.name));
  if (entry.known) head.append(make("span", entry.known, entry.leak ? "sign leak" : "sign"));
  const sides = make("div", "", "sides");
  if (words !== "clinician") sides.append(meaning("What the clinic means (for engineers)", entry.engineer));
  if (words !== "engineer") sides.append(meaning("What a model sees (for clinicians)", entry.clinician));
  article.append(head, make("p", entry.facts, "quiet"), sides);
  if (entry.note) article.append(make("p", entry.note, "note"));
  if (entry.asked.length) article.append(answers(entry, open));
  return article;
}

function render({ model, el }) {
  const root = make("section", "", "rounds-columns");
  root.setAttribute("aria-label", `Data dictionary: ${model.get("_title")}`);
  // JupyterLab would take letters and Enter for its cells; Escape still leads back to them.
  keepKeys(root);
  const look = followLook(root);
  const tables = model.get("_tables");

  const search = make("input");
  Object.assign(search, { type: "search", maxLength: 100, autocomplete: "off" });
  const table = choice([["", "All tables"], ...tables.map((one) => [one.name, one.name])]);
  const words = choice([["both", "both"], ["engineer", "engineers"], ["clinician", "clinicians"]]);
  const known = make("input");
  known.type = "checkbox";
  const form = make("form");
  form.setAttribute("role", "search");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(field("Search in names and meanings", search), field("Table", table), field("Words for", words));
  const check = field("Only what is known by the prediction", known);
  check.className = "field check";
  if (model.get("_when")) form.append(check);

  const status = make("p", "", "quiet");
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  const list = make("div", "", "list");
  list.tabIndex = 0;
  list.setAttribute("role", "region");
  list.setAttribute("aria-label", "Columns");
  const when = model.get("_when");
  const title = make("h3", model.get("_title"));
  const about = make("p", when ? `The prediction is made at: ${when}.` : "This dataset names no time of prediction.", "quiet");
  root.append(title, about, form, status, list);
  el.append(root);

  const unfolded = new Set(); // questions that the reader opened stay open when a filter draws the list again
  function noteUnfolded() {
    for (const one of list.querySelectorAll("details")) {
      if (one.open) unfolded.add(one.dataset.key);
      else unfolded.delete(one.dataset.key);
    }
  }

  let waiting = 0; // what is typed and not searched yet must not be overwritten by another field's change
  function found() {
    const asked = model.get("query").toLowerCase().split(/\s+/).filter(Boolean);
    return model.get("_entries").filter((entry) =>
      (!model.get("table") || entry.table === model.get("table")) &&
      (!model.get("only_known") || entry.shown_when_known) &&
      asked.every((word) => entry.text.includes(word)));
  }

  function draw() {
    if (!waiting && search !== document.activeElement) search.value = model.get("query");
    table.value = model.get("table");
    words.value = model.get("words");
    known.checked = model.get("only_known");
    const shown = found();
    status.textContent = shown.length
      ? `${shown.length} of ${model.get("_entries").length} columns.`
      : "No column. Try a shorter word, or take a filter away.";
    noteUnfolded();
    const parts = [];
    for (const one of tables) {
      const here = shown.filter((entry) => entry.table === one.name);
      if (!here.length) continue;
      const box = make("section");
      const heading = make("h4", `Table ${one.name}`, "table");
      box.append(heading);
      if (one.row) box.append(make("p", one.row, "quiet"));
      box.append(...here.map((entry) => column(entry, model.get("words"), unfolded.has(keyOf(entry)))));
      parts.push(box);
    }
    list.replaceChildren(...parts);
  }

  const set = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      set("query", search.value);
    }, 150);
  });
  table.addEventListener("change", () => set("table", table.value));
  words.addEventListener("change", () => set("words", words.value));
  known.addEventListener("change", () => set("only_known", known.checked));
  const leave = followModel(model, ["query", "table", "words", "only_known"], draw);
  draw();
  return () => {
    clearTimeout(waiting);
    leave();
    look.disconnect();
  };
}

export default { render };
