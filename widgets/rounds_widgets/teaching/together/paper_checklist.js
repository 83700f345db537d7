// The paper checklist: choose an item, press the sentence of the paper that reports it, or "nowhere in the paper".
// Everything is there from the beginning; a press only looks up what the paper's own file says of it.
const PAGE = `
  <h3></h3>
  <p class="task"></p>
  <form class="guess">
    <label>My guess: it reports <input type="number" min="0" step="1" required> of <span class="of"></span>.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked"></span>
  </form>
  <p class="said" role="status" aria-live="polite"></p>
  <div class="both">
    <section class="list"><h4>What one must know to judge it</h4><ol></ol></section>
    <section class="paper"><h4 class="asked"></h4><div class="text"></div>
      <button type="button" class="nowhere">Nowhere in the paper</button></section>
  </div>
  <dl class="sums"></dl>`;

const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-paper";
  root.setAttribute("aria-label", "A paper and a checklist");
  keepKeys(root);
  root.innerHTML = PAGE;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const paper = model.get("_paper");
  const items = paper.items;
  const isOpen = () => model.get("prediction") !== null;
  const isRight = (item, sentence) => (sentence ? item.tells.includes(sentence) : item.tells.length === 0);
  let speak = 0;
  // What was said stands beneath the sentence that was pressed, too: the list and the status may be out of sight.
  const here = make("div", { className: "here", hidden: true });
  here.append(make("p"), make("button", { type: "button", className: "next", textContent: "Next thing" }));

  const pressed = () => new Map(model.get("found").split(" ").filter(Boolean).map((word) => word.split(":").map(Number)));
  const isFound = (at, all = pressed()) => all.has(at) && isRight(items[at], all.get(at));

  function begin() {
    find("h3").textContent = `An invented paper: “${paper.title}”`;
    find(".task").textContent = `Nobody wrote it; every number in it is made up. The list has ${items.length} things that one must know to judge a model. How many of them does the paper report, well or badly?`;
    find(".of").textContent = items.length;
    find(".guess input").max = items.length;
    find(".guess input").setAttribute("aria-label", `My guess: how many of ${items.length} things the paper reports`);
    items.forEach((item, at) => {
      const choice = make("button", { type: "button", className: "item" });
      choice.append(make("span", { className: "name", textContent: item.name }), make("span", { className: "mark" }));
      choice.addEventListener("click", () => choose(at));
      const line = make("li");
      line.append(choice, make("p", { className: "why" }));
      find(".list ol").append(line);
    });
    let number = 0;
    for (const part of paper.parts) {
      const block = make("div", { className: "part" });
      block.append(make("h5", { textContent: part.name }));
      for (const text of part.sentences) {
        const sentence = (number += 1);
        const button = make("button", { type: "button", className: "sentence" });
        button.append(make("span", { className: "number", textContent: `${sentence} ` }), text);
        button.addEventListener("click", () => press(sentence, button));
        block.append(button);
      }
      find(".text").append(block);
    }
    find(".nowhere").addEventListener("click", () => press(0, find(".nowhere")));
  }

  // The next thing on the list that was not looked up rightly, from the chosen one on and round again; null when none is left.
  function nextItem() {
    const all = pressed();
    const order = items.map((_, step) => (model.get("item") + 1 + step) % items.length);
    return order.find((at) => !isFound(at, all)) ?? null;
  }

  function choose(at) {
    model.set("item", at);
    model.save_changes();
  }

  // A press is kept for the item; what was found stays found.
  function press(sentence, button) {
    button.after(here);
    here.hidden = false;
    const at = model.get("item");
    const all = pressed();
    if (isFound(at, all)) return;
    all.set(at, sentence);
    model.set("found", [...all].sort(([a], [b]) => a - b).map((pair) => pair.join(":")).join(" "));
    model.save_changes();
  }

  const verdict = (item) => (item.tells.length === 0 ? "not reported" : item.holds ? "reported, and it holds" : "reported, and it does not hold");

  function describe() {
    const at = model.get("item");
    const all = pressed();
    if (!all.has(at)) return `Look for: ${items[at].name}. Press the sentence that says it.`;
    const sentence = all.get(at);
    if (!isFound(at, all)) return sentence ? `Sentence ${sentence} does not say it. Look again, or is it nowhere?` : "The paper does say it somewhere. Look again.";
    return `${items[at].name}: ${verdict(items[at])}. ${items[at].why}`;
  }

  function showList() {
    const all = pressed();
    [...find(".list ol").children].forEach((line, at) => {
      const found = isFound(at, all);
      const choice = line.querySelector("button");
      choice.disabled = !isOpen();
      choice.setAttribute("aria-pressed", String(isOpen() && model.get("item") === at));
      line.className = found ? (items[at].tells.length ? (items[at].holds ? "holds" : "fails") : "silent") : "";
      line.querySelector(".mark").textContent = found ? ` ${items[at].tells.length ? (items[at].holds ? "✓" : "✗") : "?"} ${verdict(items[at])}` : "";
      line.querySelector(".why").textContent = found ? items[at].why : "";
    });
  }

  function showPaper() {
    const at = model.get("item");
    const all = pressed();
    find(".asked").textContent = isOpen() ? `Where does it say: ${items[at].name.charAt(0).toLowerCase()}${items[at].name.slice(1)}?` : "The paper";
    const shown = isFound(at, all) ? items[at].tells : [];
    [...root.querySelectorAll(".sentence")].forEach((button, number) => {
      button.disabled = !isOpen();
      button.classList.toggle("tells", shown.includes(number + 1));
      button.classList.toggle("missed", all.get(at) === number + 1 && !shown.includes(number + 1));
    });
    find(".nowhere").disabled = !isOpen();
  }

  function showSums() {
    const all = pressed();
    const found = items.filter((_, at) => isFound(at, all));
    const whole = found.length === items.length;
    const told = found.filter((item) => item.tells.length);
    const lines = [["looked up rightly", found.length], ["reported", told.length], ["reported, and it holds", told.filter((item) => item.holds).length]];
    find(".sums").replaceChildren(...(isOpen() ? lines.flatMap(([name, count]) => bar(name, count)) : []));
    return whole ? ` All ${items.length} are looked up: the paper reports ${told.length}, and ${told.filter((item) => item.holds).length} of these hold. Your guess was ${model.get("prediction")} reported.` : "";
  }

  function bar(name, count) {
    const value = make("dd");
    const line = make("span", { className: "bar" });
    line.style.width = `${(100 * count) / items.length}%`;
    const track = make("span", { className: "track" });
    track.append(line);
    value.append(track, make("strong", { textContent: `${count} of ${items.length}` }));
    return [make("dt", { textContent: name }), value];
  }

  function show() {
    const open = isOpen();
    find(".guess button").disabled = find(".guess input").disabled = open;
    if (open) find(".guess input").value = model.get("prediction");
    find(".locked").textContent = open ? "Locked in. Choose a thing, then press its sentence." : "You may read the paper first; the list opens with your guess.";
    here.querySelector("button").disabled = nextItem() === null;
    showList();
    showPaper();
    const whole = showSums();
    clearTimeout(speak);
    here.querySelector("p").textContent = open ? describe() + whole : "";
    speak = setTimeout(() => { find(".said").textContent = open ? describe() + whole : ""; }, 200);
  }

  here.querySelector("button").addEventListener("click", () => choose(nextItem()));
  onGuess(find(".guess"), (guess) => {
    model.set("prediction", guess);
    model.save_changes();
    root.querySelector(".item").focus();
  });
  const look = followLook(root);
  begin();
  const leave = followModel(model, ["prediction", "found", "item"], show);
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    leave();
  };
}

export default { render };
