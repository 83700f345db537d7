// The note reader: words and rules find notes; a reading by hand says which were meant. A word is searched as
// plain text, never as a pattern. The rules are those of note_rules.py, in the same order.
const NOTES_ON_PAGE = 4;
const SIGN_TEXTS = {
  true: ["✓", "has it", "the patient has it, seen on that day"],
  negated: ["✗", "denied", "the note says that it is not there"],
  family: ["F", "family", "a relative has it"],
  copied: ["↻", "copied", "carried over from the day before; nobody looked again"],
  later: ["→", "later", "written long after the patient went home"],
  unclear: ["?", "unclear", "one cannot tell from the words"],
};
// What a sign means for a finding that is no illness.
const OWN_TEXTS = { readmission: { true: "this stay is one: the patient was here before" } };
const REACH_TEXTS = {
  off: ["no rule", "every mention counts"],
  sentence: ["in the same sentence", "a no, not, denies, without or never before the word"],
  note: ["anywhere in the note", "one such word, and the note is left out"],
};
const OTHER_TEXTS = {
  family: ["not about a relative", "father, mother, wife ... before the word, same sentence"],
  copied: ["not copied from the day before", "the note says so at its start"],
  late: ["not written after the patient went home", "more than a day later"],
};
const SHOW_TEXTS = { false: "found, not meant", missed: "meant, not found", right: "found and meant" };

const NOTES_PAGE = `
  <h3>Which notes mean it?</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: in <input type="number" min="0" max="100" step="any" required> of 100 the patient has it.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <div class="controls">
    <fieldset class="finding"><legend>Finding</legend></fieldset>
    <fieldset class="words"><legend>Words to look for</legend><div class="offered"></div>
      <label class="own">another word <input type="text" maxlength="30" spellcheck="false" autocomplete="off"></label>
      <small class="of-own" aria-live="polite"></small></fieldset>
    <fieldset class="negation"><legend>Leave out notes that say no</legend></fieldset>
    <fieldset class="others"><legend>Leave out more</legend></fieldset>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <div class="figures"></div>
  <table><caption>What a reader saw in these notes, and what your search did with them</caption>
    <thead><tr><th scope="col">the note</th><th scope="col">found</th><th scope="col">left out</th></tr></thead>
    <tbody></tbody></table>
  <fieldset class="shown"><legend>Read some of them</legend></fieldset>
  <ol class="notes"></ol>
  <p class="pages"><button type="button" class="back">Earlier</button> <span></span> <button type="button" class="on">More</button></p>`;

const makeNode = (tag, given = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), given);
  node.append(...children);
  return node;
};

// Where a word stands in a text, capitals aside, as a word of its own.
function findWord(text, word) {
  const low = text.toLowerCase();
  const sought = word.trim().toLowerCase();
  const isPart = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
  const places = [];
  for (let at = sought ? low.indexOf(sought) : -1; at >= 0; at = low.indexOf(sought, at + 1)) {
    if (!isPart(low[at - 1]) && !isPart(low[at + sought.length])) places.push([at, at + sought.length]);
  }
  return places;
}

function render({ model, el }) {
  const root = makeNode("section", { className: "rounds-notes" });
  root.setAttribute("aria-label", "Which notes mean it?");
  keepKeys(root);
  root.innerHTML = NOTES_PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const [notes, facts] = [model.get("_notes"), model.get("_facts")];
  const isOpen = () => model.get("prediction") !== null;
  const chosenWords = () => model.get("words").split("|").filter(Boolean);
  const soughtWords = () => [...chosenWords(), model.get("typed")].filter((word) => word.trim());
  const listWords = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];
  const holds = (text, known) => listWords(text).some((word) => known.includes(word));
  const group = (name) => `${name}-${model.model_id ?? "one"}`;
  let [speak, type] = [0, 0];

  function begin() {
    const [first, [word]] = Object.entries(facts.findings)[0];
    find(".task").textContent = `A search looks for the word "${word}" in the notes of a stay. The same notes were read by hand: does the writer say that this patient has ${first}, seen on that day? Take 100 notes in which the word stands.`;
    find(".guess input").setAttribute("aria-label", `My guess: of 100 notes with the word ${word}, in how many the patient has it`);
    for (const name of Object.keys(facts.findings)) find(".finding").append(makeChoice("radio", "finding", name, [name], () => change({ finding: name, words: facts.findings[name][0], typed: "" })));
    for (const [reach, texts] of Object.entries(REACH_TEXTS)) find(".negation").append(makeChoice("radio", "negation", reach, texts, () => change({ negation: reach })));
    for (const [rule, texts] of Object.entries(OTHER_TEXTS)) find(".others").append(makeChoice("checkbox", "others", rule, texts, (ticked) => change({ [rule]: ticked })));
    for (const [list, text] of Object.entries(SHOW_TEXTS)) find(".shown").append(makeChoice("radio", "shown", list, [text], () => change({ shown: list })));
  }

  function makeChoice(kind, name, value, [text, more], act) {
    const input = makeNode("input", { type: kind, value, name: group(name) });
    input.addEventListener("change", () => act(input.checked));
    return makeNode("label", {}, input, makeNode("span", { textContent: ` ${text}` }), ...(more ? [makeNode("small", { textContent: more })] : []));
  }

  function change(chosen) {
    for (const [name, value] of Object.entries({ page: 0, ...chosen })) model.set(name, value);
    model.save_changes();
  }

  function showWords() {
    const focused = root.contains(document.activeElement) && document.activeElement.closest(".offered") ? document.activeElement.value : null;
    const boxes = facts.findings[model.get("finding")].map((word) => makeChoice("checkbox", "words", word, [word], (ticked) => {
      change({ words: [...chosenWords().filter((one) => one !== word), ...(ticked ? [word] : [])].join("|") });
    }));
    find(".offered").replaceChildren(...boxes);
    if (focused) [...find(".offered").querySelectorAll("input")].find((box) => box.value === focused)?.focus();
  }

  // A hit stays, or a rule leaves it out.
  function stays(text, at) {
    const before = text.slice(0, at).split(/[.;?!]/).at(-1);
    if (model.get("family") && holds(before, facts.relatives)) return false;
    const reach = model.get("negation");
    return reach === "off" || !holds(reach === "sentence" ? before : text, facts.denials);
  }

  function search({ text, late }) {
    const hits = soughtWords().flatMap((word) => findWord(text, word)).sort((a, b) => a[0] - b[0]);
    const shut = (model.get("copied") && text.startsWith(facts.copy_mark)) || (model.get("late") && late);
    const kept = hits.map(([at]) => !shut && stays(text, at));
    return { hits, kept, found: kept.includes(true) };
  }

  function searchAll() {
    const finding = model.get("finding");
    return notes.filter((note) => finding in note.says).map((note) => ({ ...note, kind: note.says[finding], ...search(note) }));
  }

  // Without an answer a word that stands nowhere looks as if nothing had happened.
  function sayOwn(read) {
    const word = model.get("typed").trim();
    const count = read.filter(({ text }) => findWord(text, word).length).length;
    const hint = count ? "" : " Only whole words are found.";
    find(".of-own").textContent = word && isOpen() ? `“${word}” stands in ${count} of ${read.length} notes.${hint}` : "";
  }

  function measure(read) {
    const found = read.filter((note) => note.found);
    const meant = read.filter((note) => note.kind === "true");
    const both = found.filter((note) => note.kind === "true");
    const lists = { false: found.filter((note) => note.kind !== "true"), missed: meant.filter((note) => !note.found), right: both };
    const share = (part, whole) => (whole.length ? Math.round((100 * part.length) / whole.length) : null);
    return { found, lists, number: read.length, precision: share(both, found), recall: share(both, meant) };
  }

  function showFigures({ precision, recall }) {
    const rows = [["of 100 found, are meant", "precision", precision], ["of 100 meant, are found", "recall", recall]];
    find(".figures").replaceChildren(...(isOpen() ? rows : []).map(([text, name, value]) => {
      const bar = makeNode("span", { className: "bar" }, makeNode("span", { className: "part" }));
      bar.firstChild.style.width = `${value ?? 0}%`;
      return makeNode("p", { className: name }, makeNode("strong", { textContent: value ?? "–" }), ` ${text} `, makeNode("em", { textContent: `(${name})` }), bar);
    }));
  }

  function showTable(read) {
    find("tbody").replaceChildren(...facts.classes.map((kind) => {
      const [sign, name, usual] = SIGN_TEXTS[kind];
      const words = OWN_TEXTS[model.get("finding")]?.[kind] ?? usual;
      const of = read.filter((note) => note.kind === kind);
      const found = of.filter((note) => note.found).length;
      const head = makeNode("th", { scope: "row" }, makeNode("span", { className: `sign ${kind}`, textContent: `${sign} ${name}` }), makeNode("small", { textContent: words }));
      const cells = (isOpen() ? [found, of.length - found] : ["?", "?"]).map((number) => makeNode("td", { textContent: number }));
      return makeNode("tr", {}, head, ...cells);
    }));
  }

  function markHits({ text, hits, kept, kind }) {
    const parts = [];
    let from = 0;
    hits.forEach(([at, end], number) => {
      if (at < from) return; // two words that overlap are marked once
      parts.push(text.slice(from, at), makeNode("mark", { className: kept[number] ? kind : "off", textContent: text.slice(at, end) }));
      from = end;
    });
    return [...parts, text.slice(from)];
  }

  function showNotes({ lists }) {
    const open = isOpen();
    const list = lists[model.get("shown")];
    const pages = Math.max(1, Math.ceil(list.length / NOTES_ON_PAGE));
    const page = Math.max(0, Math.min(model.get("page"), pages - 1));
    const here = open ? list.slice(page * NOTES_ON_PAGE, (page + 1) * NOTES_ON_PAGE) : [];
    find(".notes").replaceChildren(...here.map((note) => makeNode("li", {}, makeNode("span", { className: `sign ${note.kind}`, textContent: SIGN_TEXTS[note.kind].slice(0, 2).join(" ") }), makeNode("span", { className: "text" }, ...markHits(note)))));
    find(".pages span").textContent = open ? (list.length ? `page ${page + 1} of ${pages}` : "none of this kind") : "The notes are shown after your guess.";
    find(".back").disabled = !open || page === 0;
    find(".on").disabled = !open || page >= pages - 1;
    for (const label of find(".shown").querySelectorAll("label")) {
      const { value } = label.querySelector("input");
      label.querySelector("span").textContent = ` ${SHOW_TEXTS[value]}${open ? `: ${lists[value].length}` : ""}`;
    }
    return page;
  }

  function showControls() {
    const open = isOpen();
    for (const input of root.querySelectorAll("fieldset input")) {
      input.disabled = !open;
      const name = input.closest("fieldset").className;
      if (input.type === "radio") input.checked = input.value === model.get(name);
      if (input.type === "checkbox") input.checked = name === "words" ? chosenWords().includes(input.value) : model.get(input.value);
    }
    const own = find(".own input");
    if (own !== document.activeElement) own.value = model.get("typed");
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Now mend the search." : "The notes are searched after your guess.";
  }

  // Only the word that was asked for, and no rule: what the guess was about.
  function isAsked() {
    const [first, [word]] = Object.entries(facts.findings)[0];
    const rules = model.get("negation") !== "off" || ["family", "copied", "late"].some((rule) => model.get(rule));
    return model.get("finding") === first && soughtWords().join("|") === word && !rules;
  }

  function describe({ found, number, precision, recall }) {
    const finding = model.get("finding");
    if (!found.length) return `${finding}: none of ${number} notes is found.`;
    const said = `${finding}: ${found.length} of ${number} notes are found. Of 100 found, ${precision} are meant. Of 100 meant, ${recall} are found.`;
    return isAsked() ? `${said} Your guess was ${model.get("prediction")}.` : said;
  }

  function show() {
    const read = searchAll();
    const measured = measure(read);
    showWords();
    showControls();
    showFigures(measured);
    showTable(read);
    sayOwn(read);
    showNotes(measured);
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe(measured) : ""; }, 300);
  }

  onGuess(find(".guess"), (guess) => {
    change({ prediction: guess });
    find(".finding input").focus();
  });
  find(".own input").addEventListener("input", (event) => {
    clearTimeout(type);
    type = setTimeout(() => change({ typed: event.target.value }), 150);
  });
  const turn = (by) => change({ page: Math.max(0, model.get("page") + by) });
  find(".back").addEventListener("click", () => turn(-1));
  find(".on").addEventListener("click", () => turn(1));
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", "finding", "words", "typed", "negation", "family", "copied", "late", "shown", "page"], show);
  show();
  return () => {
    clearTimeout(speak);
    clearTimeout(type);
    look.disconnect();
    leave();
  };
}

export default { render };
