// One sentence under a button. The live region stays in the page and only its text changes,
// so that screen readers announce it.
const MARKS = { right: "✓ Yes. ", waiting: "○ Complete. ", "not yet": "→ Not yet. " };

function render({ model, el }) {
  const region = document.createElement("div");
  region.className = "rounds-sentence";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  region.setAttribute("aria-atomic", "true");
  const help = document.createElement("details");
  help.className = "rounds-sentence-help";
  const title = document.createElement("summary");
  const text = document.createElement("p");
  help.append(title, text);
  el.append(region, help);

  // A second press with the same result changes the text, so that it is seen, and heard.
  function again() {
    const times = model.get("same");
    if (times < 2) return [];
    const note = document.createElement("small");
    note.textContent = ` Checked ${times} times, with the same result.`;
    return [note];
  }

  function show() {
    const said = model.get("text");
    const state = model.get("state");
    region.hidden = !said;
    region.dataset.state = state;
    const mark = document.createElement("strong");
    mark.textContent = MARKS[state];
    region.replaceChildren(...(said ? [mark, said, ...again()] : []));
    help.hidden = !model.get("help_text");
    help.open = false;
    title.textContent = model.get("help_title");
    text.textContent = model.get("help_text");
  }
  model.on("change:count", show);
  show();
  return () => model.off("change:count", show);
}

export default { render };
