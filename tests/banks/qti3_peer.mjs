// Another program's reading of a package of ours: Citolab's QTI components, a player for browsers, run in jsdom.
//
// Called by test_qti3_peer.py as `node qti3_peer.mjs INTEROP ITEMS < tries.json`: INTEROP holds node_modules, ITEMS the
// item files. Reads {"FILE": [{"RESPONSE": value, …}, …], …}; writes for each file its interactions, its declarations
// and the SCORE that the player gives each of the tries, beginning anew each time.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , interop, items] = process.argv;
const from = createRequire(join(interop, 'package.json'));
const { JSDOM } = from('jsdom');
const { window } = new JSDOM('<!doctype html>', { pretendToBeVisual: true, url: 'http://localhost/' });

// What jsdom has not: form-associated elements, popovers, adopted sheets. None of them decides a score.
class Internals {
  states = new Set();
  labels = [];
  validity = { valid: true };
  setValidity() {}
  setFormValue() {}
  checkValidity() { return true; }
  reportValidity() { return true; }
}
window.HTMLElement.prototype.attachInternals = () => new Internals();
window.HTMLElement.prototype.showPopover = () => {};
window.HTMLElement.prototype.hidePopover = () => {};
window.CSSStyleSheet.prototype.replaceSync ??= () => {};
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) || /^(HTML|CSS|Custom|Event|DOM|Node|Element)/.test(name)) {
    try { globalThis[name] = window[name]; } catch { /* one of Node's own */ }
  }
}
globalThis.window = window;
globalThis.document = window.document;
window.getComputedStyle ??= () => ({});
for (const name of Object.keys(console)) console[name] = () => {}; // what is written is the answer alone
process.on('unhandledRejection', () => {}); // of what it would draw

await import(pathToFileURL(join(interop, 'node_modules/@citolab/qti-components/dist/index.js')));

function grown(node) {
  if (node.nodeType === 3 || node.nodeType === 4) return document.createTextNode(node.nodeValue);
  if (node.nodeType !== 1) return null;
  const made = document.createElement(node.localName);
  for (const one of node.attributes) if (!one.name.startsWith('xmlns')) made.setAttribute(one.name, one.value);
  for (const child of node.childNodes) {
    const inner = grown(child);
    if (inner) made.append(inner);
  }
  return made;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

async function opened(file) {
  const xml = new window.DOMParser().parseFromString(readFileSync(join(items, file), 'utf8'), 'text/xml');
  const item = grown(xml.documentElement);
  document.body.replaceChildren(item);
  await item.updateComplete;
  await settled();
  return item;
}

async function read(file, tries) {
  let item = await opened(file);
  const all = [...item.querySelectorAll('*')];
  const named = (part) => all.filter((one) => one.localName.startsWith('qti-') && one.localName.endsWith(part));
  const interactions = named('-interaction').map((one) => [one.localName, one.responseIdentifier ?? null]);
  // Parts of a declaration are read by it; what is shown and what is computed are elements of the player's own.
  const unknown = all.filter(
    (one) => one.localName.startsWith('qti-') && !window.customElements.get(one.localName) &&
      one.closest('qti-item-body, qti-response-processing'),
  );
  const declarations = {};
  for (const one of named('response-declaration')) {
    const variable = item.getVariable(one.getAttribute('identifier'));
    declarations[variable.identifier] = [variable.cardinality, variable.baseType, variable.correctResponse ?? null];
  }
  const scores = [];
  for (const responses of tries) {
    item = await opened(file);
    for (const [name, value] of Object.entries(responses)) item.updateResponseVariable(name, value);
    try {
      item.processResponse();
      scores.push(String(item.getOutcome('SCORE')?.value ?? ''));
    } catch (error) {
      scores.push(`${error}`.slice(0, 200));
    }
  }
  const elements = [...new Set(unknown.map((one) => one.localName))];
  return { interactions, declarations, scores, unknown: elements };
}

const wanted = JSON.parse(readFileSync(0, 'utf8'));
const found = {};
for (const [file, tries] of Object.entries(wanted)) found[file] = await read(file, tries);
process.stdout.write(JSON.stringify(found), () => process.exit(0));
