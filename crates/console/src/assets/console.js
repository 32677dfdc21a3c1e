// Makes the pages quicker; every one of them works without it.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = () => $("#queue");
  const say = (text) => { const said = $("#said"); if (said) said.textContent = text; };
  document.documentElement.classList.add("scripted");

  // Fetch a page and put its parts in place of ours. `ticket` drops answers that were overtaken.
  let ticket = 0;
  async function open(url, { parts = ["#detail"], push = true, focus = true } = {}) {
    const mine = ++ticket;
    document.body.classList.add("loading");
    try {
      const answer = await fetch(url, { credentials: "same-origin", headers: { accept: "text/html" } });
      if (await swap(answer, parts, mine, push)) tell(focus && parts.includes("#detail"));
    } catch {
      if (mine !== ticket) return;
      say($("#said").dataset.failed);
      location.assign(url);
    } finally {
      if (mine === ticket) document.body.classList.remove("loading");
    }
  }

  async function swap(answer, parts, mine, push) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parts.map((part) => $(part, page));
    if (!answer.ok || fresh.some((part) => !part)) throw new Error(answer.status);
    if (mine !== ticket) return false;
    parts.forEach((part, n) => $(part).replaceWith(fresh[n]));
    document.title = page.title;
    document.body.className = page.body.className;
    const language = $(".switch", page);
    if (language) $(".switch").replaceWith(language);
    if (push) history.pushState({ tingxin: true }, "", answer.url);
    markCurrent();
    return true;
  }

  function tell(detail) {
    if (detail) {
      window.scrollTo(0, 0);
      $("#detail-title")?.focus({ preventScroll: true });
      say($("#said").dataset.loaded.replace("{n}", $(".contact")?.dataset.title || document.title));
    } else {
      say($(".count")?.textContent || "");
    }
  }

  // A verdict is sent once. What stands unsent in the notes of other flags is kept over the answer, and a failure is told
  // where everybody sees it, whatever has been opened meanwhile.
  const trouble = (text) => { const told = $("#trouble"); told.textContent = text; told.hidden = !text; };
  const notes = () => all(".judge [name=note]");
  const flag = (note) => $("[name=flag]", note.form).value;
  async function judge(form, button) {
    if (!button?.value || $(".judge.sending")) return;
    const mine = ++ticket;
    const here = $(".contact")?.dataset.id;
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    form.classList.add("sending");
    trouble("");
    try {
      const headers = { accept: "text/html" };
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers });
      const unsent = new Map(notes().filter((note) => note.form !== form && note.value).map((n) => [flag(n), n.value]));
      if (!(await swap(answer, ["#queue", "#detail"], mine, answer.url !== location.href))) return;
      for (const note of notes()) {
        if (unsent.has(flag(note))) { note.value = unsent.get(flag(note)); note.closest("details").open = true; }
      }
      if ($(".contact")?.dataset.id === here) $("#flags-title")?.focus({ preventScroll: true });
      else tell(true);
      say($("#said").dataset.kept);
    } catch {
      trouble($("#trouble").dataset.verdict);
    } finally {
      form.classList.remove("sending");
    }
  }

  function markCurrent() {
    const id = $(".contact")?.dataset.id;
    for (const card of all(".card-link")) {
      const here = card.id === `card-${id}`;
      if (here) { card.setAttribute("aria-current", "true"); card.scrollIntoView({ block: "nearest" }); }
      else card.removeAttribute("aria-current");
    }
  }

  // A contact of the list swaps the detail alone; one from another part of the list swaps both.
  function openContact(link) {
    const id = new URL(link.href).pathname.split("/").pop();
    const listed = document.getElementById(`card-${id}`);
    open(link.href, { parts: listed ? ["#detail"] : ["#queue", "#detail"] });
  }

  function filter(form) {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value && name !== "status") query.delete(name);
    if (query.get("status") === "candidate") query.delete("status");
    const text = query.toString();
    open(`/review${text ? `?${text}` : ""}`, { parts: ["#queue", "#detail"], focus: false })
      .then(() => $("#filters select")?.focus({ preventScroll: true }));
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const dot = event.target.closest("[data-turn]");
    if (dot) { location.hash = `turn-${Number(dot.dataset.turn) + 1}`; return; }
    const link = event.target.closest("a");
    if (!link || !desk() || link.origin !== location.origin) return;
    if (link.matches(".card-link, #previous, #next") && link.pathname.startsWith("/review/")) {
      event.preventDefault();
      openContact(link);
    } else if (link.matches("#back, .pager a, .clear, .empty .button, #next")) {
      event.preventDefault();
      open(link.href, { parts: ["#queue", "#detail"], focus: false }).then(() => window.scrollTo(0, 0));
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("#filters")) filter(event.target.form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "filters") { event.preventDefault(); filter(event.target); }
    if (event.target.matches(".judge")) { event.preventDefault(); judge(event.target, event.submitter); }
  });
  window.addEventListener("popstate", (event) => {
    if (desk() && location.pathname.startsWith("/review") && (event.state || !location.hash)) {
      open(location.href, { parts: ["#queue", "#detail"], push: false });
    }
  });

  // Keyboard. Letters are left alone while somebody types, and with any modifier.
  function move(step) {
    const neighbour = $(step > 0 ? "#next" : "#previous");
    if (neighbour) { neighbour.click(); return; }
    const cards = all(".card-link");
    const at = cards.indexOf(document.activeElement);
    cards[Math.min(Math.max(at + step, 0), cards.length - 1)]?.focus();
  }
  const keys = $("#keys-on");
  if (keys) {
    keys.checked = localStorage.getItem("tingxin:keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("tingxin:keys", keys.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const dialog = $("#keys");
    if (dialog?.open || event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (keys && !keys.checked && event.key !== "Escape" && event.key !== "?") return;
    // One press, one verdict: a key that is held down judges nothing that nobody has looked at.
    const verdict = (status) => { if (!event.repeat) $(`.judge button[value=${status}]`)?.click(); };
    const does = {
      j: () => move(1),
      k: () => move(-1),
      y: () => verdict("confirmed"),
      n: () => verdict("rejected"),
      "/": () => $("#filters select")?.focus(),
      "?": () => dialog?.showModal(),
      Escape: () => {
        const id = $(".contact")?.dataset.id;
        if (!id) return;
        const back = $("#back").href;
        open(back, { parts: ["#queue", "#detail"], focus: false })
          .then(() => document.getElementById(`card-${id}`)?.focus());
      },
    }[event.key];
    if (does && (desk() || event.key === "?")) { event.preventDefault(); does(); }
  });

  // The list stays where it was: per address of the list, for as long as the tab lives.
  const place = () => `tingxin:${new URLSearchParams(location.search)}`;
  const pane = () => (desk() && getComputedStyle(desk()).overflowY === "auto" ? desk() : null);
  window.addEventListener("pagehide", () => {
    if (pane()) sessionStorage.setItem(place(), pane().scrollTop);
  });
  if (pane()) pane().scrollTop = Number(sessionStorage.getItem(place()) || 0);
  markCurrent();
})();
