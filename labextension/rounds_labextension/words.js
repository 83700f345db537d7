// A word of the glossary, from both sides: on hover and on focus, with where the two part.
import { node } from "./nodes.js";

const LINKS = '.jp-RenderedMarkdown a[href*="#Words-of-this-lesson"]';

export class Words {
  constructor(view) {
    this.view = view;
    this.tip = node("div", { id: "rounds-word", role: "tooltip", popover: "manual", className: "rounds-word" });
    document.body.append(this.tip);
    const { node: panel } = view.panel;
    for (const kind of ["mouseover", "focusin"]) panel.addEventListener(kind, (event) => this.show(event));
    for (const kind of ["mouseout", "focusout"]) panel.addEventListener(kind, (event) => this.leave(event));
    view.panel.disposed.connect(() => this.tip.remove());
  }

  show(event) {
    const link = event.target.closest?.(LINKS);
    if (!link || !this.view.shown) return;
    const word = this.view.lesson.words[link.textContent.trim()];
    if (!word) return;
    link.removeAttribute("title"); // else the browser's own tip covers this one
    link.setAttribute("aria-describedby", this.tip.id);
    this.shown = link;
    this.tip.replaceChildren(...describe(word));
    this.tip.showPopover();
    place(this.tip, link);
  }

  // Other things move below a pointer that rests while the page scrolls to a word with the focus.
  leave(event) {
    if (event.target.closest?.(LINKS) === this.shown && document.activeElement !== this.shown) this.hide();
    else if (event.type === "focusout") this.hide();
  }

  hide() {
    if (this.tip.matches(":popover-open")) this.tip.hidePopover();
  }
}

function describe(word) {
  const side = (who, term, means) => node("p", { dir: "auto" }, node("strong", {}, `${who} “${term}”. `), means);
  return [
    side("The clinic says", word.clinic, word.clinicMeans),
    side("Machine learning says", word.learning, word.learningMeans),
    node("p", { dir: "auto" }, node("strong", {}, "Where they differ. "), word.differ),
  ];
}

function place(tip, link) {
  const at = link.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const below = at.bottom + own.height + 8 < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
  tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - own.height - 6)}px`;
}
