// In a lesson single letters are no commands: JupyterLab's own turn a box into text, cut it or delete it; and an arrow
// to the side folds all that stands under a heading.
import { isBox } from "./boxes.js";
import { OWN_KEYS } from "./nodes.js";

const EDITABLE = "input, textarea, select, [contenteditable=true], .cm-content, dialog, [popover]";

export function watchKeys(view) {
  const stop = (event) => {
    if (!view.shown || view.panel.isDisposed || !view.panel.node.contains(event.target)) return;
    if (event.key === "Escape") view.words.hide(); // heard here first: the notebook takes Escape for itself
    // Lumino asks the element itself first, and shortcuts match whatever has the focus: the mark has to be on it.
    if (event.target.closest(`[${OWN_KEYS}]`)) event.target.setAttribute(OWN_KEYS, "true");
    else if (isLetterCommand(event) || isSplit(event, view)) event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", stop, true);
  view.panel.disposed.connect(() => window.removeEventListener("keydown", stop, true));
}

function isLetterCommand(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(EDITABLE)) return false;
  return (event.key.length === 1 && event.key !== " ") || event.key === "ArrowLeft" || event.key === "ArrowRight";
}

// Split cuts an answer in two, and only one half keeps its mark; merge takes a box into another.
function isSplit(event, view) {
  if (!(event.ctrlKey && event.shiftKey)) return false;
  return isBox(view.panel.content.activeCell) && ["-", "_", "Minus"].some((key) => event.key === key || event.code === key);
}
