// Draw a digit: a sheet to write on, what the net sees of it, its probabilities, and the nearest training digit.
import { bytes, short } from "../drawing.js";
import { button, choice, connect, make, toggle } from "../controls.js";

const THICK = 11, THIN = 4; // pen widths, in pixels of a sheet of 112

export default { render({ model, el }) {
  const settings = model.get("settings"), { sheet: side, size, samples } = settings;
  const sheet = make("canvas", { width: side, height: side, tabIndex: 0 });
  sheet.setAttribute("role", "application");
  sheet.setAttribute("aria-label", "Sheet to draw on. Arrow keys move the pen, with Shift in larger steps; Space puts it down or lifts it; Backspace takes back a stroke.");
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  const cursor = make("div"), said = make("div", { className: "dlw-hidden", role: "log" });
  let strokes = [], base = null, at = [side / 2, side / 4], down = false, late = 0;

  const asked = () => ({ sheet: new DataView(brightness().buffer), no_inversion: inversion.on, no_centring: centring.on });
  const panel = connect({ model, el }, draw);
  const send = () => { clearTimeout(late); late = 0; panel.ask(asked()); };
  const soon = () => { if (!late) late = setTimeout(send, 33); }; // 30 wishes a second at most, the last one always
  const inversion = toggle("No inversion", "Leave it dark on light; the training digits are light on dark", send);
  const centring = toggle("No centring", "Only shrink the sheet: neither scale the digit to its box nor centre it", send);
  const thin = toggle("Thin stroke", "Write with a finer pen than the training digits were written with", () => { paint(); send(); });
  const undo = button("Undo", "Take back the last stroke", () => { strokes.pop(); paint(); send(); });
  const clear = button("Clear", "Start with an empty sheet", () => { start(null); samplesList.select.value = ""; });
  const samplesList = choice("Load a training digit", [{ value: "", label: "none" }, ...samples.map(({ label }, i) => ({ value: i, label }))], "",
    (i) => start(i === "" ? null : bytes(samples[i].sheet)));

  function start(picture) { strokes = []; base = picture; down = false; paint(); send(); }

  function paint() {
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, side, side);
    if (base) {
      const image = new ImageData(side, side);
      base.forEach((v, i) => image.data.set([v, v, v, 255], 4 * i));
      pen.putImageData(image, 0, 0);
    }
    Object.assign(pen, { strokeStyle: "#000000", lineCap: "round", lineJoin: "round", lineWidth: thin.on ? THIN : THICK });
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(...stroke[0]);
      for (const place of stroke.slice(stroke.length > 1 ? 1 : 0)) pen.lineTo(...place);
      pen.stroke();
    }
    cursor.style.left = `${(100 * at[0]) / side}%`;
    cursor.style.top = `${(100 * at[1]) / side}%`;
    cursor.style.background = down ? "#d55e00" : "transparent";
  }

  // How bright each pixel of the sheet is; it is grey, so red tells.
  function brightness() {
    const { data } = pen.getImageData(0, 0, side, side);
    return Uint8Array.from({ length: side * side }, (_, i) => data[4 * i]);
  }

  const place = (event) => {
    const box = sheet.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * side, ((event.clientY - box.top) / box.height) * side];
  };
  const go = (to) => { at = to; if (down) strokes.at(-1).push(to); paint(); if (down) soon(); };
  const put = (on) => { down = on; if (on) strokes.push([at]); paint(); if (on) soon(); };
  sheet.addEventListener("pointerdown", (event) => { sheet.setPointerCapture(event.pointerId); at = place(event); put(true); });
  sheet.addEventListener("pointermove", (event) => { if (down && sheet.hasPointerCapture(event.pointerId)) go(place(event)); });
  for (const end of ["pointerup", "pointercancel"]) sheet.addEventListener(end, () => put(false));
  sheet.addEventListener("blur", () => put(false));
  sheet.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], far = event.shiftKey ? 12 : 3;
    if (way) go(at.map((v, i) => Math.min(side - 4, Math.max(4, v + far * way[i]))));
    else if (event.key === " ") { put(!down); said.textContent = down ? "pen down" : "pen up"; }
    else if (event.key === "Backspace") undo.click();
    else return;
    event.preventDefault();
  });

  // Three squares and a list of bars, side by side; each with its name above. Words come below: above, a longer
  // sentence would move the sheet away under the pen.
  const grid = (label) => { const canvas = make("canvas", { width: 280, height: 280, tabIndex: -1 }); canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", label); return canvas; };
  const seen = grid("What the net sees"), close = grid("Nearest training digit");
  const name = (text) => make("figcaption", { textContent: text, style: "font-size: 13px; color: var(--muted); padding: 0 0 3px 1px; min-height: 1.7em" });
  const closeName = name("Nearest training digit"), square = "border: 1px solid var(--line); aspect-ratio: 1; width: 100%;";
  for (const canvas of [sheet, seen, close]) canvas.style.cssText = square;
  sheet.style.cssText += "cursor: crosshair; touch-action: none; background: #fff;";
  cursor.style.cssText = "position: absolute; width: 10px; height: 10px; margin: -5px; border: 2px solid #d55e00; border-radius: 50%; pointer-events: none;";
  const bars = make("div", { role: "list", "aria-label": "Probability of each digit" });
  bars.style.cssText = "display: grid; gap: 2px; font-variant-numeric: tabular-nums; align-content: start;";
  const column = (wide, ...children) => { const figure = make("figure", {}, ...children); figure.style.flex = `${wide} 1 150px`; return figure; };
  const pictures = make("div", { className: "dlw-pictures" },
    column(1, name("Draw here"), make("div", { style: "position: relative" }, sheet, cursor)),
    column(1, name("What the net sees"), seen), column(1, closeName, close), column(1, name("Probabilities"), bars));
  pictures.style.gap = "8px 20px";
  el.append(make("div", { className: "dlw-row", style: "align-items: end" }, ...(samples.length ? [samplesList.element] : []), undo, clear, inversion, centring, thin),
    pictures, make("div", { className: "dlw-row" }, panel.words), panel.trouble, panel.note, said);
  paint();

  function draw({ seen: input, probabilities, nearest, strong, words }, look) {
    squares(seen, input, look);
    seen.setAttribute("aria-label", input ? `What the net sees: ${size} by ${size} pixels, mean ${short(input.reduce((a, b) => a + b) / input.length)}` : "What the net sees: nothing yet");
    squares(close, nearest && nearest.pixels, look);
    closeName.textContent = nearest ? `Nearest training digit: ${nearest.label}` : "Nearest training digit";
    close.setAttribute("aria-label", nearest ? `Nearest training digit: a ${nearest.label}, row ${nearest.row}, at distance ${short(nearest.distance)}` : samples.length ? "Nearest training digit: none yet" : "No training digits were given");
    drawBars(probabilities, look);
  }

  function squares(canvas, values, look) {
    const pen = canvas.getContext("2d"), step = canvas.width / size, { low, high } = settings;
    pen.fillStyle = look.dark ? "#1b1b1b" : "#eceff2";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    (values ?? []).forEach((v, i) => {
      const grey = Math.round(255 * Math.min(1, Math.max(0, (v - low) / (high - low))));
      pen.fillStyle = `rgb(${grey},${grey},${grey})`;
      pen.fillRect((i % size) * step, Math.floor(i / size) * step, step + 0.5, step + 0.5);
    });
  }

  function drawBars(probabilities, look) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    bars.replaceChildren(...(probabilities ?? Array(10).fill(null)).map((p, digit) => {
      const percent = p === null ? "" : `${(100 * p).toFixed(p >= 0.0995 || p < 0.0005 ? 0 : 1)} %`;
      const bar = make("div", { style: `height: 14px; width: ${100 * (p ?? 0)}%; border-radius: 2px; background: ${digit === best ? look.model : look.data}` });
      const row = make("div", { role: "listitem", style: "display: grid; grid-template-columns: 1.2em 1fr 4.2em; align-items: center; gap: 6px; line-height: 18px" },
        make("span", { textContent: digit }), make("div", { style: "background: var(--soft); border-radius: 2px" }, bar), make("span", { textContent: percent, style: "text-align: right" }));
      if (digit === best) row.style.fontWeight = "bold";
      return row;
    }));
  }

  panel.plan();
  return () => { clearTimeout(late); panel.end(); };
} };
