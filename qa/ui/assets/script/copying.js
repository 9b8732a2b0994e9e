// Copying: an answer with its sources, or the sentence that is lit with where it is from.

const COPIED = 1800; // ms that a button says so

async function copyText(text, button) {
  const done = await toClipboard(text, button);
  flash(button, done ? "Copied" : "Not copied");
  part("live").textContent = done ? "Copied." : "The browser does not let qa copy: select the text and copy it yourself.";
}

// A browser has no clipboard for pages that came over http from another machine; it still has the old way.
async function toClipboard(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const place = document.createElement("textarea");
    place.value = text;
    place.className = "unseen";
    place.setAttribute("aria-hidden", "true");
    button.after(place);
    place.focus({ preventScroll: true });
    place.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* it is said that it was not copied */ }
    place.remove();
    button.focus({ preventScroll: true });
    return done;
  }
}

function flash(button, words) {
  const own = button.dataset.own || button.textContent;
  button.dataset.own = own;
  button.textContent = words;
  clearTimeout(button.qaFlash);
  button.qaFlash = setTimeout(() => { button.textContent = own; }, COPIED);
}

// The text below `.body` is that of the article, and offsets count code points.
function quotation() {
  const { start, end } = reading.spots[reading.at];
  const text = [...part("page").querySelector(".body").textContent].slice(start, end).join("");
  const origin = part("page").querySelector("[data-origin]").dataset.origin;
  return `“${text.replace(/\s+/g, " ").trim()}”\n— ${origin}`;
}

Object.assign(acts, {
  copy: (button) => copyText(button.dataset.copy, button),
  quote: (button) => copyText(quotation(), button),
});
