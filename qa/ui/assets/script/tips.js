// What a number or a word of trust says when it is pointed at or reached by keyboard: one small popover, text only.
// A number shows the sentence of its card; other buttons what stands in the `.why` beside them. Touch opens the article.

const TIP_AWAY = 160; // ms in which the pointer may go from the button to the popover
const TIPPED = "#said .cite, #said .trust";
let tip = null; // { box, target, back, away }
let returning = false;

// The focus comes back to where it was: nobody asks for the popover by that.
function refocusOn(target) {
  returning = true;
  target.focus({ preventScroll: true });
  returning = false;
}

function tipBox() {
  const box = document.createElement("div");
  box.id = "tip";
  box.className = "tip";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  box.addEventListener("pointerenter", () => clearTimeout(tip.away));
  box.addEventListener("pointerleave", leaveTip);
  document.querySelector(".gradio-container main").append(box);
  return box;
}

function madeOf(tag, kind, pieces) {
  const one = document.createElement(tag);
  one.className = kind;
  one.dir = "auto";
  one.append(...pieces);
  return one;
}

// The words of a card, with the answer marked as it is there.
function tipOfCard(card) {
  const words = (kind) => card.querySelector(`.${kind}`);
  const pieces = [...words("quote").childNodes].map((node) =>
    node.nodeType === Node.ELEMENT_NODE && node.classList.contains("answer") ? madeOf("mark", "answer", [node.textContent]) : node.textContent);
  return [
    madeOf("span", "title", [words("title").textContent]),
    ...(words("meta") ? [madeOf("span", "meta", [words("meta").textContent])] : []),
    madeOf("span", "quote", pieces),
  ];
}

function tipFor(target) {
  if (target.classList.contains("cite")) {
    const card = target.closest(".turn").querySelector(`.card[data-number="${target.dataset.number}"]`);
    return card && tipOfCard(card);
  }
  const why = target.parentElement.querySelector(".why");
  return why && [...why.children].map((line) => madeOf("span", "line", [line.textContent]));
}

function showTip(target) {
  const inside = tipFor(target);
  if (!inside) return;
  if (tip && tip.target !== target) hideTip();
  const box = tip?.box || document.querySelector("#tip") || tipBox();
  tip = { box, target, back: wayBack(target), away: null };
  box.replaceChildren(...inside);
  target.setAttribute("aria-describedby", "tip");
  box.hidden = false;
  placeTip();
}

// Below its button or, where there is no room, above; and never outside the window.
function placeTip() {
  const { box, target } = tip;
  const at = target.getBoundingClientRect(), own = box.getBoundingClientRect(), gap = 8;
  const left = Math.max(gap, Math.min(at.left + at.width / 2 - own.width / 2, innerWidth - own.width - gap));
  const below = at.bottom + gap, above = at.top - own.height - gap;
  const top = below + own.height + gap <= innerHeight ? below : above >= gap ? above : innerHeight - own.height - gap;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(gap, top)}px`;
}

function hideTip() {
  if (!tip) return;
  clearTimeout(tip.away);
  tip.box.hidden = true;
  tip.target.removeAttribute("aria-describedby");
  tip = null;
}

function leaveTip() {
  if (!tip) return;
  clearTimeout(tip.away);
  tip.away = setTimeout(() => { if (tip && document.activeElement !== tip.target) hideTip(); }, TIP_AWAY);
}

// The conversation was drawn anew: the popover goes on at its button, which Gradio may have kept or not, or goes.
function followTip() {
  if (!tip) return;
  const again = tip.target.isConnected ? tip.target : tip.back();
  if (!again) hideTip();
  else if (again.getAttribute("aria-describedby") !== "tip") showTip(again);
}

// Where the pointer was last: a button that comes to lie under a pointer at rest was not pointed at.
let pointer = [];
document.addEventListener("pointermove", ({ clientX, clientY }) => { pointer = [clientX, clientY]; }, { capture: true, passive: true });
document.addEventListener("pointerover", ({ target, pointerType, clientX, clientY }) => {
  const button = target.closest(TIPPED);
  if (!button || pointerType !== "mouse") return;
  if (tip?.target === button) clearTimeout(tip.away);
  else if (clientX !== pointer[0] || clientY !== pointer[1]) showTip(button);
});
document.addEventListener("pointerout", ({ target }) => { if (tip && target.closest(TIPPED) === tip.target) leaveTip(); });
document.addEventListener("focusin", ({ target }) => {
  if (!returning && target.matches(TIPPED) && target.matches(":focus-visible")) showTip(target);
});
document.addEventListener("focusout", ({ target }) => { if (tip?.target === target && target.isConnected) hideTip(); });
document.addEventListener("scroll", () => { if (tip) inView(tip.target) ? placeTip() : hideTip(); }, { capture: true, passive: true });
window.addEventListener("resize", hideTip);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !tip) return;
  event.stopImmediatePropagation();
  hideTip();
}, true);

Object.assign(acts, {
  why: (button) => {
    if (tip?.target === button && tip.held) { hideTip(); return; }
    showTip(button);
    if (tip) tip.held = true;
  },
});
