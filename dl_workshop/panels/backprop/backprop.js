// Backprop: the graph of the learner's function; values appear on the way forward, gradients on the way back.
import { button, connect, make, ours, slider } from "../controls.js";

const STYLE = `
.dlw-graph { overflow: auto; max-height: 480px; padding: 3px; position: relative; }
.dlw-graph svg { display: block; max-width: 100%; height: auto; margin: 0 auto;
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.dlw-graph text { fill: var(--ink); font-size: 11px; white-space: pre; }
.dlw-graph .name { font-weight: bold; font-size: 12.5px; }
.dlw-graph .muted { fill: var(--muted); font-size: 10.5px; }
.dlw-graph .gradient { fill: var(--gradient); }
.dlw-graph .factor { fill: var(--gradient); font-size: 10.5px; text-anchor: end; }
.dlw-graph .behind { fill: var(--paper); }
.dlw-graph .box { fill: var(--paper); stroke: var(--muted); stroke-width: 1.2; }
.dlw-graph .data .box { stroke: var(--data); stroke-width: 2; }
.dlw-graph .params .box { stroke: var(--params); stroke-width: 2; }
.dlw-graph .loss .box { stroke: var(--loss); stroke-width: 1.6; }
.dlw-graph .constant .box, .dlw-graph .again rect { stroke-dasharray: 4 3; }
.dlw-graph .inner { fill: none; stroke-width: .8 !important; }
.dlw-graph .again rect { fill: none; stroke: var(--muted); }
.dlw-graph .line { fill: none; stroke: var(--muted); stroke-width: 1.3; opacity: .75; }
.dlw-graph .head { fill: var(--muted); opacity: .75; }
.dlw-graph .lit .line { stroke: var(--lit); stroke-width: 3; opacity: 1; }
.dlw-graph .lit .head { fill: var(--lit); opacity: 1; }
.dlw-graph .ring { fill: none; stroke: none; stroke-width: 3; }
.dlw-graph .node { cursor: pointer; outline: none; }
.dlw-graph .node.waiting .box { opacity: .45; }
.dlw-graph .node.waiting text { opacity: .65; }
.dlw-graph .node.current .ring { stroke: var(--lit); }
.dlw-graph .node[aria-pressed=true] .ring { stroke: var(--ink); }
.dlw-graph .node:hover .box { fill: var(--soft); }
.dlw-graph .node:focus-visible .ring { stroke: var(--focus); }
.dlw-about { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr)); gap: 8px 18px; padding: 3px; align-items: start; }
.dlw-about:empty { display: none; }
.dlw-about > * { min-width: 0; }
.dlw-about h4 { margin: 2px 0 4px; font-size: 14px; }
.dlw-about p { margin: 2px 0; }
.dlw-code { margin: 0; max-height: 230px; overflow: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 4px 0; font: 12px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.dlw-code code { display: block; white-space: pre; padding: 0 8px 0 5px; border-left: 4px solid transparent; min-height: 1.45em; background: none; color: inherit; font: inherit; }
.dlw-code code[aria-current] { border-left-color: var(--lit); background: color-mix(in srgb, var(--lit) 22%, transparent); font-weight: bold; }
.dlw-about table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 4px 0; }
.dlw-about th, .dlw-about td { text-align: left; padding: 2px 8px 2px 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: normal; background: none; color: inherit; white-space: normal; }
.dlw-about thead th { color: var(--muted); font-size: 12px; }
.dlw-about td:last-child { font-weight: bold; color: var(--gradient); }
.dlw-about small { display: block; color: var(--muted); }`;

const LETTER = 6.33; // pixels: the width of one on an edge
const SVG = make("div", { innerHTML: "<svg></svg>" }).firstChild.namespaceURI;

// An element of a drawing.
function mark(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export default { render({ model, el }) {
  const settings = model.get("settings"), { nodes, edges, sliders, code, name, steps } = settings;
  const panel = connect({ model, el }, draw);
  let playing = false, followed = null, focused = nodes.findIndex((one) => one.role !== "constant");

  const ask = (act, more = {}) => { if (act !== "choose") playing = act === "play"; panel.ask({ act, playing, ...more }); panel.plan(); };
  const values = () => Object.fromEntries(sliders.map((one, i) => [one.name, knobs[i].value]));
  const move = () => panel.ask({ values: values(), playing, at: model.get("shown").step });
  const knobs = sliders.map((one) => slider(one, move));
  const [reset, back, step, end] = [["Reset", "Back to the inputs", "reset"], ["Back", "One node back", "back"], ["Step", "To the next node", "step"], ["To the end", "All values and gradients", "end"]]
    .map(([text, title, act]) => button(text, title, () => ask(act)));
  const play = button("Play", "Node after node, until you pause", () => ask(playing ? "pause" : "play"));
  const restore = button("First inputs", "The inputs as they were at first", () => {
    knobs.forEach((knob, i) => knob.set(sliders[i].value));
    move();
  });

  const { groups, lines, drawing } = picture();
  const about = make("div", {}), listing = make("pre", { className: "dlw-code", tabIndex: 0, role: "region", ariaLabel: "Your code" });
  ours(listing).append(...code.map((line) => make("code", { textContent: line })));
  const side = make("div", { className: "dlw-about" }, about, ...(code.length ? [listing] : []));
  el.append(make("style", { textContent: STYLE }), make("div", { className: "dlw-controls" }, ...knobs.map((knob) => knob.element)),
    make("div", { className: "dlw-note", textContent: settings.rest }),
    make("div", { className: "dlw-row" }, back, step, play, reset, end, ...(knobs.length ? [restore] : []), panel.words), panel.trouble, panel.note,
    make("div", { className: "dlw-graph" }, drawing), side);

  // The boxes and lines, which stand still. Each node is a button; the arrow keys go from one to the next.
  function picture() {
    const { width, height, margin } = settings;
    const all = mark("g", { transform: `translate(${margin} ${margin})` });
    const svg = mark("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", style: `min-width: ${0.72 * width}px` }, all);
    const arrow = ([line, head], kind = "edge") => mark("g", { class: kind }, mark("path", { class: "line", d: line }), mark("path", { class: "head", d: head }));
    const tied = edges.map((edge) => {
      const [x, y] = edge.tip, behind = mark("rect", { class: "behind", y: y - 7, height: 14 });
      const group = arrow(edge.paths), label = mark("text", { class: "factor", x: x - 11, y: y + 4 });
      const rule = mark("title");
      rule.textContent = edge.rule;
      group.append(behind, label, rule);
      all.append(group);
      return { group, label, behind, x };
    });
    settings.go_on.forEach((one) => all.append(arrow(one)));
    settings.again.forEach(({ box: [x, y, w, h], words, node }) => {
      const text = mark("text", { x: x + 8, y: y + h / 2 + 4 });
      text.textContent = words;
      const group = mark("g", { class: "again" }, mark("rect", { x, y, width: w, height: h, rx: 4 }), text);
      group.addEventListener("click", () => choose(node));
      all.append(group);
    });
    const boxes = nodes.map((node, i) => box(node, i));
    all.append(...boxes.map((one) => one.group));
    return { groups: boxes, lines: tied, drawing: svg };
  }

  function box(node, i) {
    const [x, y, width, height] = node.box, rx = { params: 13, middle: 4, loss: 4 }[node.role] ?? 0;
    const group = ours(mark("g", { class: `node ${node.role}`, role: "button", tabindex: i === focused ? 0 : -1, "aria-pressed": false },
      mark("rect", { class: "ring", x: x - 4, y: y - 4, width: width + 8, height: height + 8, rx: rx + 4 }), mark("rect", { class: "box", x, y, width, height, rx })));
    if (node.role === "loss") group.append(mark("rect", { class: "box inner", x: x + 3, y: y + 3, width: width - 6, height: height - 6, rx: 1 }));
    const rows = node.rows.map((row) => {
      const text = mark("text", { class: { title: "name", shape: "muted" }[row.kind] ?? row.kind, x: row.x, y: row.y }), map = mark("g");
      if (row.beside) {
        const beside = mark("text", { class: "muted", x: x + width - 8, y: row.y, "text-anchor": "end" });
        beside.textContent = row.beside;
        group.append(beside);
      }
      const sign = row.kind === "gradient" ? mark("text", { class: "gradient", x: row.x - 11, y: row.y }) : null;
      if (sign) { sign.textContent = "\u2202"; group.append(sign); }
      group.append(map, text);
      return { ...row, text, map, sign };
    });
    group.addEventListener("click", () => choose(i));
    group.addEventListener("keydown", (event) => {
      const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: nodes.length - 1, Enter: i, " ": i }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (to >= 0 && to < nodes.length) choose(to, true);
    });
    return { group, rows };
  }

  function choose(i, focus = true) {
    focused = i;
    groups.forEach(({ group }, k) => group.setAttribute("tabindex", k === i ? 0 : -1));
    if (focus) groups[i].group.focus({ preventScroll: false });
    ask("choose", { node: i });
  }

  function draw(shown, look) {
    if (shown.move === Number(el.dataset.asked ?? shown.move)) { // an older answer must not take anything back
      if (!shown.playing || shown.trouble) playing = false;
      if (!shown.trouble) knobs.forEach((knob, i) => knob.set(shown.values[sliders[i].name]));
    }
    play.textContent = playing ? "Pause" : "Play";
    for (const [one, off] of [[back, shown.step === 0], [reset, shown.step === 0], [step, shown.step === steps], [end, shown.step === steps]]) one.disabled = off && document.activeElement !== one;
    const paint = { data: look.data, params: look.class1, loss: look.model, gradient: look.dark ? look.gradient : "#00694b", lit: shown.phase === "backward" ? look.gradient : look.data };
    for (const [role, colour] of Object.entries(paint)) el.style.setProperty(`--${role}`, colour);
    groups.forEach((one, i) => drawNode(one, i, shown));
    lines.forEach(({ group, label, behind, x }, k) => {
      const words = shown.passed.includes(k) ? shown.labels[k] : "", wide = words && LETTER * words.length + 4;
      group.setAttribute("class", shown.lit.includes(k) ? "edge lit" : "edge");
      label.textContent = words;
      behind.setAttribute("width", wide || 0);
      behind.setAttribute("x", x - 9 - wide);
    });
    if (shown.chosen === null && shown.current !== null && shown.current !== followed) follow(groups[shown.current].group);
    followed = shown.current;
    drawing.setAttribute("aria-label", `The graph of ${name}, ${nodes.length} nodes. ${shown.strong}: ${shown.words}`);
    tell(shown);
  }

  // Scroll the graph, and nothing else, to where the way has got to.
  function follow(group) {
    const frame = drawing.parentElement, [here, there] = [group, frame].map((one) => one.getBoundingClientRect());
    if (here.top < there.top || here.bottom > there.bottom) frame.scrollTop += (here.top + here.bottom - there.top - there.bottom) / 2;
    if (here.left < there.left || here.right > there.right) frame.scrollLeft += (here.left + here.right - there.left - there.right) / 2;
  }

  function drawNode({ group, rows }, i, shown) {
    const valued = shown.valued.includes(i), given = shown.given.includes(i);
    group.classList.toggle("waiting", !valued);
    group.classList.toggle("current", shown.current === i);
    group.setAttribute("aria-pressed", shown.about?.node === i && shown.chosen === i);
    group.setAttribute("aria-label", valued ? (given ? shown.told[i] : shown.told[i].split(", gradient")[0]) : `${nodes[i].name}: not computed yet`);
    rows.forEach((row, k) => {
      const now = shown.rows[i][k], seen = row.kind === "value" ? valued : row.kind === "gradient" ? given : true;
      const words = seen ? now?.words ?? "" : "", map = seen ? now?.map : null;
      if (row.text.textContent !== words) row.text.textContent = words;
      if (row.sign) row.sign.style.display = seen ? "" : "none";
      row.text.setAttribute("x", row.x + (map ? map.width + 5 : 0));
      row.map.replaceChildren(...(map ? cells(map, row) : []));
    });
  }

  // A small map: one rectangle a cell.
  function cells({ cells: table, width }, { x, top, high }) {
    const w = width / table[0].length, h = high / table.length;
    return [...table.flatMap((colours, r) => colours.map((fill, c) => mark("rect", { x: x + c * w, y: top + r * h, width: w, height: h, fill }))),
      mark("rect", { x, y: top, width, height: high, fill: "none", stroke: "#57606a", "stroke-width": 0.6 })];
  }

  // One node in words: what it is, its line of code, and its part of the chain rule.
  function tell({ about: one }) {
    let first = null;
    [...listing.children].forEach((line, i) => {
      const here = one?.lines.includes(i + 1) ?? false;
      if (here === line.hasAttribute("aria-current")) return;
      if (here) {
        line.setAttribute("aria-current", "true");
        first ??= line;
      } else line.removeAttribute("aria-current");
    });
    if (first) listing.scrollTop += first.getBoundingClientRect().top - listing.getBoundingClientRect().top - listing.clientHeight / 2;
    if (!one) return about.replaceChildren(make("p", { className: "dlw-note", textContent: "Step on, or choose a node: click it, or reach it with Tab and the arrow keys." }));
    const part = (of, by) => `\u2202${of}/\u2202${by}`;
    const cell = (tag, text, small) => make(tag, {}, text, ...(small ? [make("small", { textContent: small })] : []));
    const rows = one.rows.map((row) => make("tr", {}, cell("td", row.through), cell("td", row.upstream), cell("td", row.local ? `\u00d7 ${row.local}` : "", row.rule), cell("td", row.product)));
    const table = make("table", {}, make("thead", {}, make("tr", {}, cell("th", "flows into"), cell("th", "its gradient"), cell("th", "local derivative"), cell("th", "product"))), make("tbody", {}, ...rows));
    if (rows.length > 1) table.append(make("tfoot", {}, make("tr", {}, cell("td", "sum of all ways"), cell("td", ""), cell("td", ""), cell("td", one.gradient))));
    const end = one.name === one.result && !rows.length;
    about.replaceChildren(make("h4", { textContent: one.name }), make("p", { textContent: `${one.what}${one.shape ? ` ${one.shape}` : ""}: ${one.value}` }),
      ...(one.code ? [make("p", {}, `line ${one.line}: `, make("code", { textContent: one.code }))] : []),
      ...(one.gradient === "" ? [] : one.gradient === null ? [make("p", { textContent: "No gradient flows back to it." })]
        : [make("p", {}, make("b", { textContent: `gradient ${part(one.result, one.name)} = ${one.gradient}` }), end ? ": where the way back begins." : "")]),
      ...(rows.length && one.gradient !== null ? [table] : []));
  }

  panel.plan();
  return panel.end;
} };
