// A scanned code arrives here in the fragment, which no request carries; it is handed on to the app.
const code = /^#([0-9a-z]{10,64})$/i.exec(location.hash)?.[1]?.toLowerCase() ?? "";

// The browsers inside other apps: they may clear what a page keeps. DingTalk names AliApp too.
function isInside() {
  const agent = navigator.userAgent;
  if (/MicroMessenger|wxwork/i.test(agent)) return "wechat";
  return /DingTalk|AliApp/i.test(agent) ? "dingtalk" : "";
}

const shown = isInside() || (code ? "code" : "none");
for (const part of document.querySelectorAll("[data-case]")) {
  part.classList.toggle("shown", part.dataset.case.split(" ").includes(shown));
}
if (code) document.getElementById("go").href = `/app/#/enrol/${code}`;

const button = document.getElementById("language");
function speak(language) {
  document.documentElement.lang = language;
  button.textContent = language === "en" ? "中文" : "English";
}
speak(/^zh/i.test(navigator.language) ? "zh-CN" : "en");
button.hidden = false;
button.addEventListener("click", () => speak(document.documentElement.lang === "en" ? "zh-CN" : "en"));
