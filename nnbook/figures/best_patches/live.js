nnbook.define("best-patches", (element) => { nnbook.words(element)("best_patches.silent"); });
