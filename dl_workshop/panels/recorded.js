// Stands for Python where there is none: answers what a panel asks from a recording. recording.py says what that holds.

// A recording as the page keeps it: JSON, deflated, in base64.
export async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

// Whether a recorded value is the one asked for: numbers to six digits, all fields of an object; what is absent is off.
function same(recorded, asked) {
  if (typeof recorded === "number" && typeof asked === "number")
    return Math.abs(recorded - asked) <= 1e-6 * Math.max(Math.abs(recorded), Math.abs(asked)) + 1e-9;
  if (recorded instanceof Object && asked instanceof Object)
    return Object.entries(recorded).every(([name, value]) => same(value, asked[name]));
  return (recorded ?? false) === (asked ?? false);
}

const fits = ({ act, ...fields }, asked) => [act ?? null].flat().includes(asked.act ?? null) && same(fields, asked);

// The model that a panel is rendered with: what anywidget gives where a kernel runs.
export function recorded({ settings, answers, parts, pause, missing }) {
  const whole = (value) => {
    if (!(value instanceof Object)) return value;
    if (value.part !== undefined) return whole(parts[value.part]);
    if (value.bytes !== undefined) return Uint8Array.from(atob(value.bytes), (letter) => letter.charCodeAt(0));
    if (Array.isArray(value)) return value.map(whole);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, whole(one)]));
  };
  const known = new Map(); // the answers that hold after each state; under null those that hold anywhere
  for (const one of answers.slice(1)) known.set(one.from, known.get(one.from) ?? []).get(one.from).push(one);
  const find = (asked) => [at, null].flatMap((from) => known.get(from) ?? []).find((one) => fits(one.request, asked));

  const heard = new Set();
  let at = answers[0].to, stands = whole(answers[0].view), shown = { ...stands, move: 0 }, asked = {}, timer = 0;
  const answer = (request) => {
    clearTimeout(timer);
    const found = find(request), view = found?.view && whole(found.view);
    if (found?.to != null) at = found.to;
    if (view?.words !== undefined) stands = view; // else the learner's function failed there, and what stood still does
    shown = { ...stands, ...view };
    if (!found) shown.trouble = `${missing} The picture is the last one.`;
    const next = request.playing && found && find({ ...request, act: "tick" });
    Object.assign(shown, { move: request.move, playing: next?.view ? request.playing : null });
    if (request.playing && found && !next) shown.trouble = missing;
    if (next?.view) timer = setTimeout(() => answer({ ...request, act: "tick" }), 1000 * (request.speed ? 1 / request.speed : pause));
    heard.forEach((hear) => hear());
  };
  return {
    get: (name) => ({ settings, shown, asked, still: "dlw-recorded" })[name],
    set: (name, value) => { asked = value; },
    save_changes: () => answer(asked),
    on: (event, hear) => { if (event === "change:shown") heard.add(hear); },
    off: (event, hear) => heard.delete(hear),
  };
}
