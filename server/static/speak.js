// One of two languages at a time: the browser's first, the other at a touch.
const languageButton = document.getElementById("language");
function speak(language) {
  document.documentElement.lang = language;
  languageButton.textContent = language === "en" ? "中文" : "English";
}
speak(/^zh/i.test(navigator.language) ? "zh-CN" : "en");
languageButton.hidden = false;
languageButton.addEventListener("click", () => speak(document.documentElement.lang === "en" ? "zh-CN" : "en"));
