// The conversation: Gradio redraws it; here a new question is brought to the top and a whole answer is read out.

const STOPPABLE = 700; // ms after which the button that asks is one that stops: a double click must not do both
let last = { key: null, state: null, judged: "" }, stoppable = null, held = null;

// A way to find a button of the conversation again when all has been drawn anew. Answers grow at their ends only.
function wayBack(button) {
  const turn = button.closest("#said .turn");
  if (!turn) return () => button;
  const those = `#said .turn[data-key="${turn.dataset.key}"] [data-act="${button.dataset.act}"]`;
  const place = [...document.querySelectorAll(those)].indexOf(button);
  return () => document.querySelectorAll(those)[place];
}

document.addEventListener("focusin", ({ target }) => {
  held = target.closest("#said [data-act]") && { target, back: wayBack(target), key: target.closest(".turn").dataset.key };
});
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
  if (held && !held.target.isConnected && document.activeElement === body) refocus(turn);
  followTip();
  const judged = [...document.querySelectorAll("#said .judged")].map((one) => one.textContent).join(" ");
  if (judged && judged !== last.judged && key === last.key) part("live").textContent = judged;
  last = { key, state, judged };
}

// To the same button, drawn anew; where that is gone with its turn, to where one goes on.
function refocus(turn) {
  const row = `#said .turn[data-key="${held.key}"] .acts`;
  const again = held.back() || document.querySelector(`${row} [aria-pressed="true"]`) || document.querySelector(`${row} button`);
  held = null;
  if (again) refocusOn(again);
  else if (NARROW.matches) {
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
  }
  else document.querySelector("#question textarea").focus();
}

function aloud(turn) {
  const words = [...turn.querySelectorAll(".words, .tag, .error p, .trust, .note")].map((one) => one.textContent);
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

// `instead`: the turn whose place it takes, and that of all after it; `alone`: it is not completed from those before it.
function ask(question, instead = null, alone = false) {
  const asked = request(question, instead, alone);
  if (asked) trigger("ask", asked);
}

Object.assign(acts, { example: (button) => ask(button.textContent) });
