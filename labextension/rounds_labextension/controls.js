// The controls of a form, one kind each: `node` to show, `write()` the code of the answer so far, `read(code)` to show what
// a box holds; `read` returns false for code that no control writes. Values are written as Python and as JSON alike.
import { button, node } from "./nodes.js";

export const GAP = "...";
const MOST_RADIOS = 5; // more options are a list to open
const SHORT = 14; // letters: such options stand beside each other
const quote = (text) => JSON.stringify(text);
const parse = (code) => {
  try {
    return JSON.parse(code);
  } catch {
    return undefined;
  }
};
let numbered = 0;

function labelled(ask, ...children) {
  const legend = node("legend", {}, ask);
  return node("fieldset", { className: "rounds-control" }, legend, ...children);
}

function choices(type, options, shown, changed) {
  numbered += 1;
  return options.map((value) => {
    const input = node("input", { type, name: `rounds-choice-${numbered}`, value });
    input.addEventListener("change", changed);
    return node("label", {}, input, shown(value));
  });
}

const inputs = (root) => [...root.querySelectorAll("input")];

function radios(gap, changed, options, shown, code, meant) {
  const made = labelled(gap.ask, ...choices("radio", options, shown, changed));
  made.classList.toggle("rounds-short", options.every((option) => option.length <= SHORT));
  return {
    node: made,
    write: () => {
      const chosen = inputs(made).find((input) => input.checked);
      return chosen ? code(chosen.value) : GAP;
    },
    read: (said) => {
      const value = meant(said);
      inputs(made).forEach((input) => { input.checked = input.value === value; });
      return said === GAP || options.includes(value);
    },
  };
}

// Each option is what is shown, and the code to it.
function choose(gap, changed) {
  const codes = gap.options.map(([, code]) => code);
  if (codes.length > MOST_RADIOS) return select(gap, changed);
  const shown = (code) => {
    const [text] = gap.options.find(([, one]) => one === code);
    return node(text === code ? "code" : "span", {}, text);
  };
  return radios(gap, changed, codes, shown, (code) => code, (said) => said.trim());
}

function select(gap, changed) {
  const codes = gap.options.map(([, code]) => code);
  const made = node("select", { "aria-label": gap.ask }, new Option("choose", ""), ...gap.options.map(([text, code]) => new Option(text, code)));
  made.addEventListener("change", changed);
  return {
    node: node("div", { className: "rounds-control rounds-sorted" }, node("span", { "aria-hidden": "true" }, gap.ask), made),
    write: () => made.value || GAP,
    read: (said) => {
      made.value = codes.includes(said) ? said : "";
      return said === GAP || codes.includes(said);
    },
  };
}

function pictures(gap, changed, address) {
  const files = Object.fromEntries(gap.options);
  const picture = (name) => node("img", { src: address(files[name]), alt: gap.alt[name] });
  const made = radios(gap, changed, Object.keys(files), picture, quote, parse);
  made.node.classList.add("rounds-pictures");
  return made;
}

function several(gap, changed) {
  const made = labelled(gap.ask, ...choices("checkbox", gap.options, (text) => text, changed));
  return {
    node: made,
    write: () => {
      const chosen = inputs(made).filter((input) => input.checked).map((input) => quote(input.value));
      return chosen.length ? `[${chosen.join(", ")}]` : GAP;
    },
    read: (said) => {
      const value = said === GAP ? [] : parse(said);
      const known = Array.isArray(value) && value.every((one) => gap.options.includes(one));
      inputs(made).forEach((input) => { input.checked = known && value.includes(input.value); });
      return known;
    },
  };
}

function text(gap, changed) {
  const input = node("input", { type: "text", maxLength: gap.longest, "aria-label": gap.ask, dir: "auto" });
  input.addEventListener("input", changed);
  return {
    node: labelled(gap.ask, input),
    write: () => (input.value.trim() ? quote(input.value) : GAP),
    read: (said) => {
      const value = said === GAP ? "" : parse(said);
      input.value = typeof value === "string" ? value : "";
      return typeof value === "string";
    },
  };
}

function numberInput(gap, label, changed) {
  const { min, max, step = "any" } = gap;
  const input = node("input", { type: "number", min: String(min), max: String(max), step: String(step), "aria-label": label });
  input.addEventListener("input", changed);
  return input;
}

const isNumber = (text) => /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text);

function number(gap, changed) {
  const input = numberInput(gap, gap.ask, changed);
  const unit = gap.units.length ? node("select", { "aria-label": `Unit: ${gap.ask}` }, ...gap.units.map((one) => new Option(one))) : null;
  unit?.addEventListener("change", changed);
  return {
    node: labelled(gap.ask, input, unit),
    write: () => {
      if (input.value === "") return GAP;
      return unit ? quote(`${input.value} ${unit.value}`) : input.value;
    },
    read: (said) => {
      const text = unit && said !== GAP ? String(parse(said) ?? "") : said;
      const [value, ...rest] = text.split(" ");
      const known = said === GAP || (isNumber(value) && (!unit || gap.units.includes(rest.join(" "))));
      input.value = known && said !== GAP ? value : "";
      if (unit && known && said !== GAP) unit.value = rest.join(" ");
      return known;
    },
  };
}

function interval(gap, changed) {
  const ends = ["from", "to"].map((end) => numberInput(gap, `${gap.ask} ${end}`, changed));
  return {
    node: labelled(gap.ask, node("span", {}, "from "), ends[0], node("span", {}, " to "), ends[1]),
    write: () => (ends.every((end) => end.value === "") ? GAP : `(${ends.map((end) => end.value || GAP).join(", ")})`),
    read: (said) => {
      const found = /^\(([^,()]+), ([^,()]+)\)$/.exec(said);
      const known = said === GAP || (found !== null && found.slice(1).every((one) => one === GAP || isNumber(one)));
      ends.forEach((end, at) => { end.value = known && found && found[at + 1] !== GAP ? found[at + 1] : ""; });
      return known;
    },
  };
}

function sort(gap, changed) {
  const rows = gap.items.map((item) => {
    const select = node("select", { "aria-label": item }, new Option("choose", ""), ...gap.groups.map((group) => new Option(group)));
    select.addEventListener("change", changed);
    return { item, select, node: node("div", { className: "rounds-sorted" }, node("span", { "aria-hidden": "true" }, item), select) };
  });
  const entry = ({ item, select }) => `    ${quote(item)}: ${select.value ? quote(select.value) : GAP},\n`;
  return {
    node: labelled(gap.ask, ...rows.map((row) => row.node)),
    write: () => (rows.every((row) => !row.select.value) ? GAP : `{\n${rows.map(entry).join("")}}`),
    read: (said) => {
      const value = said === GAP ? {} : parse(said.replaceAll(`: ${GAP},`, ': "",').replace(/,\s*}$/, "}"));
      const known = Boolean(value) && typeof value === "object" && !Array.isArray(value) && Object.keys(value).every((item) => gap.items.includes(item));
      rows.forEach(({ item, select }) => { select.value = (known && value[item]) || ""; });
      return known && rows.every(({ item, select }) => !value[item] || select.value === value[item]);
    },
  };
}

// Two lists: what is not used yet, and what was chosen, in its order. The focus stays with the piece that was moved.
function arranged(gap, changed, pieces, shown) {
  let chosen = [];
  const used = node("ol", { "aria-label": "In this order" });
  const pool = node("ul", { "aria-label": "Not used yet" });
  const made = labelled(gap.ask, used, pool);
  const move = (next, act, piece) => {
    chosen = next;
    draw();
    const again = [...made.querySelectorAll("button")].filter((one) => one.dataset.piece === piece);
    (again.find((one) => one.dataset.act === act && !one.disabled) || again[0])?.focus();
    changed();
  };
  const press = (piece, act, label, next, disabled = false) => {
    const name = `${label}: ${piece.trim()}`;
    const one = button(label, () => move(next(), act, piece), { "aria-label": name, className: "rounds-quiet", disabled });
    Object.assign(one.dataset, { act, piece });
    return one;
  };
  const swap = (at, to) => () => {
    const next = [...chosen];
    [next[at], next[to]] = [next[to], next[at]];
    return next;
  };
  function draw() {
    used.replaceChildren(...chosen.map((piece, at) => node("li", {}, shown(piece), node("span", { className: "rounds-moves" },
      press(piece, "up", "Up", swap(at, at - 1), at === 0), press(piece, "down", "Down", swap(at, at + 1), at === chosen.length - 1),
      press(piece, "out", "Take away", () => chosen.filter((one) => one !== piece))))));
    const rest = pieces.filter((piece) => !chosen.includes(piece));
    pool.replaceChildren(...rest.map((piece) => node("li", {}, shown(piece), press(piece, "in", "Use", () => [...chosen, piece]))));
    used.hidden = !chosen.length;
    pool.hidden = !rest.length;
  }
  draw();
  return {
    node: made,
    chosen: () => chosen,
    take: (next) => {
      chosen = next;
      draw();
    },
  };
}

function order(gap, changed) {
  const steps = Object.fromEntries(gap.options);
  const shown = (letter) => node("span", {}, node("b", {}, `${letter} `), steps[letter]);
  const list = arranged(gap, changed, Object.keys(steps), shown);
  return {
    node: list.node,
    write: () => (list.chosen().length ? `[${list.chosen().map(quote).join(", ")}]` : GAP),
    read: (said) => {
      const value = said === GAP ? [] : parse(said);
      const known = Array.isArray(value) && new Set(value).size === value.length && value.every((one) => one in steps);
      list.take(known ? value : []);
      return known;
    },
  };
}

// `indent` is what stands before the gap on its line: the lines after the first get it too.
function lines(gap, changed, _, indent) {
  const list = arranged(gap, changed, gap.options, (line) => node("code", {}, line));
  return {
    node: list.node,
    write: () => (list.chosen().length ? list.chosen().join(`\n${indent}`) : GAP),
    read: (said) => {
      const value = said === GAP ? [] : said.split("\n").map((line, at) => (at && line.startsWith(indent) ? line.slice(indent.length) : line));
      const known = new Set(value).size === value.length && value.every((line) => gap.options.includes(line));
      list.take(known ? value : []);
      return known;
    },
  };
}

export const CONTROLS = { choose, pictures, several, text, number, interval, sort, order, lines };
