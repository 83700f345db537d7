// The line to the kernel: what each box says now, so that a button never judges an older text (lessons/view/line.py).
import { boxes, noteOf } from "./roles.js";

const TARGET = "rounds.lesson";
const AFTER_MS = 150; // after the last key: sent while the learner types, not when a button is pressed

export class Line {
  constructor(view) {
    this.view = view;
    this.waiting = new Map();
  }

  open() {
    const kernel = this.view.panel.sessionContext.session?.kernel;
    if (!kernel) return;
    this.comm = kernel.createComm(TARGET);
    this.comm.open({});
    boxes(this.view.panel).forEach((cell) => this.send(cell));
  }

  tell(cell) {
    clearTimeout(this.waiting.get(cell.model.id));
    this.waiting.set(cell.model.id, setTimeout(() => this.send(cell), AFTER_MS));
  }

  send(cell) {
    if (!this.comm || this.comm.isDisposed || cell.isDisposed) return;
    const exercise = noteOf(cell).exercise || "";
    this.comm.send({ kind: "source", exercise, text: cell.model.sharedModel.getSource() });
  }
}
