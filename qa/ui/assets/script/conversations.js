// Conversations: which of them is shown, and what goes along with a question.
//
// The server has nothing of a conversation between two questions. Each question takes the turns before it along, and
// when its answer is there the page fetches it and keeps it, in its own conversation, whichever is shown by then.

const SETTLE = 1500, LOST_FLIGHT = 20000; // ms between two looks for answers, and after which none will come
let talk = null; // the conversation that is shown
// Questions that are being answered, or whose answers are not kept yet: name of the turn -> {talk, since, elsewhere}.
// `elsewhere`: another tab asked it, or this one before it was reloaded, so nothing of it is drawn here by itself.
const flights = new Map();
const ofTab = {
  read: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  write: (name, text) => { try { sessionStorage.setItem(name, text); } catch { /* a reload begins anew then */ } },
};

const inFlight = (id) => [...flights].filter(([, flight]) => flight.talk === id).map(([key]) => key);

// A question as the server wants it; null if it cannot be asked now.
function request(question, instead = null, alone = false) {
  if (!question.trim() || inFlight(talk).length || body.classList.contains("answering")) return null;
  word("");
  const entry = keptTalk(talk) || { at: 0, name: null, turns: [] };
  const from = entry.turns.findIndex(([key]) => key === instead);
  if (from >= 0) entry.turns.length = from;
  if (entry.turns.length >= MOST_TURNS) {
    entry.turns.splice(0, entry.turns.length - MOST_TURNS + 1);
    word(LONG);
  }
  const key = newName();
  const turns = entry.turns.map(([, kept]) => kept).filter(Boolean);
  entry.turns.push([key, null]);
  entry.at = Date.now();
  keepTalk(talk, entry);
  lastTalk(talk);
  fly(key, { talk, since: Date.now() });
  return { talk, key, question, turns, alone, options: options() };
}

function fly(key, flight) {
  if (flight) flights.set(key, flight);
  else flights.delete(key);
  ofTab.write("qa flights", [...flights].filter(([, one]) => !one.elsewhere).map(([one]) => one).join(" "));
}

// The turns that the server has for us, into their conversations.
async function collect() {
  if (!flights.size) return;
  const { turns } = await call("kept", { turns: [...flights.keys()] });
  for (const [key, flight] of [...flights]) {
    const turn = turns?.[key];
    if (turn) keepTurn(flight.talk, key, turn);
    const over = turn ? turn.settled : turns && Date.now() - flight.since > LOST_FLIGHT;
    if (over) fly(key, null);
    if (over && flight.elsewhere && flight.talk === talk) turnTo(talk);
  }
}

function keepTurn(id, key, turn) {
  const entry = keptTalk(id);
  const place = entry?.turns.find(([one]) => one === key);
  if (!place || place[2] || (place[1] && !turn.settled)) return; // deleted meanwhile, or kept already
  place[1] = turn.kept;
  place[2] = turn.settled;
  entry.name ??= turn.name;
  keepTalk(id, entry);
  list();
}

async function collecting() {
  await collect();
  setTimeout(collecting, SETTLE);
}

// What Gradio has drawn: another conversation's answer that came late is replaced; what changed is kept.
let drawn = "", turning = false;
function drew() {
  const shown = document.querySelector("#said [data-talk]");
  if (!shown) return;
  body.classList.remove("restoring");
  if (shown.dataset.talk !== talk) { turnTo(talk); return; }
  const turn = [...shown.querySelectorAll(".turn")].pop();
  body.classList.toggle("talking", Boolean(turn));
  if (!turn) {
    body.classList.remove("answering");
    clearTimeout(stoppable);
    stops(false);
    last = { key: null, state: null };
  }
  const now = turn ? `${turn.dataset.key} ${turn.dataset.state}` : "";
  const open = turn && ["busy", "writing"].includes(turn.dataset.state);
  if (open && !flights.has(turn.dataset.key)) fly(turn.dataset.key, { talk, since: Date.now(), elsewhere: true });
  if (now !== drawn) collect();
  drawn = now;
  if (turning) part("live").textContent = ""; // what was there before is not read out again
  turning = false;
}

// The turns of the conversation that is shown, each as [key, kept].
function keptTurns() {
  return (keptTalk(talk)?.turns ?? []).map(([key, kept]) => [key, kept]);
}

// A turn that the server has changed since it was kept.
function rekeep(key, kept) {
  const entry = keptTalk(talk);
  const place = entry?.turns.find(([one]) => one === key);
  if (!place) return;
  place[1] = kept;
  keepTalk(talk, entry);
  draw();
}

function turnTo(id) {
  talk = id;
  turning = true;
  ofTab.write("qa talk", ENTRY + id);
  if (keptTalk(id)) lastTalk(id);
  draw();
}

// The conversation that is shown, drawn anew from what is kept of it.
function draw() {
  const aside = [...flights].filter(([, flight]) => flight.talk !== talk).map(([key]) => key);
  trigger("turn", { talk, turns: keptTurns(), aside });
}

function turnToNew() {
  shut();
  turnTo(newName());
  if (NARROW.matches) view("talk");
  document.querySelector("#question textarea").focus();
}

// The conversation of this tab before it was reloaded, else the one that this browser had last.
function restore() {
  window.qaPage = { request };
  for (const key of (ofTab.read("qa flights") || "").split(" ").filter(Boolean)) call("stop", { turn: key }); // nobody waits for it now
  const before = ofTab.read("qa talk") || "";
  const id = before.startsWith(ENTRY) ? before.slice(ENTRY.length) : lastTalk();
  talk = id && keptTalk(id) ? id : newName();
  new MutationObserver(drew).observe(document.querySelector("#said"), { childList: true, subtree: true, attributes: true, characterData: true });
  if (talk === id) {
    body.classList.add("restoring");
    for (const [key, kept] of keptTalk(id).turns) if (!kept) fly(key, { talk, since: Date.now() - LOST_FLIGHT + 2 * SETTLE, elsewhere: true });
    turnTo(talk);
  } else ofTab.write("qa talk", ENTRY + talk);
  collecting();
}

// Another tab of this browser has changed what is kept.
window.addEventListener("storage", ({ key, newValue }) => {
  if (!key?.startsWith(ENTRY)) return;
  const id = key.slice(ENTRY.length);
  list();
  for (const [turn, , whole] of keptTalk(id)?.turns ?? []) if (whole && flights.get(turn)?.elsewhere) fly(turn, null);
  if (id !== talk || inFlight(id).length) return;
  if (newValue === null) turnTo(newName());
  else turnTo(id);
});
