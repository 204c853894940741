// Fit by hand: sliders, the model over the data with its misses, the loss so far, and where you have been.
import { around, sequential, short } from "../drawing.js";
import { button, connect, make, picture, slider, toggle } from "../controls.js";
import { drawOver } from "../over_data.js";

export default { render({ model, el }) {
  const settings = model.get("settings"), { data, sliders, pair } = settings;
  const scene = picture("The model over the data", { height: 330 });
  const history = picture("The loss after each move", { height: pair ? 160 : 330, x: "move", y: "loss" });
  const map = pair ? picture("Where you have been", { height: 165, x: pair[0], y: pair[1] }) : null;
  const panel = connect({ model, el }, draw);
  let placed = null; // the move whose values the sliders took over: a drawing anew must not move them back

  const values = () => Object.fromEntries(knobs.map((knob, i) => [sliders[i].name, knob.value]));
  const knobs = sliders.map((one) => slider(one, () => panel.ask({ values: values() }), () => panel.plan()));
  const act = (name) => () => panel.ask({ act: name, values: values() });
  const gradient = toggle("Show me the gradient", "An arrow for the direction in which the loss falls fastest", (on) => panel.ask({ values: values(), gradient: on }));
  const step = button("Take one step", "Move all sliders a little, against the gradient", act("step"));
  const reset = button("Reset", "Back to where the sliders started; forget the trace", () => {
    knobs.forEach((knob, i) => knob.set(sliders[i].value)); // at once: the next move must not bring old values back
    act("reset")();
  });
  const ranges = toggle("Ranges", "Show the ends of every slider, and change them", (on) => knobs.forEach((knob) => knob.showEnds(on)));
  const pictures = make("div", { className: "dlw-pictures" }, scene.element, make("figure", { className: "dlw-pair" }, history.canvas, ...(map ? [map.canvas] : [])));
  scene.element.style.flexGrow = 1.7;
  el.append(make("div", { className: "dlw-controls" }, ...knobs.map((knob) => knob.element)),
    make("div", { className: "dlw-row" }, gradient, step, reset, ranges, panel.words), panel.trouble, panel.note, pictures);

  function draw(shown, look) {
    if (placed === null || (shown.placed && shown.move !== placed)) {
      placed = shown.move;
      knobs.forEach((knob, i) => knob.set(shown.values[sliders[i].name]));
    }
    drawOver(scene, data, shown, look);
    const losses = shown.losses;
    history.begin({ x: [0, Math.max(10, losses.length)], y: around([0, ...losses]) }, look);
    if (shown.best !== null) history.line([0, Math.max(10, losses.length)], [shown.best, shown.best], look.truth, { width: 1.5, dash: [5, 4] });
    history.line(losses.map((_, i) => i), losses, look.loss, { width: 1.8 });
    history.points([losses.length - 1], [losses.at(-1)], look.model, { radius: 4 });
    history.describe(`Now ${short(losses.at(-1))}, lowest ${short(Math.min(...losses.filter((v) => v !== null)))}${shown.best === null ? "" : `; dashed: the best, ${short(shown.best)}`}.`);
    if (map) drawMap(shown, look);
  }

  function drawMap({ trace, losses, values, slope }, look) {
    const ends = knobs.map((knob) => knob.ends), [a, b] = pair, at = [values[a], values[b]];
    const reach = [0, 1].map((i) => [Math.min(ends[i][0], ...trace.map((p) => p[i])), Math.max(ends[i][1], ...trace.map((p) => p[i]))]);
    map.begin({ x: reach[0], y: reach[1] }, look);
    const known = losses.filter((v) => v !== null).map(Math.log1p), low = Math.min(...known), high = Math.max(...known);
    const colours = losses.map((v) => v === null ? look.muted : `rgb(${sequential(1 - (Math.log1p(v) - low) / (high - low || 1)).map(Math.round)})`);
    map.line(trace.map((p) => p[0]), trace.map((p) => p[1]), look.muted, { width: 1, alpha: 0.6 });
    map.points(trace.map((p) => p[0]), trace.map((p) => p[1]), colours, { radius: 4, edge: look.muted, alpha: 1 });
    if (slope && !slope.includes(null)) map.arrow(...at, slope[0], slope[1], look.gradient);
    map.points([at[0]], [at[1]], look.model, { radius: 5, edge: look.paper, alpha: 1 });
    map.describe(`${trace.length} places visited; now ${a} ${short(at[0])}, ${b} ${short(at[1])}.`);
  }

  panel.plan();
  return panel.end;
} };
