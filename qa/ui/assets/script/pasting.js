// An article that is pasted as text: a dialog, and a job like that of a file. What failed can be mended and tried again.

const pasteForm = () => part("paste").querySelector("form");

function openPaste(data) {
  if (data) for (const [name, value] of Object.entries(data)) pasteForm().elements[name].value = value;
  part("paste").showModal();
  pasteForm().elements.text.focus();
}

function pasteJob(data) {
  const first = data.text.trim().split("\n", 1)[0];
  const name = data.title.trim() || (first.length > 80 ? `${first.slice(0, 79)}…` : first);
  return {
    name,
    work: async (say) => {
      say("being indexed…");
      const answer = await call("paste", { ...data, name });
      return answer.state ? answer : notAdded(answer.error || "the server did not answer");
    },
    again: () => openPaste(data),
  };
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-part=paste]")) return;
  const text = event.target.elements.text;
  text.setCustomValidity(text.value.trim() ? "" : "Paste the text of the article here.");
  if (!event.target.reportValidity()) { event.preventDefault(); return; }
  const data = Object.fromEntries(new FormData(event.target));
  event.target.reset(); // the dialog closes itself; what fails brings its text back
  addAll([pasteJob(data)]);
});

document.addEventListener("input", ({ target }) => target.closest("[data-part=paste]") && target.setCustomValidity(""));

// Escape closes the dialog, with what is written kept, and nothing behind it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && part("paste").open) event.stopImmediatePropagation();
});

Object.assign(acts, {
  paste: () => openPaste(),
  unpaste: () => part("paste").close(),
});
