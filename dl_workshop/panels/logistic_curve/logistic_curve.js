// The logistic curve: its midpoint, its slope there, and labelled points if there are any.
import { short } from "../drawing.js";
import { button, connect, make, picture, slider } from "../controls.js";

export default { render({ model, el }) {
  const settings = model.get("settings"), { grid, plain, sliders, x, y, x_range } = settings;
  const scene = picture("The logistic curve", { height: 320, x: "x", y: x.length ? "p, the probability that y is 1" : "p" });
  const panel = connect({ model, el }, draw);

  const values = () => Object.fromEntries(sliders.map((one, i) => [one.name, knobs[i].value]));
  const knobs = sliders.map((one) => slider(one, () => panel.ask({ values: values() })));
  const reset = button("Reset", "Back to where the sliders started", () => {
    knobs.forEach((knob, i) => knob.set(sliders[i].value));
    panel.ask({ values: values() });
  });
  el.append(make("div", { className: "dlw-controls" }, ...knobs.map((knob) => knob.element)),
    make("div", { className: "dlw-row" }, reset, panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-pictures" }, scene.element));

  function draw({ p, midpoint, slope, strong, words }, look) {
    const [low, high] = x_range;
    scene.begin({ x: x_range, y: [-0.06, 1.06] }, look);
    scene.line(x_range, [0.5, 0.5], look.muted, { width: 1, dash: [2, 4] });
    if (!x.length) scene.line(grid, plain, look.muted, { width: 1.2, dash: [6, 4] });
    scene.points(x, y, y.map((label) => (label > 0.5 ? look.class1 : look.class0)), { radius: 4, shape: y.map((label) => (label > 0.5 ? "square" : "circle")), alpha: 0.7 });
    scene.line(grid, p, look.model, { width: 3 });
    if (midpoint !== null) {
      const half = Math.min(0.1 * (high - low), 0.35 / Math.abs(slope));
      scene.line([midpoint, midpoint], [-0.06, 0.5], look.data, { width: 1.5, dash: [6, 4] });
      scene.line([midpoint - half, midpoint + half], [0.5 - slope * half, 0.5 + slope * half], look.gradient, { width: 2.2 });
      scene.points([midpoint], [0.5], look.data, { radius: 6, alpha: 1, edge: look.paper });
      const left = midpoint > (low + high) / 2, away = { align: left ? "right" : "left", dx: left ? -12 : 12 };
      if (midpoint >= low && midpoint <= high) {
        scene.text(midpoint, 0.5, `slope ${short(slope)}`, look.gradient, { ...away, dy: slope > 0 === left ? -14 : 14 });
        scene.text(midpoint, 0, `midpoint ${short(midpoint)}`, look.data, { ...away, dy: -12 });
      }
    }
    if (!x.length) key(look);
    scene.describe(`${strong}: ${words}`);
  }

  // What the two lines are, where a curve that rises leaves room.
  function key(look) {
    const [low] = x_range;
    scene.text(low, 1, "\u2014 yours", look.model, { dx: 10, dy: 12 });
    scene.text(low, 1, "- - w = 1, b = 0", look.muted, { dx: 10, dy: 30 });
  }

  panel.plan();
  return panel.end;
} };
