// A form over a box: what is chosen in it is written into the box as code, and what is typed there is shown in it. The
// box stays the one answer; src/rounds/lessons/view/forms.py says what a form holds.
import { CONTROLS, GAP } from "./controls.js";
import { keepKeys, node } from "./nodes.js";

const ONE_LINE = new Set(["choose", "text", "number", "interval"]);
const WRITTEN = "Written into the box. Now press Run, then the check button.";
const RAN = "The box ran. Now press the check button below it.";
const OWN = "The box holds code of your own. To choose again, press Start again below it.";

export class Form {
  // `released` is the box's cell as it was released: its text between the gaps stays as it is.
  constructor(cell, released, address) {
    this.cell = cell;
    this.between = released.source.trimEnd().split(GAP);
    const { gaps, open } = released.metadata.rounds.form;
    const changed = () => this.write();
    this.kinds = gaps.map((gap) => gap.kind);
    this.controls = gaps.map((gap, at) => CONTROLS[gap.kind](gap, changed, address, indentOf(this.between[at])));
    this.said = node("p", { className: "rounds-muted", role: "status" });
    const parts = this.controls.map((control) => control.node);
    this.node = keepKeys(node("details", { className: "rounds-form", open }, node("summary", {}, "Answer without typing code"), ...parts, this.said));
    this.tail = "";
    this.show();
    cell.model.stateChanged.connect((_, change) => change.name === "executionCount" && change.newValue && this.ran());
  }

  // Many a box prints nothing: whoever pressed Run sees here that it ran.
  ran() {
    if (this.said.textContent === WRITTEN) this.said.textContent = RAN;
  }

  write() {
    const pieces = this.controls.map((control) => control.write());
    const text = this.between.reduce((sum, part, at) => sum + pieces[at - 1] + part) + this.tail;
    this.shown = text; // not read back: a half-typed number would go, and the focus with a list that is drawn anew
    this.cell.model.sharedModel.setSource(text);
    const left = pieces.filter((piece) => piece.includes(GAP)).length;
    this.said.textContent = left ? `Written into the box; ${left} still open.` : WRITTEN;
  }

  // What stands in the box, whoever wrote it: after a reload, a step back, or another person's hand.
  show() {
    const source = this.cell.model.sharedModel.getSource();
    if (source === this.shown) return;
    this.shown = source;
    const found = matchGaps(source, this.between, this.kinds);
    this.tail = found?.[this.controls.length] ?? "";
    const read = found ? this.controls.map((control, at) => control.read(found[at])) : [false];
    if (!found) this.controls.forEach((control) => control.read(GAP));
    const own = read.includes(false);
    this.controls.forEach((control) => { control.node.inert = own; }); // a choice would write over what somebody typed
    this.node.classList.toggle("rounds-own-code", own);
    if (own) this.said.textContent = OWN;
    else this.said.textContent = "";
  }
}

export const hasForm = (released) => Array.isArray(released?.metadata?.rounds?.form?.gaps);

const indentOf = (before) => /(?:^|\n)([ \t]*)$/.exec(before)?.[1] ?? "";

// The text in each gap, then the lines that somebody wrote below; null when what stands between is not as it was released.
// Where a gap of several lines ends the box there is no telling its lines from others.
function matchGaps(source, between, kinds) {
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const gap = (at) => (ONE_LINE.has(kinds[at]) ? "([^\\n]*?)" : "([\\s\\S]*?)");
  const ends = between[between.length - 1] || ONE_LINE.has(kinds[kinds.length - 1]);
  const text = between.map((part, at) => literal(part) + (at < kinds.length ? gap(at) : "")).join("");
  return new RegExp(`^${text}${ends ? "(\\n[\\s\\S]*)?" : ""}\\s*$`).exec(source)?.slice(1) ?? null;
}
