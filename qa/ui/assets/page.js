// What happens in the browser: clicks, the reading pane, dropped files, and asking the server how things stand.
//
// This is the body of a function; Gradio runs it once the bar is on the page and gives it
//   trigger(name, data)   raise an event of the bar; "ask" is the only one that we use
//   server.NAME(data)     call a function of calls.py, resolves to what it returns
//   upload(file)          send a File, resolves to {path}
// It knows nothing of answering. All HTML that it inserts was made, and escaped, by qa/ui/render; text that it
// writes itself goes through textContent.

if (window.qaPage) return;
window.qaPage = true;

const BUSY = 600, IDLE = 4000, LOST = 3000; // ms between two looks at how things stand
const WIDE = window.matchMedia("(min-width: 1100px)");
const NARROW = window.matchMedia("(max-width: 759px)");
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const body = document.body;
const part = (name) => document.querySelector(`[data-part="${name}"]`);

// ---- views: on a narrow screen one of them, else the conversation with the others beside it

function view(name) {
  body.dataset.view = name;
  for (const button of document.querySelectorAll('[data-act="view"]')) {
    const open = button.dataset.view === "shelf" && !NARROW.matches ? body.dataset.shelf === "open" : button.dataset.view === name;
    button.setAttribute("aria-pressed", String(open));
  }
}

const articleTab = () => document.querySelector('[data-act="view"][data-view="read"]');

// A change that makes the conversation wider or narrower, without what is being read leaving its place.
function hold(change) {
  const said = document.querySelector("#said");
  const top = said.getBoundingClientRect().top;
  const seen = [...said.querySelectorAll(".asked, .reply, .cards li")].find((one) => one.getBoundingClientRect().bottom > top);
  const before = seen && seen.getBoundingClientRect().top;
  change();
  if (seen) said.scrollTop += seen.getBoundingClientRect().top - before;
}

function shelf(open) {
  hold(() => { body.dataset.shelf = open ? "open" : "closed"; });
  view(NARROW.matches && open ? "shelf" : NARROW.matches ? "talk" : body.dataset.view || "talk");
}

// ---- the reading pane: the spots of one answer, and which of them is lit

let reading = { spots: [], at: 0, article: null, back: null, asked: 0 };

function spotOf(card) {
  const number = (name) => Number(card.dataset[name]);
  return {
    article: card.dataset.article,
    start: number("start"), end: number("end"),
    answer_start: number("answerStart"), answer_end: number("answerEnd"),
    cited: card.dataset.number !== undefined,
  };
}

function openCard(card, opener) {
  const cards = [...card.closest(".turn").querySelectorAll(".card")];
  read(cards.map(spotOf), cards.indexOf(card), opener);
}

async function read(spots, at, opener) {
  Object.assign(reading, { spots, at, back: wayBack(opener), article: null });
  await lightSpot();
  if (body.dataset.reading === "open") part("reading").focus({ preventScroll: true });
}

async function lightSpot() {
  const { spots, at } = reading;
  const spot = spots[at];
  const asked = ++reading.asked;
  const here = spots.filter((one) => one.article === spot.article);
  if (reading.article !== spot.article) {
    const marks = here.filter((one) => one.end > one.start)
      .map(({ start, end, answer_start, answer_end }) => ({ start, end, answer_start, answer_end }));
    part("reading").setAttribute("aria-busy", "true");
    const answer = await call("read", { article: spot.article, marks });
    if (asked !== reading.asked) return; // another was clicked meanwhile
    if (answer.html === undefined) part("page").textContent = answer.error || "The server does not answer.";
    else part("page").innerHTML = answer.html;
    reading.article = spot.article;
    part("reading").scrollTop = 0;
  }
  part("reading").setAttribute("aria-busy", "false");
  hold(() => { body.dataset.reading = "open"; });
  if (NARROW.matches) view("read");
  articleTab().disabled = false;
  const word = spot.cited ? "Citation" : "Passage";
  part("place").textContent = spot.end > spot.start ? `${word} ${at + 1} of ${spots.length}` : "";
  for (const button of document.querySelectorAll('[data-act="step"]')) {
    button.hidden = spots.length < 2;
    button.disabled = !spots[at + Number(button.dataset.step)];
  }
  light(String(here.indexOf(spot)));
}

function light(place) {
  let first = null;
  for (const mark of part("page").querySelectorAll("mark")) {
    const lit = mark.dataset.marks.split(" ").includes(place);
    mark.classList.toggle("lit", lit);
    if (lit && !first) first = mark;
  }
  if (first) requestAnimationFrame(() => scroll(part("reading"), first, part("reading").clientHeight / 3));
}

// Not scrollIntoView: that would also move the frame, which has no bars to move it back with.
function scroll(box, target, below) {
  const top = box.scrollTop + target.getBoundingClientRect().top - box.getBoundingClientRect().top - below;
  box.scrollTo({ top, behavior: CALM.matches ? "auto" : "smooth" });
}

function step(by) {
  if (!reading.spots[reading.at + by]) return;
  reading.at += by;
  lightSpot();
}

function inView(target) {
  const frame = document.querySelector("#views").getBoundingClientRect(), box = target.getBoundingClientRect();
  return box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom;
}

function close() {
  hold(() => { body.dataset.reading = "closed"; });
  articleTab().disabled = true;
  if (NARROW.matches) view("talk");
  const opener = reading.back && reading.back();
  if (opener && inView(opener)) opener.focus();
  else document.querySelector("#question textarea").focus();
}

// ---- the conversation: Gradio redraws it; here a new question is brought to the top and a whole answer is read out

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

// ---- files: sent one by one, each with a line that says how far it is

const queue = [];
let sending = false;

function addFiles(files) {
  if (!files.length) return;
  shelf(true);
  const uploads = part("uploads");
  uploads.hidden = false;
  for (const file of files) {
    const row = document.createElement("li");
    line(row, file.name, "waiting");
    uploads.querySelector("ul").append(row);
    queue.push({ file, row });
  }
  if (!sending) send();
}

async function send() {
  sending = true;
  const largest = Number(part("files").dataset.largest);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { file, row } = next;
    if (file.size > largest * 1024 * 1024) {
      line(row, file.name, `it is larger than ${largest} MB`, "failed");
      continue;
    }
    line(row, file.name, "sending…", "doing");
    const sent = await upload(file).catch(() => null);
    if (!sent || !sent.path) {
      line(row, file.name, "it could not be sent: is the file still there, and qa still running?", "failed");
      continue;
    }
    const wait = body.classList.contains("working") ? "waiting for the indexing to finish…" : "being read and indexed…";
    line(row, file.name, wait, "doing");
    const answer = await call("add", { path: sent.path, name: file.name });
    if (answer.html === undefined) line(row, file.name, answer.error || "the server did not answer", "failed");
    else {
      row.innerHTML = answer.html;
      row.className = answer.failed ? "failed" : "added";
    }
    look();
  }
  sending = false;
}

function line(row, name, state, kind = "") {
  const what = document.createElement("span"), how = document.createElement("span");
  what.className = "name";
  what.dir = "auto";
  what.textContent = name;
  how.className = kind === "failed" ? "reason" : "state";
  how.textContent = state;
  row.className = kind;
  row.replaceChildren(what, how);
}

let dragging = 0;
const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

function dragged(event, by) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  dragging = Math.max(0, dragging + by);
  body.classList.toggle("dragging", dragging > 0);
}

document.addEventListener("dragenter", (event) => dragged(event, 1));
document.addEventListener("dragleave", (event) => dragged(event, -1));
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.stopPropagation();
  dragging = 0;
  body.classList.remove("dragging");
  addFiles([...event.dataTransfer.files]);
}, true);

// ---- how things stand

let seen = null, limit = 200, looking = null;

async function call(name, data) {
  const answer = await Promise.resolve(server[name](data)).catch(() => null); // Gradio gives undefined when it fails
  lost(!answer);
  return answer || {};
}

function lost(is) {
  const place = part("lost");
  if (place.hidden === !is) return;
  place.hidden = !is;
  place.textContent = is ? "qa does not answer any more. If it was stopped, start it again and reload this page." : "";
}

async function look() {
  clearTimeout(looking);
  if (!document.hidden) {
    const now = await call("status", { seen, limit });
    clearTimeout(looking);
    if (now.seen) show(now);
  }
  looking = setTimeout(look, !part("lost").hidden ? LOST : body.classList.contains("working") ? BUSY : IDLE);
}

function show(now) {
  seen = now.seen;
  body.classList.toggle("working", now.busy);
  body.classList.toggle("bare", now.count === 0);
  for (const name of ["notice", "shelf", "welcome", "told", "answerer"]) put(part(name), now[name]);
  told();
}

// What the reader of this page has been told already, and where articles go: once for each place.
function told() {
  const place = part("told"), button = place.querySelector("[data-act=told]");
  place.hidden = !place.firstChild || Boolean(button && knows(button.dataset.told));
}

function knows(what, now = false) {
  try {
    if (now) localStorage.setItem(`qa told ${what}`, "yes");
    return localStorage.getItem(`qa told ${what}`) !== null;
  } catch { return false; } // a browser that keeps nothing: told again at the next visit
}

function put(place, html) {
  if (place.qaHtml === html) return;
  const held = place.contains(document.activeElement) ? document.activeElement.dataset : null;
  const unfolded = Boolean(place.querySelector("details[open]"));
  const asking = place.querySelector("li.asking [data-act=really]");
  place.innerHTML = html;
  place.qaHtml = html;
  if (unfolded && place.querySelector("details")) place.querySelector("details").open = true;
  const same = (data) => [...place.querySelectorAll(`[data-act="${data.act}"]`)].find((one) => one.dataset.article === data.article);
  if (asking && same(asking.dataset)) same(asking.dataset).closest("li").classList.add("asking");
  if (held && held.act && same(held)) same(held).focus();
}

// ---- one listener for every button that qa draws

const ask = (question) => trigger("ask", { question });

const acts = {
  view: (button) => {
    const name = button.dataset.view;
    if (name === "shelf" && !NARROW.matches) shelf(body.dataset.shelf !== "open");
    else view(name);
  },
  cite: (button) => {
    const card = button.closest(".turn").querySelector(`.card[data-number="${button.dataset.number}"]`);
    if (card) openCard(card, button);
  },
  card: (button) => openCard(button, button),
  article: (button) => read([{ article: button.dataset.article, start: 0, end: 0, answer_start: 0, answer_end: 0 }], 0, button),
  step: (button) => step(Number(button.dataset.step)),
  close,
  example: (button) => ask(button.textContent),
  retry: (button) => ask(button.closest(".turn").querySelector(".asked").textContent),
  choose: () => part("files").click(),
  told: (button) => {
    knows(button.dataset.told, true);
    part("told").hidden = true;
    document.querySelector("#question textarea").focus();
  },
  more: () => { limit += 500; look(); },
  clear: () => {
    part("uploads").querySelectorAll("li.added, li.failed").forEach((row) => row.remove());
    part("uploads").hidden = !part("uploads").querySelector("li");
  },
  remove: (button) => {
    const row = button.closest("li");
    row.classList.add("asking");
    row.querySelector('[data-act="keep"]').focus();
  },
  keep: (button) => {
    const row = button.closest("li");
    row.classList.remove("asking");
    row.querySelector('[data-act="remove"]').focus();
  },
  really: async (button) => {
    const { article } = button.dataset;
    button.disabled = true;
    const answer = await call("remove", { article });
    if (answer.error) button.closest(".confirm").textContent = answer.error;
    else if (reading.article === article && body.dataset.reading === "open") close();
    look();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && !button.disabled) acts[button.dataset.act]?.(button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const asking = document.querySelector("li.asking [data-act=keep]");
  if (asking) acts.keep(asking);
  else if (body.dataset.reading === "open") close();
  else if (body.classList.contains("stoppable")) stop();
});

// ---- begin: the other parts of the page may come a moment after the bar

function begin() {
  const missing = ["shelf", "welcome", "reading", "files", "told", "answerer"].some((name) => !part(name)) || !document.querySelector("#said")
    || !document.querySelector("#question .submit-button");
  if (missing) { requestAnimationFrame(begin); return; }
  part("files").addEventListener("change", (event) => {
    addFiles([...event.target.files]);
    event.target.value = "";
  });
  new MutationObserver(talked).observe(document.querySelector("#said"), { childList: true, subtree: true, attributes: true, characterData: true });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  NARROW.addEventListener("change", () => view(body.dataset.reading === "open" && NARROW.matches ? "read" : "talk"));
  document.querySelector("#question .submit-button").setAttribute("aria-label", "Ask");
  body.dataset.reading = "closed";
  body.dataset.view = "talk";
  shelf(WIDE.matches);
  view("talk");
  body.classList.add("begun");
  if (!NARROW.matches) document.querySelector("#question textarea").focus();
  talked();
  look();
}
begin();
