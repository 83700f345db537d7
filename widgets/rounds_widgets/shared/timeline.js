// The drawing of one patient's record on a line of hours, counted from midnight of day 0. Plain functions: what is
// drawn follows from what is given, and nothing here listens. A mark is {what, kind, happened, known} in hours.
const TIMELINE_STATES = { known: "known", old: "too old", later: "not known yet" };

const timelineState = (mark, t0, lookBack) => {
  if (mark.known > t0) return TIMELINE_STATES.later;
  return mark.happened < t0 - lookBack ? TIMELINE_STATES.old : TIMELINE_STATES.known;
};

const timelineClock = (hour) => {
  const minutes = Math.round(hour * 60);
  const day = Math.floor(minutes / 1440);
  const rest = minutes - day * 1440;
  const two = (number) => String(number).padStart(2, "0");
  return `day ${day}, ${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
};

// Pixels of an hour, and the hour of a pixel, on a line from pixel `left` to `right`.
const timelineScale = (from, to, left, right) => {
  const perHour = (right - left) / (to - from);
  const at = (hour) => left + (Math.min(Math.max(hour, from), to) - from) * perHour;
  return { at, hour: (pixel) => from + (pixel - left) / perHour };
};

const timelineEscape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// A mark's shape: filled when known, striped when not known yet, empty when too old. A word stands beside each.
const timelineMark = (mark, state, scale, y, to, stripes) => {
  const [start, end] = [scale.at(mark.happened), scale.at(mark.known)];
  const beyond = mark.known > to;
  const fill = { "known": "var(--tl-known)", "too old": "var(--tl-paper)", "not known yet": `url(#${stripes})` }[state];
  const edge = state === TIMELINE_STATES.later ? "var(--tl-later)" : "var(--tl-known)";
  const shape = beyond
    ? `<path class="beyond" d="M${end - 22} ${y - 6}h10l10 6l-10 6h-10z" fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`
    : `<rect x="${end - 7}" y="${y - 7}" width="14" height="14" rx="${state === TIMELINE_STATES.later ? 1 : 7}"
        fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`;
  const wait = mark.known > mark.happened
    ? `<path d="M${start} ${y}H${end - (beyond ? 22 : 7)}" stroke="${edge}" stroke-width="2" stroke-dasharray="2 3"/>` +
      `<circle cx="${start}" cy="${y}" r="3" fill="${edge}"/>`
    : "";
  return wait + shape;
};

// A line in parts that each take their share of the width, however many hours they hold: `knots` are the hours at which
// parts begin and the last one ends, `shares` how wide each is.
const timelineParts = (knots, shares, left, right) => {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const edges = [left];
  for (const share of shares) edges.push(edges.at(-1) + ((right - left) * share) / whole);
  const between = (value, from, to) => {
    const clamped = Math.min(Math.max(value, from[0]), from.at(-1));
    const part = Math.max(from.findLastIndex((edge, at) => edge <= clamped && at < from.length - 1), 0);
    return to[part] + ((clamped - from[part]) / (from[part + 1] - from[part])) * (to[part + 1] - to[part]);
  };
  return { at: (hour) => between(hour, knots, edges), hour: (pixel) => between(pixel, edges, knots) };
};

// One line a day, with its number in the middle of the day.
const timelineDays = (from, to, width) => {
  const days = [];
  for (let hour = Math.ceil(from / 24) * 24; hour <= to; hour += 24) {
    days.push({ hour, middle: hour + 24 <= to ? hour + 12 : null, text: width < 520 ? hour / 24 : `day ${hour / 24}` });
  }
  return days;
};

// The whole drawing as SVG text: one line a mark, bands for look-back and horizon, a line with a grip for time zero.
// `ahead` is {from, to} in hours. `stripes` is the pattern's id, one for each view on a page. What else a view may say:
// its own scale, ticks (`timelineDays`), states and shapes of the marks, the name at the grip, and the height of a row;
// without look-back and ahead there are no bands.
const drawTimeline = ({ marks, t0, lookBack = null, ahead = null, from, to, width, stripes, title, row = 40,
  scale = timelineScale(from, to, 12, width - 12), ticks = timelineDays(from, to, width),
  stateOf = (mark) => timelineState(mark, t0, lookBack), name = `time zero: ${timelineClock(t0)}`,
  shape = (mark, y) => timelineMark(mark, stateOf(mark), scale, y, to, stripes) }) => {
  const top = 58;
  const height = top + marks.length * row + 26;
  const band = (start, end, fill) =>
    `<rect x="${scale.at(start)}" y="${top - 8}" width="${Math.max(scale.at(end) - scale.at(start), 0)}"
      height="${height - top - 14}" fill="${fill}"/>`;
  const grip = (hour, y, of) =>
    `<path class="grip" data-grip="${of}" d="M${scale.at(hour) - 9} ${y}h18v10l-9 9l-9 -9z" fill="var(--tl-press)"/>`;
  const edge = (hour, y, of) =>
    `<rect class="grip" data-grip="${of}" x="${scale.at(hour) - 6}" y="${y}" width="12" height="18" rx="3"
      fill="var(--tl-paper)" stroke="var(--tl-press)" stroke-width="2"/>`;
  const bands = lookBack === null ? "" : band(t0 - lookBack, t0, "var(--tl-back)") + band(ahead.from, ahead.to, "var(--tl-ahead)");
  const edges = lookBack === null ? "" : edge(t0 - lookBack, 26, "back") + edge(ahead.to, 26, "ahead");
  const lines = ticks.map(({ hour, middle, text }) => `<path d="M${scale.at(hour)} ${top - 8}V${height - 22}"
    stroke="var(--tl-line)"/>${middle === null ? "" : `<text x="${scale.at(middle)}" y="${height - 6}"
    text-anchor="middle">${timelineEscape(text)}</text>`}`);
  const rows = marks.map((mark, number) => {
    const y = top + number * row;
    const state = stateOf(mark);
    const above = `<path d="M0 ${y - 5}H${width}" stroke="var(--tl-line)"/>`; // else a word seems to belong to the mark above it
    return `${number ? above : ""}<text class="what" x="12" y="${y + 9}">${timelineEscape(mark.what)}</text>
      <text class="state ${state === TIMELINE_STATES.later ? "later" : ""}" x="${width - 12}" y="${y + 9}"
        text-anchor="end">${state}</text>${shape(mark, y + 22)}`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"
      aria-label="${timelineEscape(title)}">
    <defs><pattern id="${stripes}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" fill="var(--tl-paper)"/><rect width="3" height="6" fill="var(--tl-later)"/></pattern></defs>
    ${bands}${lines.join("")}
    <path d="M${scale.at(t0)} 30V${height - 22}" stroke="var(--tl-press)" stroke-width="2.5"/>
    ${rows.join("")}
    <text class="name" x="${scale.at(t0)}" y="12" text-anchor="${timelineAnchor(scale.at(t0), width)}">${
      timelineEscape(name)}</text>${edges}${grip(t0, 18, "zero")}</svg>`;
};

const timelineAnchor = (x, width) => (x < 110 ? "start" : x > width - 110 ? "end" : "middle");
