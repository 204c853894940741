// Descent stepper: the curve with its tangent and the trail, one for each step size, and w against step.
import { around, short } from "../drawing.js";
import { button, choice, connect, make, picture, slider } from "../controls.js";

const MARKS = ["circle", "square"], DASHES = [[], [7, 4], [2, 3]];

export default { render({ model, el }) {
  const settings = model.get("settings"), several = settings.sizes.length > 1;
  const views = settings.sizes.map(() => picture("The curve f(w) and the descent on it", { height: several ? 200 : 300, x: "w", y: "f(w)" }));
  const history = picture("w after each step", { height: several ? 190 : 300, x: "step", y: "w" });
  const panel = connect({ model, el }, draw);

  // Steps count from the last start: however many presses are answered at once, none is lost.
  const wish = { w: settings.w, sizes: settings.sizes, steps: 0, resets: 0, playing: false, stop: settings.stop, speed: settings.speeds[1] };
  let sent = model.get("shown").move ?? 0, hover = null;
  const ask = (change, act = null) => {
    Object.assign(wish, change);
    sent += 1;
    showPlaying();
    panel.ask({ ...wish, act });
  };
  const showPlaying = () => { play.textContent = wish.playing ? "Pause" : "Play"; play.setAttribute("aria-pressed", wish.playing); };
  const from = (w) => ask({ w, steps: 0 }, "start");

  const start = slider(settings.start, from);
  const sizes = settings.knobs.map((knob) => slider(knob, () => ask({ sizes: sizes.map((one) => one.value) }, model.get("shown").step ? "sizes" : "start")));
  const step = button("Step", "Take one step against the slope", () => ask({ steps: wish.steps + 1 }, "step"));
  const play = button("Play", "Take steps until you pause, or until nothing moves any more",
    () => ask({ playing: !wish.playing }, wish.playing ? "pause" : "play")); // Python answers a pause at once
  const restart = button("Restart", "Back to the start w, with these step sizes", () => ask({ steps: 0, resets: wish.resets + 1 }, "start"));
  const reset = button("Reset", "Everything as it was at first", () => {
    start.set(settings.w);
    sizes.forEach((one, i) => one.set(settings.sizes[i]));
    ask({ w: settings.w, sizes: settings.sizes, steps: 0, resets: wish.resets + 1, playing: false }, "reset");
  });
  const stop = make("input", { type: "number", min: 1, max: 10000, step: 1, value: settings.stop });
  stop.style.width = "5.5em";
  const stopAt = () => {
    const n = Math.min(Math.round(Number(stop.value)), 10000);
    if (n >= 1 && n !== wish.stop) ask({ stop: n }, "pace");
    stop.value = wish.stop;
  };
  stop.addEventListener("change", stopAt);
  stop.addEventListener("keydown", (event) => { if (event.key === "Enter") stopAt(); }); // a notebook keeps Enter to itself
  const speed = choice("Speed", settings.speeds.map((n) => ({ value: n, label: `${n} steps a second` })), wish.speed, (n) => ask({ speed: Number(n) }, "pace"));
  Object.assign(speed.element.style, { display: "flex", alignItems: "center", gap: "6px" });
  const stopping = make("label", { hidden: settings.stop === null }, "Stop at step ", stop); // a recording has its own end

  const captions = views.map((view) => {
    const caption = make("figcaption", { className: "dlw-note" });
    if (several) view.element.append(caption);
    drag(view);
    return caption;
  });
  const code = make("pre", {}), details = make("details", { className: "dlw-note" }, make("summary", { textContent: "As code" }), code);
  const pictures = make("div", { className: "dlw-pictures" }, ...views.map((view) => view.element), history.element);
  if (several) { // small pictures of one width, and below them their w against step
    const across = views.length > 4 ? 3 : views.length; // as many as fit, but never a row with a gap
    Object.assign(pictures.style, { display: "grid", gridTemplateColumns: `repeat(auto-fit, minmax(max(180px, calc(100% / ${across} - 8px)), 1fr))`, alignItems: "start" });
    history.element.style.gridColumn = "1 / -1";
  } else views[0].element.style.flexGrow = 1.25;
  el.append(make("div", { className: "dlw-controls" }, start.element, ...sizes.map((one) => one.element)),
    make("div", { className: "dlw-row" }, step, play, restart, reset, stopping, speed.element),
    make("div", { className: "dlw-row" }, panel.words), panel.trouble, panel.note, pictures, details);

  // Pressing on the picture puts the start there, and dragging takes it along; hovering reads the curve.
  function drag(view) {
    const { canvas } = view;
    Object.assign(canvas.style, { cursor: "ew-resize", touchAction: "none" });
    canvas.title = "Drag to choose the start w";
    const move = (event) => {
      const [low, high] = view.range.x, w = Math.min(Math.max(view.at(event).x, low), high);
      hover = { view, w };
      if (event.buttons & 1) {
        const round = Math.round(w / settings.start.step) * settings.start.step;
        if (round !== wish.w || event.type === "pointerdown") { start.set(round); from(start.value); }
      } else panel.plan();
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); move(event); });
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerleave", () => { hover = null; panel.plan(); });
  }

  function draw(shown, look) {
    if ((shown.move >= sent) && wish.playing && (!shown.playing || shown.trouble)) { wish.playing = false; showPlaying(); }
    const colours = [look.path, look.data, look.class1, look.residual, look.truth, look.ink];
    shown.runs.forEach((run, i) => drawRun(views[i], captions[i], run, colours[i], look));
    const ends = shown.runs.map((run) => run.range), most = Math.max(10, shown.step * (several ? 1.12 : 1.04));
    history.begin({ x: [-0.02 * most, most], y: [Math.min(...ends.map((end) => end[0])), Math.max(...ends.map((end) => end[1]))] }, look);
    const [low, high] = history.range.y, labels = [];
    shown.runs.forEach((run, i) => {
      history.line(run.steps, run.ws, colours[i], { width: 1.5, dash: DASHES[i % 3] });
      if (run.steps.length < 80) history.points(run.steps, run.ws, colours[i], { radius: 3, shape: MARKS[i % 2] });
      if (several) labels.push({ i, step: run.steps.at(-1), size: run.size, y: history.py(Math.min(Math.max(run.ws.at(-1) ?? high, low), high)) });
    });
    labels.sort((a, b) => a.y - b.y).forEach((one, k) => {
      if (k) one.y = Math.max(one.y, labels[k - 1].y + 13); // labels that would cover each other move apart
      history.text(one.step, low, short(one.size), colours[one.i], { dx: 8, dy: one.y - history.py(low) });
    });
    history.describe(shown.runs.map((run) => `${several ? `Step size ${short(run.size)}: ` : ""}from ${short(run.ws[0])} to ${short(run.ws.at(-1))}.`).join(" "));
    code.textContent = `w = ${settings.w === wish.w ? settings.w : wish.w}\nfor step in range(${shown.step}):\n    w = w - ${wish.sizes[0]} * df(w)\n\n`
      + `panels.descend(f, w=${wish.w}, step_size=${several ? `[${wish.sizes.join(", ")}]` : wish.sizes[0]})`;
  }

  function drawRun(view, caption, run, colour, look) {
    const { range, curve, trail, now: [w, height, slope], size, words } = run, [low, high] = range;
    const ws = curve.map((_, i) => low + ((high - low) * i) / (curve.length - 1));
    view.begin({ x: range, y: around(curve, 0.1) }, look);
    view.line(ws, curve, several ? look.muted : look.loss);
    const reach = 0.16 * (high - low);
    if (slope !== null && height !== null) view.line([w - reach, w + reach], [height - slope * reach, height + slope * reach], look.gradient, { width: 2, dash: several ? [5, 3] : [] });
    view.line(...trail, colour, { width: 1, alpha: 0.7 });
    view.points(...trail, colour, { radius: 3, alpha: 0.6 });
    if (w < low || w > high) view.text(w < low ? low : high, (view.range.y[0] + view.range.y[1]) / 2, w < low ? "\u2190 out here" : "out here \u2192", colour, { align: w < low ? "left" : "right" });
    else view.points([w], [height], colour, { radius: 6, alpha: 1, edge: look.paper });
    if (hover?.view === view) {
      const value = curve[Math.round(((hover.w - low) / (high - low)) * (curve.length - 1))];
      view.line([hover.w, hover.w], view.range.y, look.muted, { width: 1, dash: [2, 3] });
      view.text(hover.w, view.range.y[1], `w ${short(hover.w)}, f ${short(value)}`, look.ink, { dy: 10, dx: hover.w > (low + high) / 2 ? -6 : 6, align: hover.w > (low + high) / 2 ? "right" : "left" });
    }
    caption.replaceChildren(make("b", { textContent: `${short(size)} ` }), words);
    view.describe(`Step size ${short(size)}, w ${short(w)}, f(w) ${short(height)}, slope ${short(slope)}: ${words}`);
  }

  panel.plan();
  return panel.end;
} };
