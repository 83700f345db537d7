// The cohort explorer: draws what Python counted, and tells Python which bins a person chose.
// A message holds a kind, a chart number and bin numbers; every count here is already fit to be shown.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 300, TOP = 92, GAP = 8, LOW = 40, FOOT = 16;
const HEIGHT = TOP + GAP + LOW + FOOT;

const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  return fill(node, attributes, children);
};
const draw = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);
const fill = (node, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
};
const whole = (n) => n.toLocaleString("en-US");
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// At most one message waits for its answer; the newest of the others follows.
function outbox(model) {
  let busy = false, next = null, timer = 0;
  const push = (message) => {
    if (busy) { next = message; return; }
    busy = true;
    model.send(message);
    timer = setTimeout(done, 400);
  };
  const done = () => {
    clearTimeout(timer);
    busy = false;
    if (next) { const message = next; next = null; push(message); }
  };
  return { push, done, stop: () => clearTimeout(timer) };
}

function render({ model, el }) {
  const spec = model.get("_spec");
  const post = outbox(model);
  let gesture = Math.floor(Math.random() * 1e6) * 1000;
  const ask = (kind, chart, rest = {}) => post.push({ kind, chart, gesture, ...rest });
  const root = make("section", { class: "rounds-explorer", "aria-label": "Cohort explorer" });
  const observer = followLook(root);
  const count = make("p", { class: "count", "aria-live": "polite" });
  const undo = make("button", { type: "button", onclick: () => post.push({ kind: "undo" }) }, "Undo");
  const reset = make("button", { type: "button", onclick: () => post.push({ kind: "reset" }) }, "Clear all");
  const flow = make("div", {}), missing = make("div", { class: "miss" }), code = make("div", {});
  const charts = spec.charts.map((chart, i) => (chart.numeric ? numeric : levels)(chart, i));
  root.append(
    make("div", { class: "top" }, make("h3", {}, "Cohort explorer"), count, undo, reset),
    make("p", { class: "badge" }, spec.badge),
    make("div", { class: "body" },
      make("div", {},
        make("p", { class: "quiet" }, "Drag over a chart, or press a level. Each chart shows the rows that all other charts keep."
          + (spec.outcome ? ` Orange: ${said()} with its 95 % interval.` : "")),
        make("div", { class: "charts" }, ...charts.map((chart) => chart.node))),
      make("div", {},
        panel("Inclusion steps", flow, true), panel("Missing values", missing, true), panel("Show the code", code, false))),
  );
  el.append(root);

  function said() {
    return spec.binary ? `share with ${spec.outcome}` : `mean ${spec.outcome}`;
  }
  function panel(title, content, open) {
    return make("details", open ? { class: "panel", open: "" } : { class: "panel" }, make("summary", {}, title), content);
  }
  function estimate(value) {
    if (!value) return "";
    if (spec.binary) return value.map((v) => (100 * v).toFixed(1)).map((v, i) => (i === 0 ? `${v} %` : v))
      .reduce((a, b, i) => a + (i === 1 ? ` (${b}` : ` to ${b})`));
    const show = (v) => v.toLocaleString("en-US", { maximumSignificantDigits: 4 });
    return `${show(value[0])} (${show(value[1])} to ${show(value[2])})`;
  }
  const brief = (value) => (value ? estimate(value).split(" (")[0] : "");
  const say = (n) => (n === null ? "hidden" : whole(n));

  function table(spec_, state) {
    const names = [...spec_.labels, ...(state.n.length > spec_.labels.length ? ["missing"] : [])];
    const rows = names.map((name, k) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, say(state.n[k])),
      spec.outcome ? make("td", {}, estimate(state.outcome[k])) : null));
    return make("table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, spec_.name), make("th", { scope: "col" }, "rows"),
        spec.outcome ? make("th", { scope: "col" }, said()) : null)),
      make("tbody", {}, ...rows));
  }

  function frame(chart, i, plot) {
    const clear = make("button", { type: "button", onclick: () => { gesture += 1; ask("clear", i); }, "aria-label": `Clear ${chart.name}` }, "Clear");
    const line = make("p", { class: "said" });
    const holder = make("div", { class: "scroll" });
    const details = make("details", {}, make("summary", {}, "Table"), holder);
    const title = `${chart.about} ${chart.known_at ? `Known at ${chart.known_at}.` : ""}`.trim();
    const node = make("div", { class: "chart", role: "group", "aria-label": chart.name, onkeydown: (event) => {
      if (event.key === "Escape") { gesture += 1; ask("clear", i); event.stopPropagation(); }
    } }, make("div", { class: "head" }, make("h4", { title }, chart.name, chart.unit ? make("span", { class: "quiet" }, ` ${chart.unit}`) : null), clear), plot, line, details);
    let last = null;
    const fillTable = () => { if (details.open && last) holder.replaceChildren(table(chart, last)); };
    details.addEventListener("toggle", fillTable);
    return { node, line, show: (state, active) => {
      last = state;
      node.classList.toggle("on", active);
      clear.style.visibility = active ? "visible" : "hidden";
      fillTable();
    } };
  }

  // One bar for each bin, the outcome under it, two handles.
  function numeric(chart, i) {
    const bins = chart.labels.length, step = WIDTH / bins;
    const bars = draw("g"), marks = draw("g"), ticks = draw("g");
    const brush = draw("rect", { class: "brush", y: 0, height: HEIGHT - FOOT, visibility: "hidden" });
    const handles = [0, 1].map((side) => draw("g", { class: "handle", tabindex: 0, role: "slider",
      "aria-label": `${chart.name}, ${side ? "highest" : "lowest"} bin`, "aria-valuemin": 0, "aria-valuemax": bins - 1, onkeydown: (event) => key(event, side) },
      draw("rect", { x: -4, y: TOP / 2 - 16, width: 8, height: 32, rx: 3 })));
    const svg = draw("svg", { class: "plot", viewBox: `-6 -2 ${WIDTH + 12} ${HEIGHT + 4}` },
      bars, marks, draw("line", { class: "axis", x1: 0, x2: WIDTH, y1: TOP, y2: TOP }), ticks, brush, ...handles);
    let range = [0, bins - 1], start = null, moving = false;
    const every = Math.ceil((bins - 1) / 5) || 1;
    const centred = chart.labels[0] === chart.ticks[0];
    for (let k = centred ? 0 : 1; k < bins; k += every) {
      ticks.append(draw("text", { x: (centred ? k + 0.5 : k) * step, y: HEIGHT - 3, "text-anchor": "middle" }, chart.ticks[k]));
    }
    const part = frame(chart, i, svg);
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * (WIDTH + 12) - 6;
      return clamp(Math.floor(x / step), 0, bins - 1);
    };
    const choose = (first, last) => {
      range = [Math.min(first, last), Math.max(first, last)];
      place(true);
      if (range[0] === 0 && range[1] === bins - 1) ask("clear", i);
      else ask("brush", i, { first: range[0], last: range[1] });
    };
    const key = (event, side) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      const to = { Home: side ? range[0] : 0, End: side ? bins - 1 : range[1] }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      const next = [...range];
      next[side] = to ?? clamp(range[side] + by * (event.shiftKey ? 10 : 1), side ? range[0] : 0, side ? bins - 1 : range[1]);
      gesture += 1;
      choose(...next);
    };
    const place = (active) => {
      const x = [range[0] * step, (range[1] + 1) * step];
      brush.setAttribute("x", x[0]); brush.setAttribute("width", x[1] - x[0]);
      brush.setAttribute("visibility", active ? "visible" : "hidden");
      handles.forEach((handle, side) => {
        handle.setAttribute("transform", `translate(${x[side]} 0)`);
        handle.setAttribute("aria-valuenow", range[side]);
        handle.setAttribute("aria-valuetext", chart.labels[range[side]]);
      });
    };
    svg.addEventListener("pointerdown", (event) => {
      const side = handles.findIndex((handle) => handle.contains(event.target));
      start = side < 0 ? at(event) : range[1 - side];
      gesture += 1; moving = side >= 0;
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener("pointermove", (event) => {
      if (start === null) { hover(at(event)); return; }
      const now = at(event);
      if (now !== start) moving = true;
      if (moving && (Math.min(start, now) !== range[0] || Math.max(start, now) !== range[1])) choose(start, now);
    });
    svg.addEventListener("pointerup", (event) => {
      if (start !== null && !moving) choose(start, at(event));
      start = null;
    });
    svg.addEventListener("pointercancel", () => { start = null; });
    let state = null;
    const hover = (k) => {
      if (state) part.line.textContent = `${chart.labels[k]}: ${say(state.n[k])} rows${state.outcome[k] ? `; ${estimate(state.outcome[k])}` : ""}`;
    };
    svg.addEventListener("pointerleave", () => { part.line.textContent = words(); });
    const words = () => (part.node.classList.contains("on")
      ? `${chart.labels[range[0]]}${range[1] > range[0] ? ` … ${chart.labels[range[1]]}` : ""}` : "");
    const show = (newState, codes) => {
      state = newState;
      if (start === null) range = codes ? [codes[0], codes[codes.length - 1]] : [0, bins - 1];
      const most = Math.max(1, ...state.n.slice(0, bins).map((n) => n ?? 0));
      bars.replaceChildren(...state.n.slice(0, bins).map((n, k) => {
        const x = k * step + 0.5, width = step - 1;
        if (n === null) return draw("rect", { class: "none", x, width, y: TOP - 8, height: 8 });
        const height = (n / most) * (TOP - 4);
        return draw("rect", { class: k < range[0] || k > range[1] ? "bar out" : "bar", x, width, y: TOP - height, height });
      }));
      marks.replaceChildren(...outcomes(state.outcome.slice(0, bins), (k) => (k + 0.5) * step));
      part.show(state, Boolean(codes));
      place(Boolean(codes));
      part.line.textContent = words();
    };
    return { node: part.node, show };
  }

  function outcomes(values, x) {
    const known = values.filter(Boolean);
    if (!known.length) return [];
    const middle = known.map((v) => v[0]);
    let low = Math.min(...middle), high = Math.max(...middle);
    const pad = (high - low || Math.abs(high) || 1) * 0.35;
    low = spec.binary ? Math.max(0, low - pad) : low - pad; high += pad;
    const y = (v) => TOP + GAP + LOW - ((clamp(v, low, high) - low) / (high - low)) * LOW;
    return values.flatMap((value, k) => (value ? [
      draw("line", { class: "whisker", x1: x(k), x2: x(k), y1: y(value[1]), y2: y(value[2]) }),
      draw("circle", { class: "dot", cx: x(k), cy: y(value[0]), r: 3 })] : []));
  }

  // One button for each level.
  function levels(chart, i) {
    let chosen = [];
    const buttons = chart.labels.map((label, k) => make("button", { type: "button", class: "level", onclick: () => {
      chosen = chosen.includes(k) ? chosen.filter((c) => c !== k) : [...chosen, k];
      gesture += 1;
      ask(chosen.length && chosen.length < chart.labels.length ? "choose" : "clear", i, chosen.length ? { codes: chosen } : {});
    } }, make("span", { class: "name" }, label), make("span", {}, make("i")), make("span", { class: "num" })));
    const part = frame(chart, i, make("div", {}, ...buttons));
    const show = (state, codes) => {
      chosen = codes && codes.length < chart.labels.length ? codes : [];
      const most = Math.max(1, ...state.n.slice(0, buttons.length).map((n) => n ?? 0));
      buttons.forEach((button, k) => {
        const n = state.n[k], bar = button.querySelector("i");
        bar.style.width = n === null ? "" : `${(100 * n) / most}%`;
        bar.className = n === null ? "hid" : chosen.length && !chosen.includes(k) ? "out" : "";
        button.setAttribute("aria-pressed", String(chosen.includes(k)));
        const value = state.outcome[k];
        button.title = `${chart.labels[k]}: ${say(n)} rows${value ? `; ${estimate(value)}` : ""}`;
        button.querySelector(".num").replaceChildren(say(n), ...(value ? [make("em", {}, brief(value))] : []));
      });
      part.show(state, Boolean(codes));
    };
    return { node: part.node, show };
  }

  function drawFlow(boxes) {
    const high = 52, gap = 44, width = 270;
    const parts = boxes.flatMap((box, k) => {
      const y = k * (high + gap);
      const label = box.label.length > 38 ? `${box.label.slice(0, 36)}…` : box.label;
      const people = box.n_persons === null ? "" : `, ${whole(box.n_persons)} persons`;
      return [
        draw("rect", { x: 0.5, y: y + 0.5, width: width - 1, height: high, rx: 6, fill: "none", stroke: "currentColor", "stroke-opacity": 0.35 }),
        draw("text", { x: 10, y: y + 20, style: "font-size:12.5px" }, draw("title", {}, box.label), label),
        draw("text", { class: "ink", x: 10, y: y + 40 }, `${box.n_rows === null ? "hidden" : whole(box.n_rows)} rows${people}`),
        ...(k === 0 ? [] : [
          draw("path", { d: `M24 ${y - gap + 2} V${y - 3} m-4 -6 l4 6 l4 -6`, fill: "none", stroke: "currentColor", "stroke-opacity": 0.6 }),
          draw("text", { x: 38, y: y - 17, style: "font-size:12.5px" }, `excluded: ${box.excluded === null ? "hidden" : whole(box.excluded)} rows`)]),
      ];
    });
    const title = boxes.map((b) => `${b.label}: ${say(b.n_rows)} rows`).join("; ");
    flow.replaceChildren(draw("svg", { viewBox: `0 0 ${width} ${boxes.length * (high + gap) - gap + 4}`, role: "img", "aria-label": title }, ...parts),
      ...(boxes.length > 1 ? [] : [make("p", { class: "quiet" }, "Choose bins in a chart to add a step.")]));
  }

  function drawMissing(state) {
    const rows = spec.charts.map((chart, i) => ({ chart, i, n: state.charts[i].n }))
      .filter(({ chart, n }) => n.length > chart.labels.length);
    missing.replaceChildren(...(rows.length ? rows : []).flatMap(({ chart, i, n }) => {
      const gone = n[chart.labels.length], all = n.reduce((a, b) => a + (b ?? 0), 0);
      const share = gone === null ? null : gone / (all || 1);
      const bar = make("i");
      bar.style.width = share === null ? "1px" : `${100 * share}%`;
      const known = make("button", { type: "button", class: "level", style: "display:block", title: `Add the step: ${chart.name} is known`,
        onclick: () => { gesture += 1; ask("known", i); } }, chart.name);
      return [known, make("span", {}, bar), make("span", { class: "num", title: `${say(gone)} rows` }, share === null ? "hidden" : `${Math.round(100 * share)} %`)];
    }));
    if (rows.length) missing.append(make("p", { class: "quiet", style: "grid-column:1/-1" }, "Press a name to keep the rows where it is known."));
    else missing.append(make("p", { class: "quiet", style: "grid-column:1/-1" }, "No column with a chart has a missing value."));
  }

  function drawCode(state) {
    const block = (name, text) => [
      make("p", { class: "quiet" }, `${name}: selects the same rows.`), make("pre", { tabindex: 0, "aria-label": name }, text),
      make("button", { type: "button", onclick: (event) => {
        navigator.clipboard?.writeText(text).then(() => { event.target.textContent = "Copied"; }, () => { event.target.textContent = "Select and copy by hand"; });
      } }, `Copy ${name}`)];
    code.replaceChildren(...block("pandas", state.pandas), ...block("SQL", state.sql));
  }

  function update() {
    const state = model.get("_state");
    post.done();
    const first = state.flow[0], last = state.flow[state.flow.length - 1];
    const people = last.n_persons === null || first.n_persons === null ? "" : ` (${whole(last.n_persons)} of ${whole(first.n_persons)} persons)`;
    const text = `${last.n_rows === null ? spec.small : whole(last.n_rows)} of ${first.n_rows === null ? "hidden" : whole(first.n_rows)} rows${people}`;
    if (count.textContent !== text) count.textContent = text;
    undo.disabled = !state.undo;
    reset.disabled = !state.filters.length;
    const codes = new Map(state.filters.map((f) => [f.chart, f.codes]));
    charts.forEach((chart, i) => chart.show(state.charts[i], codes.get(i) ?? null));
    drawFlow(state.flow); drawMissing(state); drawCode(state);
  }
  model.on("change:_state", update);
  update();
  return () => { model.off("change:_state", update); observer.disconnect(); post.stop(); root.remove(); };
}

export default { render };
