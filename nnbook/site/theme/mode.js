(() => {
const {dataset} = document.documentElement;
try { dataset.mode = localStorage.getItem("mode"); } catch {}
if (!["light", "dark"].includes(dataset.mode)) dataset.mode = "auto";
dataset.theme = dataset.mode != "auto" ? dataset.mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
})();
