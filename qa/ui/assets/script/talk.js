// The conversation: Gradio redraws it; here a new question is brought to the top and a whole answer is read out.

const STOPPABLE = 700; // ms after which the button that asks is one that stops: a double click must not do both
let last = { key: null, state: null }, stoppable = null, held = null;

// A way to find a button of the conversation again when all has been drawn anew. Answers grow at their ends only.
function wayBack(button) {
  const turn = button.closest("#said .turn");
  if (!turn) return () => button;
  const those = `#said .turn[data-key="${turn.dataset.key}"] [data-act="${button.dataset.act}"]`;
  const place = [...document.querySelectorAll(those)].indexOf(button);
  return () => document.querySelectorAll(those)[place];
}

document.addEventListener("focusin", ({ target }) => { held = target.closest("#said [data-act]") && { target, back: wayBack(target) }; });
document.addEventListener("focusout", () => setTimeout(() => {
  if (held && held.target.isConnected && document.activeElement !== held.target) held = null; // left, and not redrawn
}));

function talked() {
  const turns = document.querySelectorAll("#said .turn");
  const turn = turns[turns.length - 1];
  body.classList.toggle("talking", Boolean(turn));
  if (!turn) return;
  const { key, state } = turn.dataset;
  const answering = state === "busy" || state === "writing";
  body.classList.toggle("answering", answering);
  if (key !== last.key) {
    if (NARROW.matches) view("talk");
    scroll(document.querySelector("#said"), turn, -1);
  }
  if (key !== last.key || !answering) {
    clearTimeout(stoppable);
    stops(false);
    if (answering) stoppable = setTimeout(() => stops(true), STOPPABLE);
  }
  if (state !== last.state && !answering) part("live").textContent = aloud(turn);
  if (held && !held.target.isConnected && document.activeElement === body) held.back()?.focus({ preventScroll: true });
  last = { key, state };
}

function aloud(turn) {
  const words = [...turn.querySelectorAll(".words, .tag, .error p, .doubt, .note")].map((one) => one.textContent);
  const cards = turn.querySelectorAll(".cards:not(.near) .card").length;
  return [...words, cards && `Sources: ${cards}.`].filter(Boolean).join(" ");
}

function stops(can) {
  body.classList.toggle("stoppable", can);
  document.querySelector("#question .submit-button").setAttribute("aria-label", can ? "Stop" : "Ask");
}

function stop() {
  stops(false);
  call("stop", { turn: last.key });
}

document.addEventListener("click", (event) => {
  if (!body.classList.contains("stoppable") || !event.target.closest("#question .submit-button")) return;
  event.preventDefault();
  event.stopPropagation();
  stop();
}, true);

function ask(question, instead) {
  const asked = request(question, instead);
  if (asked) trigger("ask", asked);
}

Object.assign(acts, {
  example: (button) => ask(button.textContent),
  retry: (button) => {
    const turn = button.closest(".turn"), all = document.querySelectorAll("#said .turn");
    ask(turn.querySelector(".asked").textContent, turn === all[all.length - 1] ? turn.dataset.key : null);
  },
});
