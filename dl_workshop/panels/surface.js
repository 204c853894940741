// A surface over two numbers, seen from the side: turned by dragging or by the arrow keys, with lines and points on it.
import { short } from "./drawing.js";

const HIGH = 0.62; // how high the surface stands, as a share of how wide it is

// The height at a place, between the points of the grid; null outside it.
export function heightAt({ across, along, heights }, [x, y]) {
  const place = (v, line) => ((v - line[0]) / (line.at(-1) - line[0])) * (line.length - 1);
  const c = place(x, across), r = place(y, along), n = across.length;
  if (x === null || y === null || !(c >= 0 && r >= 0 && c <= n - 1 && r <= along.length - 1)) return null;
  const i = Math.min(Math.floor(c), n - 2), j = Math.min(Math.floor(r), along.length - 2), [u, v] = [c - i, r - j];
  const [a, b, d, e] = [heights[j * n + i], heights[j * n + i + 1], heights[(j + 1) * n + i], heights[(j + 1) * n + i + 1]];
  return [a, b, d, e].includes(null) ? null : (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * e);
}

// One view of it on Axes that are bare. grid: {across, along, heights}, heights from 0 to 1, a row for every `along`.
export class Surface {
  constructor(axes, range, turn, look, grid) {
    Object.assign(this, { axes, range, turn, look, grid, pen: axes.pen });
    axes.begin({ x: [0, 1], y: [0, 1] }, look);
  }

  // From (place on the floor, height) to the canvas; `away` is how far it lies from the eye.
  at(x, y, height) {
    const { pitch, yaw } = this.turn, [c, s, up, deep] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const { left, right, top, bottom } = this.axes.box, scale = Math.min((right - left) / 1.6, (bottom - top) / 1.35);
    const [u, v] = [[x, this.range.x], [y, this.range.y]].map(([p, [a, b]]) => (p - a) / (b - a) - 0.5);
    const away = u * s + v * c, h = (height - 0.5) * HIGH;
    return { x: (left + right) / 2 + scale * (u * c - v * s), y: (top + bottom) / 2 - scale * (h * up + away * deep), away: away * up - h * deep };
  }

  lifted(points) {
    return points.map((p) => { const height = heightAt(this.grid, p); return height === null ? null : this.at(...p, height); });
  }

  stroke(places, colour, width, dash = []) {
    const pen = this.pen;
    Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineJoin: "round", globalAlpha: 1 });
    pen.setLineDash(dash);
    pen.beginPath();
    let drawn = false;
    for (const p of places) { if (p === null) drawn = false; else { if (drawn) pen.lineTo(p.x, p.y); else pen.moveTo(p.x, p.y); drawn = true; } }
    pen.stroke();
    pen.setLineDash([]);
  }

  line(points, colour, width, dash) { this.stroke(this.lifted(points), colour, width, dash); }

  point(place, colour, radius = 7, edge = "#ffffff") {
    const [now] = this.lifted([place]), pen = this.pen;
    if (!now) return;
    pen.beginPath();
    pen.arc(now.x, now.y, radius, 0, 2 * Math.PI);
    Object.assign(pen, { fillStyle: colour, strokeStyle: edge, lineWidth: 1.5, globalAlpha: 1 });
    pen.fill();
    pen.stroke();
  }

  corners() {
    const { x: xs, y: ys } = this.range;
    return [[xs[0], ys[0]], [xs[1], ys[0]], [xs[1], ys[1]], [xs[0], ys[1]]].map(([x, y]) => ({ ...this.at(x, y, 0), data: [x, y] }));
  }

  floor() { const corners = this.corners(); this.stroke([...corners, corners[0]], this.look.muted, 1); }

  // Names of the two numbers at the floor's edges that are nearer than the middle; over all else, so drawn last.
  names(names) {
    const { x: xs, y: ys } = this.range, middle = this.at((xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2, 0), corners = this.corners();
    corners.forEach((a, k) => {
      const b = corners[(k + 1) % 4];
      if (a.away + b.away >= 2 * middle.away) return;
      const ends = [a, b].sort((p, q) => p.x - q.x).map((p) => short(p.data[k % 2])), x = (a.x + b.x) / 2;
      this.say(`${names[k % 2]} ${ends.join(" \u2026 ")}`, { x, y: (a.y + b.y) / 2 + 8 }, x < middle.x ? "right" : "left");
    });
  }

  say(words, { x, y } = { x: this.axes.box.left + 4, y: this.axes.box.top + 2 }, align = "left") {
    const { pen, axes: { box } } = this;
    Object.assign(pen, { fillStyle: this.look.ink, font: "12px system-ui, sans-serif", textAlign: "left", textBaseline: "top" });
    const wide = pen.measureText(words).width, left = Math.min(Math.max(align === "right" ? x - wide : x, box.left + 4), box.right - wide - 4);
    Object.assign(pen, { strokeStyle: this.look.paper, lineWidth: 3, globalAlpha: 1 });
    pen.strokeText(words, left, y);
    pen.fillText(words, left, y);
  }

  // About 30 faces a side, the far ones first, so that the near ones cover them. colour(height, place in the grid).
  faces(colour) {
    const { across, along, heights } = this.grid, n = across.length, jump = Math.max(1, Math.round(n / 30)), found = [];
    for (let r = 0; r + jump < along.length; r += jump) for (let c = 0; c + jump < n; c += jump) {
      const places = [[c, r], [c + jump, r], [c + jump, r + jump], [c, r + jump]], z = places.map(([i, j]) => heights[j * n + i]);
      if (z.includes(null)) continue;
      const points = places.map(([i, j], k) => this.at(across[i], along[j], z[k]));
      found.push({ points, height: (z[0] + z[2]) / 2, place: r * n + c, away: points[0].away + points[2].away });
    }
    const pen = this.pen;
    Object.assign(pen, { lineWidth: 0.6, strokeStyle: "rgba(255,255,255,.28)", globalAlpha: 1 });
    for (const { points, height, place } of found.sort((a, b) => b.away - a.away)) {
      pen.fillStyle = `rgb(${colour(height, place).map(Math.round)})`;
      pen.beginPath();
      points.forEach((p) => pen.lineTo(p.x, p.y));
      pen.closePath();
      pen.fill();
      pen.stroke();
    }
  }
}

// Say where on a canvas the mouse or a finger is, while it is held down there.
export function dragged(canvas, act) {
  canvas.style.touchAction = "none";
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); act(event); });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) act(event); });
}

// Turn a picture by dragging it or with the arrow keys.
export function turned(canvas, turn, plan) {
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
