// The ribbon of counts: how many rows each step of a query or of a cohort has, and inside them how many persons. Plain
// functions: what is drawn follows from what is given. A step is {name, words, rows, persons}; `words` may be empty.
const RIBBON_BAR = 20; // pixels
const RIBBON_LINE = 20;
const RIBBON_GAP = 18; // between a bar and the words of the next: the band lies here, and no word lies on it

const ribbonWidth = (count, most, width) => (count > 0 ? Math.max(3, (count / most) * width) : 0);

const ribbonNumber = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const ribbonSentence = ({ rows, persons }) => `${ribbonNumber(rows, "row")}, ${ribbonNumber(persons, "person")}`;

// Whether a step has more rows than the one before it: what a join does that finds several matches.
const ribbonWidens = (step, before) => before !== undefined && step.rows > before.rows;

const ribbonBand = (kind, [upper, lower], [top, bottom]) =>
  svgNode("path", { class: `band ${kind}`, d: `M0 ${top}H${upper.toFixed(1)}L${lower.toFixed(1)} ${bottom}H0Z` });

// Draws all steps into an SVG of this width, one below the other; full width is `most` rows. Returns the height.
const drawRibbon = (svg, steps, { width, most }) => {
  const lines = width < 560 ? 2 : 1; // a narrow ribbon has its numbers on a line of their own
  const each = RIBBON_LINE * lines + RIBBON_BAR + RIBBON_GAP;
  const place = steps.map(({ rows, persons }, at) => ({
    rows: ribbonWidth(rows, most, width),
    persons: ribbonWidth(persons, most, width),
    top: at * each + RIBBON_LINE * lines + 6,
  }));
  const parts = steps.flatMap((step, at) => {
    const { rows, persons, top } = place[at];
    const next = place[at + 1];
    const between = next ? [top + RIBBON_BAR, top + RIBBON_BAR + RIBBON_GAP - 3] : null;
    const bands = between ? ["rows", "persons"].map((kind) => ribbonBand(kind, [place[at][kind], next[kind]], between)) : [];
    const title = svgNode("text", { class: "name", x: 0, y: top - RIBBON_LINE * (lines - 1) - 7 }, step.words ? `${step.name}: ${step.words}` : step.name);
    const numbers = svgNode("text", { class: "numbers", x: lines === 1 ? width : 0, y: top - 7, "text-anchor": lines === 1 ? "end" : "start" }, ribbonSentence(step));
    const bar = svgNode("rect", { class: ribbonWidens(step, steps[at - 1]) ? "rows wider" : "rows", x: 0, y: top, width: rows, height: RIBBON_BAR, rx: 3 });
    const inner = svgNode("rect", { class: "persons", x: 0, y: top + 5, width: persons, height: RIBBON_BAR - 10, rx: 3 });
    return [...bands, bar, inner, title, numbers];
  });
  const height = steps.length * each + 4;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.height = `${height}px`;
  svg.replaceChildren(...parts);
  return height;
};

