// Search over what search.js holds, and the filter on the page of rules. Without scripts the pages are complete; only these two are missing.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const wide = window.matchMedia("(min-width: 60.01rem)");
  const navigation = document.querySelector(".navigation");
  const unfold = () => { navigation.open = wide.matches; };
  unfold();
  wide.addEventListener("change", unfold);

  const input = document.getElementById("search");
  const results = document.getElementById("results");
  let shown = [];
  let selected = -1;

  const score = (entry, words) => {
    const title = entry.t.toLowerCase();
    const aliases = (entry.a || []).map((alias) => alias.toLowerCase());
    const text = `${title} ${aliases.join(" ")} ${(entry.s || "").toLowerCase()} ${entry.k}`;
    if (!words.every((word) => text.includes(word))) return 0;
    const all = words.join(" ");
    let points = 1;
    if (title === all || aliases.includes(all)) points += 100;
    if (title.startsWith(all)) points += 20;
    if (words.every((word) => title.includes(word))) points += 10;
    if (entry.k === "rule") points += 3;
    if (entry.k === "section") points -= 1;
    return Math.max(points, 1);
  };

  const select = (index) => {
    selected = index;
    [...results.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", `result-${index}`);
      results.children[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    results.replaceChildren();
    shown = [];
    if (words.length) {
      shown = (window.SEARCH || [])
        .map((entry) => [score(entry, words), entry])
        .filter(([points]) => points > 0)
        .sort((a, b) => b[0] - a[0] || a[1].t.localeCompare(b[1].t))
        .slice(0, 12)
        .map(([, entry]) => entry);
      shown.forEach((entry, index) => {
        const item = document.createElement("li");
        item.id = `result-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        const found = (entry.a || []).filter((alias) => words.some((word) => alias.toLowerCase().includes(word)));
        item.append(entry.t + (found.length ? ` (${found.slice(0, 3).join(", ")})` : ""));
        const more = document.createElement("small");
        more.append(entry.s ? `${entry.k}: ${entry.s}` : entry.k);
        item.append(more);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = root + entry.u; });
        results.append(item);
      });
    }
    results.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    select(-1);
  };

  input.addEventListener("input", search);
  input.addEventListener("blur", () => { results.hidden = true; input.setAttribute("aria-expanded", "false"); });
  input.addEventListener("focus", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && shown.length) { event.preventDefault(); select((selected + 1) % shown.length); }
    if (event.key === "ArrowUp" && shown.length) { event.preventDefault(); select((selected - 1 + shown.length) % shown.length); }
    if (event.key === "Enter" && shown.length) location.href = root + shown[Math.max(selected, 0)].u;
    if (event.key === "Escape") { input.value = ""; search(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });

  const filter = document.getElementById("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("tr[data-words]")];
    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      rows.forEach((row) => {
        row.hidden = !words.every((word) => row.dataset.words.includes(word));
        left += row.hidden ? 0 : 1;
      });
      document.querySelectorAll("section.rules").forEach((section) => { section.hidden = !section.querySelector("tr[data-words]:not([hidden])"); });
      document.getElementById("filtered").textContent = words.length ? `${left} of ${rows.length}` : "";
    });
  }
})();
