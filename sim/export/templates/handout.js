"use strict";
(() => {
  const TOP = 1000, PAUSE = 500; // of places; milliseconds until a change is read aloud
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const sliders = data.steps.map((_, i) => at("lever" + i));
  const labels = sliders.map((slider) => slider.labels[0].textContent);
  const points = data.steps.reduce((product, steps) => product * steps, 1);
  const chosen = (id) => (at(id) ? Number(at(id).value) : 0);
  const sizes = new Map(); // of each chart: to ask for one lays the page out, so it is asked for once
  let reading = 0;

  // The cell of a scenario and steps: the last slider changes fastest.
  const cellOf = (steps) => {
    const scenario = at("scenario") ? chosen("scenario") : data.reference;
    return scenario * points + steps.reduce((found, step, i) => found * data.steps[i] + step, 0);
  };

  const put = (parent, name, attributes, text) => {
    const made = document.createElementNS(parent.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
  };

  // Stretches of places without gaps, each a list of [x, y, ...].
  const stretches = (xs, ...rows) => {
    const found = [[]];
    xs.forEach((x, i) => {
      const ys = rows.map((row) => row[i]);
      if (ys.includes(null)) found.push([]);
      else found[found.length - 1].push([x, ...ys]);
    });
    return found.filter((one) => one.length);
  };

  const line = (svg, name, xs, ys, y) => {
    for (const one of stretches(xs, ys)) put(svg, "polyline", { class: name, points: one.map(([a, b]) => a + "," + y(b)).join(" ") });
  };

  const band = (svg, name, xs, lows, highs, y) => {
    for (const one of stretches(xs, lows, highs)) {
      const there = one.map(([x, low]) => x + "," + y(low)), back = one.map(([x, , high]) => x + "," + y(high)).reverse();
      put(svg, "polygon", { class: name, points: [...there, ...back].join(" ") });
    }
  };

  const cleared = (svg) => {
    if (!sizes.has(svg)) sizes.set(svg, [svg.clientWidth || 300, svg.clientHeight || 72]);
    const [width, height] = sizes.get(svg);
    svg.replaceChildren();
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    return [width, height];
  };

  const drawCurve = (i, steps, outcome) => {
    const svg = at("curve" + i), [width, height] = cleared(svg), last = data.steps[i] - 1, thumb = 8;
    const xs = [...Array(last + 1).keys()].map((step) => thumb + (last ? (step * (width - 2 * thumb)) / last : 0));
    const cells = xs.map((_, step) => cellOf(steps.map((own, k) => (k === i ? step : own))));
    const y = (place) => height - (place * height) / TOP;
    const [mean, low, high] = ["mean", "from", "to"].map((name) => cells.map((cell) => outcome[name][cell]));
    for (const edge of data.edges.map(y)) put(svg, "line", { class: "axis", x1: 0, x2: width, y1: edge, y2: edge });
    band(svg, "outer-band", xs, low, high, y);
    line(svg, "line", xs, mean, y);
    mean.forEach((place, step) => {
      if (place !== null) put(svg, "circle", { class: step === steps[i] ? "here" : "step", cx: xs[step], cy: y(place), r: step === steps[i] ? 7 : 3 });
    });
    const said = cells.map((cell, step) => data.names[i][step] + " " + outcome.texts[outcome.cells[cell][0]]);
    svg.setAttribute("aria-label", outcome.label + " at each step of “" + labels[i] + "”: " + said.join("; ") + ".");
    const [top, foot] = svg.previousElementSibling.children;
    [top.textContent, foot.textContent] = [outcome.high, outcome.low];
  };

  const drawFan = (cell) => {
    const series = data.series[chosen("series")], svg = at("fan"), [width, height] = cleared(svg), room = 18;
    const y = (place) => height - room - (place * (height - room)) / TOP;
    const rows = series.cells[cell], count = rows[0].length;
    const xs = rows[0].map((_, i) => (count > 1 ? (i * width) / (count - 1) : width / 2));
    band(svg, "outer-band", xs, rows[0], rows[4], y);
    band(svg, "inner-band", xs, rows[1], rows[3], y);
    if (series.compared[cell] >= 0) line(svg, "base", xs, series.cells[series.compared[cell]][2], y);
    line(svg, "line", xs, rows[2], y);
    put(svg, "line", { class: "axis", x1: 0, x2: width, y1: y(data.edges[0]), y2: y(data.edges[0]) });
    for (const [place, text] of series.ticks) {
      const x = (place * width) / TOP;
      if (x < width - 22) put(svg, "text", { x: x, y: height - 4 }, text);
    }
    const [top, foot] = svg.previousElementSibling.children, end = series.texts[series.ends[cell]];
    [top.textContent, foot.textContent] = [series.high, series.low];
    at("about-fan").textContent = series.label + (series.unit ? ", " + series.unit : "");
    at("end").textContent = end;
    svg.setAttribute("aria-label", series.label + " day by day, over the worlds. " + end);
  };

  const finding = (outcome, cell, compared) => {
    const [value, interval, spread, change, span, mark] = outcome.cells[cell].map((place, i) => (i < 5 ? outcome.texts[place] : place));
    const unit = outcome.unit ? " " + outcome.unit : "";
    const around = [interval === "-" ? "" : "95 % interval: " + interval, spread === "-" || !spread ? "" : "nine worlds in ten: " + spread].filter(Boolean).join("; ");
    const says = (outcome.share ? outcome.label + " in " + value + " of worlds" : outcome.label + ": " + value + unit + " on average") + (around ? " (" + around + ")." : ".");
    const against = mark < 0 ? "This is what the other steps are compared with." :
      "Compared with " + compared + ": " + change + (span === "-" ? "" : " (95 % interval: " + span + ")") + (mark ? ", significant." : ", not significant.");
    return [says, against];
  };

  const fillTable = (cell) => {
    [...document.querySelectorAll("tbody tr")].forEach((row, k) => {
      const outcome = data.outcomes[k], words = outcome.cells[cell].slice(0, 5).map((place) => outcome.texts[place]);
      const [mean, difference] = row.querySelectorAll("td");
      [mean.children[0].textContent, mean.children[1].textContent] = [words[0], words[1]];
      [difference.children[0].textContent, difference.children[1].textContent] = [words[3], words[4] === "-" ? "" : words[4]];
      row.className = k === chosen("outcome") ? "chosen" : "";
    });
  };

  const draw = () => {
    const steps = sliders.map((slider) => Number(slider.value)), cell = cellOf(steps);
    const outcome = data.outcomes[chosen("outcome")], compared = data.compared[Math.floor(cell / points)], [says, against] = finding(outcome, cell, compared);
    sliders.forEach((slider, i) => {
      const text = data.names[i][steps[i]];
      at("value" + i).textContent = text;
      slider.setAttribute("aria-valuetext", text);
      drawCurve(i, steps, outcome);
    });
    [at("says").textContent, at("against").textContent] = [says, against];
    fillTable(cell);
    if (data.series.length) drawFan(cell);
    return says + " " + against;
  };

  // Draw at once; say it when the reader pauses, so that no slider is read aloud at every step.
  const moved = () => {
    const words = draw();
    clearTimeout(reading);
    reading = setTimeout(() => { at("live").textContent = words; }, PAUSE);
  };

  for (const one of [...sliders, ...["scenario", "outcome", "series"].map(at).filter(Boolean)]) one.addEventListener("input", moved);
  at("reset").addEventListener("click", () => { for (const slider of sliders) slider.value = 0; moved(); });
  addEventListener("resize", () => { sizes.clear(); draw(); });
  draw();
})();
