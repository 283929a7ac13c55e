"use strict";
// What screen readers and keyboards need on the pages, and Streamlit has no parameter for:
// - a live region that stays in the page, and says what a change does once the page has settled (data-live);
// - the unit of a slider beside its number, and whether the lever is held (data-state of the text below it);
// - the names of controls in plain characters: a label is written in character references, which Markdown reads and an
//   attribute does not;
// - a name for each short message, which is a dialog without one;
// - a stop for the Tab key in each frame that scrolls and has nothing inside that could be focused;
// - one entry of the browser's history for each page: a page writes its state into its address with each change, and
//   Streamlit makes an entry of each, so that Back led to the same page again and again. Undo takes a change back. The
//   steps of the first page keep an entry each;
// - clocks that count down (data-left, seconds): a class page is drawn anew only when something has happened;
// - a class page whose head and end are of two drawings (data-draw, data-drawn), because messages were lost on the way,
//   is drawn again by its hidden button.
(() => {
  const PAUSE = 700; // milliseconds without a change after which the page counts as settled
  const CUT_OFF = 2000; // milliseconds after which a drawing without its end has been cut off
  const FOCUS = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  let waiting = 0, said = "";
  const region = document.createElement("div");
  region.id = "jirga-live";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  Object.assign(region.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });

  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const next = new URL(address ?? location.href, location.href);
    const other = next.pathname !== location.pathname || next.searchParams.has("step");
    if (other) push(state, title, address);
    else history.replaceState(state, title, address);
  };

  const say = () => {
    const words = [...document.querySelectorAll("[data-live]")].map((one) => one.textContent.trim()).join(" ");
    if (words && words !== said) region.textContent = said = words;
  };

  const nameControls = () => {
    for (const control of document.querySelectorAll("[aria-label*='&#']")) {
      const name = control.getAttribute("aria-label");
      control.setAttribute("aria-label", name.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)));
    }
  };

  const nameSliders = () => {
    for (const slider of document.querySelectorAll("[data-testid=stSlider] input[type=range]")) {
      const label = slider.getAttribute("aria-label") ?? "", unit = label.includes(", ") ? label.slice(label.lastIndexOf(", ")).slice(2) : "";
      const box = slider.closest("[data-testid=stElementContainer]")?.nextElementSibling;
      const state = box?.querySelector("[data-state]")?.dataset.state ?? "";
      const words = [[slider.value, unit].filter(Boolean).join(" "), state].filter(Boolean).join(", ");
      if ((unit || state) && slider.getAttribute("aria-valuetext") !== words) slider.setAttribute("aria-valuetext", words);
    }
  };

  const nameMessages = () => {
    for (const message of document.querySelectorAll(".stToast:not([aria-label])")) message.setAttribute("aria-label", "Message");
  };

  const openFrames = () => {
    for (const frame of document.querySelectorAll("[data-testid=stMain] .stVerticalBlock, [data-testid=stMain] pre")) {
      const style = getComputedStyle(frame), rolls = /auto|scroll/.test(style.overflowX + style.overflowY);
      const long = frame.scrollHeight > frame.clientHeight + 1 || frame.scrollWidth > frame.clientWidth + 1;
      if (rolls && long && !frame.querySelector(FOCUS) && frame.tabIndex < 0) frame.tabIndex = 0;
    }
  };

  const clocks = new WeakMap(); // when each began, and from what: the seconds left change when the page is drawn anew
  const countDown = () => {
    for (const clock of document.querySelectorAll(".clock[data-left]:not(:empty)")) {
      const { left, soon } = clock.dataset;
      if (clocks.get(clock)?.left !== left) clocks.set(clock, { left, since: Date.now() });
      const rest = Math.max(0, Math.round(left - (Date.now() - clocks.get(clock).since) / 1000));
      const words = rest ? `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")} left` : "Time is up";
      if (clock.firstChild?.data !== words) clock.firstChild.data = words; // the text alone: no element is replaced
      clock.classList.toggle("soon", rest <= soon);
    }
  };

  let whole = Date.now(); // when the page was last seen complete, or still being drawn
  const drawAgain = () => {
    const head = document.querySelector("[data-draw]"), end = document.querySelector("[data-drawn]");
    const rests = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
    const lacks = head && rests && head.dataset.draw !== end?.dataset.drawn;
    if (!lacks) whole = Date.now();
    else if (Date.now() - whole > CUT_OFF) {
      whole = Date.now();
      document.querySelector(".st-key-draw-again button")?.click();
    }
  };

  const settle = () => {
    nameControls();
    nameSliders();
    nameMessages();
    openFrames();
    say();
  };

  const watch = () => {
    document.body.prepend(region);
    const changed = (changes) => {
      if (changes?.every(({ target }) => target.parentElement?.matches(".clock"))) return;
      clearTimeout(waiting);
      waiting = setTimeout(settle, PAUSE);
    };
    new MutationObserver(changed).observe(document.body, { childList: true, subtree: true, characterData: true });
    document.addEventListener("input", () => requestAnimationFrame(nameSliders), true);
    setInterval(() => { countDown(); drawAgain(); }, 500);
    changed();
  };

  if (document.body) watch();
  else addEventListener("DOMContentLoaded", watch);
})();
