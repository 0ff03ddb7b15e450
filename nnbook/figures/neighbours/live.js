nnbook.define("neighbours", (element) => { nnbook.words(element)("neighbours.rule"); });
