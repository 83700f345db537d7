// Five boxes of a notebook: guess what is printed, run in any order, see the memory. Python makes each step; this draws.
const make = (tag, className = "", text = "") => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
};

const button = (text, press, className = "") => {
  const node = make("button", className, text);
  node.type = "button";
  node.addEventListener("click", press);
  return node;
};

const run = (number) => `[${number || " "}]`;

function render({ model, el }) {
  const root = make("section", "rounds-cells");
  root.setAttribute("aria-label", "A notebook of five boxes");
  // JupyterLab would take the arrow keys and Enter for its cells; Escape still leads back to them.
  keepKeys(root);
  const look = followLook(root);
  const view = () => model.get("_view");
  const last = view().boxes.length;
  let asking = null; // the move that waits for a guess, and the button that asked for it

  function move(text) {
    const moves = model.get("moves");
    const again = text.startsWith("write") && moves.at(-1)?.startsWith("write");
    model.set("moves", [...(again ? moves.slice(0, -1) : moves), text]);
    model.save_changes();
  }

  // What runs says so at once, as a notebook does; the number comes with Python's answer.
  function act(text) {
    asking = null;
    const box = Number(/^run (\d)/.exec(text)?.[1] ?? 0);
    rows.filter((_, number) => number + 1 === box || text.startsWith("all")).forEach((one) => mark(one.count));
    if (text === "hers") mark(herCount);
    move(text);
  }

  function mark(count) {
    count.textContent = "[*]";
    count.setAttribute("aria-label", "is running");
  }

  // The page: one row for each box, made once, so that the focus stays where it is.
  const rows = view().boxes.map((box, number) => {
    const row = make("li", "box");
    const count = make("span", "count");
    const code = make("code");
    const said = make("samp");
    const text = make("span", "", box.text);
    code.append(text);
    let input = null;
    if (box.before) {
      text.textContent = box.before;
      input = make("input");
      Object.assign(input, { type: "number", min: 0, max: 999, step: 1 });
      input.setAttribute("aria-label", `Number in box ${number + 1}, ${box.before.replace(" = ", "")}`);
      input.addEventListener("change", () => {
        const value = Math.round(Number(input.value));
        if (input.value !== "" && value >= 0 && value <= 999) act(`write ${value}`);
        else input.value = view().boxes[number].value;
      });
      code.append(input);
    }
    const press = button("Run", () => {
      if (number + 1 === last) ask(`run ${last}`, press);
      else act(`run ${number + 1}`);
    });
    press.setAttribute("aria-label", `Run box ${number + 1}`);
    row.append(count, code, press, said);
    return { row, count, said, press, input };
  });
  const list = make("ol", "boxes");
  list.append(...rows.map((one) => one.row));

  const all = button("Run all, from top to bottom", () => ask("all", all));
  const restart = button("Restart", () => act("restart"), "quiet");
  const over = button("Start over", () => {
    asking = null;
    model.set("moves", []);
    model.save_changes();
  }, "quiet");
  const bar = make("div", "bar");
  bar.append(all, restart, over);
  const means = make("p", "means", "Restart empties the memory (the kernel, where the code runs) and leaves the page as it is. Start over empties both.");

  const toggle = make("input");
  toggle.type = "checkbox";
  toggle.addEventListener("change", () => {
    model.set("together", toggle.checked);
    model.save_changes();
  });
  const label = make("label", "toggle");
  label.append(toggle, " Yael works in the same kernel");
  const hers = make("div", "hers");
  const herCount = make("span", "count");
  const herRun = button("Yael runs hers", () => act("hers"), "quiet");
  hers.append(make("span", "who", "Yael's page"), herCount, make("code", "", view().hers.text), herRun);

  // The question before each print; its options come from Python, and none of them is marked.
  const form = make("fieldset", "ask");
  const legend = make("legend");
  const options = make("div", "options");
  form.append(legend, options);

  const said = make("p", "said");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");

  const memory = make("table");
  const caption = make("caption", "", "What the computer knows");
  const head = make("thead");
  head.innerHTML = '<tr><th scope="col">name</th><th scope="col">value</th><th scope="col">from run</th></tr>';
  const body = make("tbody");
  memory.append(caption, head, body);
  const past = make("p", "past");
  const found = make("ul", "found");
  const foundTitle = make("h4");

  function ask(text, from) {
    asking = { move: text, from };
    show();
    options.querySelector("button").focus();
  }

  function showQuestion() {
    const first = model.get("moves").length === 0;
    const question = first ? { move: "all", from: all } : asking;
    form.hidden = !question;
    if (!question) return;
    const what = question.move === "all" ? "The boxes run from top to bottom." : `Only box ${last} runs now.`;
    legend.textContent = `${what} What will box ${last} print? Lock in a guess.`;
    const wanted = view().ask[question.move];
    const there = [...options.children].map((one) => one.dataset.option);
    if (form.dataset.move === question.move && wanted.join() === there.join()) return;
    form.dataset.move = question.move;
    options.replaceChildren(...wanted.map((option) => {
      const press = button(option === "error" ? "an error" : option, () => {
        act(`${question.move} guess ${option}`);
        question.from.disabled = false;
        question.from.focus();
      });
      press.dataset.option = option;
      return press;
    }));
  }

  function showPage(now, closed) {
    now.boxes.forEach((box, number) => {
      const { row, count, said: below, press, input } = rows[number];
      count.textContent = run(box.number);
      count.setAttribute("aria-label", box.number ? `run ${box.number}` : "not run");
      count.setAttribute("role", "img");
      below.textContent = box.said;
      below.hidden = !box.said;
      row.classList.toggle("stopped", box.said.startsWith("There"));
      press.disabled = closed || now.full;
      if (input) {
        input.disabled = closed || now.full;
        if (root.ownerDocument.activeElement !== input) input.value = box.value;
      }
    });
    all.disabled = restart.disabled = closed || now.full;
    over.disabled = closed;
    herRun.disabled = now.full;
    herCount.textContent = run(now.hers.number);
    toggle.checked = model.get("together");
    toggle.disabled = closed;
    hers.hidden = closed || !toggle.checked;
  }

  function showMemory(now) {
    const cells = now.memory.length ? now.memory : [["nothing", "", ""]];
    body.replaceChildren(...cells.map(([name, value, made]) => {
      const row = make("tr");
      const first = make("th", "", name);
      first.scope = "row";
      row.append(first, make("td", "value", String(value)), make("td", "", made));
      return row;
    }));
    past.replaceChildren(make("strong", "", "What was run, in this order: "), now.past.join(", ") || "nothing yet");
  }

  function showFound(now) {
    const number = now.found.filter(([, there]) => there).length;
    foundTitle.textContent = `Surprises that you found: ${number} of ${now.found.length}`;
    found.replaceChildren(...now.found.map(([name, there, hint]) => {
      const item = make("li", there ? "there" : "");
      item.append(make("strong", "", `${there ? "✓" : "○"} ${name}. `), there ? "Found." : hint);
      return item;
    }));
  }

  function show() {
    const now = view();
    const closed = model.get("moves").length === 0;
    showPage(now, closed);
    showMemory(now);
    showFound(now);
    showQuestion();
    const text = now.full ? `${now.said} That is enough for one page: press Start over.` : now.said;
    if (said.textContent !== text) said.textContent = text;
    said.hidden = !text;
    foundTitle.hidden = found.hidden = closed;
  }

  const page = make("div", "page");
  page.append(make("h4", "", "The page"), list, bar, means, label, hers);
  const talk = make("div", "talk");
  talk.append(form, said);
  const mind = make("div", "mind");
  mind.append(memory, past);
  const whole = make("div", "whole");
  whole.append(page, talk, mind);
  root.append(make("h3", "", "One page, one memory"), whole, foundTitle, found);
  el.append(root);
  const leave = followModel(model, ["_view", "together"], show);
  show();
  return () => {
    look.disconnect();
    leave();
  };
}

export default { render };
