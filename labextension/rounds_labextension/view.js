// One notebook of a lesson as a page: what belongs together is joined here, each part has a module of its own.
import { AccessibleNames } from "./access.js";
import { Bar } from "./bar.js";
import { Boxes } from "./boxes.js";
import { foldAll, foldCell } from "./folding.js";
import { Line } from "./line.js";
import { keepKeys } from "./nodes.js";
import { boxes, noteOf, roleOf } from "./roles.js";
import { Server } from "./server.js";
import { onEachKernel, wake, watchSaved } from "./waking.js";
import { Words } from "./words.js";
import { takeOverText } from "./text.js";
import { watchKeys } from "./keys.js";

const TICK_MS = 60_000;
const WAKES_WITHIN_MS = 15_000; // a kernel that comes later shows the notebook as it is

export class LessonView {
  constructor({ app, panel, jupyter, lesson }) {
    Object.assign(this, { app, panel, jupyter, lesson });
    this.server = new Server(app.serviceManager.serverSettings, jupyter.request, lesson);
    this.passed = new Set();
    this.minutes = 0;
    this.shown = true;
  }

  async open() {
    const { panel } = this;
    await panel.context.ready;
    if (!panel.content.model?.getMetadata("rounds")?.lesson) return;
    document.title = this.lesson.title;
    this.saved = watchSaved(panel);
    this.bar = new Bar(this);
    this.boxes = new Boxes(this);
    this.words = new Words(this);
    this.names = new AccessibleNames(this);
    this.line = new Line(this);
    watchKeys(this);
    this.show(true);
    new ResizeObserver(() => this.hideFrame()).observe(panel.node);
    this.markCells();
    panel.content.model.cells.changed.connect(() => queueMicrotask(() => this.markCells()));
    onEachKernel(panel, () => this.wake());
    setTimeout(() => takeOverText(panel), WAKES_WITHIN_MS);
    this.tick();
    await this.learnStanding();
  }

  async wake() {
    await wake(this.panel, this.jupyter.CodeCell, this.saved);
    this.line.open();
    this.names.look();
    takeOverText(this.panel);
    document.body.classList.add("rounds-awake");
    await this.learnStanding();
  }

  markCells() {
    if (this.panel.isDisposed) return;
    this.boxes.putRight();
    for (const cell of this.panel.content.widgets) {
      const role = roleOf(cell);
      if (role) cell.addClass(`rounds-role-${role}`);
      foldCell(cell, this.jupyter.Widget);
      if (role === "box") this.boxes.head(cell);
      if (["check", "question", "widget"].includes(role)) keepKeys(cell.outputArea.node);
      if (role === "check" || role === "question") this.watchAnswers(cell);
    }
    this.names.look();
    this.bar.draw();
  }

  // A check that has answered was written down by the room's server before its sentence is shown.
  watchAnswers(cell) {
    if (cell.roundsWatched) return;
    cell.roundsWatched = true;
    let waiting = 0;
    new MutationObserver(() => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.learnStanding(), 300);
    }).observe(cell.outputArea.node, { subtree: true, childList: true, characterData: true });
  }

  async learnStanding() {
    const said = await this.server.own("standing");
    if (said.refused || this.panel.isDisposed) return;
    this.passed = new Set(said.passed);
    this.minutes = said.minutes;
    this.bar.draw();
    this.boxes.markNext();
  }

  // The minutes go on while somebody looks at the page.
  tick() {
    const ticking = setInterval(() => {
      if (this.panel.isDisposed) clearInterval(ticking);
      else if (document.visibilityState === "visible") this.learnStanding();
    }, TICK_MS);
  }

  // The page of the lesson, or the plain notebook; nothing of either is written into the document.
  show(lesson) {
    this.shown = lesson;
    this.panel.toggleClass("rounds-lesson", lesson);
    document.body.classList.toggle("rounds-lesson-page", lesson);
    this.panel.toolbar.setHidden(lesson);
    foldAll(this.panel, !lesson);
    this.hideFrame();
    this.bar.draw();
  }

  // Notebook 7 shows its own bars again when a window grows.
  hideFrame() {
    for (const id of ["top-panel-wrapper", "menu-panel-wrapper"]) findById(this.app.shell, id)?.setHidden(this.shown);
  }

  planned() {
    const minutes = this.panel.content.model.getMetadata("rounds")?.minutes || {};
    return ["must", "should", "could"].reduce((sum, part) => sum + (Number(minutes[part]) || 0), 0);
  }

  goTo(cell, focus = true) {
    const at = this.panel.content.widgets.indexOf(cell);
    if (at < 0) return;
    this.panel.content.activeCellIndex = at;
    const head = cell.node.querySelector(".rounds-box-head") || cell.node;
    head.scrollIntoView({ block: "center" });
    if (focus) cell.editor?.focus();
  }

  // Pictures lie beside the notebook.
  pictureAddress(file) {
    const folder = this.panel.context.path.split("/").slice(0, -1).map(encodeURIComponent).join("/");
    return `${this.app.serviceManager.serverSettings.baseUrl}files/${folder}/${encodeURIComponent(file)}`;
  }

  boxOf(exercise) {
    return boxes(this.panel).find((cell) => noteOf(cell).exercise === exercise) || null;
  }
}

function findById(widget, id) {
  if (widget.id === id) return widget;
  for (const child of widget.layout || []) {
    const found = findById(child, id);
    if (found) return found;
  }
  return null;
}
