// What narrows the list of articles, and, if the reader wants it, what is asked.

const TYPING = 150; // ms without a key after which words are searched for
const shelfFilter = { text: "", source: null, since: null, until: null }; // null, or no text: lets everything through
let shelfSort = "newest", askOnly = false, pause = null;

// What questions are restricted to, as {sources: [name] or null, since: day or null, until: day or null} with ISO days,
// both included; null when they go to all articles. Words in the search box restrict the list alone.
function filtersForAsking() {
  if (!askOnly) return null;
  const { source, since, until } = shelfFilter;
  return { sources: source === null ? null : [source], since, until };
}

const wanted = () => ({ ...shelfFilter, sort: shelfSort });
const fields = () => part("find").elements;
const restricts = () => shelfFilter.source !== null || shelfFilter.since !== null || shelfFilter.until !== null;

function readFilter() {
  const { text, source, since, until, sort, only } = fields();
  const day = (field) => (field.validity.valid && field.value) || null;
  Object.assign(shelfFilter, { text: text.value.trim(), source: source.value || null, since: day(since), until: day(until) });
  shelfSort = sort.value;
  only.disabled = !restricts();
  only.checked = only.checked && restricts();
  askOnly = only.checked;
  showFilter();
}

function showFilter() {
  const on = [shelfFilter.source, shelfFilter.since, shelfFilter.until].filter((one) => one !== null).length;
  part("on").textContent = on ? `· ${on} on` : "";
  part("unfilter").hidden = !on && !shelfFilter.text;
  const words = shelfFilter.text ? " The words you search for do not narrow them." : "";
  part("narrowed").textContent = askOnly ? `Questions go only to articles ${restriction()}.${words}`
    : restricts() ? "Questions go to all articles." : "Choose a source or dates, and questions can be kept to them.";
  body.classList.toggle("narrowed", askOnly);
  const place = onlyLine();
  place.hidden = !askOnly;
  place.firstChild.textContent = askOnly ? `Asking only articles ${restriction()}` : "";
}

function restriction() {
  const { source, since, until } = shelfFilter;
  const day = (iso) => new Date(`${iso}T00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return [source && `of ${source}`, since && `from ${day(since)}`, until && `to ${day(until)}`].filter(Boolean).join(" ");
}

// Beside the question, so that it is seen where the library is not.
function onlyLine() {
  if (part("only")) return part("only");
  const place = document.createElement("p"), text = document.createElement("span"), button = document.createElement("button");
  place.className = "only";
  place.dataset.part = "only";
  text.dir = "auto";
  text.setAttribute("role", "status");
  Object.assign(button, { type: "button", className: "quiet", textContent: "Ask all" });
  button.dataset.act = "askall";
  place.append(text, button);
  part("answerer").before(place);
  return place;
}

async function found() {
  limit = FIRST;
  await look();
  part("live").textContent = part("tally").textContent;
}

document.addEventListener("input", ({ target }) => {
  if (!target.closest("[data-part=find]")) return;
  readFilter();
  clearTimeout(pause);
  if (target.name !== "only") pause = setTimeout(found, target.name === "text" ? TYPING : 0);
});

document.addEventListener("submit", (event) => event.target.closest("[data-part=find]") && event.preventDefault());

// Escape empties the search box first, and only then closes what else is open.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("[data-part=find] [name=text]") && event.target.value) event.stopImmediatePropagation();
});

Object.assign(acts, {
  unfilter: () => {
    const { text, source, since, until } = fields();
    for (const field of [text, source, since, until]) field.value = "";
    readFilter();
    text.focus();
    found();
  },
  askall: () => {
    fields().only.checked = false;
    readFilter();
    document.querySelector("#question textarea").focus();
  },
});
