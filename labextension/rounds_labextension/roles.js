// What the build noted of each cell (src/rounds/lessons/view/cell_roles.py), read from its metadata.
export const BY_ITSELF = ["setup", "question", "widget", "check", "made", "show"];
export const FOLDED = ["setup", "question", "widget", "check", "made", "test"];
const ORDER = { must: 0, should: 1, could: 2 };

export function noteOf(cell) {
  const said = cell.model.getMetadata("rounds");
  return said && typeof said === "object" ? said : {};
}

export const roleOf = (cell) => (cell.model.type === "code" ? noteOf(cell).role || "" : "");

export function boxes(panel) {
  return panel.content.widgets.filter((cell) => roleOf(cell) === "box");
}

export function partOf(cell) {
  const part = noteOf(cell).part;
  return part in ORDER ? part : "must"; // gaps are a step on the way to the exercises
}

export function nameOf(cell) {
  const { exercise = "", title = "" } = noteOf(cell);
  const number = /^e(\d+)$/.exec(exercise);
  return number ? `Exercise ${number[1]}: ${title}` : title || exercise;
}

export function shortNameOf(cell) {
  const number = /^e(\d+)$/.exec(noteOf(cell).exercise || "");
  return number ? `Exercise ${number[1]}` : nameOf(cell);
}

// The next thing to do: what must be done before what should, and that before what could; in the lesson's order.
export function nextBox(panel, passed) {
  const open = boxes(panel).filter((cell) => !passed.has(noteOf(cell).exercise));
  return open.sort((one, other) => ORDER[partOf(one)] - ORDER[partOf(other)])[0] || null;
}
