// Card matching for two at one screen: tell, cover, ask, choose, read both meanings.
const other = (who) => (who === "clinician" ? "engineer" : "clinician");

function make(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function render({ model, el }) {
  const root = make("section", "", "rounds-match");
  root.setAttribute("aria-label", "Word match for two");
  // JupyterLab would take Enter for its cells; Escape still leads back to them.
  keepKeys(root);
  const title = make("h3");
  const bar = make("progress");
  const stage = make("div");
  const said = make("p", "", "said");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  root.append(title, bar, stage, said);
  el.append(root);
  const look = followLook(root);
  const deck = model.get("_deck");
  bar.max = deck.length;
  bar.setAttribute("aria-label", "rounds played");

  function press(text, action) {
    const button = make("button", text);
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  }

  function scene(heading, nodes, focus = false) {
    title.textContent = heading;
    bar.value = model.get("played");
    bar.hidden = model.get("prediction") === null; // an empty line before the first word says nothing
    stage.replaceChildren(...nodes);
    if (focus) stage.querySelector("button, input")?.focus();
  }

  function predict() {
    const form = make("form");
    const label = make("label", `We will match `);
    const input = make("input");
    Object.assign(input, { type: "number", min: 0, max: deck.length, step: 1, required: true });
    input.setAttribute("aria-label", `How many of ${deck.length} words will you match`);
    label.append(input, ` of ${deck.length} words. `);
    const button = make("button", "Lock in our guess");
    form.append(label, button);
    onGuess(form, (guess) => {
      model.set("prediction", guess);
      model.save_changes();
      tell(true);
    });
    scene("Guess first, together", [make("p", "Sit side by side. One of you knows the clinic, one knows machine learning."), form]);
  }

  function tell(focus) {
    const card = deck[model.get("played")];
    if (!card) return finish();
    const box = make("div", "", "card");
    box.append(make("p", card.word, "word"), make("p", card.tells === "clinician" ? card.clinic : card.engineer));
    said.textContent = "";
    return scene(`Word ${model.get("played") + 1} of ${deck.length}: for the ${card.tells} only`, [
      make("p", `The ${other(card.tells)} looks away. Read this, ${card.tells}, and remember it.`, "who"),
      box, press(`Cover it. The ${other(card.tells)} may look`, () => choose(card)),
    ], focus);
  }

  function choose(card) {
    const tries = { count: 0 };
    const options = card.options.map((text, number) => {
      const button = press(text, () => {
        tries.count += 1;
        button.disabled = true;
        if (number === card.right) return reveal(card, tries.count === 1);
        said.textContent = "Not yet. Ask one more question, then choose again.";
        return undefined;
      });
      button.className = "option";
      return button;
    });
    const box = make("div", "", "card");
    box.append(make("p", card.word, "word"));
    scene(`For the ${other(card.tells)}: ask, then choose`, [
      make("p", `Ask the ${card.tells} what the word means there. Which meaning does it have for you?`, "who"), box, ...options,
    ], true);
  }

  function reveal(card, first) {
    if (first) model.set("matched", model.get("matched") + 1);
    model.set("played", model.get("played") + 1);
    model.save_changes();
    const list = make("dl");
    for (const [name, text] of [["In the clinic", card.clinic], ["For engineers", card.engineer], ["The trap", card.differ]])
      list.append(make("dt", name), make("dd", text));
    const box = make("div", "", "card");
    box.append(make("p", card.word, "word"), list);
    said.textContent = `Matched${first ? " at the first try" : ""}. At the first try so far: ${model.get("matched")} of ${model.get("played")}.`;
    scene("Read both meanings aloud", [box, press(model.get("played") < deck.length ? "Next word" : "See how it went", () => tell(true))], true);
  }

  function finish() {
    said.textContent = `You matched ${model.get("matched")} of ${deck.length} words at the first try; your guess was ${model.get("prediction")}.`;
    const again = press("Play again", () => {
      model.set("played", 0);
      model.set("matched", 0);
      model.save_changes();
      tell(true);
    });
    scene("All words are played", [make("p", "Which word surprised you most? Tell each other."), again]);
  }

  if (model.get("prediction") === null) predict();
  else tell(false);
  return () => look.disconnect();
}

export default { render };
