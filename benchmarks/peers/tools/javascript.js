// compromise, chrono and Microsoft's recognizers: `node javascript.js TOOL < articles.jsonl > facts.jsonl`
"use strict";

const readline = require("node:readline");
const { createRequire } = require("node:module");
const path = require("node:path");

const load = createRequire(path.join(__dirname, "..", "package.json"));

// JavaScript counts UTF-16 units, factx code points.
const codePoint = (text, unit) => [...text.slice(0, unit)].length;
const span = (text, start, end) => ({
  text: text.slice(start, end),
  start: codePoint(text, start),
  end: codePoint(text, end),
});
const pad = (number, length = 2) => String(number).padStart(length, "0");

function chrono() {
  const parser = load("chrono-node");
  const value = (parts) => {
    if (!parts.isCertain("day") && !parts.isCertain("weekday") && !parts.isCertain("hour")) {
      if (parts.isCertain("month")) return `${pad(parts.get("year"), 4)}-${pad(parts.get("month"))}`;
      if (parts.isCertain("year")) return pad(parts.get("year"), 4);
    }
    const day = `${pad(parts.get("year"), 4)}-${pad(parts.get("month"))}-${pad(parts.get("day"))}`;
    return parts.isCertain("hour") ? `${day}T${pad(parts.get("hour"))}:${pad(parts.get("minute"))}` : day;
  };
  return ({ text, published }) => ({
    dates: parser.parse(text, new Date(`${published}T12:00:00`)).map((found) => ({
      ...span(text, found.index, found.index + found.text.length),
      type: found.start.isCertain("hour") ? "TIME" : "DATE",
      value: value(found.start),
    })),
  });
}

function recognizers() {
  const { recognizeDateTime, Culture } = load("@microsoft/recognizers-text-date-time");
  // Places left open (XXXX-WXX-2, a time without its day) are filled from the first reading, which lies in the past.
  const value = ({ timex = "", value: moment, start, type }, published) => {
    if (timex.startsWith("T")) return published + timex;
    if (type === "set" || type === "duration" || !timex.includes("XXXX")) return timex.replace(/^\((.*?),.*$/, "$1");
    const day = (moment || start || "").slice(0, 10);
    const time = timex.match(/T.*/);
    if (time) return day + time[0];
    return timex.split("-").length === 2 ? day.slice(0, 7) : day;
  };
  const types = {
    set: "SET",
    duration: "DURATION",
    time: "TIME",
    timerange: "TIME",
    datetime: "TIME",
    datetimerange: "TIME",
  };
  // Over a whole article it joins words of different paragraphs, so it is given one after the other.
  const recognize = (text, day) => [...text.matchAll(/.+/g)].flatMap((line) =>
    recognizeDateTime(line[0], Culture.English, 0, day).map((found) => ({
      ...found,
      start: found.start + line.index,
      end: found.end + line.index,
    })),
  );
  return ({ text, published }) => ({
    dates: recognize(text, new Date(`${published}T12:00:00`)).map((found) => {
      const first = found.resolution ? found.resolution.values[0] : { timex: "", type: "" };
      return {
        ...span(text, found.start, found.end + 1),
        type: types[first.type] || "DATE",
        value: value(first, published),
      };
    }),
  });
}

function numbers() {
  const { recognizeNumber, Culture } = load("@microsoft/recognizers-text-number");
  return ({ text }) => ({
    numbers: recognizeNumber(text, Culture.English)
      .filter((found) => found.resolution)
      .map((found) => ({ ...span(text, found.start, found.end + 1), value: Number(found.resolution.value) })),
  });
}

function compromise() {
  const nlp = load("compromise");
  nlp.plugin(load("compromise-dates"));
  const units = { day: 10, month: 7, year: 4 };
  const places = (text, view) => view.json({ offset: true }).map((found) => {
    const { start, length } = found.offset;
    const words = text.slice(start, start + length);
    const left = words.length - words.replace(/^[\s"'“”‘’([]+|^(?:Mrs?|Ms|Dr)\.? /, "").length;
    const bare = words.slice(left).replace(/(?:['’]s)?[\s"'“”‘’)\].,;:!?]*$/, "");
    return { ...span(text, start + left, start + left + bare.length), found };
  });
  const entity = (label) => ({ found, ...mention }) => ({ label, name: mention.text, mentions: [mention] });
  return ({ text, published }) => {
    const doc = nlp(text);
    const context = { timezone: "UTC", today: `${published}T12:00:00` };
    return {
      entities: [
        ...places(text, doc.people()).map(entity("PERSON")),
        ...places(text, doc.places()).map(entity("PLACE")),
        ...places(text, doc.organizations()).map(entity("ORG")),
      ],
      dates: places(text, doc.dates(context)).map(({ found, ...words }) => {
        const { start, unit } = found.dates || {};
        return { ...words, type: "DATE", value: (start || "").slice(0, units[unit] || 10) };
      }),
      quotes: places(text, doc.quotations()).map(({ found, ...words }) => ({ ...words, speaker: null })),
      numbers: places(text, doc.numbers()).map(({ found, ...words }) => ({
        ...words,
        value: found.number ? found.number.num : null,
      })),
    };
  };
}

const find = { chrono, recognizers, numbers, compromise }[process.argv[2]]();
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const article = JSON.parse(line);
  console.log(JSON.stringify({ id: article.id, ...find(article) }));
});
