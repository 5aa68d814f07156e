// The page itself: filters, the list of articles, and how all parts follow what is chosen.

let RESULTS = ARTICLES.map((_, number) => number);

function toggle(facet, key) {
  if (!facet.chosen.delete(key)) facet.chosen.add(key);
  update();
}

/** How often each key of a facet occurs among the articles that pass the other filters. */
function tally(facet) {
  const found = new Map();
  ARTICLES.forEach((_, number) => {
    if (!passes(number, facet)) return;
    for (const key of facet.sets[number]) found.set(key, (found.get(key) ?? 0) + 1);
  });
  for (const key of facet.chosen) if (!found.has(key)) found.set(key, 0);
  return [...found].sort((one, other) => other[1] - one[1] || facet.name(one[0]).localeCompare(facet.name(other[0]), "en"));
}

function makeFacets() {
  fill("facets", ...FACETS.filter((facet) => facet.sets.some((set) => set.size)).map((facet) => {
    const many = facet.key !== "kind" && new Set(facet.sets.flatMap((set) => [...set])).size > 8;
    facet.list = make("ul");
    const find = many ? make("input", { type: "text", placeholder: "find …", "aria-label": `Find among ${facet.title.toLowerCase()}`, autocomplete: "off", oninput: (event) => {
      facet.find = event.target.value.trim().toLowerCase();
      drawFacet(facet);
    } }) : null;
    return make("fieldset", { class: "facet", id: `facet-${facet.key}` }, make("legend", {}, facet.title), find, facet.list);
  }));
}

function drawFacet(facet) {
  if (!facet.list) return;
  const all = tally(facet);
  const fitting = facet.find ? all.filter(([key]) => facet.name(key).toLowerCase().includes(facet.find)) : all;
  const most = facet.key === "kind" ? 14 : 7;
  const shown = [...fitting.filter(([key]) => facet.chosen.has(key)), ...fitting.filter(([key]) => !facet.chosen.has(key))].slice(0, Math.max(most, facet.chosen.size));
  const focused = facet.list.contains(document.activeElement) ? document.activeElement.value : null;
  facet.list.replaceChildren(...shown.map(([key, number]) => {
    const box = make("input", { type: "checkbox", value: key, onchange: () => toggle(facet, key) });
    box.checked = facet.chosen.has(key);
    return make("li", {}, make("label", {}, box, make("span", { class: "name" }, facet.name(key)), make("span", { class: "number" }, number.toLocaleString("en"))));
  }));
  if (!shown.length) facet.list.append(make("li", { class: "muted" }, "none"));
  if (focused !== null) [...facet.list.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
}

function drawChips() {
  const chips = [];
  const chip = (words, remove) => chips.push(make("button", { type: "button", "aria-label": `Remove the filter ${words}`, onclick: () => { remove(); update(); } }, `${words} ×`));
  if (STATE.words.length) chip(`“${STATE.words.join(" ")}”`, () => { STATE.words = []; byId("search").value = ""; });
  if (STATE.from) chip(`from ${STATE.from}`, () => { STATE.from = ""; byId("from").value = ""; });
  if (STATE.to) chip(`to ${STATE.to}`, () => { STATE.to = ""; byId("to").value = ""; });
  for (const facet of FACETS) for (const key of facet.chosen) chip(facet.name(key), () => facet.chosen.delete(key));
  fill("chips", ...chips);
}

/** A few words around the first word searched that stand in the text, with it marked. */
function findSnippet(number) {
  if (!STATE.words.length) return null;
  const { text } = details(number);
  const place = STATE.words.map((word) => [text.toLowerCase().indexOf(word), word.length]).find(([start]) => start >= 0);
  if (!place) return null;
  const [start, size] = place;
  const [first, last] = [Math.max(0, start - 80), Math.min(text.length, start + size + 110)];
  return make("p", { class: "evidence" }, first ? "… " : "", text.slice(first, start), make("mark", { class: "found" }, text.slice(start, start + size)), text.slice(start + size, last), last < text.length ? " …" : "");
}

function makeResult(number) {
  const article = ARTICLES[number];
  const figures = article.order.map((place) => [place, article.counts[place]]).filter(([, count]) => count[RELATION] === "" && countPasses(count)).slice(0, 5);
  const names = [...article.names].filter(([name]) => ["PERSON", "GPE", "ORG"].includes(NAMES[name][1])).sort((one, other) => other[1] - one[1]).slice(0, 5);
  return make("li", {}, make("h3", {}, make("button", { type: "button", class: "link", onclick: () => openArticle(number) }, article.title)),
    make("p", { class: "muted" }, told(article.day ?? "day not known", article.source, article.warnings.length ? plural(article.warnings.length, "warning") : "")),
    findSnippet(number),
    make("div", { class: "pills" }, ...figures.map(([place, count]) => make("button", { type: "button", class: "pill", onclick: () => openArticle(number, `c${place}`) }, `${count[NUMBER]} ${count[KIND]}`)),
      ...names.map(([name]) => make("span", { class: "pill who" }, NAMES[name][0]))));
}

function drawResults() {
  fill("results", ...RESULTS.slice(0, STATE.shown).map(makeResult));
  byId("more").hidden = RESULTS.length <= STATE.shown;
  if (!RESULTS.length) fill("results", make("li", {}, "No article passes these filters. ", make("button", { type: "button", class: "link", onclick: clearFilters }, "Clear all filters")));
}

function clearFilters() {
  document.querySelector(".filters").reset();
}

function update() {
  STATE.shown = 30;
  RESULTS = ARTICLES.map((_, number) => number).filter((number) => passes(number)).sort((one, other) => (ARTICLES[other].day ?? "").localeCompare(ARTICLES[one].day ?? "") || one - other);
  fill("status", isFiltered() ? `${RESULTS.length.toLocaleString("en")} of ${plural(ARTICLES.length, "article")}` : plural(ARTICLES.length, "article"));
  drawChips();
  for (const facet of FACETS) drawFacet(facet);
  drawTolls(RESULTS);
  drawSpeakers(RESULTS);
  drawTimeline(RESULTS);
  drawDifferences(RESULTS);
  drawResults();
}

function start() {
  const days = ARTICLES.map(({ day }) => day).filter(Boolean).sort();
  const total = (pick) => ARTICLES.reduce((sum, article) => sum + pick(article), 0);
  fill("totals", told(plural(ARTICLES.length, "article"), days.length ? (days[0] === days[days.length - 1] ? days[0] : `${days[0]} to ${days[days.length - 1]}`) : "",
    plural(total(({ counts }) => counts.length), "count"), plural(total(({ moments }) => moments.length), "date"), plural(total(({ speakers }) => speakers.reduce((sum, [, said]) => sum + said.length, 0)), "quote")));
  makeFacets();
  // On a narrow screen the filters wait until they are wanted; beside the articles they always show.
  const wide = window.matchMedia("(min-width: 60rem)");
  const unfold = () => { byId("choices").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  const form = document.querySelector(".filters");
  let waiting = 0;
  byId("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { STATE.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean); update(); }, 120);
  });
  for (const id of ["from", "to"]) byId(id).addEventListener("change", (event) => { STATE[id] = event.target.value; update(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    Object.assign(STATE, { words: [], from: "", to: "", bin: null });
    for (const facet of FACETS) { facet.chosen.clear(); facet.find = ""; }
    setTimeout(update);
  });
  byId("toll-kind").addEventListener("change", () => drawTolls(RESULTS));
  byId("more").addEventListener("click", () => {
    const before = STATE.shown;
    STATE.shown += 60;
    drawResults();
    byId("results").children[before]?.querySelector("button")?.focus();
  });
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", () => byId("reader").close());
  byId("reader").addEventListener("close", () => { if (/^#a\d/.test(location.hash)) history.pushState(null, "", location.pathname + location.search); });
  byId("reader").addEventListener("click", (event) => { if (event.target === byId("reader")) byId("reader").close(); });
  window.addEventListener("hashchange", followHash);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => { drawTolls(RESULTS); drawTimeline(RESULTS); }, 150);
  });
  update();
  followHash();
}

start();
