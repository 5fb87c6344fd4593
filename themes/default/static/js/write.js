// The author's desk. Without this everything works by its buttons; with it, by keys, paste and drop too.

const text = document.querySelector("#text");
const desk = document.querySelector("#desk");

// Blocks go where the cursor is; what is selected stands inside them. Undo takes it back like any typing.
function put(insert) {
  const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
  const whole = insert.replace("…", chosen);
  const start = text.selectionStart + (insert.includes("…") ? insert.indexOf("…") : whole.length);
  text.focus();
  if (!document.execCommand("insertText", false, whole)) {
    text.setRangeText(whole, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(start, start + chosen.length);
}

// Into a list of the front matter, behind what stands there; where there is no such list, where the cursor is.
function putInto(key, id) {
  const list = new RegExp(`^${key}: *\\[([^\\]\n]*)\\]`, "m").exec(text.value);
  if (!list) return put(id);
  const end = list.index + list[0].length - 1;
  text.setSelectionRange(end, end);
  if (!list[1].split(",").some((one) => one.trim() === id)) put((list[1].trim() ? ", " : "") + id);
}

function goTo(line, column) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  text.focus();
  text.setSelectionRange(start, start);
  text.scrollTop = (text.scrollHeight * (line - 3)) / lines.length;
}

let last = 0;
function nextProblem() {
  const places = [...document.querySelectorAll("#draft [data-line]")];
  if (!places.length) return;
  const place = places[last++ % places.length].dataset;
  goTo(Number(place.line), Number(place.column));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert], [data-line]");
  if (!button || !text) return;
  if (button.dataset.key) putInto(button.dataset.key, button.dataset.insert);
  else if (button.dataset.insert) put(button.dataset.insert);
  else goTo(Number(button.dataset.line), Number(button.dataset.column));
});

if (text && desk) {
  for (const hidden of document.querySelectorAll("[data-inserts], [data-keys], [data-comfort]")) hidden.hidden = false;
  const check = () => text.dispatchEvent(new Event("check"));
  document.querySelector("#reader")?.addEventListener("change", check);
  desk.querySelectorAll("[name=audience]").forEach((choice) => choice.addEventListener("change", check));
  desk.querySelector("#change").addEventListener("change", check);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") check();
    else if (event.key === "F8") nextProblem();
    else return;
    event.preventDefault();
  });

  // An untouched beginning gives way to that of what is chosen.
  desk.querySelectorAll("[name=kind]").forEach((kind) => kind.addEventListener("change", () => {
    desk.requestSubmit(desk.querySelector("[value=check]"));
  }));

  // The list of a path is changed on the node, in the text; Alt with an arrow moves a module as its buttons do.
  // What was typed meanwhile stays: where that is the list itself, it counts, and the button is to be pressed again.
  const alike = (a, b) => { let n = 0; while (n < a.length && a[n] === b[n]) n++; return n; };
  const backwards = (whole) => whole.split("").reverse();
  const change = (before, after) => {
    const start = alike(before, after);
    const rest = alike(backwards(before.slice(start)), backwards(after.slice(start)));
    const end = before.length - rest;
    const isBehind = text.value.startsWith(before.slice(0, end)); // what was typed stands behind what changed
    if (!isBehind && !text.value.endsWith(before.slice(start))) return;
    const moved = isBehind ? 0 : text.value.length - before.length;
    text.setRangeText(after.slice(start, after.length - rest), start + moved, end + moved, "preserve");
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    const now = event.target.id === "stops" && event.target.querySelector("[data-now]");
    if (!now) return;
    change(event.detail.requestConfig.parameters.text, now.value);
    check();
  });
  // A check answers for the text that it was sent: the list of an older text stays out, and one that is the same keeps
  // its buttons under the finger.
  let sent = text.value;
  text.addEventListener("htmx:configRequest", () => { sent = text.value; });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const list = (part) => part.querySelector(".stop-list")?.outerHTML;
    const stays = text.value !== sent || list(event.detail.fragment) === list(event.target);
    if (event.target.id === "stops" && stays) event.preventDefault();
  });
  document.querySelector("#stops")?.addEventListener("keydown", (event) => {
    const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!event.altKey || !verb) return;
    event.target.closest("[data-stop]")?.querySelector(`[value^=${verb}]`).click();
    event.preventDefault();
  });

  // Whoever reloads comes back to the draft; whoever is on the way elsewhere is let go.
  const id = desk.querySelector("[name=draft]").value;
  let leaving = false;
  desk.addEventListener("submit", () => { leaving = true; });
  document.addEventListener("htmx:afterSwap", (event) => {
    last = 0;
    if (event.target.id === "draft" && !leaving && document.querySelector("#draft .kept")) {
      history.replaceState(null, "", "/write?draft=" + encodeURIComponent(id));
    }
  });

  const upload = document.querySelector("[data-upload]");
  if (upload) {
    const copy = () => { upload.querySelector("[data-text]").value = text.value; };
    upload.addEventListener("submit", copy, true);
    upload.addEventListener("htmx:configRequest", (event) => { event.detail.parameters.text = text.value; });
    const send = (files) => {
      const picture = [...files].find((file) => file.type.startsWith("image/"));
      if (!picture) return false;
      const box = new DataTransfer();
      box.items.add(picture);
      upload.querySelector("[type=file]").files = box.files;
      upload.dataset.insertAfter = "yes";
      copy();
      upload.requestSubmit();
      return true;
    };
    text.addEventListener("paste", (event) => { if (send(event.clipboardData.files)) event.preventDefault(); });
    text.addEventListener("drop", (event) => { if (send(event.dataTransfer.files)) event.preventDefault(); });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target.id !== "files") return;
      upload.reset();
      history.replaceState(null, "", "/write?draft=" + encodeURIComponent(id));
      const added = [...document.querySelectorAll("#files [data-insert]")].pop();
      if (added && upload.dataset.insertAfter) put(added.dataset.insert);
      delete upload.dataset.insertAfter;
    });
  }
}
