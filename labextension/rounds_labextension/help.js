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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await view.server.ask("help", "POST", request(view, box, words.value, tick.checked));
    state.textContent = said.refused || said.sentence || "Asked. The answer stands here and on the desk.";
    if (!said.refused) form.querySelector("button").disabled = true;
  });
  openDialog("Ask for help", form, earlier(view));
  words.focus();
}

function request(view, box, words, withCell) {
  const cell = box && withCell ? box.model.sharedModel.getSource() : null;
  return { lesson: view.lesson.name, exercise: box ? noteOf(box).exercise : "", with_cell: Boolean(cell !== null), cell, words };
}

// What was asked before, and the answers: whatever fields the room's server gives, as text.
function earlier(view) {
  const place = node("div", { className: "rounds-asked" });
  view.server.ask("help").then((said) => {
    const asked = Array.isArray(said) ? said : said.requests || [];
    place.replaceChildren(
      ...asked.map((one) =>
        node("p", { dir: "auto" }, [one.words, one.state, one.answer].filter((text) => typeof text === "string" && text).join(" · ")),
      ),
    );
  });
  return place;
}
