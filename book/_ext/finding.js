// How the search ranks: what explains a word before the names that hold it.
var Scorer = {
  score: ([docname, , , , score]) => {
    if (/^\d\d_/.test(docname)) return score + 30; // a chapter
    return docname.startsWith("api/") ? score - 20 : score + 10;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// An excerpt begins at the word, however it is joined there: at "pseudo-inverse", too.
if (typeof Search !== "undefined") {
  const summary = Search.makeSearchSummary;
  Search.makeSearchSummary = (page, words, anchor) => {
    const text = Search.htmlToText(page, anchor);
    const joined = (word) =>
      text.match(new RegExp([...word].map((c) => c.replace(/\W/, "\\$&")).join("[-‐–_]?"), "i"));
    return summary(page, [...words].map((word) => joined(word)?.[0] ?? word), anchor);
  };
}
