// Names and roles for screen readers and axe where JupyterLab has none, and the direction of each text.
import { noteOf, roleOf, shortNameOf } from "./roles.js";

const LEAVE = "Tab indents; press Escape, then Tab, to leave it.";
const BLOCKS = ".jp-RenderedMarkdown :is(p, h1, h2, h3, h4, h5, ul, ol, blockquote, table)";

export class AccessibleNames {
  constructor(view) {
    this.view = view;
    let waiting = 0;
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.look(), 100);
    };
    new MutationObserver(later).observe(view.panel.node, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["tabindex"],
    });
    new ResizeObserver(later).observe(view.panel.node); // in a narrower window more lines have to scroll
  }

  look() {
    const { panel } = this.view;
    if (panel.isDisposed) return;
    panel.node.querySelectorAll(".jp-WindowedPanel-viewport[role]").forEach((one) => one.removeAttribute("role"));
    panel.node.querySelectorAll(".jp-collapseHeadingButton").forEach((one) => set(one, "aria-label", "Fold this part"));
    panel.node.querySelectorAll(`${BLOCKS}:not([dir])`).forEach((one) => set(one, "dir", "auto"));
    panel.node.querySelectorAll(".jp-OutputArea-output").forEach(makeScrollable);
    panel.node.querySelectorAll(".cm-scroller").forEach((one) => one.scrollWidth > one.clientWidth && set(one, "tabindex", "0"));
    panel.content.widgets.forEach(nameEditor);
  }
}

function nameEditor(cell) {
  const text = cell.node.querySelector(".cm-content");
  if (!text) return;
  const role = roleOf(cell);
  if (role === "box") {
    set(text, "aria-label", `Your box for ${shortNameOf(cell)}. ${LEAVE}`);
    set(text, "tabindex", cell.roundsLeaving ? "-1" : "0"); // JupyterLab's own is -1 but while one writes in it
  }
  if (cell.model.type === "markdown") set(text, "aria-label", "Text of the lesson");
  else if (role !== "box") set(text, "aria-label", `Code${noteOf(cell).exercise ? ` of ${shortNameOf(cell)}` : ""}. ${LEAVE}`);
}

function makeScrollable(output) {
  for (const one of [output, ...output.querySelectorAll(".jp-RenderedHTMLCommon")]) {
    if (one.scrollWidth > one.clientWidth + 1 && !one.hasAttribute("tabindex")) {
      set(one, "tabindex", "0");
      set(one, "role", "region");
      set(one, "aria-label", "A wide result; it scrolls");
    }
  }
}

function set(one, name, value) {
  if (one.getAttribute(name) !== value) one.setAttribute(name, value);
}
