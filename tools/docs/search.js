// Search in `entries` (index.js): { name, path, text }. A word counts most at the beginning of a word
// of the name, and least within a word of the text; one word of several may be missing.
const box = document.getElementById("search");
const results = document.getElementById("results");
const names = entries.map(([name]) => name.toLowerCase());
const texts = entries.map(([, , text]) => (text || "").toLowerCase());

// events -> event, statuses -> status: as it begins in every form.
function stem(word) {
   if (word.length < 5) return word;
   return word.replace(/(ss|us)es$/, "$1").replace(/([^su])s$/, "$1");
}

function begins(text, word) {
   for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at === 0 || !/[a-z0-9]/.test(text[at - 1])) return true;
   }
   return false;
}

const MISSING = 30;

function cost(i, word) {
   if (names[i].includes(word)) return begins(names[i], word) ? 0 : 3;
   if (texts[i].includes(word)) return begins(texts[i], word) ? 5 : 12;
   return MISSING;
}

function find(words) {
   const allowed = words.length > 1 ? 1 : 0;
   const found = [];
   for (let i = 0; i < entries.length; i++) {
      let sum = 0, missing = 0;
      for (const word of words) {
         const one = cost(i, word);
         sum += one;
         if (one === MISSING) missing += 1;
      }
      if (missing <= allowed) found.push([sum, names[i].length, i]);
   }
   return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 40).map((one) => one[2]);
}

// The text around the first word that the name lacks.
function excerpt(i, words) {
   const text = entries[i][2] || "";
   const word = words.find((one) => !names[i].includes(one) && texts[i].includes(one));
   if (!word) return "";
   const at = texts[i].indexOf(word);
   const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, at - 50)) + 1);
   return (start > 0 ? "... " : "") + text.slice(start, at + 70);
}

// Words of questions, which say nothing about the answer; they count where there are no others.
const small = new Set(("a an and are as at be can could do does during for from get has have how i "
   + "in is it its many must my of on one or set should the there to use using what when where which "
   + "who why will with").split(" "));

function wordsOf(text) {
   const all = text.toLowerCase().split(/[\s?,]+/).filter(Boolean);
   const telling = all.filter((word) => !small.has(word));
   return (telling.length > 0 ? telling : all).map(stem);
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
