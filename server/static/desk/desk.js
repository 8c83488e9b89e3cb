// A question before what can't be taken back, and no second click while a form is on its way.
for (const button of document.querySelectorAll("button[data-ask]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.ask)) event.preventDefault();
  });
}
for (const form of document.querySelectorAll("form[method=post]:not([data-download])")) {
  form.addEventListener("submit", () => {
    // After the event: a disabled button would not be sent.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
}
// Back from the browser's memory: the buttons work again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button:disabled").forEach((button) => (button.disabled = false));
});
