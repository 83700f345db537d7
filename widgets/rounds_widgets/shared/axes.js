// What every plot needs: a scale, round ticks, an axis, many points in one path. Plain functions; nothing is kept here.

// From a value to its place in pixels; `.back` leads from the place to the value.
const linearScale = ([low, high], [start, end]) => {
  const place = (value) => start + ((value - low) / (high - low)) * (end - start);
  place.back = (pixel) => low + ((pixel - start) / (end - start)) * (high - low);
  place.ends = [low, high];
  return place;
};

// Round numbers between two ends, about as many as wanted: steps of 1, 2 or 5 times a power of ten.
const roundTicks = ([low, high], wanted = 5) => {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
};

const SVG_SPACE = "http://www.w3.org/2000/svg"; // a name, not an address

const svgNode = (name, attributes = {}, text = "") => {
  const made = document.createElementNS(SVG_SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

// An axis below ("bottom") or at the left of a plot; `at` is where its line lies, `across` how far its grid reaches.
const drawAxis = (scale, { side, at, across, label, wanted = 5 }) => {
  const group = svgNode("g", { class: "axis", "aria-hidden": "true" });
  const below = side === "bottom";
  for (const value of roundTicks(scale.ends, wanted)) {
    const place = scale(value).toFixed(1);
    group.append(svgNode("path", { class: "grid", d: below ? `M${place} ${at}V${across}` : `M${at} ${place}H${across}` }));
    const beside = below ? { x: place, y: at + 18, "text-anchor": "middle" } : { x: at - 6, y: Number(place) + 4, "text-anchor": "end" };
    group.append(svgNode("text", beside, value.toLocaleString("en")));
  }
  const middle = (scale(scale.ends[0]) + scale(scale.ends[1])) / 2;
  const turned = { x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` };
  group.append(svgNode("text", below ? { x: middle, y: at + 38, "text-anchor": "middle" } : turned, label));
  return group;
};

// Many points as one path of dots (round caps on lines of no length): a thousand are one node.
const drawPoints = (xs, ys, x, y, size = 6) =>
  svgNode("path", { class: "points", d: xs.map((value, at) => `M${x(value).toFixed(1)} ${y(ys[at]).toFixed(1)}h0`).join(""), "stroke-width": size, "stroke-linecap": "round", fill: "none" });

