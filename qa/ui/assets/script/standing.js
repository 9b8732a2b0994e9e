// How things stand: the server is asked again and again, and what it draws is put in its place.

const FIRST = 200, MORE = 500; // articles that are listed, at first and with each "more"
let seen = null, limit = FIRST, looking = null, looks = 0;

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
  const mine = ++looks;
  if (!document.hidden) {
    const now = await call("status", { seen, limit, wanted: wanted() });
    if (mine !== looks) return; // another is under way that knows more of what is wanted
    if (now.seen) show(now);
  }
  looking = setTimeout(look, !part("lost").hidden ? LOST : body.classList.contains("working") ? BUSY : IDLE);
}

function show(now) {
  seen = now.seen;
  body.classList.toggle("working", now.busy);
  body.classList.toggle("bare", now.count === 0);
  // What the server leaves out is as it was.
  for (const name of ["notice", "indexing", "sources", "tally", "shelf", "welcome", "told", "answerer"]) if (now[name] !== undefined) put(part(name), now[name]);
  part("sources").value = shelfFilter.source ?? "";
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
  if (held && held.act && same(held)) same(held).focus({ preventScroll: true });
}

Object.assign(acts, {
  told: (button) => {
    knows(button.dataset.told, true);
    part("told").hidden = true;
    document.querySelector("#question textarea").focus();
  },
  reread: async (button) => {
    button.textContent = "Reading…";
    await call("reread", {});
    do {
      await new Promise((done) => setTimeout(done, BUSY));
      await look();
    } while (body.classList.contains("working"));
    part("live").textContent = part("shelf").querySelector(".failures summary")?.textContent || "All sources could be read.";
    if (button.isConnected) button.textContent = "Read them again";
  },
  more: async (button) => {
    const last = button.parentElement.querySelector(".articles li:last-child .article").dataset.article;
    limit += MORE;
    await look();
    const next = listed(last)?.closest("li").nextElementSibling;
    next?.querySelector(".article").focus({ preventScroll: true });
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
    const row = button.closest("li");
    const beside = (row.nextElementSibling || row.previousElementSibling)?.querySelector(".article").dataset.article;
    button.disabled = true;
    const answer = await call("remove", { article });
    if (answer.error) button.closest(".confirm").textContent = answer.error;
    else if (reading.article === article && body.dataset.reading === "open") close();
    await look();
    if (document.activeElement === body) (listed(beside) || fields().text).focus({ preventScroll: true });
  },
});

const listed = (article) => [...part("shelf").querySelectorAll("[data-act=article]")].find((one) => one.dataset.article === article);
