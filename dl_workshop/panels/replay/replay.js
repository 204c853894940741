// Replay: one slider through a training; the model over its data, the loss curve, and the weights of that step.
import { around, bytes, diverging, short } from "../drawing.js";
import { button, connect, make, picture, slider, toggle } from "../controls.js";
import { cells, drawOver } from "../over_data.js";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export default { render({ model, el }) {
  const settings = model.get("settings"), { data, steps, losses, weights } = settings, last = steps.length - 1;
  const curves = weights[0].kind === "curve";
  const scene = picture("The model over the data", { height: 400 });
  const history = picture("The loss in training", { height: 190, x: "step", y: "loss" });
  const sheets = picture("The weights", { height: 210, x: "step", y: "params", bare: !curves });
  const panel = connect({ model, el }, draw);
  let playing = false, pointed = null;

  const nearest = (list, v) => list.reduce((best, one, i) => (Math.abs(one - v) < Math.abs(list[best] - v) ? i : best), 0);
  const seek = (step) => { playing = false; panel.ask({ act: "seek", row: nearest(steps, step), playing }); };
  const where = slider({ name: "step", value: steps[last], min: steps[0], max: Math.max(steps[last], steps[0] + 1), step: last ? (steps[last] - steps[0]) / last : 1 }, seek);
  const play = button("Play", "Through the training, until you pause", () => { playing = !playing; panel.ask({ act: playing ? "play" : "pause", playing }); panel.plan(); });
  const first = button("First", "To the start of the training", () => seek(steps[0]));
  const end = button("Last", "To the end of the training", () => seek(steps[last]));
  const log = toggle("Log scale", "Draw the logarithm of the loss", panel.plan);
  scene.element.style.flexGrow = 1.3;
  el.append(make("div", { className: "dlw-controls" }, where.element),
    make("div", { className: "dlw-row" }, play, first, end, log, panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-note", textContent: settings.stopped ? `Training stopped: ${settings.stopped}.` : "" }),
    make("div", { className: "dlw-pictures" }, scene.element, make("figure", {}, history.canvas, sheets.canvas)));
  where.element.parentElement.style.gridTemplateColumns = "1fr";
  const point = (event) => { pointed = event ? history.at(event).x : null; panel.plan(); };
  history.canvas.addEventListener("pointermove", point);
  history.canvas.addEventListener("pointerleave", () => point(null));
  history.canvas.addEventListener("click", (event) => seek(history.at(event).x));
  history.canvas.style.cursor = "pointer";

  function draw(shown, look) {
    if (shown.move === Number(el.dataset.asked ?? shown.move)) { // an older answer must not take the slider back
      if (!shown.playing || shown.trouble) playing = false;
      where.set(steps[shown.row]);
    }
    play.textContent = playing ? "Pause" : "Play";
    drawOver(scene, data, shown, look);
    drawLosses(shown, look);
    (curves ? drawCurves : drawSheets)(shown, look);
  }

  function drawLosses({ row, told, words }, look) {
    const to = (v) => (v === null || (log.on && v <= 0) ? null : log.on ? Math.log10(v) : v), values = losses.values.map(to);
    history.names.y = log.on ? "log10 of the loss" : "loss";
    history.begin({ x: [0, 1.03 * Math.max(steps[last], 1)], y: around(log.on ? values : [0, ...values]) }, look);
    history.line(losses.steps, values, look.loss, { width: 2 });
    history.line([steps[row], steps[row]], history.range.y, look.model, { width: 1.5, dash: [5, 4] });
    history.points([steps[row]], [to(told)], look.model, { radius: 5, edge: look.paper, alpha: 1 });
    if (pointed !== null && losses.steps.length) {
      const at = nearest(losses.steps, pointed), x = losses.steps[at], left = x > steps[last] / 2;
      history.points([x], [values[at]], look.ink, { radius: 4 });
      const name = `step ${x}: loss ${short(losses.values[at])}`;
      history.text(x, history.range.y[1], name, look.ink, { align: left ? "right" : "left", dx: left ? -8 : 8, dy: 10 });
      history.canvas.title = name;
    }
    history.describe(words);
  }

  // Few numbers: each as a curve over the training, with its name and its value where we are.
  function drawCurves({ row }, look) {
    const hues = [look.model, look.loss, look.truth, look.residual];
    sheets.begin({ x: [0, 1.03 * Math.max(steps[last], 1)], y: around(weights.flatMap((one) => one.values), 0.1) }, look);
    sheets.line([steps[row], steps[row]], sheets.range.y, look.model, { width: 1.5, dash: [5, 4] });
    weights.forEach((one, i) => {
      sheets.line(steps, one.values, hues[i % 4], { width: 2, dash: DASHES[Math.floor(i / 2) % 4] });
      sheets.points([steps[row]], [one.values[row]], hues[i % 4], { radius: 4, edge: look.paper, alpha: 1, shape: i % 2 ? "square" : "circle" });
    });
    const left = steps[row] > steps[last] / 2;
    weights.forEach((one) => sheets.text(steps[row], one.values[row], `${one.name} = ${short(one.values[row])}`, look.ink, { align: left ? "right" : "left", dx: left ? -9 : 9, dy: -9 }));
    sheets.describe(`At step ${steps[row]}: ${weights.map((one) => `${one.name} is ${short(one.values[row])}`).join(", ")}`);
  }

  // Many: a map for each leaf, a column for each unit; for large leaves how many weights have which size.
  function drawSheets({ weights: now }, look) {
    sheets.begin({ x: [0, 1], y: [0, 1] }, look);
    const { left, right, top, bottom } = sheets.box, stacks = []; // the bias of a layer stands below its weights, unit by unit
    weights.forEach((one, i) => (one.rows === 1 && weights[i - 1]?.columns === one.columns && weights[i - 1].rows > 1 ? stacks.at(-1) : stacks[stacks.push([]) - 1]).push(i));
    const across = Math.min(stacks.length, 4), down = Math.ceil(stacks.length / across);
    const width = (right - left) / across, height = (bottom - top) / down, tint = diverging(look.data, look.class1, look.paper);
    stacks.forEach((stack, k) => stack.forEach((i, lower) => {
      const one = weights[i], two = stack.length > 1, x = left + (k % across) * width + 3, y = top + Math.floor(k / across) * height + 20;
      const place = { left: x, top: lower ? y + height - 46 : y, width: width - 8, height: lower ? 20 : two ? height - 70 : height - 26 };
      const sheet = one.kind === "map" ? bytes(now[i]) : now[i], value = (k) => ((sheet[k] - 127.5) / 127.5) * one.top;
      Object.assign(sheets.pen, { fillStyle: look.ink, font: "12px system-ui, sans-serif", textAlign: "left", textBaseline: "alphabetic", globalAlpha: 1 });
      sheets.pen.fillText(`${one.name} (${one.shape}), \u00b1${short(one.top)}`, place.left, place.top - 6, place.width);
      if (one.kind === "map") cells(sheets, place, one.columns, one.rows, (k) => tint(sheet[k] / 255), (k) => short(Number(value(k).toPrecision(2))), look);
      else bars(sheets.pen, place, sheet, look);
    }));
    sheets.describe(`From blue, below 0, to orange, above 0. ${weights.map((one) => `${one.name}: ${one.shape}, up to ${short(one.top)} in size`).join("; ")}.`);
  }

  panel.plan();
  return panel.end;
} };

// How many weights have which size: one bar each, 0 in the middle.
function bars(pen, { left, top, width, height }, counts, look) {
  const most = Math.max(...counts, 1), w = width / counts.length;
  pen.fillStyle = look.data;
  counts.forEach((count, i) => pen.fillRect(left + i * w, top + height * (1 - count / most), w - 0.5, (height * count) / most));
  Object.assign(pen, { strokeStyle: look.muted, lineWidth: 1 });
  pen.strokeRect(left, top, width, height);
  pen.beginPath(); pen.moveTo(left + width / 2, top); pen.lineTo(left + width / 2, top + height); pen.stroke();
}
