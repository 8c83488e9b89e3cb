// An event's page counts on while it is open; the wall changes its code every five seconds.
for (const place of document.querySelectorAll("[data-live][data-every]")) {
  setInterval(() => void renew(place), Number(place.dataset.every) * 1000);
}
async function renew(place) {
  if (document.hidden) return;
  try {
    const answer = await fetch(place.dataset.live);
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  } catch {
    // The next one will tell.
  }
}
document.getElementById("print")?.addEventListener("click", () => window.print());

const wall = document.body.dataset.wall;
if (wall) {
  document.getElementById("full").addEventListener("click", () => void document.documentElement.requestFullscreen());
  void keepShowing();
}
async function keepShowing() {
  let left = 2000;
  try {
    const answer = await fetch(wall, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) left = show(await answer.json());
    else close(answer.status === 409);
  } catch {
    lose();
  }
  setTimeout(() => void keepShowing(), left);
}
function show(code) {
  const image = document.getElementById("code");
  image.src = code.picture;
  image.hidden = false;
  image.classList.remove("old");
  document.getElementById("closed").hidden = true;
  document.getElementById("lost").hidden = true;
  document.getElementById("present").textContent = code.n_present;
  document.getElementById("due").textContent = code.n_due;
  const bar = document.getElementById("left");
  bar.animate([{ width: `${code.left_ms / 50}%` }, { width: "0%" }], { duration: code.left_ms, fill: "forwards" });
  return code.left_ms + 30;
}
// A code that can't be renewed would be refused: it is dimmed, so that nobody scans it in vain.
function lose() {
  document.getElementById("code").classList.add("old");
  document.getElementById("lost").hidden = false;
}
function close(isClosed) {
  if (!isClosed) return lose();
  document.getElementById("code").hidden = true;
  document.getElementById("closed").hidden = false;
}
