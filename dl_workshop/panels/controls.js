// Controls that the keyboard reaches and a screen reader reads, and the connection to Python.
import { Axes, short, theme } from "./drawing.js";

// JupyterLab would take arrow keys and Enter for itself; only this attribute, on each element itself, keeps them here.
export function ours(element) {
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return ["button", "input", "select", "textarea", "canvas", "summary"].includes(tag) ? ours(element) : element;
}

// Several panels on a page, each with this code of its own, must not share the names of their controls.
const fresh = () => `dlw-${Math.random().toString(36).slice(2)}`;

// A slider with its name, and a field for typing any number: one outside the range widens the range.
// log: it moves along the logarithm to base 10, and `step` is one of that.
// bounds() is called when its ends are changed by hand.
export function slider({ name, label = name, value, min, max, step = 0.02, log = false }, changed, bounds = () => {}) {
  const id = fresh(), to = (v) => (log ? Math.log10(v) : v), from = (v) => (log ? 10 ** v : Number(v));
  const tidy = (v) => Number(Number(v).toPrecision(log ? 3 : 7));
  const range = make("input", { type: "range", id, min: to(min), max: to(max), step, value: to(value) });
  const digits = (v, n) => Number(Number(v).toPrecision(n)), seen = (v) => digits(v, String(digits(v, 5)).length > 9 ? 2 : 5); // as the field is wide
  const field = make("input", { type: "number", value: seen(value), step: "any", "aria-label": `${label}, typed` });
  // The ends of the range: shown when asked for; the value itself stays inside.
  const ends = Object.fromEntries([["min", "lowest"], ["max", "highest"]].map(([end, word]) => {
    const element = make("input", { type: "number", step: "any", hidden: true, title: `The ${word} value of the slider`, "aria-label": `${label}, ${word}` });
    const taken = () => {
      const v = Number(element.value);
      if (element.value !== "" && Number.isFinite(v) && (!log || v > 0)) {
        range[end] = to(v);
        if (!log) range.step = (range.max - range.min) / 200;
        place(state.value);
        bounds();
      }
      element.value = seen(from(range[end]));
    };
    element.addEventListener("change", taken);
    element.addEventListener("keydown", (event) => { if (event.key === "Enter") taken(); });
    return [end, element];
  }));
  const place = (v) => {
    range.min = Math.min(Number(range.min), to(v));
    range.max = Math.max(Number(range.max), to(v));
    range.value = to(v);
    range.setAttribute("aria-valuetext", `${label} ${short(v)}`);
    for (const [end, element] of Object.entries(ends)) if (document.activeElement !== element) element.value = seen(from(range[end]));
    if (document.activeElement !== field) field.value = seen(v);
  };
  const state = { value };
  const move = (v) => { if (v !== state.value) { state.value = v; place(v); changed(v); } };
  range.addEventListener("input", () => move(tidy(from(range.value))));
  const typed = () => {
    const v = Number(field.value);
    if (field.value !== "" && v !== Number(seen(state.value)) && Number.isFinite(v) && (!log || v > 0)) move(v); else field.value = seen(state.value);
  };
  field.addEventListener("change", typed);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") typed(); }); // JupyterLab swallows its change
  place(value);
  const row = make("div", { className: "dlw-slider" }, make("label", { htmlFor: id, textContent: label }), ends.min, range, ends.max, field);
  const showEnds = (on) => { ends.min.hidden = ends.max.hidden = !on; row.classList.toggle("dlw-ends", on); };
  return { element: row, range, showEnds, get value() { return state.value; }, set: (v) => { state.value = v; place(v); },
    get ends() { return [from(range.min), from(range.max)]; } };
}

export const button = (text, title, act) => make("button", { type: "button", textContent: text, title, onclick: act });

// A button that stays pressed.
export function toggle(text, title, changed) {
  const element = button(text, title, () => { element.set(!element.on); changed(element.on); });
  element.set = (on) => { element.on = on; element.setAttribute("aria-pressed", on); };
  element.set(false);
  return element;
}

export function choice(label, options, value, changed) {
  const id = fresh();
  const select = make("select", { id, onchange: () => changed(select.value) },
    ...options.map((option) => make("option", { value: option.value ?? option, textContent: option.label ?? option })));
  select.value = value;
  return { element: make("div", { className: "dlw-choice" }, make("label", { htmlFor: id, textContent: label }), select), select };
}

export function picture(label, options) {
  const canvas = make("canvas", { tabIndex: -1 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const axes = new Axes(canvas, options);
  canvas.axes = axes; // for tests: where on the canvas a place of the data lies
  axes.element = make("figure", {}, canvas);
  axes.describe = (words) => canvas.setAttribute("aria-label", `${label}. ${words}`);
  return axes;
}

const STOPPED = "The kernel behind this panel has stopped. This is the last picture: run the cell again to go on.";

// The panel's frame: words that are read out, trouble, and wishes sent to Python so that the last one wins.
// draw(shown, look) is called at most once a screen frame, also when theme or size change.
export function connect({ model, el }, draw) {
  el.classList.add("dlw");
  const words = make("div", { className: "dlw-words", role: "status", "aria-live": "polite" });
  const trouble = make("div", { className: "dlw-trouble", role: "alert" });
  const note = make("div", { className: "dlw-note" });
  const printed = make("pre", { className: "dlw-printed", role: "log", "aria-label": "Printed by your function" });
  let move = model.get("shown").move ?? 0, waiting = 0, planned = false, holding = false, asked = {}, latest = model.get("shown");

  const paint = () => {
    planned = false;
    // After a pause nothing is drawn but its answer, even where a frame that came late is there already.
    if (!holding || (model.get("shown").move ?? 0) >= move) latest = model.get("shown");
    const shown = latest, stopped = whole?.comm_live === false;
    if (stopped) { clearTimeout(waiting); note.textContent = STOPPED; }
    el.classList.toggle("dlw-stopped", stopped);
    words.replaceChildren(make("b", { textContent: shown.strong ?? "" }), ` ${shown.words ?? ""}`);
    if (trouble.textContent !== (shown.trouble ?? "")) trouble.textContent = shown.trouble ?? "";
    if (!printed.isConnected) note.after(printed);
    if (printed.textContent !== (shown.printed ?? "")) printed.textContent = shown.printed ?? "";
    try {
      if (shown.words !== undefined) draw(shown, theme(el));
    } catch (error) {
      trouble.textContent = `This picture could not be drawn: ${error.message}`;
      console.error(error);
    }
    el.dataset.move = shown.move; // for tests: the wish that is answered by what is painted, the last wish, and a count
    el.dataset.asked ??= move;
    el.dataset.painted = 1 + Number(el.dataset.painted ?? 0);
  };
  // Only the whole model knows whether a kernel is behind it; the one given here is a part of it.
  let whole = null;
  const found = (one) => { whole = one; plan(); };
  model.widget_manager?.get_model?.(model.get("still").slice("dlw-".length))?.then(found, () => null);
  el.append(make("style", { textContent: `.${model.get("still")}, .jp-OutputArea-child:has(.${model.get("still")}) { display: none; }` }));
  const plan = () => { if (!planned) { planned = true; requestAnimationFrame(paint); } };
  const quiet = () => { clearTimeout(waiting); note.textContent = ""; };
  const answered = () => {
    const late = (model.get("shown").move ?? 0) < move;
    if (!late) quiet();
    if (!(late && holding)) plan(); // a frame that was under way when "pause" was pressed is not drawn any more
  };
  const ask = (wish) => {
    asked = { ...asked, act: null, ...wish, move: ++move };
    holding = ["pause", "reset"].includes(asked.act);
    el.dataset.asked = move;
    model.set("asked", asked);
    model.save_changes();
    clearTimeout(waiting);
    if (el.classList.contains("dlw-stopped")) return;
    waiting = setTimeout(() => { note.textContent = "Waiting for your function. The picture is the last one it gave."; }, 700);
  };
  model.on("change:shown", answered);
  model.on("comm_live_update", plan);
  const sized = new ResizeObserver(plan);
  sized.observe(el);
  const themed = new MutationObserver(plan);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  return { words, trouble, note, ask, plan,
    end: () => { model.off("change:shown", answered); model.off("comm_live_update", plan); sized.disconnect(); themed.disconnect(); clearTimeout(waiting); } };
}
