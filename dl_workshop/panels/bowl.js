// Loss bowl: the loss from above and from the side, paths down it, and what the point reached means over the data.
import { around, bytes, diverging, sequential, short } from "./drawing.js";
import { button, connect, make, picture, slider } from "./controls.js";

const HIGH = 0.62; // how high the surface stands, as a share of how wide it is

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

// The loss at a place, between the points of the grid; null outside it.
export function heightAt({ across, along, losses }, [x, y]) {
  const place = (v, line) => ((v - line[0]) / (line.at(-1) - line[0])) * (line.length - 1);
  const c = place(x, across), r = place(y, along), n = across.length;
  if (x === null || y === null || !(c >= 0 && r >= 0 && c <= n - 1 && r <= along.length - 1)) return null;
  const i = Math.min(Math.floor(c), n - 2), j = Math.min(Math.floor(r), along.length - 2), [u, v] = [c - i, r - j];
  const [a, b, d, e] = [losses[j * n + i], losses[j * n + i + 1], losses[(j + 1) * n + i], losses[(j + 1) * n + i + 1]];
  return [a, b, d, e].includes(null) ? null : (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * e);
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
  const knobs = names.map((name, i) => slider({ name, value: model.get("shown").values[name], min: Object.values(range)[i][0],
    max: Object.values(range)[i][1], step: (Object.values(range)[i][1] - Object.values(range)[i][0]) / 200 }, () => place(knobs.map((knob) => knob.value))));
  const size = slider({ name: "step size", value: settings.step_size, min: settings.step_size / 100, max: settings.step_size * 100, log: true }, () => ask({}));
  const nearest = (step) => steps.reduce((best, one, row) => (Math.abs(one - step) < Math.abs(steps[best] - step) ? row : best), 0);
  const walked = steps.length > 1 ? slider({ name: "step", label: "step of the path", value: steps.at(-1), min: steps[0], max: steps.at(-1),
    step: (steps.at(-1) - steps[0]) / (steps.length - 1) }, (step) => { playing = null; ask({ act: "scrub", row: nearest(step) }); }) : null;
  const place = ([a, b]) => ask({ act: "place", playing: playing === "follow" ? null : playing, values: { [names[0]]: a, [names[1]]: b } });
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
    drawMeaning(shown, look);
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
    for (const { level, lines } of rings.filter((_, i) => i % 2)) {
      const top = lines.reduce((best, line) => (!best || line[0][1] > best[0][1] ? line : best), null);
      if (top && top[0][1] < range.y[0] + 0.95 * (range.y[1] - range.y[0])) map.text(...top[0], short(level), look.ink, { align: "center", size: 11 });
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

  // From (place on the floor, share of the height) to the canvas; `away` is how far it lies from the eye.
  function view() {
    const { pitch, yaw } = turn, [c, s, up, deep] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const { left, right, top, bottom } = solid.box, scale = Math.min((right - left) / 1.6, (bottom - top) / 1.35);
    return (x, y, share) => {
      const u = (x - range.x[0]) / (range.x[1] - range.x[0]) - 0.5, v = (y - range.y[0]) / (range.y[1] - range.y[0]) - 0.5;
      const away = u * s + v * c, h = (share - 0.5) * HIGH;
      return { x: (left + right) / 2 + scale * (u * c - v * s), y: (top + bottom) / 2 - scale * (h * up + away * deep), away: away * up - h * deep };
    };
  }

  function drawSolid(shown, look) {
    const trail = reached(shown), { earlier, strong } = shown;
    solid.begin({ x: [0, 1], y: [0, 1] }, look);
    const pen = solid.pen, to = view(), n = across.length, jump = Math.max(1, Math.round(n / 30)), faces = [];
    const stroke = (points, colour, width, dash = []) => {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineJoin: "round", globalAlpha: 1 });
      pen.setLineDash(dash);
      pen.beginPath();
      let drawn = false;
      for (const p of points) { if (p === null) drawn = false; else { if (drawn) pen.lineTo(p.x, p.y); else pen.moveTo(p.x, p.y); drawn = true; } }
      pen.stroke();
      pen.setLineDash([]);
    };
    const [xs, ys] = [range.x, range.y], floor = [[xs[0], ys[0]], [xs[1], ys[0]], [xs[1], ys[1]], [xs[0], ys[1]]].map(([x, y]) => ({ ...to(x, y, 0), data: [x, y] }));
    stroke([...floor, floor[0]], look.muted, 1);
    for (let r = 0; r + jump < along.length; r += jump) for (let c = 0; c + jump < n; c += jump) {
      const places = [[c, r], [c + jump, r], [c + jump, r + jump], [c, r + jump]], z = places.map(([i, j]) => losses[j * n + i]);
      if (z.includes(null)) continue;
      const points = places.map(([i, j], k) => to(across[i], along[j], share(z[k])));
      faces.push({ points, z: (z[0] + z[2]) / 2, away: points[0].away + points[2].away });
    }
    faces.sort((a, b) => b.away - a.away); // the far ones first, so that the near ones cover them
    pen.lineWidth = 0.6;
    for (const { points, z } of faces) {
      pen.fillStyle = `rgb(${sequential(shade(z)).map(Math.round)})`;
      pen.strokeStyle = "rgba(255,255,255,.28)";
      pen.beginPath();
      points.forEach((p) => pen.lineTo(p.x, p.y));
      pen.closePath();
      pen.fill();
      pen.stroke();
    }
    const lifted = (points) => points.map((p) => { const z = heightAt(settings, p); return z === null ? null : to(...p, share(z)); });
    for (const { points } of earlier) stroke(lifted(points), "#ffffff", 1.5, [2, 3]);
    if (settings.path.length > 1) stroke(lifted(settings.path), "#ffffff", 1.5, [6, 4]);
    stroke(lifted(trail), "#ffffff", 4.5);
    stroke(lifted(trail), look.path, 2.2);
    const now = lifted([trail.at(-1)])[0];
    if (now) { pen.beginPath(); pen.arc(now.x, now.y, 7, 0, 2 * Math.PI); Object.assign(pen, { fillStyle: look.path, strokeStyle: "#ffffff", lineWidth: 1.5 }); pen.fill(); pen.stroke(); }
    const say = (words, { x, y }, align) => {
      Object.assign(pen, { fillStyle: look.ink, font: "12px system-ui, sans-serif", textAlign: "left", textBaseline: "top" });
      const wide = pen.measureText(words).width, { left, right } = solid.box;
      pen.fillText(words, Math.min(Math.max(align === "right" ? x - wide : x, left + 4), right - wide - 4), y);
    };
    floor.forEach((a, k) => { // the two edges that are nearer than the middle carry the names
      const b = floor[(k + 1) % 4], middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + 8 }, side = middle.x < (solid.box.left + solid.box.right) / 2 ? "right" : "left";
      if (a.away + b.away < 2 * to((xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2, 0).away) say(`${names[k % 2]} ${[a, b].sort((p, q) => p.x - q.x).map((p) => short(p.data[k % 2])).join(" \u2026 ")}`, middle, side);
    });
    say(`height: loss, ${short(low)} to ${short(high)}`, { x: solid.box.left + 4, y: solid.box.top + 2 }, "left");
    solid.describe(`${strong}; heights from ${short(low)} to ${short(high)}. Drag it, or press the arrow keys, to turn it.`);
  }

  function drawMeaning(shown, look) {
    const classes = data.y.map((v) => (v > 0.5 ? look.class1 : look.class0)), shape = data.y.map((v) => (v > 0.5 ? "square" : "circle"));
    if (data.kind === "map") {
      meaning.begin({ x: data.x_range, y: data.y_range }, look);
      meaning.map(bytes(shown.field), data.side, data.side, diverging(look.class0, look.class1, look.paper), { alpha: 0.55 });
      meaning.points(data.x, data.x2, classes, { shape, edge: look.paper, radius: 4 });
    } else {
      const limits = data.labels ? around([-0.05, 1.05, ...shown.y_pred.map((v) => (v === null ? null : Math.max(-3, Math.min(4, v))))], 0.03) : data.y_range;
      meaning.begin({ x: data.x_range, y: limits }, look);
      if (data.kind === "curve") meaning.bars(data.x, data.y, shown.y_pred, look.residual);
      meaning.points(data.x, data.y, data.labels ? classes : look.data, { shape: data.labels ? shape : "circle" });
      if (shown.curve) meaning.line(data.grid, shown.curve, look.model, { width: 3 });
      else meaning.points(data.x, shown.y_pred, look.model, { shape: "square" });
    }
    meaning.describe(shown.words);
  }

  panel.plan();
  return panel.end;
} };

// Say where on a canvas the mouse or a finger is, while it is held down there.
function dragged(canvas, act) {
  canvas.style.touchAction = "none";
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); act(event); });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) act(event); });
}

// Turn a picture by dragging it or with the arrow keys.
function turned(canvas, turn, plan) {
  let last = null;
  const by = (sideways, up) => {
    turn.yaw += sideways;
    turn.pitch = Math.min(Math.max(turn.pitch + up, 0.05), 1.5);
    canvas.dataset.turn = `${turn.yaw.toFixed(2)} ${turn.pitch.toFixed(2)}`; // for tests
    plan();
  };
  canvas.addEventListener("pointerdown", (event) => { last = event; });
  dragged(canvas, (event) => { if (last) by((event.clientX - last.clientX) * 0.01, (event.clientY - last.clientY) * 0.01); last = event; });
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application"); // else a screen reader keeps the arrow keys for itself
  canvas.style.cursor = "grab";
  canvas.addEventListener("keydown", (event) => {
    const [sideways, up] = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key] ?? [0, 0];
    if (!sideways && !up) return;
    event.preventDefault();
    by(sideways, up);
  });
}
