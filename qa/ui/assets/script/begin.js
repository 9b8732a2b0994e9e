// Last of the files: one listener for every button that qa draws, and the beginning; the other parts of the page may
// come a moment after the bar.

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

function begin() {
  const missing = ["shelf", "welcome", "reading", "files", "told", "answerer"].some((name) => !part(name)) || !document.querySelector("#said")
    || !document.querySelector("#question .submit-button");
  if (missing) { requestAnimationFrame(begin); return; }
  part("files").addEventListener("change", (event) => {
    addFiles([...event.target.files]);
    event.target.value = "";
  });
  part("search").addEventListener("submit", (event) => {
    event.preventDefault();
    findPassages(part("words").value);
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
  restore();
  talked();
  look();
}
begin();
