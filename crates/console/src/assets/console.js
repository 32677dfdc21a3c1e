// Makes the pages quicker; every one of them works without it.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = () => $("#queue");
  const say = (text) => { const said = $("#said"); if (said) said.textContent = text; };
  document.documentElement.classList.add("scripted");

  // How many lines of the bell are new.
  const bell = $("#bell b");
  if (bell) fetch("/bell/count", { credentials: "same-origin", headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : { new: 0 }))
    .then((found) => { bell.textContent = found.new ? ` ${found.new}` : ""; })
    .catch(() => {});

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
    if ((!answer.ok && answer.status !== 409) || fresh.some((part) => !part)) throw new Error(answer.status);
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
      evidence();
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
    if (button.value !== "rejected") body.delete("objection");
    form.classList.add("sending");
    trouble("");
    try {
      const headers = { accept: "text/html" };
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers });
      // After the last of a sample comes the page of its group. Any other page, such as that of a log-in, is trouble.
      if (answer.ok && new URL(answer.url).pathname.startsWith("/review-groups")) { location.assign(answer.url); return; }
      const unsent = new Map(notes().filter((note) => note.form !== form && note.value).map((n) => [flag(n), n.value]));
      if (!(await swap(answer, ["#queue", "#detail"], mine, answer.url !== location.href))) return;
      for (const note of notes()) {
        if (unsent.has(flag(note))) { note.value = unsent.get(flag(note)); note.closest("details").open = true; }
      }
      // Somebody was quicker: the page says who, and what was written stands there.
      if (answer.status === 409) { $("#conflict")?.focus(); return; }
      const what = button.firstChild.textContent.trim();
      remember(form.action, body, `${what} · ${form.dataset.told}`);
      if ($(".contact")?.dataset.id === here) { $("#flags-title")?.focus({ preventScroll: true }); evidence(); }
      else tell(true);
    } catch {
      trouble($("#trouble").dataset.verdict);
    } finally {
      form.classList.remove("sending");
    }
  }

  // The last verdict can be taken back from any page of this tab, until another one is given.
  const LAST = "tingxin:last";
  const toast = (text, undo) => {
    const told = $("#toast");
    $("span", told).textContent = text;
    $("button", told).hidden = !undo;
    told.hidden = !text;
  };
  function remember(action, body, told) {
    const part = (name) => body.get(name);
    const undo = { flag: part("flag"), utterances: part("utterances"), revision: part("revision") };
    undo.seen = Number(part("seen")) + 1;
    const also = part("also");
    if (also) undo.also = JSON.stringify(JSON.parse(also).map((one) => ({ ...one, seen: one.seen + 1 })));
    const taken = part("status") === "candidate";
    if (taken) sessionStorage.removeItem(LAST);
    else sessionStorage.setItem(LAST, JSON.stringify({ action, undo, told }));
    toast($("#toast").dataset[taken ? "undone" : "kept"].replace("{n}", told), !taken);
  }
  async function takeBack() {
    const last = JSON.parse(sessionStorage.getItem(LAST) || "null");
    const csrf = $("[name=csrf]")?.value;
    if (!last || !csrf) return;
    sessionStorage.removeItem(LAST);
    const body = new URLSearchParams({ ...last.undo, csrf, status: "candidate" });
    const answer = await fetch(last.action, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) { toast("", false); trouble($("#trouble").dataset.verdict); return; }
    const contact = new URL(last.action);
    contact.pathname = contact.pathname.replace(/\/verdict$/, "");
    if (!desk()) { location.assign(contact); return; }
    await open(contact.href, { parts: ["#queue", "#detail"] });
    toast($("#toast").dataset.undone.replace("{n}", last.told), false);
  }

  // One flag is chosen: keys act on it, and its words are brought beside it.
  const chosen = () => $(".flag.chosen") || $(".flag");
  function mark(flag) {
    for (const one of all(".flag.chosen")) one.classList.remove("chosen");
    flag.classList.add("chosen");
  }
  function choose(flag) {
    if (!flag) return;
    mark(flag);
    flag.focus({ preventScroll: true });
    flag.scrollIntoView({ block: "nearest" });
    evidence();
  }
  function evidence() {
    const place = $(".flag-turns a", chosen() || document);
    if (!place || !matchMedia("(min-width: 1280px)").matches) return;
    document.getElementById(place.hash.slice(1))?.scrollIntoView({ block: "center" });
    // The column scrolls by itself, so that nothing moves the words again.
    const column = $(".flags");
    const head = 48;
    column.scrollTop += chosen().getBoundingClientRect().top - column.getBoundingClientRect().top - head;
  }
  const reasonsOf = (form) => all("[name=objection]", form);
  function reason(form) {
    const details = $("details", form);
    if (!details) return null;
    details.open = true;
    return details;
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

  $("#toast button").addEventListener("click", takeBack);
  document.addEventListener("click", (event) => {
    const flag = event.target.closest(".flag");
    if (flag && !event.target.closest("a")) mark(flag);
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const dot = event.target.closest("[data-turn]");
    if (dot) { location.hash = `turn-${Number(dot.dataset.turn) + 1}`; return; }
    const link = event.target.closest("a");
    if (!link || !desk() || link.origin !== location.origin) return;
    if (link.matches(".card-link, #previous, #next") && link.pathname.startsWith("/review/")) {
      event.preventDefault();
      openContact(link);
    } else if (link.pathname.startsWith("/review-groups")) {
      return;
    } else if (link.matches("#back, .tabs a, .pager a, .clear, .empty .button, #next")) {
      event.preventDefault();
      open(link.href, { parts: ["#queue", "#detail"], focus: false }).then(() => window.scrollTo(0, 0));
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("#filters")) filter(event.target.form);
  });
  // An own file goes as bytes alone, without its name; the answer takes the place of the page.
  async function tryFile(form, file) {
    const headers = { accept: "text/html", "content-type": "application/octet-stream", "x-csrf-token": $("[name=csrf]", form).value };
    const channel = new URLSearchParams({ channel: $("[name=channel]", form).value });
    document.body.classList.add("loading");
    try {
      const answer = await fetch(`${form.action}?${channel}`, { method: "POST", body: file, credentials: "same-origin", headers });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      $("#main").replaceWith($("#main", page));
      ($("#tried") || $("#main")).focus();
    } catch {
      say($("#said").dataset.failed);
    } finally {
      document.body.classList.remove("loading");
    }
  }

  document.addEventListener("submit", (event) => {
    const own = event.target.id === "try" && $("#own-file").files[0];
    if (own) { event.preventDefault(); tryFile(event.target, own); return; }
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
  // Keys of a page of its own: J and K walk through the turns, and a rule that is chosen notes the turn that is in sight.
  function pressOwn(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const turns = all(".sample .turn");
    if (turns.length && (key === "j" || key === "k")) {
      const at = turns.indexOf(document.activeElement) + (key === "j" ? 1 : -1);
      turns[Math.min(Math.max(at, 0), turns.length - 1)].focus();
      event.preventDefault();
      return true;
    }
    const own = $(`[data-key="${CSS.escape(key)}"]`);
    if (!own || (key === "Enter" && event.target.closest("a, button, summary"))) return false;
    const turn = document.activeElement?.closest?.(".turn")?.dataset.number;
    own.click();
    const field = own.checked && turn && document.getElementById(own.dataset.turnField);
    if (field) field.value = turn;
    event.preventDefault();
    return true;
  }
  const keys = $("#keys-on");
  if (keys) {
    keys.checked = localStorage.getItem("tingxin:keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("tingxin:keys", keys.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const dialog = $("#keys");
    const target = event.target instanceof Element ? event.target : document.body;
    // Enter in a note judges nothing; Escape leads back to the flag, where the keys are.
    if (target.matches("[name=note]") && event.key === "Escape") {
      event.preventDefault();
      choose(target.closest(".flag"));
      return;
    }
    if (!desk() && target.matches(".ask input") && event.key === "Escape") { target.blur(); return; }
    if (dialog?.open || target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
    if (keys && !keys.checked && event.key !== "Escape" && event.key !== "?") return;
    // One press, one verdict: a key that is held down judges nothing that nobody has looked at.
    if (event.repeat && /^[a-z0-9]$/i.test(event.key) && !/^[jk]$/i.test(event.key)) return;
    if (!desk() && pressOwn(event)) return;
    const form = $(".judge", chosen() || document);
    const asked = $(".judge.asked");
    const press = (status) => form && $(`button[value=${status}]`, form)?.click();
    const digit = Number(event.key);
    if (asked && digit >= 1 && digit <= reasonsOf(asked).length) {
      event.preventDefault();
      reasonsOf(asked)[digit - 1].checked = true;
      $("button[value=rejected]", asked).click();
      return;
    }
    if (asked && event.key === "Enter") { event.preventDefault(); $("button[value=rejected]", asked).click(); return; }
    if (asked && event.key === "Escape") { event.preventDefault(); asked.classList.remove("asked"); $("details", asked).open = false; return; }
    if (desk() && digit >= 1 && digit <= 9) { event.preventDefault(); choose(all(".flag")[digit - 1]); return; }
    const does = {
      j: () => move(1),
      k: () => move(-1),
      y: () => press("confirmed"),
      // The reasons open first: a digit keeps the verdict with one, Enter without.
      n: () => { if (form && reason(form)) { form.classList.add("asked"); $("fieldset", form).scrollIntoView({ block: "nearest" }); } },
      u: () => press("unclear"),
      e: () => { if (form && reason(form)) $("[name=note]", form).focus(); },
      // A sentence that no rule heard: the turn that has the focus is noted.
      m: () => {
        const missed = $("#missed");
        if (!missed) return;
        const turn = target.closest(".turn, .sentence")?.id.replace("turn-", "");
        missed.open = true;
        if (turn) $("#mark-turn").value = turn;
        $(turn ? "#mark-emotion" : "#mark-turn").focus();
      },
      z: () => { takeBack(); },
      "/": () => $("#filters select")?.focus(),
      "?": () => dialog?.showModal(),
      Enter: () => { move(1); },
      Escape: () => {
        const id = $(".contact")?.dataset.id;
        if (!id) return;
        const back = $("#back").href;
        open(back, { parts: ["#queue", "#detail"], focus: false })
          .then(() => document.getElementById(`card-${id}`)?.focus());
      },
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.key === "Enter" && target.closest("a, button, summary")) return;
    if (does && (desk() || /^[?zZ]$/.test(event.key))) { event.preventDefault(); does(); }
  });

  // The list stays where it was: per address of the list, for as long as the tab lives.
  const place = () => `tingxin:${new URLSearchParams(location.search)}`;
  const pane = () => (desk() && getComputedStyle(desk()).overflowY === "auto" ? desk() : null);
  window.addEventListener("pagehide", () => {
    if (pane()) sessionStorage.setItem(place(), pane().scrollTop);
  });
  if (pane()) pane().scrollTop = Number(sessionStorage.getItem(place()) || 0);
  // A page that follows what happens: fetched anew when its figures have changed, unless somebody is reading in it with the keys.
  const live = $("[data-live]");
  if (live && window.EventSource) {
    const stream = new EventSource(live.dataset.live);
    let told;
    stream.addEventListener("today", ({ data }) => {
      const fresh = told !== undefined && told !== data && !$("#today").contains(document.activeElement);
      if (fresh) open(location.href, { parts: ["#today"], push: false, focus: false });
      told = data;
    });
    stream.addEventListener("end", () => stream.close());
  }
  all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  markCurrent();
  if (!location.hash) evidence();
})();
