// One sentence under a button. The live region stays in the page and only its text changes,
// so that screen readers announce it.
function render({ model, el }) {
  const region = document.createElement("div");
  region.className = "rounds-sentence";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  const help = document.createElement("details");
  help.className = "rounds-sentence-help";
  const title = document.createElement("summary");
  const text = document.createElement("p");
  help.append(title, text);
  el.append(region, help);

  function show() {
    const said = model.get("text");
    const passed = model.get("passed");
    region.hidden = !said;
    region.classList.toggle("rounds-passed", passed);
    const mark = document.createElement("strong");
    mark.textContent = passed ? "✓ Yes. " : "→ Not yet. ";
    region.replaceChildren(...(said ? [mark, said] : []));
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
