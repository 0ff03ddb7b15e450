/* In a page of the preview: show the new text when the page has changed, keep the place, and show what is wrong. */
(() => {
  "use strict";
  const own = { ...document.currentScript.dataset };
  const text = new NnbookText(document);
  const KEY = "nnbook-preview-place";
  let source;

  /* The place is the thing with an id that begins last before the upper edge: what is written above it may grow. */
  const placeInView = () => {
    const place = { page: own.page, y: scrollY, top: -Infinity };
    for (const mark of document.querySelectorAll("article [id]")) {
      const { top } = mark.getBoundingClientRect();
      if (mark.getClientRects().length && top <= 80 && top > place.top) Object.assign(place, { id: mark.id, top });
    }
    return place;
  };
  const goTo = (place) => {
    const mark = place.id && document.getElementById(place.id);
    const by = mark ? mark.getBoundingClientRect().top - place.top : place.y - scrollY;
    scrollBy({ top: by, behavior: "instant" });
  };
  const restorePlace = () => {
    const place = JSON.parse(sessionStorage.getItem(KEY) || "null");
    sessionStorage.removeItem(KEY);
    if (!place || place.page !== own.page) return;
    goTo(place);
    const touched = new AbortController();
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(kind, () => touched.abort(), { once: true, passive: true, signal: touched.signal });
    }
    addEventListener("load", () => touched.signal.aborted || goTo(place), { once: true });
  };

  const STYLE = `
    :host { all: initial; }
    [part] { position: fixed; z-index: 2147483647; right: 0; bottom: 0; box-sizing: border-box; max-height: 60vh;
      overflow: auto; font: 14px/1.5 system-ui, sans-serif; color: #fff; background: #7a1420; box-shadow: 0 0 24px #0006; }
    [part="error"] { left: 0; padding: 12px 20px 16px; border-top: 4px solid #ff8a80; }
    [part="notice"] { right: 12px; bottom: 12px; max-width: min(720px, calc(100vw - 24px)); padding: 6px 14px;
      border-radius: 6px; background: #3d3a34; }
    h2 { margin: 0; font-size: 16px; }
    p { margin: 4px 0; }
    pre { margin: 8px 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, monospace; }
    summary { cursor: pointer; }
    button { float: right; margin: 0 0 4px 12px; font: inherit; color: inherit; background: none;
      border: 1px solid currentColor; border-radius: 4px; min-width: 28px; min-height: 28px; cursor: pointer; }`;
  const make = (name, text, ...children) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  };
  const closeButton = (host) => {
    const button = make("button", "×");
    button.setAttribute("aria-label", "Hide until something changes");
    button.addEventListener("click", () => host.remove());
    return button;
  };

  let host;
  const show = ({ errors, notices }) => {
    host?.remove();
    if (!errors.length && !notices.length) return;
    host = make("nnbook-preview");
    host.lang = "en";
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    let panel;
    if (errors.length) {
      panel = make("div", "", closeButton(host));
      panel.setAttribute("part", "error");
      panel.setAttribute("role", "alert");
      for (const { rule, findings, remedy } of errors) {
        panel.append(make("h2", rule), make("p", remedy), make("pre", findings.join("\n")));
      }
    } else {
      const many = notices.length === 1 ? "1 thing to do" : `${notices.length} things to do`;
      const details = make("details", "", make("summary", many), make("pre", notices.join("\n")));
      panel = make("div", "", details);
      panel.setAttribute("part", "notice");
      panel.setAttribute("role", "status");
    }
    root.append(panel);
    document.body.append(host);
  };

  const loadAnew = () => {
    source.close();
    sessionStorage.setItem(KEY, JSON.stringify(placeInView()));
    history.scrollRestoration = "manual";
    location.reload();
  };
  /* All but the number of the page itself: who serves it, and what it shares with the others, such as style sheets. */
  const shared = (version) => version.slice(0, version.lastIndexOf("-"));
  /* Put the new text into the page; false if the whole page has to be loaded. */
  const renew = async (version) => {
    if (shared(version) !== shared(own.version)) return false;
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return false;
    const fresh = new NnbookText(new DOMParser().parseFromString(await answer.text(), "text/html"));
    const place = placeInView();
    if (!text.become(fresh)) return false;
    own.version = fresh.script.dataset.version;
    goTo(place);
    document.dispatchEvent(new Event("nnbook-text")); // for shell.js
    dispatchEvent(new Event("online")); // figures that have not started are looked for then
    return true;
  };

  let latest; // of the news; while the page is fetched there may be others
  const attendTo = async () => {
    while (latest.version !== own.version) {
      if (!(await renew(latest.version).catch(() => false))) return loadAnew();
    }
    show(latest);
  };
  let busy = Promise.resolve();
  const listen = () => {
    source = new EventSource(`/_preview/events?page=${encodeURIComponent(own.page)}`);
    source.addEventListener("message", (event) => {
      latest = JSON.parse(event.data);
      busy = busy.then(attendTo);
    });
  };
  /* A browser opens six connections to a server at most, and a hidden page needs none. */
  const attend = () => {
    source?.close();
    if (!document.hidden) listen();
  };

  restorePlace();
  attend();
  document.addEventListener("visibilitychange", attend);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && attend());
})();
