// Loss bowl: the loss from above and from the side, paths down it, and what the point reached means over the data.
import { sequential, short } from "../drawing.js";
import { button, connect, make, picture, slider } from "../controls.js";
import { drawOver } from "../over_data.js";
import { Surface, dragged, turned } from "../surface.js";

// The lines on which the loss is `level`, as pieces [[x, y], [x, y]]: each cell of the grid is cut by itself.
export function pieces({ across, along, losses }, level) {
  const n = across.length, found = [];
  for (let r = 0; r + 1 < along.length; r++) for (let c = 0; c + 1 < n; c++) {
    const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]], cuts = [];
    corners.forEach(([i, j], k) => {
      const [p, q] = corners[(k + 1) % 4], a = losses[j * n + i], b = losses[q * n + p];
      if (a === null || b === null || a < level === b < level) return;
      const t = (level - a) / (b - a);
      cuts.push([across[i] + t * (across[p] - across[i]), along[j] + t * (along[q] - along[j])]);
    });
    for (let k = 0; k + 1 < cuts.length; k += 2) found.push([cuts[k], cuts[k + 1]]);
  }
  return found;
}

export default { render({ model, el }) {
  const settings = model.get("settings"), { names, across, along, losses, low, high, data, steps } = settings;
  const range = { x: [across[0], across.at(-1)], y: [along[0], along.at(-1)] }, turn = { yaw: -0.6, pitch: 0.6 };
  const map = picture("The loss from above", { height: 310, x: names[0], y: names[1] });
  const solid = picture("The loss from the side", { height: 310, bare: true });
  const meaning = picture("What this point means over the data", { height: 310, x: data.names[0], y: data.names[1] });
  const panel = connect({ model, el }, draw);
  const share = (loss) => Math.min(Math.max((loss - low) / (high - low), 0), 1); // of the height of the picture
  const shade = (loss) => 0.05 + 0.9 * Math.sqrt(share(loss));
  const sheet = Uint8Array.from(losses, (v) => 255 * (v === null ? 1 : shade(v)));
  const rings = settings.levels.map((level) => ({ level, lines: pieces(settings, level) }));

  let playing = null;
  const ask = (wish) => panel.ask({ playing, step_size: size.value, ...wish });
  const knobs = settings.knobs.map((knob) => slider({ ...knob, value: model.get("shown").values[knob.name] }, () => place(knobs.map((one) => one.value))));
  const size = slider({ name: "step size", value: settings.step_size, min: settings.step_size / 100, max: settings.step_size * 100, log: true }, () => ask({}));
  const nearest = (step) => steps.reduce((best, one, row) => (Math.abs(one - step) < Math.abs(steps[best] - step) ? row : best), 0);
  const walked = steps.length > 1 ? slider({ name: "step", label: "step of the path", value: steps.at(-1), min: steps[0], max: steps.at(-1),
    step: (steps.at(-1) - steps[0]) / (steps.length - 1) }, (step) => { playing = null; ask({ act: "scrub", row: nearest(step) }); }) : null;
  // A recording knows the places on the sliders' grid alone.
  const round = (v, { min, step }) => (settings.recorded ? Number((min + Math.round((v - min) / step) * step).toPrecision(7)) : v);
  const place = (at) => ask({ act: "place", playing: playing === "follow" ? null : playing, values: Object.fromEntries(names.map((name, i) => [name, round(at[i], settings.knobs[i])])) });
  const step = button("Take a step", "One step against the gradient, from here", () => { playing = null; ask({ act: "step" }); });
  const plays = (way, name, title) => {
    const element = button(name, title, () => {
      playing = playing === way ? null : way;
      ask({ act: playing ? "play" : "pause" });
      panel.plan();
    });
    element.show = () => { element.textContent = playing === way ? "Pause" : name; };
    return element;
  };
  const down = plays("down", "Play", "Step after step against the gradient, until you pause");
  const follow = plays("follow", "Play the path", "Along the path that training took");
  const back = button("Back to the start", "Where these steps began; their trail stays", () => { playing = null; ask({ act: "back" }); });
  const clear = button("Clear trails", "Forget the trails, and stay here", () => ask({ act: "clear" }));

  size.element.hidden = clear.hidden = Boolean(settings.recorded);
  for (const one of [map, solid, meaning]) one.element.style.flexBasis = "270px";
  el.append(make("div", { className: "dlw-controls" }, ...knobs.map((knob) => knob.element), size.element, ...(walked ? [walked.element] : [])),
    make("div", { className: "dlw-row" }, step, down, back, clear, ...(walked ? [follow] : [])),
    make("div", { className: "dlw-row" }, panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-pictures" }, map.element, solid.element, meaning.element));

  dragged(map.canvas, (event) => {
    const at = map.at(event), inside = (v, [a, b]) => Math.min(Math.max(v, a), b);
    place([inside(at.x, range.x), inside(at.y, range.y)].map((v) => Number(v.toPrecision(4))));
  });
  map.canvas.style.cursor = "crosshair";
  turned(solid.canvas, turn, panel.plan);

  function draw(shown, look) {
    if (shown.move === Number(el.dataset.asked ?? shown.move)) { // an older answer must not take a slider back
      if (!shown.playing || shown.trouble) playing = null;
      names.forEach((name, i) => knobs[i].set(shown.values[name]));
      if (walked && shown.row !== null) walked.set(steps[shown.row]);
    }
    down.show();
    follow.show();
    drawMap(shown, look);
    drawSolid(shown, look);
    drawOver(meaning, data, shown, look);
  }

  const reached = ({ row, trail }) => (row === null ? trail : settings.path.slice(0, row + 1));

  function drawMap(shown, look) {
    const trail = reached(shown), { earlier, words } = shown;
    map.begin(range, look);
    map.map(sheet, across.length, along.length, sequential);
    map.inside(() => {
      Object.assign(map.pen, { strokeStyle: "#ffffff", lineWidth: 1, globalAlpha: 0.55 });
      for (const { lines } of rings) for (const line of lines) map.stroke(line);
    });
    const named = []; // a label that would cover another one is left out
    for (const { level, lines } of rings.filter((_, i) => i % 2)) {
      const right = lines.reduce((best, line) => (!best || line[0][0] > best[0][0] ? line : best), null); // trails come from elsewhere, as a rule
      if (!right || right[0][0] > range.x[0] + 0.92 * (range.x[1] - range.x[0])) continue;
      const place = [map.px(right[0][0]), map.py(right[0][1])];
      if (place[1] < map.box.top + 8 || named.some(([x, y]) => Math.abs(x - place[0]) < 34 && Math.abs(y - place[1]) < 14)) continue;
      named.push(place);
      map.text(...right[0], short(Number(level.toPrecision(3))), look.ink, { align: "center", size: 11 });
    }
    for (const { points, step_size } of earlier) {
      over(points, "#ffffff", 1.5, [2, 3]);
      map.text(...points[0], `step size ${short(step_size)}`, look.ink, { dx: 6, dy: -10, size: 11 });
    }
    if (settings.path.length > 1) over(settings.path, "#ffffff", 1.5, [6, 4]);
    over(trail, "#ffffff", 4.5);
    over(trail, look.path, 2.2);
    map.points(trail.map((p) => p[0]), trail.map((p) => p[1]), look.path, { radius: 3, edge: "#ffffff", alpha: 1 });
    map.points([trail.at(-1)[0]], [trail.at(-1)[1]], look.path, { radius: 7, edge: "#ffffff", alpha: 1 });
    map.describe(`${words}. Click or drag to start somewhere else, or move the sliders ${names.join(" and ")}.`);
  }

  function over(points, colour, width, dash = []) {
    map.line(points.map((p) => p[0]), points.map((p) => p[1]), colour, { width, dash });
  }

  function drawSolid(shown, look) {
    const trail = reached(shown), heights = losses.map((v) => (v === null ? null : share(v)));
    const view = new Surface(solid, range, turn, look, { across, along, heights });
    view.floor();
    view.faces((height) => sequential(0.05 + 0.9 * Math.sqrt(height)));
    for (const { points } of shown.earlier) view.line(points, "#ffffff", 1.5, [2, 3]);
    if (settings.path.length > 1) view.line(settings.path, "#ffffff", 1.5, [6, 4]);
    view.line(trail, "#ffffff", 4.5);
    view.line(trail, look.path, 2.2);
    view.point(trail.at(-1), look.path);
    view.names(names);
    view.say(`height: loss, ${short(low)} to ${short(high)}`);
    solid.describe(`${shown.strong}; heights from ${short(low)} to ${short(high)}. Drag it, or press the arrow keys, to turn it.`);
  }

  panel.plan();
  return panel.end;
} };
