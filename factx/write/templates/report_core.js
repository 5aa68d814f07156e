"use strict";
// What all parts of the report share: its data, how elements are made, what is filtered, and what passes the filters.
// Words of articles become text only (textContent and createTextNode); nothing here writes markup.

const INDEX = JSON.parse(document.getElementById("index").textContent);
const ARTICLES = INDEX.articles;
const NAMES = INDEX.names; // [name, label or "SPEAKER", role or country]
// Members of a count: kind, number in words, low, high, relation, text, source, place, date, sentence offsets.
const [KIND, NUMBER, LOW, HIGH, RELATION, TEXT, SOURCE, PLACE, DATE, SENTENCE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

let parsedDetails = null;
function details(number) {
  parsedDetails ??= JSON.parse(document.getElementById("details").textContent);
  return parsedDetails[number];
}

const byId = (id) => document.getElementById(id);

/** Make an element: attributes (class, on* as listeners), then children that are nodes or words. */
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "line", "circle", "rect", "text", "path", "title"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const fill = (id, ...children) => byId(id).replaceChildren(...children);
const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
const told = (...words) => words.filter(Boolean).join(" · ");

/** The sentence around a fact with the fact in bold; without the text, the words of the fact alone. */
function evidence(number, sentence, words) {
  const text = details(number).text;
  if (!sentence.length || !text) return words ? make("p", { class: "evidence" }, make("b", { class: "fact" }, words)) : null;
  const [first, start, end, last] = sentence;
  return make("p", { class: "evidence" }, text.slice(first, start), make("b", { class: "fact" }, text.slice(start, end)), text.slice(end, last));
}

// The facets: what can be ticked. `values` gives the keys of an article, each once.
const nameKeys = (labels) => (article) => article.names.filter(([name]) => labels.includes(NAMES[name][1])).map(([name]) => name);
const FACETS = [
  { key: "kind", title: "What happened", values: (article) => article.counts.map((count) => count[KIND]), name: (key) => key },
  { key: "person", title: "People", values: nameKeys(["PERSON"]), name: (key) => NAMES[key][0] },
  { key: "place", title: "Places", values: nameKeys(["GPE", "LOC", "FAC"]), name: (key) => NAMES[key][0] },
  { key: "org", title: "Organisations", values: nameKeys(["ORG"]), name: (key) => NAMES[key][0] },
  { key: "speaker", title: "Speakers", values: (article) => article.speakers.map(([name]) => name).filter((name) => name >= 0), name: (key) => NAMES[key][0] },
];
for (const facet of FACETS) {
  facet.sets = ARTICLES.map((article) => new Set(facet.values(article)));
  facet.chosen = new Set();
  facet.find = "";
}

const STATE = { words: [], from: "", to: "", shown: 30, bin: null };

let haystacks = null;
function haystack(number) {
  haystacks ??= ARTICLES.map((article, place) => {
    const names = article.names.map(([name]) => NAMES[name].slice(0, 3).join(" "));
    const speakers = article.speakers.map(([name]) => (name < 0 ? "" : NAMES[name][0]));
    const detail = details(place);
    return [article.title, article.source, detail.text || detail.quotes.join("\n"), ...names, ...speakers].join("\n").toLowerCase();
  });
  return haystacks[number];
}

/** Tell whether an article passes all filters, or all but one facet's. */
function passes(number, except = null) {
  const { day } = ARTICLES[number];
  if ((STATE.from && !(day >= STATE.from)) || (STATE.to && !(day && day <= STATE.to))) return false;
  for (const facet of FACETS) {
    if (facet === except || !facet.chosen.size) continue;
    let hit = false;
    for (const key of facet.chosen) hit ||= facet.sets[number].has(key);
    if (!hit) return false;
  }
  return STATE.words.every((word) => haystack(number).includes(word));
}

const isFiltered = () => STATE.words.length > 0 || STATE.from || STATE.to || FACETS.some((facet) => facet.chosen.size);

/** Where the filters name something a fact must have, tell whether this count has it. */
function countPasses(count) {
  const kinds = FACETS[0].chosen;
  return !kinds.size || kinds.has(count[KIND]);
}
