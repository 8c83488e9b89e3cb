// A question before what can't be taken back, and no second click while a form is on its way.
for (const button of document.querySelectorAll("button[data-ask]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.ask)) event.preventDefault();
  });
}
for (const form of document.querySelectorAll("form[method=post]:not([data-download])")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.dataset.calm = button.textContent;
      button.textContent = button.dataset.busy;
    }
    // After the event: a disabled button would not be sent.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
}
// Back from the browser's memory: the buttons work again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button:disabled").forEach((button) => (button.disabled = false));
  document.querySelectorAll("button[data-calm]").forEach((button) => (button.textContent = button.dataset.calm));
});
// A photo opens large over the page; without this it is a link. Escape, a click or the button closes it.
for (const link of document.querySelectorAll("a.photo")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    showLarge(link);
  });
}
function showLarge(link) {
  const dialog = document.createElement("dialog");
  const image = document.createElement("img");
  const button = document.createElement("button");
  dialog.className = "large";
  image.src = link.href;
  image.alt = link.querySelector("img").alt;
  button.textContent = "✕";
  button.setAttribute("aria-label", document.documentElement.lang === "en" ? "Close" : "关闭");
  dialog.append(image, button);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
// j and k walk through a list's rows, as in mail programs; Enter opens.
const rows = [...document.querySelectorAll(".list tbody a.strong")];
document.addEventListener("keydown", (event) => {
  const isTyping = event.isComposing || event.target.closest("input, select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  const at = rows.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
  rows[Math.min(Math.max(at, 0), rows.length - 1)]?.focus();
});
// One box ticks all others of a name; a button prints the page.
for (const box of document.querySelectorAll("input[data-all]")) {
  const others = document.getElementsByName(box.dataset.all);
  box.addEventListener("change", () => others.forEach((other) => (other.checked = box.checked)));
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
