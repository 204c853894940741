// A model over its data, as over_data.py computes it: a curve with its misses, a map over two inputs, rows, or counts.
import { around, bytes, diverging, sequential } from "./drawing.js";

// axes: where to draw.  data: what stands still.  shown: one state of the model.
export function drawOver(axes, data, shown, look) {
  axes.names = data.kind === "confusion" ? { x: "predicted class", y: "true class" } : { x: data.names[0], y: data.names[1] };
  ({ map: drawMap, confusion: drawCounts, curve: drawCurve, rows: drawCurve })[data.kind](axes, data, shown, look);
  axes.describe(shown.words);
}

const colours = (data, look) => data.y.map((v) => (data.classes ? look[`class${v % 4}`] : data.labels ? (v > 0.5 ? look.class1 : look.class0) : look.data));
const shapes = (data) => data.y.map((v) => (data.labels && v > 0.5 ? "square" : "circle"));
const css = (colour) => `rgb(${colour.map(Math.round)})`;
const within = (v) => (v === null ? null : Math.max(-3, Math.min(4, v))); // probabilities, or logits taken for them

function drawCurve(axes, data, { curve, y_pred }, look) {
  const limits = data.labels ? around([-0.05, 1.05, ...y_pred.map(within)], 0.03) : data.y_range;
  axes.begin({ x: data.x_range, y: limits }, look);
  if (data.kind === "rows") {
    if (!data.labels) axes.line(data.x_range, data.x_range, look.muted, { width: 1.5, dash: [6, 4] });
    return axes.points(data.x, y_pred, colours(data, look), { shape: shapes(data) });
  }
  axes.bars(data.x, data.y, y_pred, look.residual);
  axes.points(data.x, data.y, colours(data, look), { shape: shapes(data) });
  if (curve) axes.line(data.grid, curve, look.model, { width: 3 });
}

function drawMap(axes, data, { field }, look) {
  axes.begin({ x: data.x_range, y: data.y_range }, look);
  const range = diverging(look.class0, look.class1, look.paper), [low, high] = data.low_high;
  const hues = [0, 1, 2, 3].map((k) => diverging(look[`class${k}`], look.paper, look.paper)(0));
  axes.map(bytes(field), data.side, data.side, data.classes ? (t) => hues[Math.round(255 * t) % 4] : range, { alpha: data.classes ? 0.4 : 0.6 });
  if (data.classes) data.y.forEach((v, i) => axes.text(data.x[i], data.x2[i], String(v), look.ink, { align: "center", size: 11 }));
  else axes.points(data.x, data.x2, data.labels ? colours(data, look) : data.y.map((v) => css(range((v - low) / (high - low)))), { shape: shapes(data), edge: data.labels ? look.paper : look.ink, radius: 4 });
}

function drawCounts(axes, data, { counts }, look) {
  const k = data.classes, most = Math.max(...counts, 1), soft = look.dark ? [50, 50, 50] : [242, 244, 247];
  axes.begin({ x: [-0.5, k - 0.5], y: [k - 0.5, -0.5] }, look);
  const { left, right, top, bottom } = axes.box;
  cells(axes, { left, top, width: right - left, height: bottom - top }, k, k,
    (i) => (counts[i] ? sequential(counts[i] / most) : soft), (i) => (counts[i] ? String(counts[i]) : ""));
}

// A table as coloured cells, with the number in each where there is room for it.
export function cells({ pen }, { left, top, width, height }, columns, rows, colour, word, look = null) {
  const [w, h] = [width / columns, height / rows];
  Object.assign(pen, { font: "11px system-ui, sans-serif", textAlign: "center", textBaseline: "middle", globalAlpha: 1 });
  for (let i = 0; i < rows * columns; i++) {
    const [x, y] = [left + (i % columns) * w, top + Math.floor(i / columns) * h], paint = colour(i);
    pen.fillStyle = css(paint);
    pen.fillRect(x, y, Math.max(w - (w > 6 ? 1 : 0), 0.5), Math.max(h - (h > 6 ? 1 : 0), 0.5));
    if (w < 34 || h < 14) continue;
    pen.fillStyle = 0.3 * paint[0] + 0.6 * paint[1] + 0.1 * paint[2] < 128 ? "#ffffff" : "#000000";
    pen.fillText(word(i), x + w / 2, y + h / 2, w - 4);
  }
  if (look) { pen.strokeStyle = look.grid; pen.lineWidth = 1; pen.strokeRect(left, top, width, height); }
}
