// Files and whole folders are dropped onto a field or chosen, one after another; each is listed, and can be taken away.
const NO_FILE_OF_A_FORM = /^(\.|~\$|Thumbs\.db$)/; // what systems and Excel leave in folders

for (const place of document.querySelectorAll("[data-drop]")) {
  const field = place.querySelector("input[type=file]");
  const list = place.querySelector("ul");
  const kept = new Map();

  const put = (files) => {
    for (const file of files) if (!NO_FILE_OF_A_FORM.test(file.name)) kept.set(file.name, file);
    show();
  };
  const show = () => {
    const carrier = new DataTransfer();
    for (const file of kept.values()) carrier.items.add(file);
    field.files = carrier.files;
    list.replaceChildren(...[...kept.values()].map((file) => lineOf(file)));
    const total = [...kept.values()].reduce((sum, file) => sum + file.size, 0);
    field.setCustomValidity(total > Number(place.dataset.mostBytes) ? place.dataset.tooMuch : "");
    field.reportValidity();
  };
  const lineOf = (file) => {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "✕";
    button.setAttribute("aria-label", `${place.dataset.remove} ${file.name}`);
    button.addEventListener("click", () => {
      kept.delete(file.name);
      show();
    });
    line.append(file.name, " ", button);
    return line;
  };
  const mark = (isOver) => (event) => {
    event.preventDefault();
    place.classList.toggle("is-over", isOver);
  };
  place.addEventListener("dragover", mark(true));
  place.addEventListener("dragleave", mark(false));
  place.addEventListener("drop", async (event) => {
    mark(false)(event);
    // Before the first await: afterwards the browser has forgotten what was dropped.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const found = await Promise.all(entries.map(filesIn));
    put(found.flat());
  });
  field.addEventListener("change", () => put(field.files));
  if (field.files.length) put(field.files); // chosen before this ran
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A folder is told a hundred at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
