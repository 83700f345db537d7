// Ask a mentor: the words, the exercise and, with a tick only, the text of its box go to the room's server.
import { button, node, openDialog } from "./nodes.js";
import { boxes, nextBox, noteOf, shortNameOf } from "./roles.js";

export async function offerHelp(view) {
  const said = await view.server.ask("help");
  return said.status !== 404 && said.status !== 0;
}

export function askForHelp(panel, view) {
  const here = panel.content.activeCell && noteOf(panel.content.activeCell).exercise; // the box, its button or its test
  const box = boxes(panel).find((cell) => here && noteOf(cell).exercise === here) || nextBox(panel, view.passed);
  const words = node("textarea", { id: "rounds-help-words", rows: 3, maxLength: 1000, required: true, dir: "auto" });
  const tick = node("input", { type: "checkbox", id: "rounds-help-cell" });
  const state = node("p", { role: "status" });
  const form = node(
    "form",
    {},
    node("label", { htmlFor: words.id }, box ? `What is unclear in ${shortNameOf(box)}?` : "What is unclear?"),
    words,
    box ? node("label", { htmlFor: tick.id, className: "rounds-tick" }, tick, "The mentor may see the text of my box") : null,
    node("p", { className: "rounds-actions" }, button("Send", () => {}, { type: "submit" })),
    state,
  );
  const asked = node("ul", { className: "rounds-asked rounds-marks", "aria-label": "What you asked" });
  view.server.ask("help").then((said) => showAsked(asked, said.requests));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await view.server.ask("help", "POST", request(view, box, words.value, tick.checked));
    state.textContent = said.refused || "Asked. The answer stands here and on the desk.";
    if (said.refused) return;
    words.value = "";
    showAsked(asked, said.requests);
  });
  openDialog("Ask for help", form, asked);
  words.focus();
}

function request(view, box, words, withCell) {
  const cell = box && withCell ? box.model.sharedModel.getSource() : null;
  return { lesson: view.lesson.name, exercise: box ? noteOf(box).exercise : "", with_cell: Boolean(cell !== null), cell, words };
}

// What was asked so far, the newest first, each with what came of it.
function showAsked(list, requests) {
  list.replaceChildren(...(requests || []).toReversed().map((one) => node("li", {}, node("h3", { dir: "auto" }, one.words), ...answersTo(one))));
}

function answersTo(one) {
  const answers = (one.answers || []).map((said) => node("p", { dir: "auto" }, node("strong", {}, `${said.by}: `), said.text));
  if (answers.length) return answers;
  const waits = one.claimed_by ? `${one.claimed_by} looks at it.` : `Nobody has taken it yet. You asked ${one.minutes} minutes ago.`;
  return [node("p", { className: "rounds-muted" }, waits)];
}
