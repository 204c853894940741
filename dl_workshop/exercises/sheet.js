// Questions to answer by clicking or typing. Python judges; the browser only shows what it says.

const STOPPED = "The kernel behind this question has stopped. Run the cell again to answer.";
const WAITING = "Waiting for the kernel.";
const fresh = () => `dlq-${Math.random().toString(36).slice(2)}`;

// JupyterLab would take arrow keys and Enter for itself; only this attribute, on each element itself, keeps them here.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, attributes);
  element.append(...children);
  if (["button", "input", "textarea"].includes(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

// Text with `code` in it.
const rich = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", { textContent: part }) : part));

// The means of answering, by kind of question: elements, and what is answered now ("" for nothing yet).
function means({ kind, options, text }) {
  if (kind === "choice" || kind === "several") {
    const type = kind === "choice" ? "radio" : "checkbox", name = fresh();
    const inputs = options.map(([letter]) => make("input", { type, name, value: letter }));
    const labels = options.map(([letter, words], i) => make("label", {}, inputs[i], make("span", {}, `${letter}. `, ...rich(words))));
    return { elements: labels, get: () => inputs.filter((one) => one.checked).map((one) => one.value).join(" "),
      set: (answer) => inputs.forEach((one) => { one.checked = answer.split(" ").includes(one.value); }) };
  }
  const field = kind === "number" ? make("input", { type: "text", inputMode: "decimal", autocomplete: "off" }) : make("textarea", { rows: 3 });
  field.setAttribute("aria-label", kind === "number" ? `Your number. ${text}` : `Your words. ${text}`);
  return { elements: [field], get: () => field.value.trim(), set: (answer) => { field.value = answer; } };
}

function render({ model, el }) {
  const { text, questions } = model.get("settings");
  let move = model.get("shown").move, waiting = 0, whole = null;
  const note = make("div", { className: "dlq-note" });
  note.setAttribute("role", "alert");
  const stopped = () => whole?.comm_live === false;
  const look = () => { if (stopped()) { clearTimeout(waiting); note.textContent = STOPPED; } };
  el.classList.add("dlq");
  if (text) el.append(make("p", {}, ...rich(text)));

  const parts = questions.map((question) => {
    const how = means(question);
    const reply = make("div", { className: "dlq-reply" });
    reply.setAttribute("role", "status");
    reply.setAttribute("aria-live", "polite");
    const answer = () => {
      if (how.get() === "") { say({ status: "blank", mark: "○", title: "Not answered yet", message: question.options.length ? "Choose first, then press Answer." : "Type your answer first." }); return; }
      model.set("asked", { name: question.name, answer: how.get(), move: ++move });
      model.save_changes();
      clearTimeout(waiting);
      look();
      if (!stopped()) waiting = setTimeout(() => { note.textContent = WAITING; }, 1000);
    };
    let said = "";
    const say = (state) => {
      if (said === (said = JSON.stringify(state)) || !state.message) return; // read out only what is new
      reply.replaceChildren(make("div", { className: `dlq-${state.status}` },
        make("b", { textContent: `${state.mark} ${state.title}` }), ...state.message.split("\n").map((line) => make("div", {}, ...rich(line)))));
    };
    const button = make("button", { type: "button", textContent: "Answer", onclick: answer });
    const box = make("fieldset", {}, make("legend", {}, ...rich(question.text)), ...how.elements, button, reply);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); answer(); }
      event.stopPropagation(); // no key that is meant for an answer may move or delete a cell
    });
    box.dataset.question = question.name;
    el.append(box);
    return { question, how, say, box };
  });
  el.append(note);

  const show = () => {
    const shown = model.get("shown");
    if (shown.move >= move) { clearTimeout(waiting); note.textContent = ""; }
    for (const { question, say, box } of parts) {
      say(shown.states[question.name]);
      box.dataset.move = shown.move; // for tests
    }
    look();
  };
  for (const { question, how } of parts) how.set(model.get("shown").states[question.name].answer);
  show();
  const still = model.get("still");
  el.append(make("style", { textContent: `.${still}, .jp-OutputArea-child:has(.${still}) { display: none; }` }));
  model.on("change:shown", show);
  model.on("comm_live_update", look);
  // Only the whole model knows whether a kernel is behind it; the one given here is a part of it.
  model.widget_manager?.get_model?.(still.slice("dlq-".length))?.then((one) => { whole = one; look(); }, () => null);
  return () => { model.off("change:shown", show); model.off("comm_live_update", look); clearTimeout(waiting); };
}

export default { render };
