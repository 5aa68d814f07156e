// The reader: one article with its marks, and beside it its facts, each of which leads to its place.

let openNumber = null;

/** Put marks into text; marks may overlap, so one that ends inside a later one is closed and opened again. */
function markText(text, marks) {
  const waiting = marks.filter(([start, end]) => start < end).sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  const borders = [...new Set([0, text.length, ...waiting.flatMap(([start, end]) => [start, end])])].sort((one, other) => one - other);
  const story = document.createDocumentFragment();
  let opened = []; // pairs of mark and element
  let next = 0;
  const open = (mark, again) => {
    const [, , kind, id, title] = mark;
    const element = make("mark", { class: again ? `${kind} again` : kind, id: id && !again ? `mark-${id}` : null, title: title || null });
    (opened.length ? opened[opened.length - 1][1] : story).append(element);
    opened.push([mark, element]);
  };
  borders.forEach((border, place) => {
    const lowest = opened.findIndex(([mark]) => mark[1] === border);
    if (lowest >= 0) {
      const reopened = opened.slice(lowest).filter(([mark]) => mark[1] !== border);
      opened = opened.slice(0, lowest);
      for (const [mark] of reopened) open(mark, true);
    }
    while (next < waiting.length && waiting[next][0] === border) open(waiting[next++], false);
    const end = borders[place + 1] ?? text.length;
    (opened.length ? opened[opened.length - 1][1] : story).append(text.slice(border, end));
  });
  return story;
}

/** Scroll to a fact's place in the text and outline it. */
function goTo(id) {
  for (const mark of byId("story").querySelectorAll(".here")) mark.classList.remove("here");
  const mark = id && byId(`mark-${id}`);
  if (!mark) return;
  mark.classList.add("here");
  mark.setAttribute("tabindex", "-1");
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

function openArticle(number, fact = "") {
  const hash = `#a${number}${fact ? `-${fact}` : ""}`;
  if (location.hash === hash) showArticle(number, fact);
  else location.hash = hash;
}

function showArticle(number, fact) {
  const article = ARTICLES[number];
  const { text, marks, quotes } = details(number);
  const reader = byId("reader");
  if (openNumber !== number) {
    fill("reader-title", article.title);
    const origin = article.from && !["option", "record"].includes(article.from) ? ` (from the ${article.from})` : "";
    fill("reader-meta", make("p", { class: "muted" }, told(article.source, article.day ? `published ${article.day}${origin}` : "no publication date known")),
      ...article.warnings.map((warning) => make("p", { class: "warning" }, `Warning: ${warning}`)),
      text ? "" : make("p", { class: "muted" }, "The text is not in these facts (they were written with --no-text)."));
    byId("story").replaceChildren(markText(text, marks));
    byId("story").hidden = !text;
    byId("reader").querySelector(".reader-body").classList.toggle("both", Boolean(text));
    fill("facts", ...listFacts(number, article, quotes));
    openNumber = number;
  }
  const place = RESULTS.indexOf(number);
  byId("previous").disabled = place <= 0;
  byId("next").disabled = place < 0 || place >= RESULTS.length - 1;
  if (!reader.open) reader.showModal();
  if (fact && byId(`mark-${fact}`)) goTo(fact);
  else { goTo(""); reader.scrollTop = 0; byId("reader-title").focus({ preventScroll: true }); }
}

function listFacts(number, article, quotes) {
  const link = (id, words) => (details(number).text ? make("button", { type: "button", class: "link", onclick: () => openArticle(number, id) }, words) : words);
  const section = (title, items) => (items.length ? [make("h3", {}, title), make("ul", { class: "list" }, ...items)] : []);
  const counts = article.order.map((place) => {
    const count = article.counts[place];
    const part = count[RELATION].startsWith("of them");
    return make("li", { class: part ? "part" : null }, make("strong", {}, link(`c${place}`, count[NUMBER])), ` ${count[KIND]} `,
      make("span", { class: "muted" }, told(count[RELATION] === "again" ? "told again" : count[RELATION], count[SOURCE] && `says ${count[SOURCE]}`, count[PLACE] && `in ${count[PLACE]}`, count[DATE])),
      evidence(number, count[SENTENCE], count[TEXT]));
  });
  const moments = article.moments.map(([value, , , words, places]) => make("li", {}, make("span", { class: "when" }, link(`d${places[0][0]}`, value)), words ? ` ${words}` : "",
    evidence(number, places[0][1], "")));
  const spoken = article.speakers.flatMap(([name, said]) => said.map(([place, kind, sentence]) => make("li", {},
    make("strong", {}, name < 0 ? "Speaker not told" : NAMES[name][0]), make("span", { class: "muted" }, ` · ${kind} · `), link(`q${place}`, "in the text"), evidence(number, sentence, quotes[place]))));
  const named = [...article.names].sort((one, other) => other[1] - one[1]).map(([name, mentions, id]) => make("li", {},
    link(id, NAMES[name][0]), make("span", { class: "muted" }, ` ${told(NAMES[name][2], plural(mentions, "mention"))}`)));
  return [...section("Counts", counts), ...section("Timeline", moments), ...section("Quotes", spoken), ...section("Names", named)];
}

function step(distance) {
  const place = RESULTS.indexOf(openNumber);
  if (place >= 0 && RESULTS[place + distance] !== undefined) openArticle(RESULTS[place + distance]);
}

/** Follow the address: "#a12-c3" opens article 12 at its count 3. */
function followHash() {
  const match = /^#a(\d+)(?:-([a-z]\d+))?$/.exec(location.hash);
  if (match && ARTICLES[+match[1]]) showArticle(+match[1], match[2] ?? "");
  else if (byId("reader").open) byId("reader").close();
}
