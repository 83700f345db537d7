// Code that is not for reading is folded away, behind a real button; `shown` opens all of it at once.
import { FOLDED, roleOf } from "./roles.js";
import { button, keepKeys, node } from "./nodes.js";

const CODE = { setup: "set-up", question: "question", widget: "card", check: "button", made: "table or picture", test: "test" };

export function foldCell(cell, Widget) {
  const role = roleOf(cell);
  if (cell.roundsFold || !FOLDED.includes(role)) return;
  cell.addClass("rounds-folds");
  cell.addClass(`rounds-is-${role}`);
  const press = button("Show the code", () => setFold(cell, cell.hasClass("rounds-folded")), {
    className: "rounds-fold",
    title: `The code of this ${CODE[role]}: you need not read it`,
  });
  cell.roundsFold = press;
  // A bare element among a Lumino panel's children moves: Lumino inserts by the child's number.
  cell.layout.insertWidget(0, new Widget({ node: keepKeys(node("div", { className: "rounds-fold-line" }, press)) }));
  setFold(cell, false);
}

export function setFold(cell, open) {
  cell.toggleClass("rounds-folded", !open);
  cell.roundsFold.textContent = open ? "Hide the code" : "Show the code";
  cell.roundsFold.setAttribute("aria-expanded", String(open));
}

export function foldAll(panel, open) {
  panel.content.widgets.filter((cell) => cell.roundsFold).forEach((cell) => setFold(cell, open));
  panel.toggleClass("rounds-all-code", open);
}
