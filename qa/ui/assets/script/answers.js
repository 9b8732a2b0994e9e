// What is done with an answer: asking again, putting the question in other words, and saying what one thinks of it.

const turnOf = (button) => button.closest(".turn");

// While an answer is being written the conversation is not changed in another way.
function stillAnswering(turn) {
  if (!body.classList.contains("answering")) return false;
  const words = "Wait for the answer that is being written, or stop it.";
  part("live").textContent = words;
  const place = turn.querySelector(".saying");
  if (place) place.textContent = words;
  return true;
}

const askedOf = (turn) => turn.querySelector(".asked").textContent;
const isAlone = (turn) => turn.dataset.alone !== undefined;

function askAgain(button) {
  const turn = turnOf(button);
  if (!stillAnswering(turn)) ask(askedOf(turn), turn.dataset.key, isAlone(turn));
}

// The question in a box of its own, in its place; asked again it takes the place of its answer and of all after it.
function editQuestion(button, question, alone) {
  const turn = turnOf(button);
  if (stillAnswering(turn)) return;
  turn.querySelector(".editing")?.remove();
  const back = wayBack(button);
  const form = document.createElement("form");
  const box = document.createElement("textarea");
  const later = document.querySelectorAll("#said .turn").length - 1 - [...document.querySelectorAll("#said .turn")].indexOf(turn);
  form.className = "editing";
  box.value = question;
  box.rows = 1;
  box.dir = "auto";
  box.setAttribute("aria-label", "The question, in other words");
  const hint = madeOf("p", "hint", [later ? `Asked again, it replaces this answer and the ${later === 1 ? "one" : later} after it.` : "Asked again, it replaces this answer."]);
  const send = madeOf("button", "primary", ["Ask"]), cancel = madeOf("button", "quiet", ["Cancel"]);
  send.type = "submit";
  cancel.type = "button";
  form.append(box, hint, send, cancel);
  turn.querySelector(".asked").before(form);
  turn.classList.add("edited");

  const leave = () => {
    form.remove();
    turn.classList.remove("edited");
    const opener = back();
    if (opener) refocusOn(opener);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const put = box.value.trim();
    if (!put || stillAnswering(turn)) return;
    leave();
    ask(put, turn.dataset.key, alone);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); leave(); }
    if (event.key === "Enter" && event.target === box && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  cancel.addEventListener("click", leave);
  box.focus({ preventScroll: true });
  box.setSelectionRange(box.value.length, box.value.length);
  if (!inView(box)) scroll(document.querySelector("#said"), turn, 0);
}

async function judgeTurn(button, more = {}) {
  const turn = turnOf(button), { key } = turn.dataset;
  if (stillAnswering(turn)) return;
  const answer = await call("judge", { turn: key, turns: keptTurns(), ...more });
  if (answer.kept) rekeep(key, answer.kept);
}

Object.assign(acts, {
  again: askAgain,
  retry: askAgain,
  edit: (button) => editQuestion(button, askedOf(turnOf(button)), isAlone(turnOf(button))),
  correct: (button) => editQuestion(button, button.dataset.question, true),
  // A thumb that is pressed once more takes back what it said.
  judge: (button) => judgeTurn(button, { good: button.getAttribute("aria-pressed") === "true" ? null : button.dataset.good === "yes" }),
  reason: (button) => {
    const was = button.getAttribute("aria-pressed") === "true";
    for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button && !was));
  },
  explain: (button) => {
    const form = button.closest(".why-not");
    const reason = form.querySelector('[data-act="reason"][aria-pressed="true"]')?.dataset.reason ?? null;
    judgeTurn(button, { good: false, reason, note: form.querySelector("textarea").value });
  },
});
