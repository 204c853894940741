// The playground: choices, a network whose units show what they have learned, the decision map, the losses.
import { Axes, around, bytes, diverging, short } from "./drawing.js";
import { button, choice, connect, make, ours, picture } from "./controls.js";

const STYLE = `
.dlw-choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 4px 10px; padding: 3px; }
.dlw-choices label { display: block; font-size: 12px; color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.dlw-ticks { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; padding: 4px 3px; }
.dlw-ticks label { display: inline-flex; align-items: center; gap: 5px; font-size: 13px; }
.dlw .dlw-ticks canvas { width: 24px; height: 24px; border-radius: 3px; }
.dlw-ticks input { margin: 0; width: 16px; height: 16px; accent-color: #0072b2; }
.dlw-play { display: grid; grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr); gap: 10px; padding: 3px; }
.dlw-play figure { margin: 0; min-width: 0; }
.dlw-about { min-height: 3.9em; font-size: 13px; padding: 2px 4px; color: var(--ink); }
.dlw textarea { font: 12px/1.4 var(--jp-code-font-family, monospace); resize: vertical; }
.dlw-run { min-width: 5.2em; font-weight: 600 !important; }
@container (max-width: 620px) { .dlw-play { grid-template-columns: 1fr; } }`;

const CHOICES = { // label, and the values to choose from: what is typed into the settings line may be any other
  data: ["data"], noise: ["noise", 0, 0.05, 0.1, 0.2, 0.3, 0.5], test: ["test part", 0, 0.1, 0.3, 0.5], activation: ["activation"],
  init: ["start weights"], loss: ["loss"], optimizer: ["optimiser"], step_size: ["step size", 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  l1: ["L1", 0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1], l2: ["L2", 0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1], batch: ["batch size", 0, 1, 5, 10, 30, 60],
  pace: ["steps a frame", 1, 2, 5, 10, 20, 50, 100, 200], stop: ["stop at step", 0, 100, 200, 500, 1000, 2000, 5000, 10000] };
const SAID = { batch: { 0: "all rows" }, stop: { 0: "never" }, test: { 0: "none" } };
const SHAPES = ["circle", "square", "triangle", "diamond"];

export default { render({ model, el }) {
  const fixed = model.get("settings"), was = model.get("asked") ?? {};
  const counts = { resets: was.resets ?? 0, steps: was.steps ?? 0, texts: was.texts ?? 0, text: was.text ?? "" };
  let chosen = structuredClone(model.get("shown").settings ?? fixed.start), running = false, places = [], links = [], picked = null, under = null;
  const panel = connect({ model, el }, draw);
  const send = (wish = {}) => panel.ask({ settings: chosen, running, ...counts, ...wish });
  const change = (name, value) => { chosen = { ...chosen, [name]: value }; send(); };
  const count = (name, wish = {}) => { counts[name] += 1; send(wish); };

  const run = button("Run", "Train, thirty pictures a second; press again to pause", () => { running = !running; label(); send({ act: running ? null : "pause" }); });
  run.classList.add("dlw-run");
  const label = () => { run.textContent = running ? "Pause" : "Run"; run.setAttribute("aria-pressed", running); };
  const step = button("Step", "One step of training", () => { running = false; label(); count("steps"); });
  const reset = button("Reset", "Back to the start weights", () => count("resets"));
  const other = button("New start", "Other random start weights", () => change("seed", (chosen.seed ?? 0) + 1));

  const knobs = Object.fromEntries(Object.entries(CHOICES).map(([name, [label, ...values]]) => {
    const options = fixed.choices[name] ?? values.map((v) => ({ value: v, label: SAID[name]?.[v] ?? String(v) }));
    return [name, pick(label, options, undefined, (v) => change(name, fixed.choices[name] ? v : Number(v)))];
  }));
  const upTo = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const depth = pick("hidden layers", upTo(0, fixed.layers), undefined, (n) => change("hidden", upTo(1, Number(n)).map((i) => chosen.hidden[i - 1] ?? 4)));
  const widths = upTo(1, fixed.layers).map((i) => pick(`units, layer ${i}`, upTo(1, fixed.units), undefined, (n) => change("hidden", chosen.hidden.map((w, k) => (k === i - 1 ? Number(n) : w)))));
  const ticks = Object.fromEntries(["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"].map((name) => {
    const box = ours(make("input", { type: "checkbox", onchange: () => change("features", Object.keys(ticks).filter((one) => ticks[one].box.checked)) }));
    const map = make("canvas", { "aria-hidden": "true", tabIndex: -1, width: 24, height: 24 });
    return [name, { box, map, element: make("label", {}, box, map, name) }];
  }));

  const net = picture("The network", { height: 400, bare: true }), about = make("div", { className: "dlw-about", "aria-live": "polite" });
  net.canvas.tabIndex = 0;
  net.canvas.setAttribute("role", "application");
  const scene = picture("The data and what the network makes of it", { height: 300, x: "x1", y: "x2" });
  const chart = picture("The losses", { height: 170, x: "step", y: "loss" });
  const field = make("input", { type: "text", "aria-label": "Settings as a line of text", spellcheck: false, onkeydown: (e) => { if (e.key === "Enter") apply(); } });
  const apply = () => { counts.text = field.value; count("texts"); };
  const code = make("textarea", { readOnly: true, rows: 12, "aria-label": "Python that does the same with fit" });
  const copy = (from) => () => { from.select(); navigator.clipboard?.writeText(from.value).catch(() => document.execCommand("copy")); };
  const row = (...children) => make("div", { className: "dlw-row" }, ...children);
  const settingsRow = row(make("span", { textContent: "Settings" }), field, button("Copy", "Copy the line", copy(field)), button("Apply", "Take the settings from the line", apply));
  field.style.flex = "1 1 20em";
  field.style.width = "auto";
  const structure = fixed.own_params ? [] : [depth.element, ...widths.map((one) => one.element)];
  if (fixed.own_model) knobs.activation.element.hidden = true;
  if (fixed.own_params) knobs.init.element.hidden = true;
  el.append(make("style", { textContent: STYLE }), row(run, step, reset, other, panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-choices" }, ...Object.values(knobs).map((knob) => knob.element), ...structure),
    make("div", { className: "dlw-ticks", role: "group", "aria-label": "Features" }, make("span", { textContent: "Features" }), ...Object.values(ticks).map((tick) => tick.element)),
    make("div", { className: "dlw-play" }, make("figure", {}, net.canvas, about), make("figure", {}, scene.canvas, chart.canvas)),
    settingsRow, make("details", {}, make("summary", { textContent: "The same in Python" }), code, row(button("Copy the code", "Copy the code", copy(code)))));

  function place(shown) { // the controls say what is so
    if (shown.move >= (model.get("asked").move ?? 0)) {
      running = shown.running && !shown.trouble;
      chosen = structuredClone(shown.settings);
    }
    put();
    for (const [name, tick] of Object.entries(ticks)) tick.element.hidden = !shown.all.includes(name);
    if (document.activeElement !== field) field.value = shown.line;
    if (code.value !== shown.code) code.value = shown.code;
  }

  function put() {
    label();
    const set = (select, value) => {
      if (![...select.options].some((option) => option.value === String(value))) select.append(make("option", { value, textContent: value }));
      if (document.activeElement !== select || select.value !== String(value)) select.value = String(value);
    };
    for (const name of Object.keys(CHOICES)) set(knobs[name].select, chosen[name]);
    set(depth.select, chosen.hidden.length);
    widths.forEach((one, i) => { one.element.hidden = i >= chosen.hidden.length; if (i < chosen.hidden.length) set(one.select, chosen.hidden[i]); });
    for (const [name, tick] of Object.entries(ticks)) tick.box.checked = chosen.features.includes(name);
  }

  function draw(shown, look) {
    place(shown);
    const tint = diverging(look.class0, look.class1, look.paper), maps = bytes(shown.maps), [rows, columns] = shown.small, size = rows * columns;
    const sheet = (i) => thumb(maps.subarray(i * size, (i + 1) * size), columns, rows, tint);
    shown.all.forEach((name, i) => ticks[name].map.getContext("2d").drawImage(sheet(i), 0, 0, 24, 24));
    net.begin({ x: [0, 1], y: [0, 1] }, look);
    if (fixed.own_model) drawParams(net, shown, look);
    else ({ places, links } = drawNet(net, shown, look, sheet, tint, picked, under));
    tell(shown);
    drawScene(scene, shown, look, tint);
    drawChart(chart, shown.history, look, chart.over);
  }

  function tell(shown) {
    const at = under ?? picked;
    about.setAttribute("aria-live", running ? "off" : "polite");
    const words = fixed.own_model ? "Your own model: every array of its params as a heat map." : !at ? "Point at a unit or a line, or focus the network and use the arrow keys: what it means is told here."
      : at.from ? `Weight from ${at.from} to ${at.to}: ${short(at.value)}.` : unitWords(shown, at, bytes(shown.maps));
    if (about.textContent !== words) about.textContent = words;
  }

  net.describe("Press an arrow key to go from unit to unit; what each means is told below.");
  net.canvas.addEventListener("pointermove", (event) => {
    const box = net.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const near = places.find((p) => Math.abs(p.x - x) < p.size / 2 + 2 && Math.abs(p.y - y) < p.size / 2 + 2);
    const line = near ? null : links.map((l) => ({ ...l, far: Math.min(...l.points.map(([a, b]) => Math.hypot(a - x, b - y))) })).sort((a, b) => a.far - b.far)[0];
    const found = near ?? (line?.far < 9 ? line : null);
    if (found?.name !== under?.name) { under = found; panel.plan(); }
  });
  net.canvas.addEventListener("pointerleave", () => { under = null; panel.plan(); });
  net.canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move || !places.length) return;
    event.preventDefault();
    const layer = Math.max(0, Math.min(places.at(-1).layer, (picked?.layer ?? -1) + move[0])), peers = places.filter((p) => p.layer === Math.max(0, layer));
    picked = peers[Math.max(0, Math.min(peers.length - 1, (picked?.unit ?? 0) + move[1]))];
    under = null;
    panel.plan();
  });
  chart.canvas.addEventListener("pointermove", (event) => { chart.over = chart.at(event).x; panel.plan(); });
  chart.canvas.addEventListener("pointerleave", () => { chart.over = null; panel.plan(); });
  put(); // also when the learner's function failed at once, and there is nothing to draw
  panel.plan();
  return panel.end;
} };

// A choice whose id no other panel on the page has: its label would else name theirs.
function pick(...about) {
  const one = choice(...about);
  one.element.firstChild.htmlFor = one.select.id = `dlw-play-${Math.random().toString(36).slice(2)}`;
  return one;
}

// A small picture of bytes, rows from low y to high y.
function thumb(values, columns, rows, tint) {
  const sheet = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), image = new ImageData(columns, rows);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) image.data.set([...tint(values[r * columns + c] / 255), 255], 4 * ((rows - 1 - r) * columns + c));
  sheet.getContext("2d").putImageData(image, 0, 0);
  return sheet;
}

const leaf = (shown, name) => shown.layers.find((one) => one.name === name);
const layersOf = (shown) => [shown.names, ...shown.settings.hidden.map((n) => Array.from({ length: n }, (_, i) => `unit ${i + 1}`)),
  shown.classes > 2 ? Array.from({ length: shown.classes }, (_, i) => `class ${i}`) : ["output"]];

// Units as small maps, weights as lines: thick if large, vermilion and solid if positive, blue and dashed if negative.
function drawNet(axes, shown, look, sheet, tint, picked, under) {
  const { pen, box } = axes, layers = layersOf(shown), tall = box.bottom - box.top - 22, wide = box.right - box.left, places = [], links = [];
  const size = Math.min(40, tall / Math.max(...layers.map((one) => one.length)) - 6), last = layers.length - 1;
  let map = shown.all.length;
  layers.forEach((names, layer) => names.forEach((unit, i) => {
    const x = box.left + size / 2 + 34 + layer * ((wide - size - 56) / last), y = box.top + 22 + tall * ((i + 0.5) / names.length);
    const index = layer === 0 ? shown.all.indexOf(unit) : layer < last ? map++ : null;
    places.push({ layer, unit: i, x, y, size, index, title: unit, name: `${layer}.${i}` });
  }));
  const at = (layer, i) => places.find((p) => p.layer === layer && p.unit === i);
  for (let layer = 1; layer <= last; layer++) {
    const w = leaf(shown, `w${layer}`);
    layers[layer - 1].forEach((_, i) => layers[layer].forEach((_, j) => {
      const a = at(layer - 1, i), b = at(layer, j), value = w?.values[i * layers[layer].length + j] ?? 0, middle = (a.x + b.x) / 2;
      const name = `${a.name}-${b.name}`, strong = under?.name === name || [under?.name, picked?.name].includes(b.name), x0 = a.x + size / 2, x1 = b.x - size / 2;
      Object.assign(pen, { strokeStyle: value < 0 ? look.data : look.model, lineWidth: 0.6 + 5 * Math.tanh(Math.abs(value) / 2.5), globalAlpha: strong ? 1 : 0.62 });
      pen.setLineDash(value < 0 ? [6, 4] : []);
      pen.beginPath(); pen.moveTo(x0, a.y); pen.bezierCurveTo(middle, a.y, middle, b.y, x1, b.y); pen.stroke();
      const points = Array.from({ length: 21 }, (_, k) => { const t = k / 20, u = 1 - t; return [u ** 3 * x0 + 3 * u * u * t * middle + 3 * u * t * t * middle + t ** 3 * x1, (u ** 3 + 3 * u * u * t) * a.y + (3 * u * t * t + t ** 3) * b.y]; });
      links.push({ name, points, value, from: spoken(layers, a), to: spoken(layers, b) });
    }));
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  for (const p of places) {
    const corner = [p.x - size / 2, p.y - size / 2, size, size], outside = p.layer === last;
    pen.fillStyle = look.paper;
    pen.fillRect(...corner);
    if (!outside) pen.drawImage(sheet(p.index), ...corner);
    else if (shown.classes <= 2) pen.drawImage(thumb(bytes(shown.field), shown.shape[1], shown.shape[0], tint), ...corner);
    else { pen.fillStyle = look[`class${p.unit}`]; mark(pen, p.x, p.y, size / 4, SHAPES[p.unit]); pen.fill(); }
    const now = [under?.name, picked?.name].includes(p.name);
    Object.assign(pen, { strokeStyle: now ? look.ink : look.muted, lineWidth: now ? 3 : 1 });
    pen.strokeRect(...corner);
    Object.assign(pen, { fillStyle: look.muted, font: "11px system-ui, sans-serif", textAlign: "right", textBaseline: "middle" });
    if (p.layer === 0) pen.fillText(p.title, p.x - size / 2 - 4, p.y);
  }
  Object.assign(pen, { fillStyle: look.muted, font: "12px system-ui, sans-serif", textAlign: "center", textBaseline: "top" });
  layers.forEach((_, layer) => pen.fillText(layer === 0 ? "features" : layer === last ? "output" : `layer ${layer}`, at(layer, 0).x, box.top + 2));
  const line = links.find((one) => one.name === under?.name);
  if (line) {
    const [x, y] = line.points[10], words = short(line.value);
    Object.assign(pen, { font: "bold 13px system-ui, sans-serif", strokeStyle: look.paper, lineWidth: 5, fillStyle: look.ink, textBaseline: "middle" });
    pen.strokeText(words, x, y - 10); pen.fillText(words, x, y - 10);
  }
  return { places, links };
}

const spoken = (layers, p) => (p.layer > 0 && p.layer < layers.length - 1 ? `unit ${p.unit + 1} of layer ${p.layer}` : p.title === "output" ? "the output" : p.title);

// What a unit means: its formula, and where over the inputs it is high and low.
function unitWords(shown, p, maps) {
  const layers = layersOf(shown), [rows, columns] = shown.small, size = rows * columns;
  if (p.layer === 0) return `Feature ${p.title}, computed from the inputs; the lines from it show what the net makes of it.`;
  const w = leaf(shown, `w${p.layer}`), b = leaf(shown, `b${p.layer}`), n = layers[p.layer].length;
  const terms = layers[p.layer - 1].map((name, i) => ({ name, value: w.values[i * n + p.unit] })).concat({ name: "", value: b.values[p.unit] });
  const sum = terms.map(({ name, value }, i) => `${value < 0 ? "\u2212" : i ? "+" : ""} ${short(Math.abs(value))} ${name}`.trim()).join(" ").trim();
  if (p.layer === layers.length - 1) return `${shown.classes > 2 ? `The logit of class ${p.unit}` : shown.classes ? "The output's logit, above 0 for class 1" : "The output"}: ${sum}.`;
  const values = [...maps.subarray(p.index * size, (p.index + 1) * size)].map((v) => ((v - 127.5) / 127.5) * shown.scales[p.index]);
  const high = Math.max(...values), low = Math.min(...values), name = `Unit ${p.unit + 1} of layer ${p.layer}`, formula = `${shown.settings.activation === "none" ? "" : shown.settings.activation}(${sum})`;
  if (high - low < 0.05) return `${name} gives about ${short(high)} everywhere: it tells nothing apart. It is ${formula}.`;
  const where = (far) => spot(values.map((v, i) => (Math.abs(v - far) < 0.25 * (high - low) ? [columns > 1 ? (2 * (i % columns)) / (columns - 1) - 1 : 0, rows > 1 ? (2 * Math.floor(i / columns)) / (rows - 1) - 1 : 0] : null)).filter(Boolean));
  return `${name} is high (${short(high)}) ${where(high)} and low (${short(low)}) ${where(low)}. It is ${formula}.`;
}

function spot(cells) {
  const [x, y] = [0, 1].map((k) => cells.reduce((sum, cell) => sum + cell[k], 0) / cells.length), side = Math.abs(x) > 0.22, up = Math.abs(y) > 0.22;
  if (!side && !up) return cells.reduce((sum, cell) => sum + Math.hypot(...cell), 0) / cells.length < 0.6 ? "in the middle" : "on several sides";
  return `at the ${[up ? (y > 0 ? "upper" : "lower") : "", side ? (x > 0 ? "right" : "left") : "edge"].filter(Boolean).join(" ")}`;
}

// The learner's own params: every array a heat map under its name.
function drawParams(axes, shown, look) {
  const { pen, box } = axes, tint = diverging(look.data, look.model, look.paper);
  let x = box.left + 10, y = box.top + 24;
  for (const { name, shape, values } of shown.layers) {
    const columns = shape.at(-1) ?? 1, rows = Math.max(1, values.length / columns), scale = Math.max(1, ...values.map((v) => Math.abs(v ?? 0)));
    const cell = Math.max(3, Math.min(22, 150 / columns, 120 / rows)), map = Uint8Array.from(values, (v) => 127.5 + (127.5 * (v ?? 0)) / scale);
    if (x + columns * cell > box.right - 10) { x = box.left + 10; y += 165; }
    pen.imageSmoothingEnabled = false;
    pen.drawImage(thumb(map, columns, rows, tint), x, y, columns * cell, rows * cell);
    pen.strokeStyle = look.muted;
    pen.strokeRect(x, y, columns * cell, rows * cell);
    Object.assign(pen, { fillStyle: look.ink, font: "12px system-ui, sans-serif", textAlign: "left", textBaseline: "bottom" });
    pen.fillText(`${name} (${shape.join(", ")})`, x, y - 4);
    x += Math.max(columns * cell, 70) + 18;
  }
  pen.imageSmoothingEnabled = true;
}

function mark(pen, x, y, r, shape) {
  pen.beginPath();
  if (shape === "circle") pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === "square") pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  else (shape === "triangle" ? [[0, -1.2], [1.1, 0.9], [-1.1, 0.9]] : [[0, -1.3], [1.2, 0], [0, 1.3], [-1.2, 0]]).forEach(([a, b], i) => (i ? pen.lineTo(x + a * r, y + b * r) : pen.moveTo(x + a * r, y + b * r)));
  pen.closePath();
}

// The map over two inputs, or the curve over one, with the points: test points hollow.
function drawScene(axes, shown, look, tint) {
  const { points, limits, classes, shape, curve } = shown, heights = points.x2 ?? points.y, test = new Set(points.test);
  axes.names.y = points.x2 ? "x2" : "y";
  axes.begin({ x: limits[0], y: limits[1] ?? around(heights, 0.25) }, look);
  const many = ["class0", "class1", "class2", "class3"].map((name) => diverging(look.paper, look[name], look.paper));
  if (!curve) axes.map(bytes(shown.field), shape[1], shape[0], classes > 2 ? (t) => many[Math.floor((t * 255) / 64)](0.5 + (Math.round(t * 255) % 64) / 126) : tint, { alpha: 0.6 });
  axes.inside(() => points.x.forEach((x, i) => {
    const kind = classes ? points.y[i] : 0, pen = axes.pen, colour = classes ? look[`class${kind}`] : look.data;
    mark(pen, axes.px(x), axes.py(heights[i]), 4, SHAPES[kind]);
    Object.assign(pen, { fillStyle: test.has(i) ? look.paper : colour, strokeStyle: test.has(i) ? colour : look.paper, lineWidth: test.has(i) ? 2 : 1 });
    pen.setLineDash([]); pen.fill(); pen.stroke();
  }));
  if (curve) axes.line(curve.map((_, i) => limits[0][0] + ((limits[0][1] - limits[0][0]) * i) / (curve.length - 1)), curve, look.model, { width: 3 });
  axes.describe(`${points.x.length} points, ${test.size} of them, drawn hollow, for the test. ${shown.strong}. ${shown.words}`);
}

function drawChart(axes, { step, train, test }, look, over) {
  axes.begin({ x: [0, Math.max(10, ...step)], y: around([0, ...train, ...test], 0.05) }, look);
  axes.line(step, train, look.loss, { width: 2 });
  axes.line(step, test, look.test, { width: 2, dash: [7, 4] });
  const known = test.some((v) => v !== null), ends = axes.range;
  axes.text(ends.x[1], ends.y[1], known ? "train \u2014   test - -" : "train \u2014", look.muted, { align: "right", dy: 10, dx: -4 });
  axes.describe(`Train loss now ${short(train.at(-1))}, at first ${short(train[0])}${known ? `; test loss now ${short(test.at(-1))}` : ""}.`);
  if (over === null || over === undefined) return;
  const i = step.reduce((best, s, k) => (Math.abs(s - over) < Math.abs(step[best] - over) ? k : best), 0), left = step[i] > ends.x[1] / 2;
  axes.line([step[i], step[i]], ends.y, look.muted, { width: 1 });
  axes.text(step[i], ends.y[1], `step ${step[i]}: train ${short(train[i])}${known ? `, test ${short(test[i])}` : ""}`, look.ink, { align: left ? "right" : "left", dx: left ? -6 : 6, dy: 26 });
}
