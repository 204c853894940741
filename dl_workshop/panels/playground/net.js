// What the playground draws: the network with a small map in every unit, the data with the model over it, the losses.
import { around, bytes, diverging, short } from "../drawing.js";
import { Surface } from "../surface.js";

export const SHAPES = ["circle", "square", "triangle", "diamond"];

// A small picture of bytes, rows from low y to high y.
export function thumb(values, columns, rows, tint) {
  const sheet = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), image = new ImageData(columns, rows);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) image.data.set([...tint(values[r * columns + c] / 255), 255], 4 * ((rows - 1 - r) * columns + c));
  sheet.getContext("2d").putImageData(image, 0, 0);
  return sheet;
}

export const leaf = (shown, name) => shown.layers.find((one) => one.name === name);
export const layersOf = (shown) => [shown.names, ...shown.settings.hidden.map((n) => Array.from({ length: n }, (_, i) => `unit ${i + 1}`)),
  shown.classes > 2 ? Array.from({ length: shown.classes }, (_, i) => `class ${i}`) : ["output"]];

// Units as small maps, weights as lines: thick if large, vermilion and solid if positive, blue and dashed if negative.
export function drawNet(axes, shown, look, sheet, tint, picked, under) {
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
export function unitWords(shown, p, maps) {
  const layers = layersOf(shown), [rows, columns] = shown.small, size = rows * columns;
  if (p.layer === 0) return `Feature ${p.title}, computed from the inputs; the lines from it show what the net makes of it.`;
  const w = leaf(shown, `w${p.layer}`), b = leaf(shown, `b${p.layer}`), n = layers[p.layer].length;
  const terms = layers[p.layer - 1].map((name, i) => ({ name, value: w.values[i * n + p.unit] })).concat({ name: "", value: b.values[p.unit] });
  const sum = terms.map(({ name, value }, i) => `${value < 0 ? "\u2212" : i ? "+" : ""} ${short(Math.abs(value))} ${name}`.trim()).join(" ").trim();
  if (p.layer === layers.length - 1) return `${shown.classes > 2 ? `The logit of class ${p.unit}` : shown.classes ? "The output's logit, above 0 for class 1" : "The output"}: ${sum}.`;
  const values = [...maps.subarray(p.index * size, (p.index + 1) * size)].map((v) => ((v - 127.5) / 127.5) * shown.scales[p.index]);
  const high = Math.max(...values), low = Math.min(...values), name = `Unit ${p.unit + 1} of layer ${p.layer}`, names = shown.settings.activation.split(","), bent = names[Math.min(p.layer, names.length) - 1], formula = `${bent === "none" ? "" : bent}(${sum})`;
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
export function drawParams(axes, shown, look) {
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

// The colour of a byte of the decision map; sharp: that of the class alone, not how sure the network is.
function paintOf({ classes }, look, tint, sharp) {
  if (classes <= 2) return sharp && classes ? (t) => tint(t < 0.5 ? 0 : 1) : tint;
  const hues = ["class0", "class1", "class2", "class3"].map((name) => diverging(look.paper, look[name], look.paper));
  return (t) => { const v = Math.round(255 * t); return hues[v >> 6](sharp ? 1 : 0.5 + (v % 64) / 126); };
}

const colourOf = ({ classes, points }, look, i) => (classes ? look[`class${points.y[i]}`] : look.data);

// The map over two inputs, or the curve over one, with the points: test points hollow.  over: where the mouse is.
export function drawScene(axes, shown, look, tint, sharp = false, over = null) {
  const { points, limits, classes, shape, curve } = shown, heights = points.x2 ?? points.y, test = new Set(points.test);
  axes.names.y = points.x2 ? "x2" : "y";
  axes.begin({ x: limits[0], y: limits[1] ?? around(heights, 0.25) }, look);
  if (!curve) axes.map(bytes(shown.field), shape[1], shape[0], paintOf(shown, look, tint, sharp), { alpha: 0.6 });
  axes.inside(() => points.x.forEach((x, i) => {
    const pen = axes.pen, colour = colourOf(shown, look, i);
    mark(pen, axes.px(x), axes.py(heights[i]), 4, SHAPES[classes ? points.y[i] : 0]);
    Object.assign(pen, { fillStyle: test.has(i) ? look.paper : colour, strokeStyle: test.has(i) ? colour : look.paper, lineWidth: test.has(i) ? 2 : 1 });
    pen.setLineDash([]); pen.fill(); pen.stroke();
  }));
  if (curve) axes.line(curve.map((_, i) => limits[0][0] + ((limits[0][1] - limits[0][0]) * i) / (curve.length - 1)), curve, look.model, { width: 3 });
  axes.describe(`${points.x.length} points, ${test.size} of them, drawn hollow, for the test. ${shown.strong}. ${shown.words}`);
  axes.canvas.dataset.read = over ? valueAt(shown, over) : ""; // for tests
  if (!over || !axes.canvas.dataset.read) return;
  const left = over.x > (limits[0][0] + limits[0][1]) / 2;
  axes.text(over.x, over.y, axes.canvas.dataset.read, look.ink, { align: left ? "right" : "left", dx: left ? -12 : 12, dy: -12, size: 13 });
}

// What the network gives at a place, in words; nothing outside the map.
function valueAt(shown, { x, y }) {
  const { limits, shape, classes, curve, points } = shown;
  const [c, r] = [x, y].map((v, k) => (limits[k] ? Math.round(((v - limits[k][0]) / (limits[k][1] - limits[k][0])) * (shape[1 - k] - 1)) : 0));
  if (c < 0 || r < 0 || c >= shape[1] || r >= shape[0]) return "";
  if (curve) return `${short(curve[c])} at x1 = ${short(Number(x.toPrecision(2)))}`;
  const v = bytes(shown.field)[r * shape[1] + c], low = Math.min(...points.y), high = Math.max(...points.y);
  return classes > 2 ? `class ${v >> 6} is likeliest` : classes ? `p = ${short(Number((v / 255).toFixed(2)))}` : short(Number((low + (v / 255) * (high - low)).toPrecision(2)));
}

// The same output as a surface: as high as class 1 is probable; of many classes, as the likeliest is sure.
export function drawSolid(axes, shown, look, tint, turn, sharp) {
  const { limits, shape, classes, points } = shown, field = bytes(shown.field), paint = paintOf(shown, look, tint, sharp);
  const along = (k, n) => Array.from({ length: n }, (_, i) => limits[k][0] + ((limits[k][1] - limits[k][0]) * i) / (n - 1));
  const heights = Array.from(field, (v) => (classes > 2 ? (v % 64) / 63 : sharp && classes ? Math.round(v / 255) : v / 255));
  const view = new Surface(axes, { x: limits[0], y: limits[1] }, turn, look, { across: along(0, shape[1]), along: along(1, shape[0]), heights });
  view.floor();
  view.faces((_, place) => paint(field[place] / 255));
  points.x.forEach((x, i) => view.point([x, points.x2[i]], colourOf(shown, look, i), 3, look.paper));
  const height = classes > 2 ? "how sure the likeliest class is" : classes ? "probability of class 1" : "output";
  view.names(["x1", "x2"]);
  view.say(`height: ${height}`);
  axes.describe(`Height: ${height}. Drag it, or press the arrow keys, to turn it. ${shown.strong}. ${shown.words}`);
}

export function drawChart(axes, { step, train, test }, look, over) {
  const [low, high] = around([0, ...train, ...test], 0.05);
  axes.begin({ x: [0, Math.max(10, ...step)], y: [low, high + 0.2 * (high - low)] }, look); // room for the names
  axes.line(step, train, look.loss, { width: 2 });
  axes.line(step, test, look.test, { width: 2, dash: [7, 4] });
  const known = test.some((v) => v !== null), ends = axes.range;
  axes.text(ends.x[1], ends.y[1], "train \u2014", look.loss, { align: "right", dy: 10, dx: known ? -62 : -4 });
  if (known) axes.text(ends.x[1], ends.y[1], "test - -", look.test, { align: "right", dy: 10, dx: -4 });
  axes.describe(`Train loss now ${short(train.at(-1))}, at first ${short(train[0])}${known ? `; test loss now ${short(test.at(-1))}` : ""}.`);
  if (over === null || over === undefined) return;
  const i = step.reduce((best, s, k) => (Math.abs(s - over) < Math.abs(step[best] - over) ? k : best), 0), left = step[i] > ends.x[1] / 2;
  axes.line([step[i], step[i]], ends.y, look.muted, { width: 1 });
  axes.text(step[i], ends.y[1], `step ${step[i]}: train ${short(train[i])}${known ? `, test ${short(test[i])}` : ""}`, look.ink, { align: left ? "right" : "left", dx: left ? -6 : 6, dy: 26 });
}
