// The code stands in the fragment, which no request carries; it is sent in a body, and the contacts come back.
function show(shown) {
  for (const part of document.querySelectorAll("[data-case]")) {
    part.classList.toggle("shown", part.dataset.case.split(" ").includes(shown));
  }
}

function refuse(problem) {
  document.getElementById("message_zh").textContent = `${problem.message_zh}。${problem.fix_zh}`;
  document.getElementById("message_en").textContent = `${problem.message_en}. ${problem.fix_en}`;
  show("bad");
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function call(phone) {
  const link = element("a", phone, "call");
  link.href = `tel:${phone.replace(/[^0-9+]/g, "")}`;
  return link;
}

function tell(place, contacts) {
  const part = document.getElementById(place);
  part.hidden = contacts.length === 0;
  const heading = document.createElement("h2");
  for (const [language, key] of [["zh-CN", "zh"], ["en", "en"]]) {
    const words = element("span", part.dataset[key]);
    words.lang = language;
    heading.append(words);
  }
  part.append(heading);
  for (const { name, unit, phone } of contacts) {
    const line = document.createElement("p");
    if (name) line.append(element("b", name), ` ${unit}`);
    if (phone) line.append(call(phone));
    part.append(line);
  }
}

async function ask() {
  const offline = {
    message_zh: "没有网络",
    message_en: "No network",
    fix_zh: "请到有信号的地方重新扫码。",
    fix_en: "Please scan again where there is signal.",
  };
  try {
    const answer = await fetch("/api/v1/cards/door", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: location.hash.slice(1) }),
    });
    const told = await answer.json();
    if (!answer.ok) return refuse(told.problem);
    document.getElementById("town").textContent = told.town;
    tell("mentors", told.mentors);
    tell("village", told.village_contact ? [told.village_contact] : []);
    tell("hotline", told.hotline ? [{ name: "", unit: "", phone: told.hotline }] : []);
    document.getElementById("nobody").hidden = told.mentors.length > 0;
    show("found");
  } catch {
    refuse(offline);
  }
}
void ask();
