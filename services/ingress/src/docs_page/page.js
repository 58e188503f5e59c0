// Shows /openapi.json. Everything is put on the page as text, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
let key = "";
let doc = null;
let latest = "";

// --- building the page ---

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
}

// The little of Markdown that descriptions use: paragraphs, `code`, **bold**.
function prose(text, tag = "p") {
  const paragraphs = String(text || "").split(/\n{2,}/).filter(Boolean);
  return paragraphs.map((paragraph) => make(tag, {}, ...inline(paragraph)));
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).filter(Boolean).map((part) => {
    if (part.startsWith("`")) return make("code", {}, part.slice(1, -1));
    if (part.startsWith("**")) return make("strong", {}, part.slice(2, -2));
    return part;
  });
}

function pretty(value) {
  return make("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));
}

// --- reading the description ---

// What a schema refers to, with what stands beside the reference.
function resolve(schema) {
  if (!schema || !schema.$ref) return schema || {};
  const named = schema.$ref.split("/").slice(1).reduce((at, name) => (at || {})[name], doc) || {};
  return { ...resolve(named), ...schema, $ref: undefined, named: schema.$ref.split("/").pop() };
}

function withoutNull(schema) {
  const resolved = resolve(schema);
  if (!resolved.anyOf) return resolved;
  const kinds = resolved.anyOf.filter((kind) => kind.type !== "null");
  const only = kinds.length === 1 ? resolve(kinds[0]) : {};
  return { ...only, ...resolved, anyOf: undefined, nullable: kinds.length < resolved.anyOf.length };
}

function typeOf(schema) {
  const found = withoutNull(schema);
  const types = [].concat(found.type || (found.oneOf ? "one of" : "any"));
  const base = types.map((type) => (type === "array" ? `list of ${typeOf(found.items)}` : type));
  if (found.nullable) base.push("null");
  const limits = [];
  if (found.format) limits.push(found.format);
  if (found.minLength && found.maxLength != null) limits.push(`${found.minLength} to ${found.maxLength} characters`);
  else if (found.maxLength != null) limits.push(`up to ${found.maxLength} characters`);
  else if (found.minLength) limits.push("not empty");
  if (found.minimum != null) limits.push(found.maximum != null && found.maximum < 4294967295 ? `${found.minimum} to ${found.maximum}` : `from ${found.minimum}`);
  if (found.minItems != null && found.minItems === found.maxItems) limits.push(`exactly ${found.minItems}`);
  else if (found.maxItems != null) limits.push(`up to ${found.maxItems} entries`);
  else if (found.minItems) limits.push(`at least ${found.minItems}`);
  return [base.join(" or "), ...limits].join(", ");
}

// --- schemas ---

// `from` says whose words they are: "caller" for what we are sent and may refuse, else "us" or "backend".
function fieldsOf(schema, from, above = []) {
  const found = withoutNull(schema);
  if (found.oneOf) return found.oneOf.flatMap((kind) => fieldsOf(kind, from, above));
  if (found.type === "array" || (found.items && !found.properties)) return fieldsOf(found.items, from, above);
  const properties = Object.entries(found.properties || {});
  if (!properties.length) return [];
  return [make("dl", { class: "fields" }, properties.flatMap(([name, property]) =>
    field(name, property, (found.required || []).includes(name), from, above)))];
}

function field(name, property, required, from, above = []) {
  const found = withoutNull(property);
  const head = make("dt", {},
    make("span", { class: "field" }, name),
    make("span", { class: "type" }, typeOf(property)),
    required ? make("span", { class: from === "us" ? "type" : "must" }, from === "us" ? "always there" : "required") : null,
    found.deprecated ? make("span", { class: "must" }, "older") : null);
  return [head, make("dd", {}, ...facts(found, from), ...below(property, from, above))];
}

function facts(found, from) {
  const facts = prose(found.description);
  const line = [];
  if (found.const !== undefined) line.push("Always ", make("code", {}, JSON.stringify(found.const)), ". ");
  if (found.enum) line.push("One of ", ...found.enum.flatMap((value, at) => [at ? ", " : "", make("code", {}, String(value))]), ". ");
  if (found.default !== undefined) line.push("Default ", make("code", {}, String(found.default)), ". ");
  const example = (found.examples || [])[0];
  if (example !== undefined && typeof example !== "object" && found.const === undefined) line.push("Example ", make("code", {}, String(example)), ". ");
  if (found["x-refusals"] && from === "caller") line.push("Refused as ", ...found["x-refusals"].flatMap((code, at) => [at ? ", " : "", make("code", {}, code)]), ".");
  if (line.length) facts.push(make("p", { class: "tiny" }, ...line));
  return facts;
}

// Fields below a field: shown on demand, and made only then. A schema inside itself ends.
function below(property, from, above) {
  const found = withoutNull(property);
  const name = found.named || (found.items && resolve(found.items).named);
  if (name && above.includes(name)) return [];
  const inner = found.items ? withoutNull(found.items) : found;
  if (!inner.properties && !inner.oneOf) return [];
  const count = (inner.oneOf || [inner]).reduce((sum, kind) => sum + Object.keys(resolve(kind).properties || {}).length, 0);
  const more = make("details", { class: "more", open: above.length < 1 && count <= 8 }, make("summary", {}, `${count} field${count === 1 ? "" : "s"}`));
  const fill = () => more.childElementCount < 2 && more.append(...fieldsOf(inner, from, name ? [...above, name] : [...above, ""]));
  if (more.open) fill();
  more.addEventListener("toggle", fill);
  return [more];
}

// --- operations ---

function operation(path, method, described, item) {
  const hook = item === "webhook";
  const id = described.operationId;
  const badge = hook ? "hook" : method;
  const box = make("details", { class: "operation", id },
    make("summary", {},
      make("span", { class: `method ${badge}` }, hook ? "CALL" : method.toUpperCase()),
      make("span", { class: "name mono" }, path),
      make("span", { class: "what" }, described.summary)));
  const fill = () => {
    if (box.childElementCount > 1) return;
    box.append(make("div", { class: "body" },
      ...prose(described.description), ...scopes(described), ...parameters(described, hook), ...request(described, hook),
      ...answers(described, hook), ...(hook ? [] : [attempt(path, method, described)])));
  };
  box.addEventListener("toggle", fill);
  box.fill = fill;
  return box;
}

function scopes(described) {
  const schemes = described.security || [];
  if (!schemes.length) return [make("p", { class: "scope" }, "Takes no key.")];
  if (schemes[0].backendToken) return [make("p", { class: "scope" }, "Sent with ", make("code", {}, "backend.authorization_token"), ".")];
  const needed = Object.values(schemes[0])[0];
  return [make("p", { class: "scope" }, needed.length ? "Scope: " : "Takes any valid key.", ...needed.map((scope) => make("code", {}, scope)))];
}

function parameters(described, hook) {
  const places = [["path", "In the path"], ["query", "In the query"], ["header", "Headers"]];
  return places.flatMap(([place, title]) => {
    const here = (described.parameters || []).filter((parameter) => parameter.in === place);
    if (!here.length) return [];
    const entries = here.flatMap((parameter) => {
      const schema = { ...resolve(parameter.schema), description: parameter.description, "x-refusals": parameter["x-refusals"] };
      return field(parameter.name, schema, parameter.required, hook ? "us" : "caller");
    });
    return [make("h3", {}, title), make("dl", { class: "fields" }, entries)];
  });
}

function examplesOf(content) {
  return Object.entries((content && content.examples) || {}).map(([name, example]) => [name, example.value, example.summary]);
}

function request(described, hook) {
  const content = described.requestBody && described.requestBody.content["application/json"];
  if (!content) return [];
  const examples = examplesOf(content).map(([name, value], at) => folded(`Example: ${name}`, pretty(value), at === 0));
  return [make("h3", {}, hook ? "What is sent" : "Request"), ...fieldsOf(content.schema, hook ? "us" : "caller"), ...examples];
}

function folded(title, content, open) {
  return make("details", { class: "more", open }, make("summary", {}, title), content);
}

function answers(described, hook) {
  const parts = [make("h3", {}, hook ? "What to answer" : "Answers")];
  const rows = [];
  for (const [status, response] of Object.entries(described.responses)) {
    const content = response.content && response.content["application/json"];
    const refusal = content && content.schema.$ref === "#/components/schemas/Refusal";
    if (refusal) rows.push(...examplesOf(content).map(([code, , when]) => [status, code, when]));
    else {
      const title = status === "default" ? "Anything else" : status;
      parts.push(make("h4", { class: status === "200" ? "good" : "" }, title), ...prose(response.description));
      if (content) parts.push(...fieldsOf(content.schema, hook ? "backend" : "us"), ...examplesOf(content).map(([name, value], at) => folded(`Example: ${name}`, pretty(value), at === 0)));
    }
  }
  const others = rows.filter(([, code]) => !besideParameters(described).includes(code));
  if (others.length) parts.push(make("h4", {}, "Refusals"), make("p", { class: "tiny" }, "Besides those that stand with a field above."), codes(others));
  return parts;
}

function besideParameters(described) {
  return (described.parameters || []).flatMap((parameter) => parameter["x-refusals"] || []);
}

function codes(rows) {
  const row = ([status, code, when]) => make("tr", {}, make("td", {}, status), make("td", {}, make("code", {}, code)), make("td", {}, ...inline(when || "")));
  const head = make("thead", {}, make("tr", {}, make("th", {}, "Status"), make("th", {}, "Code"), make("th", {}, "When")));
  return make("table", { class: "codes" }, head, make("tbody", {}, rows.map(row)));
}

// --- trying it ---

function attempt(path, method, described) {
  const form = make("form", { class: "try" }, make("h3", {}, "Try it"));
  const current = (described.parameters || []).filter((parameter) => !parameter.schema.deprecated);
  const inputs = current.map((parameter) => {
    const id = `${described.operationId}-${parameter.name}`;
    const input = parameterInput(id, parameter);
    return { parameter, input, label: make("div", {}, make("label", { for: id }, `${parameter.name} (${parameter.in})`), input) };
  });
  if (inputs.length) form.append(make("div", { class: "grid" }, inputs.map((entry) => entry.label)));
  const content = described.requestBody && described.requestBody.content["application/json"];
  const body = content && bodyInput(form, described, content);
  const send = make("button", { type: "submit" }, `Send ${method.toUpperCase()} ${path}`);
  const result = make("div", { role: "status" });
  form.append(make("div", { class: "send" }, send), result);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    result.replaceChildren(...(await exchange(path, method, inputs, body)));
    send.disabled = false;
  });
  return form;
}

function parameterInput(id, parameter) {
  const schema = resolve(parameter.schema);
  if (schema.enum) return make("select", { id }, ["", ...schema.enum].map((value) => make("option", { value }, value || "–")));
  const uuid = schema.format === "uuid";
  const placeholder = String((schema.examples || [""])[0]);
  return make("input", { id, class: uuid && "uuid", required: parameter.required, autocomplete: "off", spellcheck: "false", placeholder, value: uuid ? latest : null });
}

function bodyInput(form, described, content) {
  const id = `${described.operationId}-body`;
  const examples = examplesOf(content);
  const body = make("textarea", { id, spellcheck: "false" });
  const show = (at) => { body.value = about(JSON.stringify(examples[at][1], null, 2)); };
  if (examples.length > 1) {
    const choice = make("select", { id: `${id}-example` }, examples.map(([name], at) => make("option", { value: at }, name)));
    choice.addEventListener("change", () => show(Number(choice.value)));
    form.append(make("label", { for: choice.id }, "Example"), choice);
  }
  if (examples.length) show(0);
  form.append(make("label", { for: id }, "Body"), body);
  return body;
}

// The verification that was made last is what the other forms ask about.
function about(text) {
  return latest ? text.replace(/("verificationUuid": ")[^"]*/, `$1${latest}`) : text;
}

function remember(answer) {
  if (!answer || !answer.verificationUuid || !answer.createdAt) return;
  latest = answer.verificationUuid;
  for (const body of document.querySelectorAll(".try textarea")) body.value = about(body.value);
  for (const input of document.querySelectorAll(".try input.uuid")) input.value = latest;
}

async function exchange(path, method, inputs, body) {
  const query = new URLSearchParams();
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  let place = path;
  for (const { parameter, input } of inputs) {
    const value = input.value;
    if (parameter.in === "path") place = place.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value && parameter.in === "query") query.append(parameter.name, value);
    else if (value) headers[parameter.name] = value;
  }
  if (body) headers["content-type"] = "application/json";
  const url = `${place.slice(1)}${query.size ? `?${query}` : ""}`;
  const started = performance.now();
  try {
    const response = await fetch(url, { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
    const text = await response.text();
    return outcome(response, text, Math.round(performance.now() - started));
  } catch (error) {
    return [make("p", { class: "bad" }, `No answer: ${error.message}`)];
  }
}

function outcome(response, text, milliseconds) {
  let shown;
  try {
    const answer = JSON.parse(text);
    shown = JSON.stringify(answer, null, 2);
    if (response.ok) remember(answer);
  } catch {
    shown = text;
  }
  const headers = ["retry-after", "x-request-id"].filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
  return [
    make("p", { class: response.ok ? "good" : "bad" }, `${response.status} in ${milliseconds} ms`),
    make("p", { class: "tiny mono" }, headers.join("   ")),
    make("pre", { tabindex: "0" }, shown),
  ];
}

// --- the whole page ---

function entries() {
  const paths = Object.entries(doc.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [path, method, item[method], "path"]));
  const hooks = Object.entries(doc.webhooks || {}).map(([name, item]) => [name, "post", item.post, "webhook"]);
  return [...paths, ...hooks];
}

function show() {
  document.getElementById("title").textContent = doc.info.title;
  const main = document.getElementById("top");
  const contents = document.getElementById("contents");
  main.replaceChildren(make("h1", {}, doc.info.title), make("p", { class: "soft" }, `Version ${doc.info.version} – OpenAPI ${doc.openapi}`), ...prose(doc.info.description));
  contents.replaceChildren();
  const all = entries();
  for (const tag of doc.tags || []) {
    const here = all.filter(([, , described]) => (described.tags || [])[0] === tag.name);
    if (!here.length) continue;
    main.append(make("h2", { class: "part", id: `part-${tag.name}` }, tag.name), ...prose(tag.description));
    contents.append(make("h2", {}, tag.name), make("div", { class: "links" }, here.map(link)));
    main.append(...here.map((entry) => operation(...entry)));
  }
  open();
}

function link([, , described]) {
  const entry = make("a", { href: `#${described.operationId}` }, described.summary);
  // The address may be this one already, and the operation closed again.
  entry.addEventListener("click", () => setTimeout(open));
  return entry;
}

// The operation that the address names is opened.
function open() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named || !named.fill) return;
  named.fill();
  named.open = true;
  named.scrollIntoView();
}

async function load() {
  const state = document.getElementById("state");
  try {
    const response = await fetch("openapi.json", { headers: key ? { authorization: `Bearer ${key}` } : {} });
    const answer = await response.json();
    if (response.status === 401) throw new Error(key ? "The node does not know this API key, or it was withdrawn." : "This node takes API keys: type one above.");
    if (!response.ok) throw new Error(answer.message);
    doc = answer;
    show();
  } catch (error) {
    if (state) state.textContent = error.message;
    else document.getElementById("top").replaceChildren(make("p", { id: "state" }, error.message));
  }
}

document.getElementById("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = document.getElementById("key").value.trim();
  load();
});
// Where there is room the contents stand beside.
const wide = matchMedia("(min-width: 60.01rem)");
const fold = () => { document.getElementById("folded").open = wide.matches; };
wide.addEventListener("change", fold);
fold();
window.addEventListener("hashchange", open);
load();
