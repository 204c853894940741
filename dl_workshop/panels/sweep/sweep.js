// Sweep: all runs are here already; the slider chooses which one is drawn. No kernel is asked.
import { short } from "../drawing.js";
import { connect, make, picture } from "../controls.js";
import { drawOver } from "../over_data.js";

const SHAPES = { crawls: "triangle", converges: "circle", flips: "diamond", diverges: "cross", "settles higher": "square" };
const log10 = (v) => Math.log10(v);

export default { render({ model, el }) {
  const settings = model.get("settings"), { data, what } = settings;
  const curves = picture("Loss curves", { height: 300, x: "step", y: "loss" });
  const finals = picture("Final loss of every run", { height: 250, x: what, y: "final loss" });
  const scene = picture("The final model of the chosen run", { height: 250, x: "x", y: "y" });
  const panel = connect({ model, el }, draw);
  let chosen = null;

  const range = make("input", { type: "range", id: `sweep-${Math.random()}`, min: 0, step: 1, oninput: () => choose(Number(range.value)) });
  const label = make("label", { htmlFor: range.id, textContent: what }), readout = make("span", { ariaHidden: "true" }); // the slider says it
  const legend = make("div", { className: "dlw-note" });
  finals.canvas.addEventListener("pointerdown", (event) => choose(nearest(finals.at(event).x)));
  finals.canvas.style.cursor = "pointer";
  const pictures = make("div", { className: "dlw-pictures" }, finals.element, scene.element);
  const top = make("div", { className: "dlw-pictures" }, curves.element);
  el.append(make("div", { className: "dlw-slider", style: "padding: 0 6px" }, label, range, readout),
    make("div", { className: "dlw-row" }, panel.words), panel.trouble, panel.note, top, pictures, legend);

  function choose(i) {
    if (i === chosen || i < 0) return;
    chosen = i;
    panel.plan();
  }

  // Where a run stands on the axis of values: step sizes by their logarithm.
  const along = (value) => (settings.log ? log10(value) : value);
  function nearest(place) {
    const far = model.get("shown").runs.map((run) => Math.abs(along(run.value) - place));
    return far.indexOf(Math.min(...far));
  }

  function draw({ runs, steps, scale, chosen: best }, look) {
    chosen ??= best;
    const run = runs[chosen], name = `${what} ${short(run.value)}`;
    range.max = runs.length - 1;
    range.value = chosen;
    range.setAttribute("aria-valuetext", `${name} ${run.verdict}`);
    readout.textContent = short(run.value);
    panel.words.replaceChildren(make("b", { textContent: run.strong }), run.words);
    el.dataset.chosen = chosen;
    // A loss on its axis: what is above it, infinite or no number stands at its upper edge.
    const up = (v) => (v === null ? null : scale.log ? log10(Math.max(v, scale.low)) : v);
    const heights = [up(scale.low), up(scale.high)], edge = (v) => (v === null ? heights[1] : Math.min(up(v), heights[1]));

    curves.logs = { y: scale.log };
    curves.begin({ x: [0, steps.at(-1)], y: heights }, look);
    runs.forEach((one, i) => { if (i !== chosen) curves.line(steps, one.losses.map(up), look.muted, { width: 1, alpha: 0.35, dash: one.verdict === "diverges" ? [4, 4] : [] }); });
    curves.line(steps, run.losses.map(up), look.model, { width: 3.5 });
    const first = run.losses.findLastIndex((v) => v !== null && up(v) <= heights[1]);
    if (first >= 0) curves.text(steps[first], up(run.losses[first]), name, look.ink, { size: 13, ...(first > steps.length / 2 ? { align: "right", dx: -6, dy: -12 } : { dx: 8, dy: 10 }) });
    curves.describe(`${runs.length} runs; ${name} ${run.verdict}: ${run.words} First loss ${short(run.losses[0])}, last ${short(run.final)}.`);

    const places = runs.map((one) => along(one.value)), more = 0.05 * (Math.max(...places) - Math.min(...places));
    finals.logs = { x: settings.log, y: scale.log };
    finals.begin({ x: [Math.min(...places) - more, Math.max(...places) + more], y: [heights[0], heights[1] + 0.05 * (heights[1] - heights[0])] }, look);
    runs.forEach((one, i) => mark(finals, places[i], edge(one.final), SHAPES[one.verdict], look.data));
    ring(finals, places[chosen], edge(run.final), look.model);
    const kinds = [...new Set(runs.map((one) => one.verdict))];
    legend.textContent = `Final loss: ${kinds.map((kind) => `${SIGNS[SHAPES[kind]]} ${kind}`).join("   ")}.${runs.some((one) => edge(one.final) === heights[1]) ? " What left the axis stands at its upper edge." : ""}${run.final === null ? " The model drawn is the last whose loss was finite." : ""}`;
    finals.describe(kinds.map((kind) => `${kind}: ${runs.filter((one) => one.verdict === kind).map((one) => short(one.value)).join(", ")}`).join("; ") + `. Chosen: ${name}.`);
    drawOver(scene, data, run.over, look);
    scene.describe(`${run.verdict}. ${run.over.words}.`);
  }

  panel.plan();
  return panel.end;
} };

const SIGNS = { triangle: "△", circle: "●", diamond: "◆", cross: "✕", square: "■" };

function mark(axes, x, y, shape, colour) {
  const pen = axes.pen, [a, b, r] = [axes.px(x), axes.py(y), 5];
  const corners = { triangle: [[0, -r], [r, r], [-r, r]], diamond: [[0, -r - 1], [r + 1, 0], [0, r + 1], [-r - 1, 0]], square: [[-r, -r], [r, -r], [r, r], [-r, r]] }[shape];
  Object.assign(pen, { fillStyle: colour, strokeStyle: colour, lineWidth: 2, globalAlpha: 1 });
  pen.beginPath();
  if (shape === "cross") for (const way of [-1, 1]) { pen.moveTo(a - r, b - way * r); pen.lineTo(a + r, b + way * r); }
  else if (corners) { corners.forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](a + dx, b + dy)); pen.closePath(); }
  else pen.arc(a, b, r, 0, 2 * Math.PI);
  if (shape === "cross" || shape === "triangle") pen.stroke(); else pen.fill();
}

function ring(axes, x, y, colour) {
  const pen = axes.pen;
  Object.assign(pen, { strokeStyle: colour, lineWidth: 3, globalAlpha: 1 });
  pen.beginPath();
  pen.arc(axes.px(x), axes.py(y), 10, 0, 2 * Math.PI);
  pen.stroke();
}
