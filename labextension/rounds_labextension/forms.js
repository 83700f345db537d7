// A form over a box: what is chosen in it is written into the box as code, and what is typed there is shown in it. The
// box stays the one answer; src/rounds/lessons/view/forms.py says what a form holds.
import { CONTROLS, GAP } from "./controls.js";
import { keepKeys, node } from "./nodes.js";

const OWN = "The box holds code of your own. To choose again, press Start again below it.";

export class Form {
  // `released` is the box's cell as it was released: its text between the gaps stays as it is.
  constructor(cell, released, address) {
    this.cell = cell;
    this.between = released.source.split(GAP);
    const { gaps, open } = released.metadata.rounds.form;
    const changed = () => this.write();
    this.controls = gaps.map((gap, at) => CONTROLS[gap.kind](gap, changed, address, indentOf(this.between[at])));
    this.said = node("p", { className: "rounds-muted", role: "status" });
    const parts = this.controls.map((control) => control.node);
    this.node = keepKeys(node("details", { className: "rounds-form", open }, node("summary", {}, "Answer without typing code"), ...parts, this.said));
    this.show();
  }

  write() {
    const pieces = this.controls.map((control) => control.write());
    const text = this.between.reduce((sum, part, at) => sum + pieces[at - 1] + part);
    this.shown = text; // not read back: a half-typed number would go, and the focus with a list that is drawn anew
    this.cell.model.sharedModel.setSource(text);
    const left = pieces.filter((piece) => piece.includes(GAP)).length;
    this.said.textContent = left ? `Written into the box; ${left} still open.` : "Written into the box. Now press Run, then the check button.";
  }

  // What stands in the box, whoever wrote it: after a reload, a step back, or another person's hand.
  show() {
    const source = this.cell.model.sharedModel.getSource();
    if (source === this.shown) return;
    this.shown = source;
    const found = matchGaps(source, this.between);
    const read = found ? this.controls.map((control, at) => control.read(found[at])) : [false];
    if (!found) this.controls.forEach((control) => control.read(GAP));
    const own = read.includes(false);
    this.node.classList.toggle("rounds-own-code", own);
    if (own) this.said.textContent = OWN;
    else if (this.said.textContent === OWN) this.said.textContent = "";
  }
}

export const hasForm = (released) => Array.isArray(released?.metadata?.rounds?.form?.gaps);

const indentOf = (before) => /(?:^|\n)([ \t]*)$/.exec(before)?.[1] ?? "";

// The text in each gap; null when what stands between them is not as it was released.
function matchGaps(source, between) {
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${between.map(literal).join("([\\s\\S]*?)")}\\s*$`).exec(source)?.slice(1) ?? null;
}
