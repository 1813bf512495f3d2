// Search in `entries` (index.js): { name, path, text }. Each word must occur; entries that have all
// words in their names come first, shorter names before longer ones.
const box = document.getElementById("search");
const results = document.getElementById("results");
const names = entries.map(([name]) => name.toLowerCase());
const texts = entries.map(([, , text], i) => names[i] + " " + (text || "").toLowerCase());

function find(words) {
   const found = [];
   for (let i = 0; i < entries.length; i++) {
      if (!words.every((word) => texts[i].includes(word))) continue;
      found.push([words.every((word) => names[i].includes(word)) ? 0 : 1, names[i].length, i]);
   }
   return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 40).map((one) => one[2]);
}

// The text around the first word that the name lacks.
function excerpt(i, words) {
   const text = entries[i][2] || "";
   const word = words.find((one) => !names[i].includes(one));
   if (!word) return "";
   const at = text.toLowerCase().indexOf(word);
   const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, at - 50)) + 1);
   return (start > 0 ? "... " : "") + text.slice(start, at + 70);
}

// Words of questions, which say nothing about the answer; they count where there are no others.
const small = new Set(("a an and are can could do does for from have how i in is it its my of on or "
   + "should the there to what when where which who why will with").split(" "));

function wordsOf(text) {
   const all = text.toLowerCase().split(/[\s?,]+/).filter(Boolean);
   const telling = all.filter((word) => !small.has(word));
   return telling.length > 0 ? telling : all;
}

function search() {
   const words = wordsOf(box.value);
   const found = words.length === 0 ? [] : find(words);
   results.replaceChildren(...found.map((i) => {
      const link = document.createElement("a");
      link.href = root + entries[i][1];
      link.textContent = entries[i][0];
      const around = document.createElement("small");
      around.textContent = excerpt(i, words);
      if (around.textContent) link.append(around);
      const item = document.createElement("li");
      item.append(link);
      return item;
   }));
   if (words.length > 0 && found.length === 0) {
      const item = document.createElement("li");
      item.textContent = "Nothing has all of these words.";
      results.append(item);
   }
   results.hidden = words.length === 0;
}

function move(step) {
   const links = [...results.querySelectorAll("a")];
   const next = links.indexOf(document.activeElement) + step;
   (links[next] || box).focus();
}

box.addEventListener("input", search);
box.form.addEventListener("submit", (event) => {
   event.preventDefault();
   const first = results.querySelector("a");
   if (first) first.click();
});
results.addEventListener("click", (event) => {
   if (event.target.closest("a")) results.hidden = true;
});
document.addEventListener("keydown", (event) => {
   if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
   } else if (event.key === "Escape") {
      results.hidden = true;
   } else if (!results.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
   }
});

// A link to a search: index.html#?status_callback_event
if (location.hash.startsWith("#?")) {
   box.value = decodeURIComponent(location.hash.slice(2));
   search();
}
