// The settings, remembered in this browser, and the keys that work anywhere on the page.

const OPTIONS = "qa options";
let chosen = {};
try { chosen = JSON.parse(localStorage.getItem(OPTIONS)) || {}; } catch { /* nothing is chosen then */ }

// What goes along with a question. Which articles to look at is chosen in the library.
function options() {
  const passages = Number(chosen.passages) || null;
  return { model: chosen.model === "reader" ? "reader" : null, passages, filters: filtersForAsking() };
}

function chose() {
  body.dataset.answerer = options().model || "";
  for (const box of part("settings").querySelectorAll("[data-option]")) box.checked = box.value === String(chosen[box.dataset.option] ?? "");
}

part("settings").addEventListener("toggle", async (event) => {
  if (event.newState !== "open") return;
  const answer = await call("options", {});
  if (answer.html !== undefined) put(part("options"), answer.html);
  chose();
});

part("settings").addEventListener("change", ({ target }) => {
  if (!target.dataset.option) return;
  chosen = { ...chosen, [target.dataset.option]: target.value };
  try { localStorage.setItem(OPTIONS, JSON.stringify(chosen)); } catch { /* it holds until the page is closed */ }
  chose();
});

window.addEventListener("storage", ({ key, newValue }) => {
  if (key !== OPTIONS) return;
  try { chosen = JSON.parse(newValue) || {}; } catch { chosen = {}; }
  chose();
});

function shut() {
  document.querySelectorAll("[popover]:popover-open").forEach((panel) => panel.hidePopover());
}

const writes = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  // What lies above the page is what Escape closes, and nothing below it.
  if (event.key === "Escape" && !writes(event.target) && document.querySelector("[popover]:popover-open")) event.stopPropagation();
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  event.preventDefault();
  shut();
  if (NARROW.matches) view("talk");
  document.querySelector("#question textarea").focus();
}, true);

chose();
