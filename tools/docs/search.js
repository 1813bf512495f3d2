// Search in `entries` (index.js): each word must occur; shorter names come first.
const box = document.getElementById("search");
const results = document.getElementById("results");

function search() {
   const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
   const found = words.length === 0 ? [] : entries.filter(([name]) =>
      words.every((word) => name.toLowerCase().includes(word)));
   found.sort((a, b) => a[0].length - b[0].length);
   results.replaceChildren(...found.slice(0, 30).map(([name, path]) => {
      const link = document.createElement("a");
      link.href = root + path;
      link.textContent = name;
      const item = document.createElement("li");
      item.append(link);
      return item;
   }));
   results.hidden = found.length === 0;
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
results.addEventListener("click", () => { results.hidden = true; });
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
