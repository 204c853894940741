// Drawing on a canvas: axes, lines, points, bars, maps, arrows. Numbers in, picture out; every panel draws with these.

// Colours by role (Okabe and Ito: told apart with any of the common colour blindnesses), for light and dark paper.
export const ROLES = {
  light: { data: "#0072b2", model: "#d55e00", truth: "#009e73", residual: "#cc79a7", gradient: "#009e73", path: "#d55e00",
    loss: "#0072b2", test: "#009e73", class0: "#0072b2", class1: "#e69f00", class2: "#009e73", class3: "#cc79a7" },
  dark: { data: "#56b4e9", model: "#ff8a3d", truth: "#2bd1a0", residual: "#e69ac4", gradient: "#2bd1a0", path: "#ff8a3d",
    loss: "#56b4e9", test: "#2bd1a0", class0: "#56b4e9", class1: "#f0b429", class2: "#2bd1a0", class3: "#e69ac4" },
};
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

const known = new Map();

// Any colour that CSS can name, as red, green and blue: it is painted once, to see.
function seen(colour) {
  if (!known.has(colour)) {
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    known.set(colour, [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3));
  }
  return known.get(colour);
}

// How light a colour is, 0 to 1, and the same hue made dark enough (on dark paper: light enough) to be read as text.
// Source: WCAG 2.2, relative luminance, and contrast (minimum), 4.5.
const luminance = (colour) => colour.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
export function legible(colour, { paper, dark }) {
  const under = luminance(seen(paper));
  for (let t = 0; ; t += 0.1) {
    const mixed = seen(colour).map((v) => v + t * ((dark ? 255 : 0) - v)), over = luminance(mixed);
    if (t >= 1 || Math.max(over, under) + 0.05 >= 4.5 * (Math.min(over, under) + 0.05)) return `rgb(${mixed.map(Math.round)})`;
  }
}

function isDark(colour) {
  const [r, g, b] = seen(colour);
  return 0.3 * r + 0.6 * g + 0.1 * b < 128;
}

// The paper and ink of the page's theme, read where the panel stands.
export function theme(el) {
  const style = getComputedStyle(el.closest(".dlw") ?? el);
  const value = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const paper = value("--paper", "#ffffff"), dark = isDark(paper);
  return { ...ROLES[dark ? "dark" : "light"], dark, paper, ink: value("--ink", "#24292f"), muted: value("--muted", "#57606a"),
    grid: dark ? "rgba(255,255,255,.14)" : "rgba(0,0,0,.09)" };
}

// Between two colours, t from 0 to 1: low class to high class through the paper.
export function diverging(low, high, paper) {
  const [a, m, b] = [low, paper, high].map((c) => (c.startsWith("#") && c.length === 7 ? rgb(c) : [255, 255, 255]));
  return (t) => (t < 0.5 ? a.map((v, i) => v + (m[i] - v) * 2 * t) : m.map((v, i) => v + (b[i] - v) * (2 * t - 1)));
}

export function sequential(t) {
  const place = Math.min(Math.max(t, 0), 1) * (CIVIDIS.length - 1), i = Math.min(Math.floor(place), CIVIDIS.length - 2);
  const [a, b] = [rgb(CIVIDIS[i]), rgb(CIVIDIS[i + 1])];
  return a.map((v, k) => v + (b[k] - v) * (place - i));
}

// About `count` round numbers from low to high.
export function ticks(low, high, count = 6) {
  if (low > high) return ticks(high, low, count);
  if (low === high) return [low];
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((n) => n * power >= rough) * power, found = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return found;
}

export function short(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "no number";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "minus infinite";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(1).replace("-", "\u2212").replace("e+", "e");
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3))).replace("-", "\u2212");
}

// A power of ten in words: 0.01, 10, 10⁻⁴.
const power = (n) => (n >= -3 && n <= 5 ? String(Number((10 ** n).toPrecision(1))) : `10${[...String(n)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}`);

// Axes on a canvas. `range` is {x: [low, high], y: [low, high]}; all coordinates are the data's own.
// logs: {x: true} where they are logarithms to base 10: the labels are then the numbers themselves.
export class Axes {
  constructor(canvas, { height = 280, x = "x", y = "y", square = false, bare = false } = {}) {
    Object.assign(this, { canvas, height, names: { x, y }, square, bare, logs: {}, range: { x: [0, 1], y: [0, 1] } });
    this.pen = canvas.getContext("2d");
  }

  // Start a picture: fit the canvas to its place and to the screen's pixels, paint paper, grid and labels.
  begin(range, look) {
    this.range = range;
    this.look = look;
    const width = this.canvas.clientWidth || 480, height = this.square ? Math.min(width, this.height) : this.height;
    const fine = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * fine) || this.canvas.height !== Math.round(height * fine)) {
      this.canvas.width = Math.round(width * fine);
      this.canvas.height = Math.round(height * fine);
      this.canvas.style.height = `${height}px`;
    }
    const pen = this.pen;
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.globalAlpha = 1;
    pen.fillStyle = look.paper;
    pen.fillRect(0, 0, width, height);
    const gap = this.bare ? { left: 2, right: 2, top: 2, bottom: 2 } : { left: 58, right: 12, top: 12, bottom: 40 };
    this.box = { left: gap.left, top: gap.top, right: width - gap.right, bottom: height - gap.bottom };
    if (this.square) {
      const side = Math.min(this.box.right - this.box.left, this.box.bottom - this.box.top);
      this.box.right = this.box.left + side;
      this.box.bottom = this.box.top + side;
    }
    if (!this.bare) this.frame();
  }

  px(x) { const [a, b] = this.range.x; return this.box.left + ((x - a) / (b - a)) * (this.box.right - this.box.left); }
  py(y) { const [a, b] = this.range.y; return this.box.bottom - ((y - a) / (b - a)) * (this.box.bottom - this.box.top); }
  // From a place on the page back to the data.
  at(event) {
    const place = this.canvas.getBoundingClientRect(), { left, right, top, bottom } = this.box;
    const [a, b] = this.range.x, [c, d] = this.range.y;
    return { x: a + ((event.clientX - place.left - left) / (right - left)) * (b - a),
      y: c + ((bottom - (event.clientY - place.top)) / (bottom - top)) * (d - c) };
  }

  frame() {
    const { pen, box, look } = this;
    pen.font = "12px system-ui, sans-serif";
    pen.lineWidth = 1;
    pen.strokeStyle = look.grid;
    pen.fillStyle = look.muted;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    const [label, places] = [(axis, v) => (this.logs[axis] ? power(v) : short(v)), (axis, count) => (this.logs[axis] ?
      ticks(...this.range[axis], Math.min(count, Math.abs(this.range[axis][1] - this.range[axis][0]))).filter(Number.isInteger) : ticks(...this.range[axis], count))];
    for (const v of places("x", Math.max(3.2, Math.min(8, (box.right - box.left) / 70)))) {
      this.stroke([[v, this.range.y[0]], [v, this.range.y[1]]]);
      pen.fillText(label("x", v), this.px(v), box.bottom + 6);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const v of places("y", Math.max(2, Math.min(8, (box.bottom - box.top) / 26)))) {
      this.stroke([[this.range.x[0], v], [this.range.x[1], v]]);
      pen.fillText(label("y", v), box.left - 6, this.py(v));
    }
    pen.fillStyle = look.ink;
    pen.textAlign = "center";
    pen.textBaseline = "bottom";
    pen.fillText(this.names.x, (box.left + box.right) / 2, box.bottom + 38);
    pen.save();
    pen.translate(12, (box.top + box.bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textBaseline = "middle";
    pen.fillText(this.names.y, 0, 0);
    pen.restore();
  }

  inside(draw) {
    const { pen, box } = this;
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    draw();
    pen.restore();
  }

  stroke(points) {
    this.pen.beginPath();
    let down = false;
    for (const [x, y] of points) {
      if (x === null || y === null) { down = false; continue; }
      if (down) this.pen.lineTo(this.px(x), this.py(y)); else this.pen.moveTo(this.px(x), this.py(y));
      down = true;
    }
    this.pen.stroke();
  }

  line(xs, ys, colour, { width = 2.5, dash = [], alpha = 1 } = {}) {
    this.inside(() => {
      Object.assign(this.pen, { strokeStyle: colour, lineWidth: width, lineJoin: "round", globalAlpha: alpha });
      this.pen.setLineDash(dash);
      this.stroke(xs.map((x, i) => [x, ys[i]]));
    });
  }

  // colour: one, or one a point.  shape: "circle" or, for the other class, "square": never told apart by colour alone.
  points(xs, ys, colour, { radius = 3, alpha = 0.85, shape = "circle", edge = null } = {}) {
    this.inside(() => {
      const pen = this.pen;
      pen.globalAlpha = alpha;
      xs.forEach((x, i) => {
        if (x === null || ys[i] === null) return;
        pen.fillStyle = Array.isArray(colour) ? colour[i] : colour;
        const kind = Array.isArray(shape) ? shape[i] : shape;
        pen.beginPath();
        if (kind === "square") pen.rect(this.px(x) - radius, this.py(ys[i]) - radius, 2 * radius, 2 * radius);
        else pen.arc(this.px(x), this.py(ys[i]), radius, 0, 2 * Math.PI);
        pen.fill();
        if (edge) { pen.strokeStyle = edge; pen.lineWidth = 1; pen.stroke(); }
      });
    });
  }

  // Vertical bars from one height to another at each x: residuals.
  bars(xs, from, to, colour, { width = 1.5, alpha = 0.6 } = {}) {
    this.inside(() => {
      Object.assign(this.pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
      xs.forEach((x, i) => { if (from[i] !== null && to[i] !== null) this.stroke([[x, from[i]], [x, to[i]]]); });
    });
  }

  // A table of bytes (rows from low y to high y) over the whole range, coloured by tint(0..1).
  map(bytes, columns, rows, tint, { alpha = 1 } = {}) {
    const colours = Array.from({ length: 256 }, (_, v) => tint(v / 255));
    const image = new ImageData(columns, rows);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
      const [red, green, blue] = colours[bytes[r * columns + c]], at = 4 * ((rows - 1 - r) * columns + c);
      image.data[at] = red; image.data[at + 1] = green; image.data[at + 2] = blue; image.data[at + 3] = 255;
    }
    const sheet = new OffscreenCanvas(columns, rows);
    sheet.getContext("2d").putImageData(image, 0, 0);
    const { left, top, right, bottom } = this.box;
    this.pen.save();
    this.pen.globalAlpha = alpha;
    this.pen.imageSmoothingEnabled = true;
    this.pen.drawImage(sheet, left, top, right - left, bottom - top);
    this.pen.restore();
  }

  arrow(x, y, toX, toY, colour, { width = 3 } = {}) {
    this.inside(() => {
      const pen = this.pen, [a, b, c, d] = [this.px(x), this.py(y), this.px(toX), this.py(toY)];
      if (Math.hypot(c - a, d - b) < 2) return;
      const turn = Math.atan2(d - b, c - a), head = 10;
      Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: width });
      pen.beginPath(); pen.moveTo(a, b); pen.lineTo(c - head * 0.7 * Math.cos(turn), d - head * 0.7 * Math.sin(turn)); pen.stroke();
      pen.beginPath(); pen.moveTo(c, d);
      for (const side of [-0.45, 0.45]) pen.lineTo(c - head * Math.cos(turn + side), d - head * Math.sin(turn + side));
      pen.fill();
    });
  }

  text(x, y, words, colour, { align = "left", dx = 0, dy = 0, size = 12 } = {}) {
    const pen = this.pen;
    Object.assign(pen, { font: `${size}px system-ui, sans-serif`, textAlign: align, textBaseline: "middle" });
    pen.lineWidth = 3;
    pen.strokeStyle = this.look.paper;
    pen.strokeText(words, this.px(x) + dx, this.py(y) + dy);
    pen.fillStyle = [this.look.ink, this.look.muted].includes(colour) ? colour : legible(colour, this.look);
    pen.fillText(words, this.px(x) + dx, this.py(y) + dy);
  }
}

// Limits around numbers, with room; wide enough even for one number.
export function around(values, room = 0.06) {
  const known = values.filter((v) => v !== null && Number.isFinite(v));
  if (!known.length) return [0, 1];
  const low = Math.min(...known), high = Math.max(...known), more = (high - low) * room || Math.abs(high) * 0.1 || 1;
  return [low - more, high + more];
}

// Bytes that Python sent, whatever the transport made of them.
export const bytes = (view) => new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
