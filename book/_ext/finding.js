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
