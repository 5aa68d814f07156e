// The charts: figures over publication days, dates that articles tell of, most quoted speakers, figures that differ.
// Each is an SVG drawn here; beside each stands what it shows as a table or a list, for those who cannot see or point.

const DAY = 86400000;
const dayNumber = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
const dayText = (number) => new Date(number * DAY).toISOString().slice(0, 10);
/** Charts are drawn in pixels of the place they have, so that their words keep their size. */
const widthOf = (id) => Math.max(280, byId(id).clientWidth || 760);
const round = (number) => number.toFixed(1);

/** Round values of an axis from 0 to the top, at most about six. */
function ticks(top, logarithmic) {
  if (logarithmic) {
    const found = [];
    for (let power = 1; power <= top * 1.0001; power *= 10) found.push(power);
    return found;
  }
  const rough = Math.max(top, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough) * power);
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, place) => place * step);
}

/** Days to label on an axis: a few, evenly spread. */
function dayTicks(first, last, most) {
  const step = Math.max(1, Math.ceil((last - first) / most));
  const found = [];
  for (let day = first; day <= last; day += step) found.push(day);
  return found;
}

function drawTolls(numbers) {
  const select = byId("toll-kind");
  const kinds = new Map();
  for (const number of numbers) {
    for (const count of ARTICLES[number].counts) {
      if (count[RELATION] === "" && countPasses(count)) kinds.set(count[KIND], (kinds.get(count[KIND]) ?? 0) + 1);
    }
  }
  const wanted = kinds.has(select.value) ? select.value : [...kinds].sort((one, other) => other[1] - one[1])[0]?.[0];
  const order = [...kinds.keys()].sort((one, other) => kinds.get(other) - kinds.get(one));
  select.replaceChildren(...order.map((kind) => make("option", { value: kind, selected: kind === wanted }, kind)));
  select.value = wanted ?? "";
  const points = [];
  for (const number of numbers) {
    const article = ARTICLES[number];
    article.counts.forEach((count, place) => {
      if (count[KIND] !== wanted || !["", "conflicting"].includes(count[RELATION]) || !article.day) return;
      const value = count[LOW] ?? count[HIGH];
      if (value === null) return;
      points.push({ number, place, count, day: dayNumber(article.day), low: count[LOW] ?? value, high: count[HIGH] ?? value, value });
    });
  }
  if (!points.length) {
    fill("tolls", make("p", { class: "muted" }, kinds.size ? "No article with such a figure has a publication day." : "No figures."));
    return;
  }
  points.sort((one, other) => one.day - other.day || one.value - other.value);
  fill("tolls", plotTolls(points, wanted), make("p", { class: "caption" },
    "Each dot is the figure that an article gives; a hollow one contradicts another of the same article."), tableTolls(points));
}

function plotTolls(points, kind) {
  const [width, height, left, right, top, bottom] = [widthOf("tolls"), 300, 58, 14, 18, 30];
  const highest = Math.max(...points.map((point) => point.high), 1);
  const middle = points.map((point) => point.value).sort((one, other) => one - other)[Math.floor(points.length / 2)];
  const logarithmic = highest > 50 * Math.max(middle, 1);
  const [first, last] = [points[0].day, points[points.length - 1].day];
  const values = ticks(highest, logarithmic);
  const ceiling = Math.max(highest, logarithmic ? highest : values[values.length - 1]);
  const x = (day) => (first === last ? (left + width - right) / 2 : left + ((day - first) / (last - first)) * (width - left - right));
  const scale = (value) => (logarithmic ? Math.log10(1 + value) / Math.log10(1 + ceiling) : value / ceiling);
  const y = (value) => height - bottom - scale(value) * (height - top - bottom);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label":
    `${plural(points.length, "figure")} of people ${kind}, from ${dayText(first)} to ${dayText(last)}, up to ${highest.toLocaleString("en")}` });
  for (const value of values) {
    svg.append(make("line", { class: "grid", x1: left, x2: width - right, y1: round(y(value)), y2: round(y(value)) }),
      make("text", { x: left - 8, y: round(y(value) + 4), "text-anchor": "end" }, value.toLocaleString("en")));
  }
  for (const day of dayTicks(first, last, Math.max(2, Math.floor(width / 150)))) {
    if (x(day) > width - 70 && day !== last) continue;
    svg.append(make("text", { x: round(x(day)), y: height - 8, "text-anchor": first === last ? "middle" : day === first ? "start" : "middle" }, dayText(day)));
  }
  if (logarithmic) svg.append(make("text", { x: width - right, y: top - 7, "text-anchor": "end" }, "logarithmic scale"));
  const peaks = new Map();
  for (const point of points) peaks.set(point.day, Math.max(peaks.get(point.day) ?? 0, point.value));
  for (const [day, value] of peaks) svg.append(make("line", { class: "stem", x1: round(x(day)), x2: round(x(day)), y1: round(y(0)), y2: round(y(value)) }));
  for (const point of points) {
    if (point.high > point.low) {
      svg.append(make("line", { class: "range", x1: round(x(point.day)), x2: round(x(point.day)), y1: round(y(point.low)), y2: round(y(point.high)) }));
    }
    svg.append(make("circle", { class: point.count[RELATION] ? "dot odd" : "dot", cx: round(x(point.day)), cy: round(y(point.value)), r: points.length > 400 ? 3 : 5,
      onclick: () => openArticle(point.number, `c${point.place}`) },
    make("title", {}, told(`${point.count[NUMBER]} ${kind}`, point.count[PLACE], point.count[SOURCE], dayText(point.day), ARTICLES[point.number].title))));
  }
  return svg;
}

function tableTolls(points) {
  const rest = points.length > 200 ? points.length - 200 : 0;
  const rows = () => points.slice(-200).reverse().map((point) => make("tr", {},
    make("td", {}, dayText(point.day)), make("td", { class: "number" }, point.count[NUMBER]), make("td", {}, point.count[PLACE]), make("td", {}, point.count[SOURCE]),
    make("td", {}, make("button", { type: "button", class: "link", onclick: () => openArticle(point.number, `c${point.place}`) }, ARTICLES[point.number].title))));
  const body = make("tbody");
  const table = make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "The figures as a table" }, make("table", {},
    make("thead", {}, make("tr", {}, ...["Published", "People", "Place", "Source", "Article"].map((name) => make("th", { scope: "col", class: name === "People" ? "number" : null }, name)))), body));
  const box = make("details", {}, make("summary", {}, "The figures as a table"), table, rest ? make("p", { class: "caption" }, `The newest 200; ${rest.toLocaleString("en")} more pass the filters.`) : null);
  box.addEventListener("toggle", () => { if (box.open && !body.children.length) body.append(...rows()); });
  return box;
}

// Bins of the timeline, from fine to coarse: a name, and the bin's key of a day.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const BINS = [
  { size: 1, start: (day) => day, name: (day) => dayText(day) },
  { size: 7, start: (day) => day - ((((day + 3) % 7) + 7) % 7), name: (day) => `week of ${dayText(day)}` },
  { size: 30.4, start: (day) => dayNumber(`${dayText(day).slice(0, 7)}-01`), name: (day) => `${MONTHS[+dayText(day).slice(5, 7) - 1]} ${dayText(day).slice(0, 4)}` },
  { size: 365.2, start: (day) => dayNumber(`${dayText(day).slice(0, 4)}-01-01`), name: (day) => dayText(day).slice(0, 4) },
  { size: 3652, start: (day) => dayNumber(`${dayText(day).slice(0, 3)}0-01-01`), name: (day) => `${dayText(day).slice(0, 3)}0s` },
];

function drawTimeline(numbers) {
  const moments = [];
  for (const number of numbers) {
    ARTICLES[number].moments.forEach((moment) => {
      const [first, last] = [dayNumber(moment[1]), dayNumber(moment[2])];
      if (last - first < 3660) moments.push({ number, moment, day: first });
    });
  }
  if (!moments.length) {
    fill("timeline", make("p", { class: "muted" }, "No dates with a known place in time."));
    fill("moments");
    return;
  }
  moments.sort((one, other) => one.day - other.day);
  // The bars show where most dates lie; the few far before and behind would make all bars thin.
  const at = (share) => moments[Math.min(moments.length - 1, Math.floor(share * moments.length))].day;
  const spread = moments.length < 40 ? [moments[0].day, moments[moments.length - 1].day] : [at(0.04), at(0.985)];
  const bin = BINS.find(({ size }) => (spread[1] - spread[0]) / size <= 60) ?? BINS[BINS.length - 1];
  const bars = new Map();
  let outside = 0;
  for (const item of moments) {
    if (item.day < bin.start(spread[0]) || item.day > spread[1]) { outside += 1; continue; }
    const key = bin.start(item.day);
    bars.set(key, [...(bars.get(key) ?? []), item]);
  }
  if (STATE.bin !== null && !bars.has(STATE.bin)) STATE.bin = null;
  fill("timeline", plotBars([...bars].sort((one, other) => one[0] - other[0]), bin, numbers), outside ? make("p", { class: "caption" }, `${plural(outside, "date")} before or after the bars.`) : "");
  listMoments(STATE.bin === null ? moments : bars.get(STATE.bin), STATE.bin === null ? null : bin.name(STATE.bin), numbers);
}

function plotBars(bars, bin, numbers) {
  const [width, height, top, bottom] = [widthOf("timeline"), 170, 22, 26];
  const [first, last] = [bars[0][0], bars[bars.length - 1][0]];
  const slots = Math.max(1, Math.round((last - first) / bin.size) + 1);
  const step = width / slots;
  const most = Math.max(...bars.map(([, items]) => items.length));
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Dates by time; arrow keys move between bars, Enter lists what a bar holds" });
  svg.append(make("line", { class: "axis", x1: 0, x2: width, y1: height - bottom, y2: height - bottom }));
  let labelled = -Infinity;
  bars.forEach(([key, items], place) => {
    const x = Math.round((key - first) / bin.size) * step;
    const size = Math.max(2, (items.length / most) * (height - top - bottom));
    const choose = () => {
      STATE.bin = STATE.bin === key ? null : key;
      drawTimeline(numbers);
      byId("timeline").querySelectorAll(".bar")[place]?.focus();
    };
    const bar = make("g", { class: "bar", role: "button", tabindex: (STATE.bin === null ? place === 0 : STATE.bin === key) ? 0 : -1, "aria-pressed": String(STATE.bin === key),
      "aria-label": `${bin.name(key)}: ${plural(items.length, "date")}`, onclick: choose, onkeydown: (event) => {
        const all = [...byId("timeline").querySelectorAll(".bar")];
        const target = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: all.length - 1 }[event.key];
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); }
        else if (target !== undefined && all[target]) {
          event.preventDefault();
          all.forEach((other, number) => other.setAttribute("tabindex", number === target ? 0 : -1));
          all[target].focus();
        }
      } },
    make("title", {}, `${bin.name(key)}: ${plural(items.length, "date")}`),
    make("rect", { class: "hit", x: round(x), y: top - 12, width: round(step), height: height - top - bottom + 12 }),
    make("rect", { class: "ink", x: round(x + Math.min(1, step * 0.1)), y: round(height - bottom - size), width: round(Math.min(48, Math.max(1.5, step - Math.min(2, step * 0.2)))), height: round(size), rx: 1.5 }));
    svg.append(bar);
    if (x - labelled > 110 && x < width - 60) {
      svg.append(make("text", { x: round(x), y: height - 8 }, bin.name(key).replace("week of ", "")));
      labelled = x;
    }
    if (items.length === most) svg.append(make("text", { x: round(Math.min(x + 2, width - 20)), y: round(height - bottom - size - 5) }, items.length.toLocaleString("en")));
  });
  return svg;
}

function listMoments(items, name, numbers) {
  const shown = items.slice(0, name ? 100 : 6);
  const list = () => make("ol", { class: "list" }, ...shown.map(({ number, moment }) => make("li", {},
    make("span", { class: "when" }, moment[0]), moment[3] ? ` (${moment[3]})` : "", " · ",
    make("button", { type: "button", class: "link", onclick: () => openArticle(number, `d${moment[4][0][0]}`) }, ARTICLES[number].title),
    evidence(number, moment[4][0][1], ""))));
  if (!name) {
    fill("moments", make("p", { class: "caption" }, "Choose a bar to list its dates."));
    return;
  }
  const all = make("button", { type: "button", class: "link", onclick: () => { STATE.bin = null; drawTimeline(numbers); } }, "Close the list");
  fill("moments", make("p", { class: "caption" }, `${name}: ${plural(items.length, "date")}${items.length > shown.length ? `, the first ${shown.length} shown` : ""}. `, all), list());
}

function drawSpeakers(numbers) {
  const facet = FACETS.find(({ key }) => key === "speaker");
  const quoted = new Map();
  for (const number of numbers) {
    for (const [name, quotes] of ARTICLES[number].speakers) {
      if (name < 0) continue;
      const row = quoted.get(name) ?? { quotes: 0, articles: 0 };
      quoted.set(name, { quotes: row.quotes + quotes.length, articles: row.articles + 1 });
    }
  }
  const rows = [...quoted].sort((one, other) => other[1].quotes - one[1].quotes).slice(0, 6);
  if (!rows.length) { fill("speakers", make("p", { class: "muted" }, "No quotes.")); return; }
  const most = rows[0][1].quotes;
  fill("speakers", make("ol", { class: "bars" }, ...rows.map(([name, { quotes, articles }]) => make("li", {},
    make("div", { class: "row" }, make("button", { type: "button", class: "link", "aria-pressed": String(facet.chosen.has(name)), onclick: () => toggle(facet, name) }, NAMES[name][0]),
      make("span", { class: "number muted" }, plural(quotes, "quote"))),
    make("div", { class: "role muted" }, told(NAMES[name][2], articles > 1 ? plural(articles, "article") : "")),
    make("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
      make("rect", { class: "rest", x: 0, y: 2.5, width: 100, height: 1 }), make("rect", { class: "fill", x: 0, y: 0, width: round((quotes / most) * 100), height: 6 }))))));
}

function drawDifferences(numbers) {
  const passing = new Set(numbers);
  const groups = [];
  for (const [kind, place, figures] of INDEX.differences) {
    const left = figures.filter(([number]) => passing.has(number)).map(([number, count]) => ({ number, place: count, count: ARTICLES[number].counts[count] }));
    if (left.length < 2 || !countPasses(left[0].count)) continue;
    const floor = Math.max(...left.map(({ count }) => count[LOW] ?? 0));
    const ceiling = Math.min(...left.map(({ count }) => count[HIGH] ?? Infinity));
    if (ceiling < floor) groups.push({ kind, place, left });
  }
  if (!groups.length) { fill("differences", make("p", { class: "muted" }, "No figures here exclude one another.")); return; }
  const shown = groups.slice(0, 6);
  const boxes = shown.map(({ kind, place, left }) => make("div", { class: "group" },
    make("h3", {}, told(kind, place ?? ARTICLES[left[0].number].title)),
    make("ul", { class: "versus" }, ...left.slice(0, 12).map(({ number, place: count, count: figure }) => make("li", {},
      make("span", { class: "figure" }, figure[NUMBER]),
      figure[SOURCE] ? `says ${figure[SOURCE]}` : "source not told", make("br"),
      make("button", { type: "button", class: "link", onclick: () => openArticle(number, `c${count}`) }, ARTICLES[number].title), make("br"),
      make("span", { class: "muted" }, ARTICLES[number].day ?? "")))),
    left.length > 12 ? make("p", { class: "caption" }, `and ${left.length - 12} more`) : ""));
  const rest = groups.length - shown.length;
  fill("differences", make("p", { class: "caption" }, "Told of one place within days of one another. Figures that grow as news comes in stand here, too."), ...boxes, rest > 0 ? make("p", { class: "caption" }, `${plural(rest, "more group")}; filter to see them.`) : "");
}
