// The definition builder: the bottles stay, the sentences of the definition change, and with them who is a case.
// Python has counted every definition already; a choice only looks a count up.
const WORDS = {
  commensal: { legend: "2. A skin germ makes a case", never: "never", "one bottle": "in one bottle", "two bottles": "in two bottles", "two draws": "in two draws" },
  days: { legend: "3. The days of the two", "any time": "on any days of the stay", "next day": "of one day or the next", "same day": "of one day only" },
  germ: { legend: "4. The germs of the two", "any germ": "any two skin germs", "same germ": "the same germ only" },
  fever: { legend: "5. A fever near it is asked", "no fever": "for no germ", commensals: "for skin germs", "every germ": "for every germ" },
};
const PARTS = Object.keys(WORDS);
const PAIR_PARTS = ["days", "germ"];
const FULL_BAR = 40; // of 100 transplants
const CARD = { width: 320, height: 150, left: 66 };

const BUILDER_PAGE = `
  <h3>What makes a case?</h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess for the strictest: <input type="number" min="0" max="100" step="any" required> of 100.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <p class="first"><strong>1. A recognised pathogen makes a case in one bottle.</strong> This sentence stays.</p>
  <div class="controls"></div>
  <p class="ready"><button type="button" class="widest">Widest</button> <button type="button" class="nhsn">Like CDC/NHSN</button></p>
  <p class="said" role="status" aria-live="polite"></p>
  <h4>The last definitions that you tried, the newest first</h4>
  <p class="legend" aria-hidden="true"><span class="pathogen">■</span> a pathogen grew <span class="skin">▨</span> only skin germs grew <span class="mark">┃</span> your guess. A full bar is ${FULL_BAR} of 100 transplants.</p>
  <ol class="tried"></ol>
  <h4>Four made-up records, the same all the time</h4>
  <p class="legend" aria-hidden="true">A box is one draw (blood from one needle, or from one catheter) in two bottles: <span>○</span> nothing grew <span class="skin">■</span> skin germ <span class="pathogen">●</span> pathogen <span class="warm">▲</span> fever</p>
  <ul class="records"></ul>`;

const grouped = (count) => count.toLocaleString("en");

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-builder";
  root.setAttribute("aria-label", "What makes a case?");
  keepKeys(root);
  root.innerHTML = BUILDER_PAGE;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const facts = model.get("_facts");
  const counts = model.get("_counts");
  const records = model.get("_records");
  const isOpen = () => model.get("prediction") !== null;
  const isPaired = () => facts.paired.includes(model.get("commensal"));
  const of100 = (name) => (100 * counts[name]) / facts.stays;
  const tried = () => model.get("tried").split(";").filter(Boolean);
  let speak = 0;

  // The name of what is built now; parts that say nothing, as those of a pair without a pair, are as in the widest.
  function nameNow() {
    const parts = Object.fromEntries(PARTS.map((part) => [part, model.get(part)]));
    if (!isPaired()) [parts.days, parts.germ] = ["any time", "any germ"];
    if (parts.commensal === "never" && parts.fever === "commensals") parts.fever = "no fever";
    return PARTS.map((part) => parts[part]).join("|");
  }

  function wordsOf(name) {
    const [commensal, days, germ, fever] = name.split("|");
    const said = [`skin germs ${WORDS.commensal[commensal]}`];
    if (facts.paired.includes(commensal)) said.push(WORDS.days[days], WORDS.germ[germ]);
    said.push(fever === "no fever" ? "no fever asked" : `fever asked ${WORDS.fever[fever]}`);
    return said.join(", ");
  }

  function begin() {
    find(".task").textContent = `${grouped(facts.stays)} transplants of hospital ${facts.site}. The widest definition makes a case of every bottle in which something grew: ${of100(facts.widest).toFixed(0)} of 100 transplants. The strictest asks for a pathogen, and for a fever near it.`;
    find(".controls").append(...PARTS.map(makeField));
    find(".records").append(...records.map(makeRecord));
  }

  function makeField(part) {
    const field = document.createElement("fieldset");
    field.className = part;
    field.append(Object.assign(document.createElement("legend"), { textContent: WORDS[part].legend }));
    for (const value of facts.choices[part]) {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", value, name: `${part}-${model.model_id ?? "one"}` });
      radio.addEventListener("change", () => move({ [part]: value }));
      label.append(radio, ` ${WORDS[part][value]}`);
      field.append(label);
    }
    if (PAIR_PARTS.includes(part)) field.append(Object.assign(document.createElement("small"), { textContent: "Asked only where sentence 2 says two." }));
    return field;
  }

  // A move: what was chosen, and the definition joins those that were tried.
  function move(chosen) {
    for (const [name, value] of Object.entries(chosen)) model.set(name, value);
    const now = nameNow();
    model.set("tried", [now, ...tried().filter((name) => name !== now)].slice(0, facts.most).join(";"));
    model.save_changes();
  }

  const bottleWords = (draw) => {
    const grew = draw.bottles.filter(Boolean);
    if (!grew.length) return "nothing grew";
    return grew.length === 2 ? `${grew[0]} in both bottles` : `${grew[0]} in one of two bottles`;
  };

  const recordWords = ({ draws, fever }) =>
    `${draws.map((draw) => `Day ${draw.day}, ${draw.place}: ${bottleWords(draw)}.`).join(" ")} ${fever.length ? `Fever on day ${fever.join(" and ")}.` : "No fever charted."}`;

  function makeRecord(record) {
    const card = document.createElement("li");
    const plot = svgNode("svg", { class: "card", role: "img", viewBox: `0 0 ${CARD.width} ${CARD.height}`, "aria-label": recordWords(record) });
    plot.append(...drawDays(record), ...record.draws.flatMap(drawDraw));
    card.append(Object.assign(document.createElement("h5"), { textContent: record.name }), plot, document.createElement("p"));
    return card;
  }

  const placeOf = (day) => CARD.left + 38 + (day - facts.days[0]) * 78;
  const rowOf = (place) => (place === "catheter" ? 48 : 106);

  function drawDays({ fever }) {
    const names = facts.days.map((day) => svgNode("text", { x: placeOf(day), y: 14, "text-anchor": "middle" }, `day ${day}`));
    const warm = fever.map((day) => svgNode("text", { class: "warm", x: placeOf(day) + 28, y: 14 }, "▲"));
    const rows = ["catheter", "arm"].map((place) => svgNode("text", { x: 0, y: rowOf(place) + 4 }, place));
    return [...names, ...warm, ...rows];
  }

  function drawDraw(draw) {
    const [x, y] = [placeOf(draw.day), rowOf(draw.place)];
    const germ = draw.bottles.find(Boolean);
    const nodes = [svgNode("rect", { class: "draw", x: x - 34, y: y - 18, width: 68, height: 34, rx: 8 })];
    draw.bottles.forEach((name, at) => nodes.push(drawBottle(name, draw.skin[at], x + (at ? 15 : -15), y - 1)));
    if (germ) nodes.push(svgNode("text", { class: "germ", x, y: y + 31, "text-anchor": "middle" }, germ));
    return nodes;
  }

  function drawBottle(name, skin, x, y) {
    if (!name) return svgNode("circle", { class: "bottle", cx: x, cy: y, r: 9 });
    if (skin) return svgNode("rect", { class: "bottle skin", x: x - 9, y: y - 9, width: 18, height: 18 });
    return svgNode("circle", { class: "bottle pathogen", cx: x, cy: y, r: 10 });
  }

  function showControls() {
    const open = isOpen();
    for (const part of PARTS) {
      for (const radio of root.querySelectorAll(`.${part} input`)) {
        radio.checked = radio.value === model.get(part);
        radio.disabled = !open || (PAIR_PARTS.includes(part) && !isPaired());
      }
    }
    find(".widest").disabled = find(".nhsn").disabled = !open;
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Now build the definition." : "The definition moves after your guess.";
  }

  function showTried() {
    const names = isOpen() ? tried() : [];
    find(".tried").replaceChildren(...names.map(makeBar));
  }

  function makeBar(name, at) {
    const row = document.createElement("li");
    if (at === 0) row.className = "now";
    const sure = Math.min(counts[name], counts[name.endsWith("every germ") ? facts.strictest : facts.pathogens]);
    const part = (kind, count) => Object.assign(document.createElement("span"), { className: kind, style: `width: ${(100 * ((100 * count) / facts.stays)) / FULL_BAR}%` });
    const track = Object.assign(document.createElement("span"), { className: "track" });
    track.append(part("pathogen", sure), part("skin", counts[name] - sure));
    const guess = (100 * model.get("prediction")) / FULL_BAR;
    if (guess <= 100) track.append(Object.assign(document.createElement("span"), { className: "mark", style: `left: ${guess}%` }));
    const number = Object.assign(document.createElement("strong"), { textContent: `${grouped(counts[name])} cases, ${of100(name).toFixed(1)} of 100` });
    row.append(Object.assign(document.createElement("span"), { className: "words", textContent: wordsOf(name) }), track, number);
    return row;
  }

  const verdictOf = (record, name) => record.verdicts[name][0];

  function showRecords() {
    const [, before] = tried();
    const now = nameNow();
    [...find(".records").children].forEach((card, at) => {
      const record = records[at];
      const said = card.querySelector("p");
      if (!isOpen()) {
        said.replaceChildren("A case or not? After your guess.");
        return;
      }
      const [isCase, reason] = record.verdicts[now];
      const turned = before !== undefined && verdictOf(record, before) !== isCase;
      card.className = `${isCase ? "case" : "none"}${turned ? " turned" : ""}`;
      const verdict = Object.assign(document.createElement("strong"), { textContent: `${isCase ? "A case" : "No case"}${turned ? ", it was not so before" : ""}. ` });
      said.replaceChildren(verdict, record.reasons[reason]);
    });
  }

  function describe() {
    const now = nameNow();
    const [, before] = tried();
    const said = [`${grouped(counts[now])} of ${grouped(facts.stays)} transplants are a case: ${of100(now).toFixed(1)} of 100.`];
    if (before !== undefined) said.push(sayMove(counts[now] - counts[before]));
    if (now === facts.strictest) said.push(`This is the strictest. Your guess was ${model.get("prediction")}.`);
    const cases = records.filter((record) => verdictOf(record, now)).map((record) => record.name.split(" ").pop());
    said.push(cases.length ? `Of the made-up records, a case: ${cases.join(", ")}.` : "None of the made-up records is a case.");
    return said.join(" ");
  }

  function sayMove(difference) {
    if (difference === 0) return "As many as with the definition before.";
    return `${grouped(Math.abs(difference))} ${difference < 0 ? "fewer" : "more"} than with the definition before. No bottle has changed.`;
  }

  function show() {
    showControls();
    showTried();
    showRecords();
    clearTimeout(speak);
    speak = setTimeout(() => { find(".said").textContent = isOpen() ? describe() : ""; }, 300);
  }

  const widest = Object.fromEntries(PARTS.map((part, at) => [part, facts.widest.split("|")[at]]));
  find(".widest").addEventListener("click", () => move(widest));
  find(".nhsn").addEventListener("click", () => move(facts.nhsn));
  onGuess(find(".guess"), (guess) => {
    move({ prediction: Math.min(100, Math.max(0, guess)), ...widest });
    find(".commensal input:checked").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", ...PARTS, "tried"], show);
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    leave();
  };
}

export default { render };
