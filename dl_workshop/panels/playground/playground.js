// The playground: choices, a network whose units show what they have learned, the decision map, the losses.
import { bytes, diverging, legible, short } from "../drawing.js";
import { button, choice, connect, make, ours, picture, toggle } from "../controls.js";
import { drawChart, drawNet, drawParams, drawScene, drawSolid, layersOf, leaf, thumb, unitWords } from "./net.js";
import { turned } from "../surface.js";

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
.dlw-edit { display: flex; gap: 8px; align-items: center; padding: 2px 4px; font-size: 13px; }
.dlw .dlw-edit select, .dlw .dlw-edit input { width: auto; flex: 0 1 12em; min-width: 0; }
.dlw-under { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; font-size: 12px; color: var(--muted); padding: 2px 0 4px; }
.dlw .dlw-under button { font-size: 12px; padding: 1px 9px; min-height: 24px; }
.dlw textarea { font: 12px/1.4 var(--jp-code-font-family, monospace); resize: vertical; }
.dlw-run { min-width: 5.2em; font-weight: 600 !important; }
@container (max-width: 620px) { .dlw-play { grid-template-columns: 1fr; } }`;

const CHOICES = { // label, and the values to choose from; any other can be typed
  data: ["data"], noise: ["noise", 0, 0.05, 0.1, 0.2, 0.3, 0.5], test: ["test part", 0, 0.1, 0.3, 0.5], activation: ["activation"],
  init: ["start weights"], loss: ["loss"], optimizer: ["optimiser"], step_size: ["step size", 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  l1: ["L1", 0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1], l2: ["L2", 0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1], batch: ["batch size", 0, 1, 5, 10, 30, 60],
  pace: ["steps a frame", 1, 2, 5, 10, 20, 50, 100, 200], stop: ["stop at step", 0, 100, 200, 500, 1000, 2000, 5000, 10000] };
const BY_LAYER = "by layer \u2026";
const SAID = { batch: { 0: "all rows" }, stop: { 0: "never" }, test: { 0: "none" } };
export default { render({ model, el }) {
  const fixed = model.get("settings"), was = model.get("asked") ?? {};
  const counts = { resets: was.resets ?? 0, steps: was.steps ?? 0, texts: was.texts ?? 0, text: was.text ?? "", edits: was.edits ?? 0 };
  let chosen = structuredClone(model.get("shown").settings ?? fixed.start), running = false, places = [], links = [], picked = null, under = null, byLayer = false;
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

  const activationOf = (layer) => { const names = chosen.activation.split(","); return names[Math.min(layer, names.length) - 1]; };
  const activate = (name) => { byLayer = name === BY_LAYER; if (byLayer) put(); else change("activation", name); };
  const knobs = Object.fromEntries(Object.entries(CHOICES).map(([name, [label, ...values]]) => {
    if (name === "activation") return [name, choice(label, [...fixed.choices.activation, BY_LAYER], undefined, activate)];
    if (fixed.choices[name]) return [name, choice(label, fixed.choices[name], undefined, (v) => change(name, v))];
    return [name, numbers(label, values, SAID[name] ?? {}, (v) => change(name, v), () => put())];
  }));
  const upTo = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const depth = choice("hidden layers", upTo(0, fixed.layers), undefined, (n) => change("hidden", upTo(1, Number(n)).map((i) => chosen.hidden[i - 1] ?? 4)));
  const widths = upTo(1, fixed.layers).map((i) => choice(`units, layer ${i}`, upTo(1, fixed.units), undefined, (n) => change("hidden", chosen.hidden.map((w, k) => (k === i - 1 ? Number(n) : w)))));
  const bends = upTo(1, fixed.layers).map((i) => choice(`activation, layer ${i}`, fixed.choices.activation, undefined,
    (name) => change("activation", chosen.hidden.map((_, k) => (k === i - 1 ? name : activationOf(k + 1))).join(","))));
  const ticks = Object.fromEntries(["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"].map((name) => {
    const box = ours(make("input", { type: "checkbox", onchange: () => change("features", Object.keys(ticks).filter((one) => ticks[one].box.checked)) }));
    const map = make("canvas", { "aria-hidden": "true", tabIndex: -1, width: 24, height: 24 });
    return [name, { box, map, element: make("label", {}, box, map, name) }];
  }));

  const net = picture("The network", { height: 400, bare: true }), about = make("div", { className: "dlw-about", "aria-live": "polite" });
  net.canvas.tabIndex = 0;
  net.canvas.setAttribute("role", "application");
  const which = make("select", { "aria-label": "Number of this unit to change", onchange: () => { picked.entry = which.selectedIndex; panel.plan(); } });
  const weight = make("input", { type: "number", step: "any", "aria-label": "Its new value", onchange: () => edited(), onkeydown: (e) => { if (e.key === "Enter") edited(); } });
  const edit = make("div", { className: "dlw-edit", hidden: true }, "Change", which, "to", weight);
  const scene = picture("The data and what the network makes of it", { height: 290, x: "x1", y: "x2" });
  const solid = picture("The output as a surface", { height: 290, bare: true }), turn = { yaw: -0.6, pitch: 0.7 };
  const legend = make("span", {});
  const sharp = toggle("Discretise", "Show the class that is decided for, not how sure the network is", () => panel.plan());
  const raised = toggle("3-D", "Show the output as a surface over both inputs; drag it, or use the arrow keys, to turn it", () => panel.plan());
  const chart = picture("The losses", { height: 160, x: "step", y: "loss" });
  const field = make("input", { type: "text", "aria-label": "Settings as a line of text", spellcheck: false, onkeydown: (e) => { if (e.key === "Enter") apply(); } });
  const apply = () => { counts.text = field.value; count("texts"); };
  const code = make("textarea", { readOnly: true, rows: 12, "aria-label": "Python that does the same with fit" });
  const copy = (from) => () => { from.select(); navigator.clipboard?.writeText(from.value).catch(() => document.execCommand("copy")); };
  const row = (...children) => make("div", { className: "dlw-row" }, ...children);
  const settingsRow = row(make("span", { textContent: "Settings" }), field, button("Copy", "Copy the line", copy(field)), button("Apply", "Take the settings from the line", apply));
  field.style.flex = "1 1 20em";
  field.style.width = "auto";
  const structure = fixed.own_params ? [] : [depth.element, ...widths.flatMap((one, i) => [one.element, bends[i].element])];
  if (fixed.own_model) knobs.activation.element.hidden = true;
  if (fixed.own_params) knobs.init.element.hidden = true;
  el.append(make("style", { textContent: STYLE }), row(run, step, reset, other, panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-choices" }, ...Object.values(knobs).map((knob) => knob.element), ...structure),
    make("div", { className: "dlw-ticks", role: "group", "aria-label": "Features" }, make("span", { textContent: "Features" }), ...Object.values(ticks).map((tick) => tick.element)),
    make("div", { className: "dlw-play" }, make("figure", {}, net.canvas, about, edit),
      make("figure", {}, scene.canvas, solid.canvas, make("div", { className: "dlw-under" }, sharp, raised, legend), chart.canvas)),
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
      if (![...select.options].some((option) => option.value === String(value))) select.lastChild.before(make("option", { value, textContent: value }));
      if (document.activeElement !== select || select.value !== String(value)) select.value = String(value);
    };
    byLayer ||= chosen.activation.includes(",");
    for (const name of Object.keys(CHOICES)) set(knobs[name].select, name === "activation" && byLayer ? BY_LAYER : chosen[name]);
    bends.forEach((one, i) => { one.element.hidden = !byLayer || fixed.own_model || i >= chosen.hidden.length; set(one.select, activationOf(i + 1)); });
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
    const flat = shown.shape[0] > 1;
    sharp.hidden = shown.classes === 0;
    raised.hidden = !flat;
    scene.canvas.hidden = !(solid.canvas.hidden = !(raised.on && flat));
    if (raised.on && flat) drawSolid(solid, shown, look, tint, turn, sharp.on); else drawScene(scene, shown, look, tint, sharp.on, scene.over);
    legend.replaceChildren(...keyTo(shown, look));
    drawChart(chart, shown.history, look, chart.over);
  }

  // What the marks of the data mean.
  const keyTo = ({ classes, points }, look) => [...Array.from({ length: classes }, (_, k) => make("span", { style: `color: ${legible(look[`class${k}`], look)}` }, `${"\u25cf\u25a0\u25b2\u25c6"[k]} ${k} \u2002`)),
    points.test.length ? "hollow: test" : ""];

  // All numbers that enter a unit: its weights, and its bias.
  function entering(shown, { layer, unit }) {
    const before = layersOf(shown)[layer - 1], n = layersOf(shown)[layer].length;
    return before.map((from, i) => ({ label: `weight from ${from}`, name: `w${layer}`, index: i * n + unit })).concat({ label: "bias", name: `b${layer}`, index: unit });
  }

  function edited() {
    const one = entering(model.get("shown"), picked)[which.selectedIndex], value = Number(weight.value);
    if (weight.value !== "" && Number.isFinite(value) && value !== Number(weight.dataset.shown)) count("edits", { edit: { name: one.name, index: one.index, value } });
  }

  function offer(shown) {
    edit.hidden = fixed.own_model || !picked || picked.layer === 0 || !layersOf(shown)[picked.layer]?.[picked.unit];
    if (edit.hidden) return;
    const all = entering(shown, picked), place = Math.min(picked.entry ?? 0, all.length - 1), one = all[place];
    if (which.dataset.unit !== `${picked.name} ${all.length}`) which.replaceChildren(...all.map(({ label }) => make("option", { textContent: label })));
    which.dataset.unit = `${picked.name} ${all.length}`;
    which.selectedIndex = place;
    const value = String(Number(leaf(shown, one.name).values[one.index]?.toPrecision(4)));
    if (document.activeElement !== weight || weight.dataset.place !== `${picked.name} ${place}`) weight.value = weight.dataset.shown = value;
    weight.dataset.place = `${picked.name} ${place}`;
  }

  function tell(shown) {
    const at = under ?? picked;
    about.setAttribute("aria-live", running ? "off" : "polite");
    const words = fixed.own_model ? "Your own model: every array of its params as a heat map." : !at ? "Weights above 0 are orange, below 0 dashed and blue, large ones thick. Point at a unit or a line to read what it means, click it to change a weight; or focus the network and use the arrow keys."
      : at.from ? `Weight from ${at.from} to ${at.to}: ${short(at.value)}.` : unitWords(shown, at, bytes(shown.maps));
    if (about.textContent !== words) about.textContent = words;
    offer(shown);
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
  net.canvas.addEventListener("click", () => { // a line picks the unit that it leads to, and its weight
    picked = under?.points ? { ...places.find((p) => p.name === under.name.split("-")[1]), entry: Number(under.name.split("-")[0].split(".")[1]) } : under;
    panel.plan();
  });
  net.canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move || !places.length) return;
    event.preventDefault();
    const layer = Math.max(0, Math.min(places.at(-1).layer, (picked?.layer ?? -1) + move[0])), peers = places.filter((p) => p.layer === Math.max(0, layer));
    picked = peers[Math.max(0, Math.min(peers.length - 1, (picked?.unit ?? 0) + move[1]))];
    under = null;
    panel.plan();
  });
  scene.canvas.addEventListener("pointermove", (event) => { scene.over = scene.at(event); panel.plan(); });
  scene.canvas.addEventListener("pointerleave", () => { scene.over = null; panel.plan(); });
  turned(solid.canvas, turn, panel.plan);
  chart.canvas.addEventListener("pointermove", (event) => { chart.over = chart.at(event).x; panel.plan(); });
  chart.canvas.addEventListener("pointerleave", () => { chart.over = null; panel.plan(); });
  put(); // also when the learner's function failed at once, and there is nothing to draw
  panel.plan();
  return panel.end;
} };

// A choice of numbers that takes any other: "other …" opens a field to type it in. kept() puts the choice back.
function numbers(label, values, said, changed, kept) {
  const one = choice(label, [...values.map((v) => ({ value: v, label: said[v] ?? String(v) })), { value: "other", label: "other \u2026" }], undefined,
    (v) => { if (v === "other") swap(true); else changed(Number(v)); });
  const field = make("input", { type: "number", step: "any", hidden: true, "aria-label": `${label}, typed` });
  const swap = (open) => { field.hidden = !open; one.select.hidden = open; if (open) { field.value = ""; field.focus(); } };
  const typed = () => {
    if (field.hidden) return;
    const value = field.value;
    swap(false);
    if (value === "") kept(); else changed(Number(value));
  };
  field.addEventListener("blur", typed);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") { typed(); one.select.focus(); } });
  one.element.append(field);
  return one;
}
