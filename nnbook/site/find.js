// Searches the book; loaded with the first query. Pagefind finds words, and characters in a row. Here a query is cut into pieces,
// each is looked for as it is and in the book's words for the same thing; what is found nowhere is tried in other forms, and of
// all sections those are kept that hold the most of the pieces.
const HERE = new URL(".", import.meta.url);
const { createInstance } = await import(new URL(`pagefind.js${new URL(import.meta.url).search}`, HERE)); // see search.js
const LANGUAGE = document.documentElement.lang;
const LETTERS = "々〆〇\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc\\u3400-\\u9fff\\uf900-\\ufaff";
const OTHER = `[^\\s${LETTERS}\\p{P}\\p{S}]+`;
const PIECE = `[${LETTERS}]+|${OTHER}(?:[-.'’_]${OTHER})*`;
const IS_WIDE = /^[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]/;
// A particle between two words: hiragana may come before it, but not after it.
const PARTICLE = /(?<=.)(?:から|まで|より|では|には|とは|[をはがのにでともへや])(?=[^\u3041-\u3096])/u;
const KANA = /^[\u3041-\u3096\u30fc]*[\u3041-\u3096][\u3041-\u3096\u30fc]*$/;
const HIRAGANA = /[\u3041-\u3096]/g;
const LATIN = /^[a-z\u00df-\u024f]{2,}$/;
const KANJI = /^[々〆〇\u3400-\u9fff\uf900-\ufaff]+$/;
const STEM = /[々〆〇\u3400-\u9fff\uf900-\ufaff]+|[\u30a1-\u30fa][\u30a1-\u30fa\u30fc]*/gu;
const COMMON = new Set("a an and are as at be by can do does for from has how in is it its not of on or that the this to was what when where which why with".split(" "));
const SIZE = LANGUAGE === "ja" ? 90 : 28; // of an excerpt, in words

// Pagefind would take the marks from が and グ as it does from é.
const pagefind = createInstance({ noWorker: true, exactDiacritics: LANGUAGE === "ja" });
let vocabulary; // of the book
let synonyms; // by another word for a thing, those of the book

// The sections that match `query`, best first; what of it is nowhere; and what it was taken for, if that is something else.
export async function find(query) {
  if (!vocabulary) await loadWords();
  const phrases = Object.keys(synonyms).filter((word) => word.includes(" ")).map((word) => `${word}(?:${OTHER})?`);
  const pieces = new RegExp([...phrases, PIECE].join("|"), "gu");
  const all = [...new Set(query.normalize("NFKC").toLowerCase().match(pieces))];
  const telling = all.filter((piece) => !COMMON.has(piece));
  const { hits, texts, missing, corrected } = joined(await Promise.all((telling.length ? telling : all).map(look)));
  const inRow = telling.length > 1 ? byId(await pagefind.search(`"${all.join(" ")}"`)) : new Map();
  for (const [id, hit] of hits) if (inRow.has(id)) hit.score *= 2; // the words as they were asked for, one after the other
  const sections = [...hits.values()].sort((a, b) => b.score - a.score);
  return { sections: sections.map((section) => ({ load: () => load(section) })), missing, corrected: corrected ? texts.join(" ") : "" };
}

// One piece: the sections that hold it (or another form of it), what was looked for in the end, and what is nowhere.
async function look(text) {
  if (LATIN.test(text)) return latin(text);
  const whole = await search(text);
  if (whole.hits.size || !IS_WIDE.test(text)) return whole;
  if (KANA.test(text)) {
    const katakana = await look(text.replace(HIRAGANA, (letter) => String.fromCharCode(letter.charCodeAt() + 96)));
    return katakana.hits.size ? { ...katakana, corrected: true } : whole;
  }
  // The words between particles, else stems without endings.
  for (const parts of [text.split(PARTICLE), text.match(STEM) || []]) {
    if (!parts.length || parts[0] === text) continue;
    const found = joined(await Promise.all(parts.map(look)));
    if (found.hits.size) return found;
  }
  return KANJI.test(text) ? shorter(text) : latin(text);
}

// The longest beginning or end of a compound that the book holds, of two characters or more.
async function shorter(text) {
  for (let size = text.length - 1; size > 1; size--) {
    for (const part of [text.slice(0, size), text.slice(-size)]) {
      const found = await search(part);
      if (found.hits.size) return { ...found, corrected: true };
    }
  }
  return nowhere(text);
}

// A Latin word (or one in katakana): as it is, else the nearest word of the book, else the word with which it has most in common.
async function latin(text) {
  const found = await search(text);
  if (found.hits.size) return found;
  let nearest;
  let best = text.length > 5 ? 3 : text.length > 2 ? 2 : 0; // must be less
  let stem = "";
  for (const word of [...vocabulary, ...Object.keys(synonyms)]) {
    const apart = distance(text, word, best);
    if (apart < best) [nearest, best] = [word, apart];
    let same = 0;
    while (same < text.length && text[same] === word[same]) same++;
    if (same > stem.length) stem = text.slice(0, same);
  }
  if (nearest) return { ...(await search(nearest)), corrected: true };
  return stem.length > 4 && text.length - stem.length < 4 ? { ...(await search(stem)), texts: [text] } : nowhere(text);
}

// Whether `text` is the `word`, or that with an ending.
function isForm(text, word) {
  return text === word || (word.length > 3 && text.startsWith(word) && text.length - word.length < 4);
}

function nowhere(text) {
  return { hits: new Map(), texts: [], missing: [text], corrected: false };
}

// A piece as it is, and the words of the book for it. Where the book lacks a Latin word, only those: Pagefind would shorten it.
async function search(text) {
  const others = Object.keys(synonyms).flatMap((word) => (isForm(text, word) ? synonyms[word] : []));
  const isDoubtful = (others.length || LATIN.test(text)) && !IS_WIDE.test(text);
  const isLacking = isDoubtful && !vocabulary.some((word) => word.startsWith(text) || isForm(text, word));
  const found = await Promise.all([...new Set(isLacking ? others : [text, ...others])].map(async (word) => ({ word, hits: await hitsOf(word) })));
  const some = found.filter(({ hits }) => hits.size);
  if (!some.length) return nowhere(text);
  return { hits: together(some), texts: [some.map(({ word }) => word).join(" / ")], missing: [], corrected: some[0].word !== text };
}

// All sections with some of the `pieces`, and in each `count`, how many of them.
function together(pieces) {
  const all = new Map();
  for (const [id, hit] of pieces.flatMap(({ hits }) => [...hits])) {
    const { score, places, rows, count } = all.get(id) || { score: 0, places: [], rows: [], count: 0 };
    all.set(id, { ...hit, score: score + hit.score, places: [...places, ...hit.places], rows: [...rows, ...hit.rows], count: count + 1 });
  }
  return all;
}

// Of all sections with some of the `pieces`, those with the most.
function joined(pieces) {
  const all = together(pieces);
  const most = Math.max(...[...all.values()].map(({ count }) => count));
  return {
    hits: new Map([...all].filter(([, { count }]) => count === most)),
    texts: pieces.flatMap(({ texts }) => texts),
    missing: pieces.flatMap(({ missing }) => missing),
    corrected: pieces.some((piece) => piece.corrected),
  };
}

async function loadWords() {
  const packed = await fetch(new URL(`${LANGUAGE}.words`, HERE));
  ({ words: vocabulary, synonyms } = await new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).json());
}

// How many letters to add, drop, change or swap with a neighbour (Damerau and Levenshtein); `limit` if not less.
function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let older, old, row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    [older, old, row] = [old, row, [i]];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] !== b[j - 1]));
      if (older && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
    }
  }
  return row[b.length];
}

// The sections that hold a text, by id: `score`, `places` of words, `rows` of characters to look for, and what loads the text.
async function hitsOf(text) {
  if (!IS_WIDE.test(text)) return byId(await pagefind.search(text));
  const row = [...text];
  const exact = row.length > 1 && (await pagefind.search(`"${row.join(" ")}"`)); // says where, but not how well
  const hits = byId(await pagefind.search(row.join(" ")), [row]);
  if (exact) {
    const inRow = new Set(exact.results.map(({ id }) => id));
    for (const id of hits.keys()) if (!inRow.has(id)) hits.delete(id);
  }
  return hits;
}

function byId({ results }, rows = []) {
  return new Map(results.map(({ id, score, words, data }) => [id, { score, places: rows.length ? [] : words, rows, data }]));
}

// What is shown of a section. Title and excerpt come in pieces of [text, whether it was found].
async function load({ data, places, rows }) {
  const { content, meta } = await data();
  const words = content.split(/\s+/);
  const found = new Set(places);
  for (const row of rows) {
    for (let k = 0; k <= words.length - row.length; k++) {
      // Pagefind may have set a full stop behind the last character of a block.
      if (row.every((letter, j) => words[k + j][0].toLowerCase() === letter)) row.forEach((_, j) => found.add(k + j));
    }
  }
  const heading = +meta.words;
  const title = pieced(words, found, 0, heading);
  if (!/\.$/.test(meta.title)) title[title.length - 1][0] = title[title.length - 1][0].replace(/\.$/, "");
  return { address: new URL(`../${meta.address}`, HERE).href, page: meta.page, title, excerpt: excerpt(words, found, heading), whole: meta.page === meta.title };
}

// The stretch of text with the most words that were found, from the beginning of a sentence if there is one a little before.
function excerpt(words, found, from) {
  const inside = [...found].filter((place) => place >= from).sort((a, b) => a - b);
  let first = from;
  let most = 0;
  for (const place of inside) {
    const count = inside.filter((other) => other >= place && other < place + SIZE * 0.75).length;
    if (count > most) [first, most] = [place, count];
  }
  let start = Math.max(from, Math.min(first - Math.round(SIZE * 0.2), words.length - SIZE));
  for (let k = first; k > Math.max(from, first - SIZE * 0.4); k--) {
    if (/[.?!。？！]$/.test(words[k - 1])) {
      start = k;
      break;
    }
  }
  const end = Math.min(words.length, start + SIZE);
  const whole = start === from || /[.?!。？！]$/.test(words[start - 1]);
  return [!whole && ["… ", false], ...pieced(words, found, start, end), end < words.length && [" …", false]].filter(Boolean);
}

// Words put together again, with spaces, but not beside a Japanese character.
function pieced(words, found, start, end) {
  const pieces = [];
  const add = (text, marked) => {
    const last = pieces[pieces.length - 1];
    if (last && last[1] === marked) last[0] += text;
    else pieces.push([text, marked]);
  };
  for (let k = start; k < end; k++) {
    if (k > start && !IS_WIDE.test(words[k - 1]) && !IS_WIDE.test(words[k])) add(" ", found.has(k - 1) && found.has(k));
    add(words[k], found.has(k));
  }
  return pieces;
}
