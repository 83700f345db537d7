// The learner's boxes: a head with Run and Start again; what was deleted, copied, split or merged is put right.
import { Form, hasForm } from "./forms.js";
import { button, keepKeys, node } from "./nodes.js";
import { boxes, nextBox, noteOf, roleOf, shortNameOf } from "./roles.js";

const NOTES = ["nbgrader", "rounds", "deletable", "editable"];

export class Boxes {
  constructor(view) {
    this.view = view;
    this.released = view.server.own("released").then((said) => said.cells || []);
    this.released.then((cells) => {
      this.cells = cells;
      this.putRight();
    });
    this.texts = new Map(); // what a box said last: a box that is deleted comes back with it
    this.cells = null;
  }

  // The name stands above the box, what can be done with it below: after Escape, Tab goes on to these.
  head(cell) {
    this.remember(cell);
    if (cell.roundsHead) return;
    const name = shortNameOf(cell);
    const state = node("span", { className: "rounds-box-state", role: "status" });
    const run = button("▶ Run", () => this.run(cell), { title: "Run this box (Shift and Enter)", "aria-label": `Run the box of ${name}` });
    const again = button("Start again", () => this.startAgain(cell, state), {
      className: "rounds-quiet",
      "aria-label": `Start ${name} again`,
    });
    cell.roundsHead = node("div", { className: "rounds-box-head" }, node("span", { className: "rounds-box-name" }, `Your box: ${name}`));
    this.insert(cell, 0, cell.roundsHead);
    const acts = keepKeys(node("div", { className: "rounds-box-acts" }, run, again, state));
    cell.ready.then(() => {
      const below = cell.layout.widgets.findIndex((one) => one.hasClass("jp-Cell-inputWrapper")) + 1;
      this.insert(cell, below, acts);
    });
    letLeave(cell);
    this.released.then((cells) => this.addForm(cell, cells.find((one) => one.id === cell.model.id)));
  }

  addForm(cell, released) {
    if (cell.isDisposed || !hasForm(released)) return;
    cell.roundsForm = new Form(cell, released, (file) => this.view.pictureAddress(file));
    this.insert(cell, 1, cell.roundsForm.node);
  }

  insert(cell, at, made) {
    cell.layout.insertWidget(at, new this.view.jupyter.Widget({ node: made }));
  }

  remember(cell) {
    const model = cell.model.sharedModel;
    if (cell.roundsRemembered === model) return;
    cell.roundsRemembered = model;
    const note = () => {
      this.texts.set(cell.model.id, model.getSource());
      this.view.line.tell(cell);
      cell.roundsForm?.show();
    };
    this.texts.set(cell.model.id, model.getSource());
    model.changed.connect(note);
  }

  async run(cell) {
    this.view.panel.content.activeCellIndex = this.view.panel.content.widgets.indexOf(cell);
    await this.view.jupyter.CodeCell.execute(cell, this.view.panel.sessionContext, { deletedCells: [] });
  }

  // Only this box, from the release; what stood there comes back with one press.
  async startAgain(cell, state) {
    const before = cell.model.sharedModel.getSource();
    const released = (await this.released).find((one) => one.id === cell.model.id);
    if (!released) return;
    cell.model.sharedModel.setSource(released.source);
    cell.model.sharedModel.setOutputs?.([]);
    cell.outputArea.model.clear();
    const back = () => {
      cell.model.sharedModel.setSource(before);
      state.replaceChildren("Your text is back.");
      cell.editor?.focus();
    };
    const undo = button("Bring my text back", back, { className: "rounds-quiet" });
    state.replaceChildren("As it was at the beginning. ", ...(before === released.source ? [] : [undo]));
  }

  // Each box of the lesson is there once. A cell that the lesson does not know is an ordinary one.
  putRight() {
    const { panel } = this.view;
    if (!this.cells || panel.isDisposed || this.busy) return;
    this.busy = true;
    try {
      this.forgetCopies(panel);
      this.putBack(panel);
    } finally {
      this.busy = false;
    }
  }

  forgetCopies(panel) {
    const known = new Set(this.cells.map((cell) => cell.id));
    const seen = new Set();
    for (const cell of panel.content.widgets) {
      const shared = cell.model.sharedModel;
      const own = known.has(cell.model.id) && !seen.has(cell.model.id);
      if (own) seen.add(cell.model.id);
      else NOTES.filter((note) => shared.getMetadata(note) !== undefined).forEach((note) => shared.deleteMetadata(note));
    }
  }

  putBack(panel) {
    const shared = panel.content.model.sharedModel;
    this.cells.forEach((cell, number) => {
      const there = new Set(shared.cells.map((one) => one.getId()));
      if (there.has(cell.id) || cell.metadata.rounds?.role === undefined) return;
      const above = this.cells.slice(0, number).reverse().find((one) => there.has(one.id));
      const at = above ? shared.cells.findIndex((one) => one.getId() === above.id) + 1 : 0;
      const source = cell.metadata.rounds.role === "box" ? (this.texts.get(cell.id) ?? cell.source) : cell.source;
      shared.insertCell(at, { ...cell, source, outputs: [], execution_count: null });
      this.view.bar.state.textContent = "That cell belongs to the lesson: it is back in its place.";
    });
  }

  markNext() {
    const next = nextBox(this.view.panel, this.view.passed);
    for (const cell of boxes(this.view.panel)) {
      cell.toggleClass("rounds-next", cell === next);
      cell.toggleClass("rounds-passed-box", this.view.passed.has(noteOf(cell).exercise));
    }
  }
}

// A pointer that leaves the code for the form moves the focus to the cell, too: only Escape passes the form over.
// Heard at the window: JupyterLab answers Escape at the document, before the cell would hear of it.
let byEscape = false;
window.addEventListener("keydown", (event) => { byEscape = event.key === "Escape"; }, true);
window.addEventListener("pointerdown", () => { byEscape = false; }, true);

// After Escape the box is passed over by Tab, until the focus has gone elsewhere; else Tab would lead into it again.
function letLeave(cell) {
  const pass = (leaving) => {
    cell.roundsLeaving = leaving;
    cell.node.querySelector(".cm-content")?.setAttribute("tabindex", leaving ? "-1" : "0");
    if (cell.roundsForm) cell.roundsForm.node.inert = leaving; // it stands above the box: Tab goes on, not back
  };
  const fromWithin = (event) => event.target === cell.node && cell.node.contains(event.relatedTarget);
  cell.node.addEventListener("pointerdown", () => cell.roundsLeaving && pass(false), true);
  cell.node.addEventListener("focusin", (event) => byEscape && fromWithin(event) && pass(true));
  cell.node.addEventListener("focusout", (event) => cell.roundsLeaving && !cell.node.contains(event.relatedTarget) && pass(false));
}

export const isBox = (cell) => Boolean(cell) && roleOf(cell) === "box";
