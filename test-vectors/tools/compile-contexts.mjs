#!/usr/bin/env node
// Makes the term tables in src/Credentials/JsonLd/Contexts from published JSON-LD contexts.
//
//   node test-vectors/tools/compile-contexts.mjs SOURCE
//
// SOURCE is a folder with index.json ({ cases: [{ url, file, sha256 }] }) and the documents that it names. A table has the digest of
// its document, and its scopes (context definitions) in a flat list: `top` says which apply at the top, `scope` of a term which one
// applies inside it, null for none at all. A term that is only text is an IRI or a keyword. Node 20 or newer, no packages.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('error: name the folder of the contexts');
  process.exit(2);
}
const target = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'Credentials', 'JsonLd', 'Contexts');
const fail = message => { throw new Error(message); };

// JSON-LD 1.1 §9.15: what a context definition and an expanded term definition may hold, as far as the tables have a place for it.
const ofScope = { '@vocab': 'vocab', '@language': 'language', '@direction': 'direction', '@propagate': 'propagate', '@protected': 'protected' };
const ofTerm = { '@id': 'id', '@type': 'type', '@language': 'language', '@direction': 'direction', '@prefix': 'prefix', '@protected': 'protected' };

function compile({ url, sha256 }, bytes) {
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== sha256) fail(`${url} has the digest ${digest}`);
  const document = JSON.parse(bytes);
  const scopes = [];
  const known = new Map();

  function add(context) {
    if (context === null || typeof context === 'string') return context;
    if (Array.isArray(context)) fail(`${url}: a list of contexts inside a term`);
    const scope = {};
    const terms = {};
    for (const [name, value] of Object.entries(context)) {
      if (name === '@version') { if (value !== 1.1) fail(`${url}: version ${value}`); }
      else if (ofScope[name]) scope[ofScope[name]] = value;
      else if (name.startsWith('@')) fail(`${url}: ${name}`);
      else terms[name] = typeof value === 'string' ? value : term(value);
    }
    scope.terms = terms;
    const key = JSON.stringify(scope);
    if (!known.has(key)) known.set(key, scopes.push(scope) - 1);
    return known.get(key);
  }

  function term(definition) {
    const entry = {};
    for (const [name, value] of Object.entries(definition)) {
      if (ofTerm[name]) entry[ofTerm[name]] = value;
      else if (name === '@container') entry.container = [value].flat().map(kind => kind.slice(1));
      else if (name === '@context') entry.scope = add(value);
      else fail(`${url}: ${name} in a term`);
    }
    return entry;
  }

  const top = [document['@context']].flat().map(add);
  return { url, sha256, top, scopes };
}

mkdirSync(target, { recursive: true });
for (const entry of JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).cases) {
  const table = compile(entry, readFileSync(join(folder, entry.file)));
  writeFileSync(join(target, entry.file.replace(/\.jsonld$/, '.json')), JSON.stringify(table, null, 2) + '\n');
}
