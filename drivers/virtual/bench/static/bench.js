"use strict";
const LOOK_MS = 500;
const at = (id) => document.getElementById(id);
let names = {};
let shownSlips = "";

async function act(verb, what = "") {
  const answer = await fetch("acts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ verb, what }),
  });
  at("trouble").hidden = answer.ok;
  if (answer.ok) show(await answer.json());
  else at("trouble").textContent = await answer.text();
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(chinese, english, verb, what, quiet) {
  const made = element("button", { className: quiet ? "quiet" : "" }, chinese + " ", element("small", {}, english));
  made.onclick = () => act(verb, what);
  return made;
}

function needs(device, made) {
  made.dataset.needs = device;
  return made;
}

function showPeople(people) {
  names = Object.fromEntries(people.map((person) => [person.key, person.name]));
  names.foreign = "银行卡";
  names.wrong_way = "反着的卡";
  at("people").replaceChildren(...people.map((person) => {
    const acts = element("span", { className: "row" });
    if (person.id_card) acts.append(needs("id-reader", button("放身份证", "Lay", "lay", person.key, true)));
    if (person.card) acts.append(needs("slot", button("插社保卡", person.card, "put_in", person.key, true)));
    return element("li", {},
      element("span", {}, element("b", {}, person.name + " "), element("span", { className: "key" }, person.key)),
      acts,
      element("span", { className: "about" }, person.about));
  }));
}

function show(state) {
  const devices = state.devices;
  at("glass").hidden = !devices.has_id_reader;
  at("slot").hidden = !devices.has_slot;
  document.body.classList.toggle("no-slot", !devices.has_slot);
  document.body.classList.toggle("no-id-reader", !devices.has_id_reader);
  at("printer").hidden = !devices.has_printer;
  at("pin-pad").hidden = !devices.has_pin_pad;
  at("pad-is").textContent = devices.pin_pad_is_on ? "开着 · on" : "关着 · off";
  at("on-glass").textContent = names[devices.on_glass] ?? "";
  at("in-slot").textContent = names[devices.in_slot] ?? "";
  document.querySelector("[data-verb=lift]").disabled = !devices.on_glass;
  document.querySelector("[data-verb=pull_out]").disabled = !devices.in_slot;
  document.querySelector("[data-verb=tear_off]").disabled = !state.hanging;
  twoWay(at("paper"), devices.paper, ["取出纸", "Take paper out", "take_paper_out"], ["装纸", "Load paper", "load_paper"]);
  twoWay(at("cover"), devices.cover_open, ["合上盖", "Close cover", "close_cover"], ["打开盖", "Open cover", "open_cover"]);
  press("voice", devices.voice);
  press("mode", state.line);
  showPhone(state.phone);
  showSlips(state);
  showProcesses(state.processes);
}

function twoWay(place, is, yes, no) {
  const [chinese, english, verb] = is ? yes : no;
  place.replaceChildren(chinese + " ", element("small", {}, english));
  place.onclick = () => act(verb);
}

function press(id, what) {
  for (const choice of at(id).children) choice.setAttribute("aria-pressed", choice.dataset.what === what);
}

function showPhone(phone) {
  at("phone").hidden = !phone;
  if (!phone) return;
  at("whose").textContent = `${names[phone.key]} · 尾号${phone.last2}`;
  at("message").textContent = phone.text ?? "没有短信 · no message";
  at("message").classList.toggle("none", !phone.text);
}

function showSlips(state) {
  const now = `${state.torn}/${state.hanging}`;
  if (now === shownSlips) return;
  shownSlips = now;
  const picture = (number) => element("img", { src: `slips/${number}`, alt: "回执 slip" });
  const numbers = (from, count) => Array.from({ length: count }, (_, index) => picture(from + index));
  at("hanging").replaceChildren(...numbers(state.torn, state.hanging));
  at("torn").replaceChildren(...numbers(0, state.torn));
  at("torn-count").textContent = state.torn;
}

const WORDS = { running: "运行", stopped: "停住", dead: "已死，马上重启", ended: "已结束" };

function showProcesses(processes) {
  const key = JSON.stringify(processes);
  if (at("running").dataset.key === key) return;
  at("running").dataset.key = key;
  at("running").replaceChildren(...processes.map((one) => element("tr", {},
    element("td", {}, element("b", {}, one.name)),
    element("td", { className: one.condition }, WORDS[one.condition], " ", element("small", {}, one.condition)),
    element("td", {}, element("small", {}, `pid ${one.pid ?? "–"} · 第${one.starts}次`)),
    element("td", {},
      button("杀掉", "kill -9", "kill", one.name, true),
      one.condition === "stopped" ? button("继续", "SIGCONT", "go_on", one.name, true)
        : button("停住", "SIGSTOP", "stop", one.name, true)))));
}

for (const one of document.querySelectorAll("button[data-verb]"))
  one.onclick = () => act(one.dataset.verb, one.dataset.what);
for (const group of document.querySelectorAll(".choice"))
  for (const one of group.children) one.onclick = () => act(group.dataset.verb, one.dataset.what);

async function look() {
  try {
    show(await (await fetch("state")).json());
    if (at("trouble").dataset.lost) { at("trouble").hidden = true; delete at("trouble").dataset.lost; }
  } catch {
    at("trouble").textContent = "演示已经结束 · The demo has ended";
    at("trouble").hidden = false;
    at("trouble").dataset.lost = "yes";
  }
  setTimeout(look, LOOK_MS);
}

fetch("people").then((answer) => answer.json()).then(showPeople).then(look);
