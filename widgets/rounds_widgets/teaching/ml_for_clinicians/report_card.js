// The report card: 1,000 dots, a threshold line, a 2 x 2 table, a ROC point and a precision-recall point.
// Python sends quantiles of the scores of both groups; this module places and counts the dots.
const DOTS = 1000;

function scores(quantiles, people) {
  return Array.from({ length: people }, (_, number) => {
    const place = ((number + 0.5) / people) * (quantiles.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, quantiles.length - 1);
    return quantiles[low] + (place - low) * (quantiles[high] - quantiles[low]);
  });
}

function shareAbove(quantiles, threshold) {
  let low = 0;
  while (low < quantiles.length && quantiles[low] < threshold) low += 1;
  if (low === 0) return 1;
  if (low === quantiles.length) return 0;
  const step = quantiles[low] - quantiles[low - 1] || 1;
  return 1 - (low - 1 + (threshold - quantiles[low - 1]) / step) / (quantiles.length - 1);
}

// The same jitter each time, so that a dot stays in its place while the line moves.
const jitter = (number) => ((number * 0.61803398875) % 1);

const PAGE = `
  <h3>A report card of 1,000 mornings</h3>
  <p class="task">Each morning a score from 0 to 1 is computed for each patient of a ward. From a threshold on it gives an alert. An alert
    is true when the morning comes before an infection. How many of 100 alerts are true?</p>
  <form class="guess">
    <label>My guess: of 100 alerts, <input type="number" min="0" max="100" step="1" required
      aria-label="My guess: how many of 100 alerts are true"> are true.</label>
    <button type="submit">Lock in my guess</button>
    <span class="locked">The sliders open after your guess.</span>
  </form>
  <div class="sliders">
    <label><span class="name-t"></span><input class="t" type="range" min="0" max="1" step="0.01" disabled></label>
    <label><span class="name-p"></span><input class="p" type="range" min="0.005" max="0.5" step="0.005" disabled></label>
    <button type="button" class="back" disabled></button>
  </div>
  <p class="said" role="status" aria-live="polite"></p>
  <div class="dots">
    <canvas aria-hidden="true"></canvas>
    <div class="box quiet-sick sick" aria-hidden="true"></div><div class="box alert-sick sick" aria-hidden="true"></div>
    <div class="box quiet-well well" aria-hidden="true"></div><div class="box alert-well well" aria-hidden="true"></div>
  </div>
  <div class="axis" aria-hidden="true"><span>score 0</span><span class="line-name"></span><span>score 1</span></div>
  <div class="below">
    <div class="numbers">
      <table><caption style="text-align:left;color:inherit;font-weight:600;padding:0 0 4px">1,000 mornings</caption>
        <thead><tr><td></td><th scope="col">alert</th><th scope="col">no alert</th></tr></thead>
        <tbody><tr><th scope="row"><span class="sick">◆</span> before an infection</th><td class="on tp"></td><td class="fn"></td></tr>
        <tr><th scope="row"><span class="well">●</span> all other</th><td class="on fp"></td><td class="tn"></td></tr></tbody></table>
      <dl><dt>sensitivity (recall)</dt><dd class="sens"></dd><dt>specificity</dt><dd class="spec"></dd>
        <dt>predictive value (precision)</dt><dd class="ppv"></dd><dt class="day-name"></dt><dd class="day"></dd></dl>
    </div>
    <div><h4>ROC curve</h4><svg class="roc" viewBox="0 0 240 220" role="img"></svg></div>
    <div><h4>Precision-recall curve</h4><svg class="pr" viewBox="0 0 240 220" role="img"></svg></div>
    <p class="legend" aria-hidden="true"><span class="well">━</span> the score at every threshold <span class="sick">●</span> the threshold now
      <span>┄</span> alerts by chance: on the left a coin, on the right as many true as mornings before an infection</p>
  </div>`;

const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %` : "–");
const X = (value) => 34 + 196 * value;
const Y = (value) => 188 - 178 * value;

function drawCurve(svg, points, [x, y], names, level, label) {
  const path = points.map(([a, b], i) => `${i ? "L" : "M"}${X(a).toFixed(1)} ${Y(b).toFixed(1)}`).join("");
  svg.setAttribute("aria-label", label);
  svg.innerHTML = `
    <path d="M${X(0)} ${Y(1)}V${Y(0)}H${X(1)}" fill="none" stroke="var(--card-muted)"/>
    <path d="${level}" fill="none" stroke="var(--card-muted)" stroke-dasharray="4 4"/>
    <path d="${path}" fill="none" stroke="var(--card-well)" stroke-width="2"/>
    <circle cx="${X(x)}" cy="${Y(y)}" r="7" fill="var(--card-sick)" stroke="var(--card-paper)" stroke-width="2"/>
    <text x="${X(0.5)}" y="216" text-anchor="middle">${names[0]}</text>
    <text x="12" y="${Y(0.5)}" text-anchor="middle" transform="rotate(-90 12 ${Y(0.5)})">${names[1]}</text>
    <text x="${X(0)}" y="202" text-anchor="middle">0</text><text x="${X(1)}" y="202" text-anchor="middle">1</text>
    <text x="28" y="${Y(1) + 4}" text-anchor="end">1</text>`;
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "rounds-card";
  root.setAttribute("aria-label", "Report card of a classifier");
  // JupyterLab would take the arrow keys and Enter for its cells; Escape still leads back to them.
  keepKeys(root);
  root.innerHTML = PAGE;
  scrollTables(root);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const canvas = find("canvas");
  const look = followLook(root);
  let speak = 0;

  function measure() {
    const threshold = model.get("threshold");
    const prevalence = model.get("prevalence");
    const infected = Math.round(DOTS * prevalence);
    const sick = scores(model.get("_sick"), infected);
    const well = scores(model.get("_well"), DOTS - infected);
    const tp = sick.filter((score) => score >= threshold).length;
    const fp = well.filter((score) => score >= threshold).length;
    return { threshold, prevalence, sick, well, tp, fp, fn: infected - tp, tn: DOTS - infected - fp };
  }

  function drawDots(now) {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(name).trim();
    const middle = height * 0.42;
    const at = (score) => 10 + score * (width - 20);
    pen.scale(ratio, ratio);
    pen.fillStyle = colour("--card-alert");
    pen.fillRect(at(now.threshold), 0, width - at(now.threshold), height);
    pen.fillStyle = colour("--card-well");
    now.well.forEach((score, i) => {
      pen.globalAlpha = score >= now.threshold ? 0.95 : 0.35;
      pen.beginPath();
      pen.arc(at(score), middle + 34 + jitter(i) * (height - middle - 42), 3, 0, 7);
      pen.fill();
    });
    pen.fillStyle = colour("--card-sick");
    now.sick.forEach((score, i) => {
      pen.globalAlpha = score >= now.threshold ? 1 : 0.55;
      const x = at(score);
      const y = 38 + jitter(i) * (middle - 48);
      pen.beginPath();
      pen.moveTo(x, y - 5);
      pen.lineTo(x + 5, y);
      pen.lineTo(x, y + 5);
      pen.lineTo(x - 5, y);
      pen.fill();
    });
    pen.globalAlpha = 1;
    pen.strokeStyle = colour("--card-line");
    pen.beginPath();
    pen.moveTo(0, middle);
    pen.lineTo(width, middle);
    pen.stroke();
    pen.strokeStyle = colour("--card-ink");
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(at(now.threshold), 0);
    pen.lineTo(at(now.threshold), height);
    pen.stroke();
    const boxes = [["quiet-sick", now.fn, "missed", 0], ["alert-sick", now.tp, "true alerts", 0],
      ["quiet-well", now.tn, "rightly quiet", middle], ["alert-well", now.fp, "false alerts", middle]];
    for (const [name, number, word, top] of boxes) {
      const box = find(`.${name}`);
      box.innerHTML = `<b>${number}</b> ${word}`;
      box.style.top = `${top + 3}px`;
      if (name.startsWith("quiet")) box.style.left = "4px";
      else box.style.right = "4px";
    }
  }

  // What belongs to the ward of the table: its own prevalence, and how many patients it has.
  function showWard(now, open) {
    const start = model.get("_start");
    find(".back").textContent = `Back to this ward: ${percent(start)} of mornings`;
    find(".back").disabled = !open || now.prevalence === start;
    find(".day-name").textContent = `alerts on one ward and day (${model.get("_patients_per_day").toFixed(0)} patients)`;
  }

  function show() {
    const now = measure();
    const infected = now.tp + now.fn;
    const open = model.get("prediction") !== null;
    const sens = now.tp / infected;
    const false_share = now.fp / (now.fp + now.tn);
    const ppv = now.tp / (now.tp + now.fp);
    const perDay = ((now.tp + now.fp) / DOTS) * model.get("_patients_per_day");
    find(".t").value = now.threshold;
    find(".p").value = now.prevalence;
    find(".t").disabled = find(".p").disabled = !open;
    find(".name-t").textContent = `Threshold: alert from score ${now.threshold.toFixed(2)}`;
    find(".name-p").textContent = `Prevalence: ${(100 * now.prevalence).toFixed(1)} % come before an infection`;
    showWard(now, open);
    find(".line-name").textContent = "◂ no alert  |  alert ▸";
    find(".guess button").disabled = find(".guess input").disabled = open;
    find(".locked").textContent = open ? "Locked in. Now move the sliders." : "The sliders open after your guess.";
    if (open) find(".guess input").value = model.get("prediction");
    for (const key of ["tp", "fp", "fn", "tn"]) find(`.${key}`).textContent = open ? now[key] : "?";
    find(".sens").textContent = open ? `${percent(sens)}` : "?";
    find(".spec").textContent = open ? percent(1 - false_share) : "?";
    find(".ppv").textContent = open ? percent(ppv) : "?";
    find(".day").textContent = open ? perDay.toFixed(1) : "?";
    find(".dots").style.visibility = find(".axis").style.visibility = open ? "visible" : "hidden";
    find(".dots").style.display = find(".axis").style.display = open ? "" : "none";
    find(".below").style.display = find(".said").style.display = open ? "" : "none";
    if (!open) return;
    drawDots(now);
    const grid = Array.from({ length: 101 }, (_, i) => i / 100);
    const roc = grid.map((t) => [shareAbove(model.get("_well"), t), shareAbove(model.get("_sick"), t)]);
    const pr = roc.filter(([f, s]) => f + s > 0)
      .map(([f, s]) => [s, (s * now.prevalence) / (s * now.prevalence + f * (1 - now.prevalence))]);
    drawCurve(find(".roc"), roc, [false_share, sens], ["false alert rate", "sensitivity"], `M${X(0)} ${Y(0)}L${X(1)} ${Y(1)}`,
      `ROC curve; now sensitivity ${percent(sens)} at ${percent(false_share)} false alert rate`);
    drawCurve(find(".pr"), pr, [sens, Number.isFinite(ppv) ? ppv : 0], ["recall", "precision"], `M${X(0)} ${Y(now.prevalence)}H${X(1)}`,
      `Precision-recall curve; now precision ${percent(ppv)} at recall ${percent(sens)}`);
    clearTimeout(speak);
    speak = setTimeout(() => say(now, ppv), 350);
  }

  function say(now, ppv) {
    const guess = model.get("prediction");
    const alerts = now.tp + now.fp;
    const truth = alerts ? `Of ${alerts.toLocaleString("en")} alerts ${now.tp.toLocaleString("en")} are true: ${(100 * ppv).toFixed(0)} of 100.` : "No alert at this threshold.";
    find(".said").textContent = `${truth} Your guess was ${guess} of 100. Missed: ${now.fn} of ${now.tp + now.fn} mornings before an infection.`;
  }

  const set = (name) => (event) => {
    model.set(name, Number(event.target.value));
    model.save_changes();
  };
  find(".t").addEventListener("input", set("threshold"));
  find(".p").addEventListener("input", set("prevalence"));
  find(".back").addEventListener("click", () => {
    model.set("prevalence", model.get("_start"));
    model.save_changes();
    find(".p").focus();
  });
  onGuess(find(".guess"), (guess) => {
    model.set("prediction", guess);
    model.save_changes();
    find(".t").focus();
  });
  const leave = followModel(model, ["threshold", "prevalence", "prediction"], show);
  const resized = followWidth(root, show); // not its height: what is said for screen readers drew all a second time
  const repaint = new MutationObserver(show);
  repaint.observe(root, { attributes: true, attributeFilter: ["data-look"] });
  show();
  return () => {
    clearTimeout(speak);
    look.disconnect();
    repaint.disconnect();
    resized.disconnect();
    leave();
  };
}

export default { render };
