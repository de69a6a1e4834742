#!/usr/bin/env node
// Brings some cases of two W3C test suites into the form of ../schema/scenario.schema.json, so that a plain clone has them.
// All cases run with `dotnet test` where the suites are at hand (CREDENTIALS_RDF_CANON, CREDENTIALS_JSON_LD_API).
//
//   node test-vectors/tools/translate-w3c-suites.mjs RDF_CANON JSON_LD_API
//
// The arguments are checkouts of github.com/w3c/rdf-canon and github.com/w3c/json-ld-api. Node 20 or newer, no packages.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [rdfCanon, jsonLdApi] = process.argv.slice(2);
if (!jsonLdApi) {
  console.error('error: name the checkouts of rdf-canon and json-ld-api');
  process.exit(2);
}
const published = join(dirname(fileURLToPath(import.meta.url)), '..', 'published');
const text = (root, file) => readFileSync(join(root, 'tests', file), 'utf8');

function write(area, name, scenario) {
  const path = join(published, area, `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ id: `${area}/${name}`, ...scenario }, null, 2) + '\n');
}

// Blank nodes told apart by what is said of them, by their neighbours, in graphs, in circles; escapes; the other hash; both hard kinds.
for (const number of ['003', '005', '013', '017', '020', '023', '030', '033', '038', '044', '047', '054', '058', '060', '064', '070', '074', '075']) {
  const manifest = JSON.parse(text(rdfCanon, 'manifest.jsonld'));
  const entry = manifest.entries.find(({ id }) => id === `#test${number}c`);
  if (!entry) continue;
  const map = `rdfc10/test${number}-rdfc10map.json`;
  write('rdf-canon', `test${number}`, {
    description: entry.name,
    source: { standard: 'RDF Dataset Canonicalization 1.0, test suite', section: entry.id.slice(1), url: 'https://w3c.github.io/rdf-canon/tests/' },
    operation: 'rdf.canonicalize',
    input: { nquads: text(rdfCanon, entry.action), ...(entry.hashAlgorithm === 'SHA384' ? { hash: 'SHA-384' } : {}) },
    expect: entry.result
      ? { accepted: true, nquads: text(rdfCanon, entry.result), ...(existsSync(join(rdfCanon, 'tests', map)) ? { labels: JSON.parse(text(rdfCanon, map)) } : {}) }
      : { accepted: false, code: 'rdf.too_complex' },
  });
}

const codes = {
  protected: 'jsonld.context_protected', context: 'jsonld.context_malformed', document: 'jsonld.malformed', lost: 'jsonld.value_lost',
  undefined: 'jsonld.term_undefined', iri: 'jsonld.iri_invalid', unsupported: 'jsonld.not_supported',
};
const refused = {
  tpr01: 'protected', tpr05: 'protected', tpr11: 'protected', tpr17: 'protected', tpr26: 'protected', tpr32: 'protected', tpr42: 'protected',
  tc030: 'context', ter01: 'context', ter10: 'context', ter19: 'context', ter44: 'context', ter26: 'document', ter28: 'document', ter38: 'document', ter39: 'document', ter41: 'document',
  te003: 'undefined', te032: 'undefined', te001: 'lost', te004: 'lost', te019: 'lost', te045: 'lost', te005: 'iri', twf01: 'iri', twf04: 'iri', tin01: 'unsupported', tn001: 'unsupported',
};
const accepted = [
  't0002', 't0004', 't0005', 't0006', 't0013', 't0020', 't0022', 't0027', 't0035', 'tc001', 'tc007', 'tc009', 'tc011', 'tc017', 'tc022', 'tc026', 'tdi10', 'te010', 'te018', 'te025', 'te030', 'te054',
  'tjs05', 'tjs10', 'tjs11', 'tjs13', 'tm009', 'tpr14', 'tpr22', 'tpr25', 'tpr40', 'trt01',
];
const entries = JSON.parse(text(jsonLdApi, 'toRdf-manifest.jsonld')).sequence;
for (const name of [...accepted, ...Object.keys(refused)]) {
  const entry = entries.find(({ '@id': id }) => id === `#${name}`);
  if (!entry) throw new Error(name);
  const expect = refused[name] ? { accepted: false, code: codes[refused[name]] } : { accepted: true, nquads: text(jsonLdApi, entry.expect) };
  write('json-ld-api', name, {
    description: `${entry.name}${refused[name] && entry.expect ? ' (dropped by the suite, refused here)' : ''}`,
    source: { standard: 'JSON-LD 1.1 Processing Algorithms and API, test suite', section: `toRdf ${entry['@id'].slice(1)}`, url: 'https://w3c.github.io/json-ld-api/tests/' },
    operation: 'json-ld.to-rdf',
    input: { document: JSON.parse(text(jsonLdApi, entry.input)) },
    expect,
  });
}
