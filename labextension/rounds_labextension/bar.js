// The bar over a lesson: its name, how far, what is next, its parts, help, handing in, the way back.
import { askForHelp, offerHelp } from "./help.js";
import { foldAll } from "./folding.js";
import { handIn } from "./hand_in.js";
import { button, keepKeys, node } from "./nodes.js";
import { boxes, nameOf, nextBox, noteOf, partOf, shortNameOf } from "./roles.js";

export class Bar {
  constructor(view) {
    this.view = view;
    this.title = node("h1", { className: "rounds-name", dir: "auto" }, view.lesson.title);
    this.steps = node("span", { className: "rounds-steps" });
    this.minutes = node("span", { className: "rounds-minutes" });
    this.next = button("", () => this.goNext(), { className: "rounds-next-button rounds-quiet" });
    this.parts = button("Parts", () => {}, { className: "rounds-quiet", popovertarget: "rounds-parts", "aria-haspopup": "true" });
    this.help = button("Ask for help", () => askForHelp(view.panel, view), { className: "rounds-quiet", hidden: true });
    this.hand = button("Hand in", () => this.handIn(), { className: "rounds-hand-in" });
    this.plain = button("Show as a lesson", () => view.show(true), { className: "rounds-quiet", hidden: true });
    this.desk = node("a", { href: view.lesson.desk, className: "rounds-button rounds-quiet" }, "Back to the desk");
    const together = `${view.lesson.desk}/${encodeURIComponent(view.lesson.name)}/together`;
    this.pair = node("a", { href: together, target: "_blank", className: "rounds-button rounds-quiet" }, "Work as two");
    this.pair.hidden = !view.panel.content.model?.getMetadata("rounds")?.for_two;
    this.state = node("span", { className: "rounds-state", role: "status" });
    this.row = keepKeys(this.build());
    this.contents = keepKeys(node("nav", { id: "rounds-parts", popover: "auto", "aria-label": "Parts of this lesson" }));
    document.body.append(this.contents);
    this.attach();
    offerHelp(view).then((offered) => (this.help.hidden = !offered));
  }

  build() {
    const far = node("p", { className: "rounds-far" }, this.steps, this.minutes, this.state);
    const acts = node("div", { className: "rounds-acts" }, this.next, this.parts, this.help, this.pair, this.hand, this.plain, this.desk);
    return node("header", { className: "rounds-bar", "aria-label": "Lesson" }, node("div", {}, this.title, far), acts);
  }

  // The header's height comes from `min-height` alone, and a bar that wraps would be cut.
  attach() {
    const { panel, jupyter } = this.view;
    const host = new jupyter.Widget({ node: node("div", { className: "rounds-bar-host" }, this.row) });
    panel.contentHeader.addWidget(host);
    new ResizeObserver(() => {
      host.node.style.minHeight = `${this.row.offsetHeight}px`;
      panel.contentHeader.fit();
    }).observe(this.row);
    panel.disposed.connect(() => this.contents.remove());
  }

  draw() {
    const { view } = this;
    const all = boxes(view.panel);
    const done = all.filter((cell) => view.passed.has(noteOf(cell).exercise)).length;
    write(this.steps, `${done} of ${all.length} done`);
    write(this.minutes, `${view.minutes} of ${view.planned()} minutes`);
    const next = nextBox(view.panel, view.passed);
    write(this.next, next ? `Next: ${shortNameOf(next)}` : "Next: hand in");
    this.hand.classList.toggle("rounds-quiet", Boolean(next));
    this.row.classList.toggle("rounds-plain", !view.shown);
    this.plain.hidden = view.shown;
    this.drawContents(all, next);
  }

  drawContents(all, next) {
    const list = node("ol", {}, ...this.view.panel.content.widgets.flatMap((cell) => this.entries(cell, next)));
    const code = button("Show all code", () => this.toggleCode(), { className: "rounds-quiet" });
    const plain = button("Plain notebook", () => this.view.show(false), { className: "rounds-quiet" });
    this.contents.replaceChildren(node("h2", {}, "Parts"), list, node("p", { className: "rounds-actions" }, code, plain));
    this.code = code;
    write(code, this.view.panel.hasClass("rounds-all-code") ? "Hide code that you need not read" : "Show all code");
  }

  entries(cell, next) {
    if (cell.model.type === "markdown") {
      const heading = /^## (.+)$/m.exec(cell.model.sharedModel.getSource());
      return heading ? [node("li", { className: "rounds-part" }, button(heading[1], () => this.go(cell, false)))] : [];
    }
    return noteOf(cell).role === "box" ? [this.step(cell, next)] : [];
  }

  step(cell, next) {
    const done = this.view.passed.has(noteOf(cell).exercise);
    const go = button(nameOf(cell), () => this.go(cell), cell === next ? { "aria-current": "step" } : {});
    const part = noteOf(cell).part ? node("span", { className: "rounds-level" }, partOf(cell)) : null;
    const mark = node("span", { className: done ? "rounds-done" : "rounds-open" }, done ? "✓ done" : cell === next ? "next" : "");
    return node("li", { className: "rounds-step" }, go, part, mark);
  }

  go(cell, focus = true) {
    this.contents.hidePopover();
    this.view.goTo(cell, focus);
  }

  goNext() {
    const next = nextBox(this.view.panel, this.view.passed);
    if (next) this.view.goTo(next);
    else this.hand.focus();
  }

  toggleCode() {
    foldAll(this.view.panel, !this.view.panel.hasClass("rounds-all-code"));
    this.contents.hidePopover();
    this.draw();
  }

  async handIn() {
    this.hand.disabled = true;
    await handIn(this.view, (words) => write(this.state, words));
    this.hand.disabled = false;
  }
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
