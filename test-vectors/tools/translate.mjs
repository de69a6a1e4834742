#!/usr/bin/env node
// Brings published examples into the form of ../schema/scenario.schema.json.
//
//   node test-vectors/tools/translate.mjs SOURCE
//
// SOURCE is a folder of examples as they were taken from the standards and their test suites, one JSON file per section:
//   { source: { standard, section, url }, inputs, expected, cases: [{ name, inputs, expected }] }
// What each group comes from stands in `source` of every file that is written. Node 20 or newer, no packages.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('error: name the folder of the examples');
  process.exit(2);
}
const published = join(dirname(fileURLToPath(import.meta.url)), '..', 'published');
let count = 0;

const read = name => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const slug = text => text.toLowerCase().replace(/\.json$/, '').replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
const hex = text => Buffer.from(text, 'utf8').toString('hex');
const sourceOf = (file, section, derived) => ({
  standard: file.source.standard, section: section ?? file.source.section, url: file.source.url, ...(derived ? { derived: true } : {}),
});

function write(area, name, scenario) {
  const id = `${area}/${name}`;
  const path = join(published, `${id}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ id, ...scenario }, null, 2) + '\n');
  count++;
}

// Only what a verifier has: the members of RFC 7518 §6 and RFC 8037 §2 that private keys add are left out.
function publicJwk(jwk) {
  const { d, p, q, dp, dq, qi, oth, ...rest } = jwk;
  return rest;
}

const decode = part => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

// --- JOSE ---------------------------------------------------------------------------------------------------------------

function jws(area, name, file, section, description, token, jwk, expect, derived) {
  const input = typeof token === 'string' ? { jws: token, jwk } : { jws_json: token, jwk };
  write(area, name, { description, source: sourceOf(file, section, derived), operation: 'jws.verify', input, expect });
}

function rfc7515() {
  const file = read('jose/rfc7515-jws');
  for (const { name, inputs, expected } of file.cases) {
    const section = name.match(/A\.\d/)[0];
    const jwk = inputs.jwk ? publicJwk(inputs.jwk) : inputs.jwks ? publicJwk((inputs.jwks.keys ?? inputs.jwks)[1]) : read('jose/rfc8037-okp').expected.public_jwk;
    const code = /none/.test(name) ? 'jws.malformed' : /HS256|RS256/.test(name) ? 'jws.algorithm' : 'jws.signature';
    const expect = expected.valid
      ? { accepted: true, header: expected.header ?? expected.headers[1], payload_utf8: expected.payload_utf8 }
      : { accepted: false, code };
    jws('jose', slug(name), file, section, name, inputs.jws_compact ?? inputs.jws_json, jwk, expect, /flipped/.test(name));
  }
}

function rfc7520() {
  const file = read('jose/rfc7520-jws');
  for (const { name, inputs, expected } of file.cases) {
    const { compact, json_flat: flat, json } = expected.outputs;
    const token = compact && compact.split('.')[1] ? compact : flat ?? json;
    const header = expected.signing.protected ?? {};
    const number = name.match(/4_\d/)[0];
    jws('jose', `rfc_7520_${slug(name.replace('jws/', ''))}`, file, number.replace('_', '.'), `JOSE cookbook ${number.replace('_', '.')}, ${[inputs.alg].flat().join(', ')}`,
      token, publicJwk(inputs.keys[0]), { accepted: true, header, payload_utf8: inputs.payload_utf8 });
  }
  const encrypted = read('jose/rfc7520-jwe');
  for (const { name, inputs, expected } of encrypted.cases) {
    const number = name.match(/5_\d+/)[0];
    const { compact, json_flat: flat, json } = expected.outputs;
    const key = [inputs.key ?? { kty: 'oct', k: Buffer.from(inputs.pwd).toString('base64url') }].flat()[0];
    write('jose', `rfc_7520_${slug(name.replace('jwe/', ''))}`, {
      description: `JOSE cookbook ${number.replace('_', '.')}, ${[inputs.alg].flat().join(', ')} with ${inputs.enc}`,
      source: sourceOf(encrypted, number.replace('_', '.')),
      operation: 'jwe.decrypt',
      input: { ...(compact ? { jwe: compact } : { jwe_json: flat ?? json }), private_jwk: key },
      expect: { accepted: true, plaintext_utf8: inputs.plaintext },
    });
  }
}

function rfc8037() {
  const file = read('jose/rfc8037-okp');
  const { jwk } = file.inputs;
  const { public_jwk: open, jws_compact: token, jwk_thumbprint: thumbprint } = file.expected;
  const [header, payload, signature] = token.split('.');
  const payloadText = Buffer.from(payload, 'base64url').toString('utf8');
  jws('jose', 'rfc_8037_a4_ed25519_signature', file, 'A.5', 'Ed25519 signature, verified', token, open, { accepted: true, header: decode(header), payload_utf8: payloadText });
  const flipped = Buffer.from(signature, 'base64url');
  flipped[10] ^= 4;
  jws('jose', 'rfc_8037_a4_ed25519_flipped_signature_bit', file, 'A.5', 'Ed25519 signature with one bit changed',
    `${header}.${payload}.${flipped.toString('base64url')}`, open, { accepted: false, code: 'jws.signature' }, true);
  write('jose', 'rfc_8037_a4_ed25519_signing', {
    description: 'Ed25519 signature, made', source: sourceOf(file, 'A.4'), operation: 'jws.sign',
    input: { header: decode(header), payload_utf8: payloadText, private_jwk: jwk }, expect: { accepted: true, jws: token },
  });
  write('jose', 'rfc_8037_a3_thumbprint', {
    description: 'Thumbprint of an Ed25519 key', source: sourceOf(file, 'A.3'), operation: 'jwk.thumbprint',
    input: { jwk: open }, expect: { accepted: true, thumbprint },
  });
  const [agreement] = file.cases;
  write('jose', 'rfc_8037_a6_x25519_ecdh_es', {
    description: 'ECDH-ES with X25519 and A128GCM', source: sourceOf(file, 'A.6'), operation: 'jwe.decrypt',
    input: { jwe: agreement.expected.output.compact, private_jwk: agreement.inputs.key },
    expect: { accepted: true, plaintext_utf8: agreement.inputs.plaintext },
  });
}

function thumbprints() {
  const file = read('jose/thumbprints');
  for (const { name, inputs, expected } of file.cases) {
    write('jose', slug(name), {
      description: 'Thumbprint of an RSA key', source: sourceOf(file), operation: 'jwk.thumbprint',
      input: { jwk: inputs.jwk }, expect: { accepted: true, thumbprint: expected.thumbprint },
    });
  }
}

// --- RFC 8785 -----------------------------------------------------------------------------------------------------------

function jcs() {
  const data = read('rfc8785-jcs/testdata');
  for (const { name, inputs, expected } of data.cases) {
    write('rfc8785', slug(name), {
      description: `Reference test data: ${name}`, source: sourceOf(data, '3.2'), operation: 'jcs.canonicalize',
      input: { json_text: inputs.json_text }, expect: { accepted: true, canonical_hex: expected.canonical_utf8_hex },
    });
  }
  write('rfc8785', 'number_over_a_double', {
    description: 'A number that no double is near', source: sourceOf(data, '3.1', true), operation: 'jcs.canonicalize',
    input: { json_text: '{"n":1e400}' }, expect: { accepted: false, code: 'json.malformed' },
  });
  const numbers = read('rfc8785-jcs/numbers');
  const lines = readFileSync(join(folder, 'rfc8785-jcs', numbers.inputs.file), 'utf8').split('\n').slice(0, 1000).map(line => line.split(','));
  const finite = numbers.cases.filter(({ expected }) => expected.text);
  for (const { name, expected } of numbers.cases.filter(({ expected }) => !expected.text)) {
    write('rfc8785', `number_${name}`, {
      description: expected.error, source: sourceOf(numbers, '3.2.2.3'), operation: 'jcs.numbers',
      input: { samples: [[name, '']] }, expect: { accepted: false, code: 'json.malformed' },
    });
  }
  const samples = [...finite.map(({ inputs, expected }) => [inputs.ieee754_hex, expected.text]), ...lines];
  write('rfc8785', 'numbers', {
    description: 'Samples of Appendix B, and the first 1000 lines of the published sequence (bits of the double, text)',
    source: sourceOf(numbers, '3.2.2.3, Appendix B'), operation: 'jcs.numbers',
    input: { samples: samples.map(([bits, text]) => [bits.padStart(16, '0'), text]) }, expect: { accepted: true },
  });
}

// --- COSE ---------------------------------------------------------------------------------------------------------------

const payloadOf = cose => {
  // [protected, unprotected, payload, signature]: the payload is the byte string before the last one. The examples are small,
  // so that reading the four heads is enough.
  const bytes = Buffer.from(cose, 'hex');
  let at = 0;
  const head = () => {
    const first = bytes[at++];
    let value = first & 31;
    if (value >= 24) {
      const size = 1 << (value - 24);
      value = Number(BigInt('0x' + bytes.subarray(at, at + size).toString('hex')));
      at += size;
    }
    return [first >> 5, value];
  };
  const skip = () => {
    const [major, value] = head();
    const start = at;
    if (major === 2 || major === 3) at += value;
    if (major === 4) for (let i = 0; i < value; i++) skip();
    if (major === 5) for (let i = 0; i < 2 * value; i++) skip();
    if (major === 6) skip();
    return bytes.subarray(start, at);
  };
  if (bytes[0] >> 5 === 6) head();
  head();
  skip();
  skip();
  return skip().toString('hex');
};

function cose() {
  for (const [kind, group] of [['sign1', 'cose.sign1'], ['mac0', 'cose.mac0']]) {
    const file = read(`cose/${kind}`);
    for (const { name, inputs, expected } of file.cases) {
      const key = kind === 'sign1' ? { jwk: publicJwk(inputs.public_jwk) } : { key_hex: Buffer.from(inputs.jwk.k, 'base64url').toString('hex') };
      // What our own refusal is called, by what the working group changed.
      const code = /ChangeCBORTag/.test(expected.why) ? 'cbor.malformed' : /ChangeAttr/.test(expected.why) ? 'cose.algorithm' : 'vector.signature';
      write('cose', `${kind}_${slug(name.split('/').at(-2))}_${slug(name.split('/').at(-1))}`.replace(/(sign1|mac0)_\1_tests/, '$1'), {
        description: `COSE working group example ${name}${expected.why ? ': ' + expected.why.split(':')[1].split('{')[0].trim() : ''}`,
        source: sourceOf(file), operation: group,
        input: { cose_hex: inputs.cbor_hex, ...key, ...(inputs.external_aad_hex ? { external_aad_hex: inputs.external_aad_hex } : {}) },
        expect: expected.valid ? { accepted: true, payload_hex: payloadOf(inputs.cbor_hex) } : { accepted: false, code },
      });
    }
  }
}

// --- OpenID4VCI ---------------------------------------------------------------------------------------------------------

function openid4vci() {
  const file = read('openid4vci-1.0/spec-json-examples');
  for (const { file: path, json } of file.inputs.examples) {
    const name = path.split('/').at(-1).replace('.json', '');
    if (/^credential_offer/.test(name)) {
      write('openid4vci-1.0', `example_${slug(name)}`, {
        description: `Offer of ${path}, by value`, source: sourceOf(file, '4.1'), operation: 'openid4vci.offer-link',
        input: { link: `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(json))}` },
        expect: { accepted: true, credential_offer: json },
      });
    }
    if (/^credential_metadata/.test(name)) {
      const [configuration] = Object.values(json.credential_configurations_supported);
      write('openid4vci-1.0', `example_${slug(name)}`, {
        description: `Credential configuration of ${path}`, source: sourceOf(file, 'Appendix A'), operation: 'openid4vci.configuration',
        input: { configuration }, expect: { accepted: true, format: configuration.format },
      });
    }
  }
  for (const name of ['credential-response-jwt-vc', 'wallet-attestation']) {
    const { inputs, ...token } = read(`openid4vci-1.0/${name}`);
    const [header, payload] = inputs.jwt.split('.');
    jws('openid4vci-1.0', slug(name), token, undefined, token.description, inputs.jwt, publicJwk(inputs.public_jwk),
      { accepted: true, header: decode(header), payload_utf8: Buffer.from(payload, 'base64url').toString('utf8') });
  }
}

// --- ISO mdoc -----------------------------------------------------------------------------------------------------------

const pem = der => `-----BEGIN CERTIFICATE-----\n${Buffer.from(der, 'hex').toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----`;

// SessionTranscriptBytes with null in place of the NFC handover: tag 24, a length of two bytes, the array of three.
function qrTranscript(transcript) {
  const array = transcript.slice('d818590000'.length);
  const after = start => start + 8 + 2 * parseInt(array.slice(start + 6, start + 8), 16); // d8 18 58, one byte of length
  const head = `${array.slice(0, after(after(2)))}f6`;
  return `d81858${(head.length / 2).toString(16).padStart(2, '0')}${head}`;
}

function annexDRequest() {
  const file = read('iso18013-5-annex-d/D.4.1.1-device-request');
  const scenario = (area, name, description, changes, expect) => write(area, name, {
    description, source: sourceOf(file, undefined, !expect.accepted), operation: 'mdoc.request', now: '2021-01-01T00:00:00Z',
    trust: { certificates: [pem(file.inputs.reader_root_hex)] },
    input: { device_request_hex: file.inputs.device_request_hex, session_transcript_bytes_hex: file.inputs.session_transcript_bytes_hex },
    expect, ...changes,
  });
  scenario('iso18013-5-annex-d', 'd_4_1_1_device_request', 'Request with reader authentication, read, verified and written again', {}, {
    accepted: true, version: file.expected.version,
    requests: [{ doctype: file.expected.doc_type, name_spaces: file.expected.name_spaces, items_request_bytes_hex: file.expected.items_request_bytes_hex }],
    reader_certificate_hex: file.expected.reader_certificate_hex,
  });
  const refused = (name, description, changes, code) => scenario('iso18013-5-derived', name, description, changes, { accepted: false, code });
  const items = hex('portrait') + 'f4';
  const input = change => ({
    input: { device_request_hex: file.inputs.device_request_hex, session_transcript_bytes_hex: file.inputs.session_transcript_bytes_hex, ...change },
  });
  refused('request_intent_changed', 'The request of D.4.1.1 that now intends to keep the portrait',
    input({ device_request_hex: file.inputs.device_request_hex.replace(items, hex('portrait') + 'f5') }), 'mdoc.reader_auth_invalid');
  refused('request_in_another_session', 'The request of D.4.1.1 in a session whose engagement went over a QR code',
    input({ session_transcript_bytes_hex: qrTranscript(file.inputs.session_transcript_bytes_hex) }), 'mdoc.reader_auth_invalid');
  refused('request_of_an_expired_reader', 'The request of D.4.1.1 after the end of the reader\'s certificate', { now: '2024-01-01T00:00:00Z' }, 'x509.validity');
  refused('request_under_another_root', 'The request of D.4.1.1 where the authority of the issuer is trusted',
    { trust: { certificates: [pem(read('iso18013-5-annex-d/certificates').inputs.iaca_root_hex)] } }, 'x509.untrusted');
}

function mdoc() {
  const response = read('iso18013-5-annex-d/D.4.1.2-device-response');
  write('iso18013-5-annex-d', 'd_4_1_2_device_response', {
    description: 'Response with issuer data authentication and a device MAC, read, verified and written again',
    source: sourceOf(response), operation: 'mdoc.verify', now: response.inputs.validation_time,
    trust: { certificates: [pem(response.inputs.iaca_root_hex)] },
    input: {
      mdoc_hex: response.inputs.device_response_hex, session_transcript_bytes_hex: response.inputs.session_transcript_bytes_hex,
      reader_private_jwk: response.inputs.ephemeral_reader_private_jwk, device_private_jwk: response.inputs.static_device_private_jwk,
      doctypes: [response.expected.doc_type],
    },
    expect: { accepted: true, checks: { issuer_chain: 'passed', issuer_signature: 'passed', value_digests: 'passed', device_auth: 'passed' }, same_bytes: true },
  });
  annexDRequest();
  const certificates = read('iso18013-5-annex-d/certificates');
  const { iaca_root_hex: iaca, ds_hex: signer, reader_root_hex: readerRoot, reader_hex: reader } = certificates.inputs;
  const chain = (area, name, description, profile, leaf, root, now, expect) => write(area, name, {
    description, source: sourceOf(certificates, undefined, !expect.accepted), operation: 'x509.chain', now,
    trust: { certificates: [pem(root)] }, input: { profile, chain_hex: [leaf] }, expect,
  });
  const day = '2021-01-01T00:00:00Z';
  chain('iso18013-5-annex-d', 'document_signer_chain', 'Document signer under its IACA root', 'mdl_document_signer', signer, iaca, day, { accepted: true });
  chain('iso18013-5-annex-d', 'reader_chain', 'Reader certificate under its root', 'mdoc_reader', reader, readerRoot, day, { accepted: true });
  chain('iso18013-5-derived', 'document_signer_under_another_root', 'Document signer under the root of the readers', 'mdl_document_signer', signer, readerRoot, day,
    { accepted: false, code: 'x509.untrusted' });
  chain('iso18013-5-derived', 'document_signer_expired', 'Document signer a day after its end', 'mdl_document_signer', signer, iaca, '2021-10-02T00:00:00Z',
    { accepted: false, code: 'x509.validity' });
  chain('iso18013-5-derived', 'document_signer_as_a_reader', 'Document signer where a reader is expected', 'mdoc_reader', signer, iaca, day, { accepted: false, code: 'x509.extended_key_usage' });
  const derived = read('iso18013-5-derived/inspection-rejections');
  const failing = {
    'issuerAuth signature bit flipped': ['issuer_signature', 'mdoc.signature_invalid'],
    'before validFrom': ['validity', 'mdoc.not_yet_valid'],
    'other trust anchor': ['issuer_chain', 'x509.untrusted'],
    'other reader key': ['device_auth', 'mdoc.device_auth_invalid'],
  };
  for (const { name, inputs, expected } of derived.cases.filter(({ name }) => failing[name])) {
    const [check, code] = failing[name];
    write('iso18013-5-derived', slug(name), {
      description: `The response of D.4.1.2: ${expected.why}`, source: sourceOf(derived, undefined, true), operation: 'mdoc.verify', now: inputs.validation_time,
      trust: { certificates: [pem(inputs.trusted_root_hex)] },
      input: {
        mdoc_hex: inputs.device_response_hex, session_transcript_bytes_hex: inputs.session_transcript_bytes_hex,
        reader_private_jwk: inputs.ephemeral_reader_private_jwk,
      },
      expect: { accepted: false, checks: { [check]: 'failed' }, code },
    });
  }
  // One byte of the printed response changed each time; `at` is what stands in front of it.
  const bytes = response.inputs.device_response_hex;
  const changed = (at, offset, from, to) => {
    const start = bytes.indexOf(at) + at.length + 2 * offset;
    if (bytes.indexOf(at) < 0 || bytes.slice(start, start + 2) !== from) throw new Error(`${at}: not where it should be`);
    return bytes.slice(0, start) + to + bytes.slice(start + 2);
  };
  const { iaca_root_hex: root, session_transcript_bytes_hex: transcript, ephemeral_reader_private_jwk: readerKey } = response.inputs;
  const family = hex('family_name') + '6c' + hex('elementValue') + '63';
  const tag = response.expected.device_mac_tag_hex;
  const rejections = {
    element_value_changed: ['another family name', changed(family, 0, '44', '45'), 'value_digests', 'mdoc.digest_mismatch'],
    element_salt_changed: ['another salt of the family name', changed(`a4686469676573744944006672616e646f6d5820`, 0, '87', '88'), 'value_digests', 'mdoc.digest_mismatch'],
    signed_digest_changed: ['another digest in the mobile security object', changed(response.expected.mso.valueDigests['org.iso.18013.5.1']['0'].slice(0, 8), 0, 'b4', 'b5'), 'issuer_signature', 'mdoc.signature_invalid'],
    device_mac_changed: ['another device MAC', changed(tag.slice(0, -2), 0, tag.slice(-2), 'ff'), 'device_auth', 'mdoc.device_auth_invalid'],
    document_type_changed: ['another document type outside', changed(`${hex('docType')}75${hex('org.iso.18013.5.1.mD')}`, 0, '4c', '4d'), 'doctype', 'mdoc.doctype_mismatch'],
  };
  for (const [name, [why, mdoc, check, code]] of Object.entries(rejections)) {
    write('iso18013-5-derived', name, {
      description: `The response of D.4.1.2 with ${why}`, source: sourceOf(response, undefined, true), operation: 'mdoc.verify', now: response.inputs.validation_time,
      trust: { certificates: [pem(root)] },
      input: { mdoc_hex: mdoc, session_transcript_bytes_hex: transcript, reader_private_jwk: readerKey },
      expect: { accepted: false, checks: { [check]: 'failed' }, code },
    });
  }
  write('iso18013-5-derived', 'other_session_transcript', {
    description: 'The response of D.4.1.2 in a session whose engagement went over a QR code', source: sourceOf(response, undefined, true), operation: 'mdoc.verify', now: response.inputs.validation_time,
    trust: { certificates: [pem(root)] },
    input: { mdoc_hex: bytes, session_transcript_bytes_hex: qrTranscript(transcript), reader_private_jwk: readerKey },
    expect: { accepted: false, checks: { issuer_chain: 'passed', issuer_signature: 'passed', value_digests: 'passed', device_auth: 'failed' }, code: 'mdoc.device_auth_invalid' },
  });
  write('iso18013-5-derived', 'after_the_signers_certificate', {
    description: 'The response of D.4.1.2 between the end of the signer\'s certificate and its own', source: sourceOf(response, undefined, true), operation: 'mdoc.verify', now: '2021-10-01T12:00:00Z',
    trust: { certificates: [pem(root)] },
    input: { mdoc_hex: bytes, session_transcript_bytes_hex: transcript, reader_private_jwk: readerKey },
    expect: { accepted: false, checks: { issuer_chain: 'failed', validity: 'passed', device_auth: 'passed' }, code: 'x509.validity' },
  });
  const interop = read('mdoc-interop/bdr-issuer-signed');
  write('mdoc-interop', 'bdr_issuer_signed', {
    description: interop.description, source: sourceOf(interop), operation: 'mdoc.verify', now: interop.inputs.now,
    trust: { certificates: interop.inputs.trusted_certificates_hex.map(pem) },
    input: { mdoc_hex: interop.inputs.issuer_signed_hex, doctypes: [interop.expected.doc_type], query: interop.expected.disclosed },
    expect: { accepted: true, checks: { issuer_signature: 'passed', value_digests: 'passed', query: 'passed' } },
  });
  write('mdoc-interop', 'bdr_issuer_signed_but_for_its_chain', {
    description: `${interop.description}: everything but the chain, although its lengths are not minimal`, source: sourceOf(interop, undefined, true), operation: 'mdoc.verify', now: interop.inputs.now,
    trust: { certificates: interop.inputs.trusted_certificates_hex.map(pem) },
    input: { mdoc_hex: interop.inputs.issuer_signed_hex, doctypes: [interop.expected.doc_type], query: interop.expected.disclosed },
    expect: {
      accepted: false, code: 'x509.anchor_included',
      checks: { format: 'passed', issuer_chain: 'failed', issuer_signature: 'passed', doctype: 'passed', value_digests: 'passed', validity: 'passed', query: 'passed' },
    },
  });
}

// --- Multibase, Multikey, Data Integrity -----------------------------------------------------------------------------------

function multibase() {
  const file = read('multibase/tests');
  for (const encoding of new Set(file.cases.map(({ inputs }) => inputs.encoding))) {
    const cases = file.cases.filter(({ inputs }) => inputs.encoding === encoding);
    const isOurs = ['base58btc', 'base64url'].includes(encoding);
    write('multibase', encoding, {
      description: isOurs ? `The test values in ${encoding}` : `The test values in ${encoding}, a base that Controlled Identifiers does not define`,
      source: sourceOf(file), operation: 'multibase.decode',
      input: { samples: cases.map(({ inputs, expected }) => ({ multibase: expected.multibase, bytes_hex: inputs.bytes_hex })) },
      expect: isOurs ? { accepted: true } : { accepted: false, code: 'multibase.malformed' },
    });
  }
}

function multikey() {
  const file = read('multikey/cid-examples');
  for (const { name, inputs, expected } of file.cases) {
    if (inputs.multikey) {
      write('multikey', slug(name), {
        description: name, source: sourceOf(file), operation: 'multikey.parse', input: { multikey: inputs.multikey.publicKeyMultibase },
        expect: expected.public_jwk ? { accepted: true, jwk: expected.public_jwk } : { accepted: false, code: 'key.not_supported' },
      });
    } else {
      const expect = expected.valid_key ? { accepted: true } : { accepted: false, code: expected.unsupported_curve ? 'jwk.not_supported' : inputs.json_web_key.publicKeyJwk.crv === 'P-256' ? 'jwk.malformed' : 'key.invalid' };
      if (expected.valid_key) expect.thumbprint = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${inputs.json_web_key.publicKeyJwk.x}"}`).digest('base64url');
      write('multikey', slug(name), {
        description: expected.why ? `${name}: ${expected.why}` : name, source: sourceOf(file), operation: 'jwk.thumbprint', input: { jwk: inputs.json_web_key.publicKeyJwk }, expect,
      });
    }
  }
}

// Examples of one DID each. Keys that do not sign, and those of other kinds, are refused.
function dids() {
  const relationships = ['authentication', 'assertionMethod', 'capabilityInvocation', 'capabilityDelegation', 'keyAgreement'];
  const seen = new Set();
  for (const name of ['did-key/test-vectors', 'did-key/spec-examples', 'did-jwk/spec-examples']) {
    const file = read(name);
    const area = dirname(name);
    for (const { inputs: { did }, expected } of file.cases) {
      if (seen.has(did)) continue;
      seen.add(did);
      const { public_jwk: jwk, verification_method_id, did_document: document } = expected;
      const isSupported = ['Ed25519', 'P-256', 'P-384', 'P-521'].includes(jwk?.crv);
      const expect = { accepted: true, jwk, verification_method_id: verification_method_id ?? document?.verificationMethod[0].id };
      if (document) expect.relationships = relationships.filter(relationship => relationship in document);
      write(area, slug(did.slice(0, 24)), {
        description: jwk ? `A key on ${jwk.crv}` : 'A key on BLS12-381 or for RSA', source: sourceOf(file), operation: 'did.resolve', input: { did },
        expect: isSupported ? expect : { accepted: false, code: area === 'did-jwk' ? 'jwk.not_supported' : 'key.not_supported' },
      });
    }
  }
}

function dataIntegrity() {
  for (const name of ['vc-di-eddsa/eddsa-jcs-2022', 'vc-di-eddsa/eddsa-rdfc-2022', 'vc-di-ecdsa/ecdsa-jcs-2019-p256', 'vc-di-ecdsa/ecdsa-rdfc-2019-p256', 'vc-di-ecdsa/ecdsa-rdfc-2019-p384']) {
    const file = read(name);
    const [area, suite] = name.split('/');
    const { inputs, expected } = file;
    const now = '2023-03-01T00:00:00Z';
    const jwk = publicJwk(inputs.public_jwk);
    // The contexts of the options stand in them for JCS, and come from the document for RDF canonicalization.
    const { '@context': contexts, ...options } = inputs.proof_config;
    const proof = suite.includes('jcs') ? inputs.proof_config : options;
    write(area, `${slug(suite)}_hash`, {
      description: `${suite}: from document and options to what is signed`, source: sourceOf(file), operation: 'data-integrity.hash',
      input: { document: inputs.unsecured_document, proof, jwk },
      expect: { accepted: true, canonical_document: expected.canonical_document, canonical_proof: expected.canonical_proof_config, hash_hex: expected.combined_hash_hex },
    });
    const verify = (id, description, document, expect, derived = true) => write(area, `${slug(suite)}_${id}`, {
      description: `${suite}: ${description}`, source: sourceOf(file, undefined, derived), operation: 'data-integrity.verify', now, trust: { keys: [{ jwk }] }, input: { document }, expect,
    });
    const signed = expected.signed_document;
    verify('signed', 'the signed document', signed, { accepted: true, document: inputs.unsecured_document, checks: { proof_key: 'passed', proof_signature: 'passed' } }, false);
    verify('claim_changed', 'a claim changed', { ...signed, name: 'Other Credential' }, { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.signature_invalid' });
    verify('option_changed', 'the time of the proof changed', { ...signed, proof: { ...signed.proof, created: '2023-02-25T23:36:38Z' } },
      { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.signature_invalid' });
    verify('purpose_changed', 'another purpose', { ...signed, proof: { ...signed.proof, proofPurpose: 'authentication' } },
      { accepted: false, checks: { proof_purpose: 'failed', proof_signature: 'failed' }, code: 'data_integrity.proof_purpose' });
    const extra = suite.includes('jcs') ? 'data_integrity.signature_invalid' : 'jsonld.term_undefined';
    if (!suite.includes('jcs')) {
      verify('undefined_term', 'a member that no context defines', { ...signed, '@context': signed['@context'].slice(0, 1), unsignedMember: 'x' }, { accepted: false, checks: { proof_signature: 'failed' }, code: extra });
    } else {
      verify('member_added', 'a member added', { ...signed, addedMember: 'x' }, { accepted: false, checks: { proof_signature: 'failed' }, code: extra });
    }
    if (inputs.private_jwk.kty === 'OKP') {
      write(area, `${slug(suite)}_sign`, {
        description: `${suite}: the document, signed`, source: sourceOf(file), operation: 'data-integrity.sign',
        input: { document: inputs.unsecured_document, options, private_jwk: inputs.private_jwk }, expect: { accepted: true, document: signed },
      });
    }
  }
  const legacy = read('vc-di-eddsa/ed25519signature2020');
  write('vc-di-eddsa', 'ed25519signature2020', {
    description: 'A proof of the type that came before DataIntegrityProof', source: sourceOf(legacy), operation: 'data-integrity.verify', now: '2023-03-01T00:00:00Z',
    trust: { keys: [{ jwk: publicJwk(legacy.inputs.public_jwk) }] }, input: { document: legacy.expected.signed_document },
    expect: { accepted: false, checks: { proof_format: 'failed' }, code: 'data_integrity.proof_type' },
  });
  write('vc-di-eddsa', 'ed25519signature2020_to_rdf', {
    description: 'The document under a proof of the older type, canonicalized', source: sourceOf(legacy), operation: 'json-ld.to-rdf',
    input: { document: legacy.inputs.unsecured_document }, expect: { accepted: true, nquads: legacy.expected.canonical_document },
  });
  proofSets();
  selectiveDisclosure();
}

function selectiveDisclosure() {
  const file = read('vc-di-ecdsa/ecdsa-sd-2023-prc');
  const { inputs, expected } = file;
  const { intermediate } = expected;
  // The base key is the one of the other ECDSA examples.
  const jwk = publicJwk(read('vc-di-ecdsa/ecdsa-rdfc-2019-p256').inputs.public_jwk);
  const source = derived => sourceOf(file, 'A.7', derived);
  write('vc-di-ecdsa', 'ecdsa_sd_2023_base_proof', {
    description: 'A base proof: labels by HMAC, mandatory and other lines, hashes, every signature', source: source(), operation: 'data-integrity.base-proof',
    input: { document: expected.base_document, jwk },
    expect: {
      accepted: true, mandatory_pointers: inputs.mandatory_pointers, hmac_key_hex: inputs.key_material.hmacKeyString.toLowerCase(), lines: intermediate.addBaseDocHMACCanon,
      mandatory_lines: intermediate.derivedGroupIndexes.mandatoryIndexes, proof_hash_hex: intermediate.addHashData.proofHash, mandatory_hash_hex: intermediate.addHashData.mandatoryHash,
    },
  });
  write('vc-di-ecdsa', 'ecdsa_sd_2023_to_rdf', {
    description: 'The document, canonicalized', source: source(), operation: 'json-ld.to-rdf',
    input: { document: inputs.unsecured_document }, expect: { accepted: true, nquads: intermediate.addBaseDocCanon.join('') },
  });
  write('vc-di-ecdsa', 'ecdsa_sd_2023_derive', {
    description: 'The document cut down to three claims and what is mandatory', source: source(), operation: 'data-integrity.derive',
    input: { document: expected.base_document, selective_pointers: inputs.selective_pointers }, expect: { accepted: true, document: expected.derived_document },
  });
  write('vc-di-ecdsa', 'ecdsa_sd_2023_derive_wrong_pointer', {
    description: 'A pointer to a member that is not there', source: source(true), operation: 'data-integrity.derive',
    input: { document: expected.base_document, selective_pointers: ['/credentialSubject/birthPlace'] }, expect: { accepted: false, code: 'data_integrity.pointer' },
  });
  const verify = (name, description, document, expect, derived = true) => write('vc-di-ecdsa', `ecdsa_sd_2023_${name}`, {
    description, source: source(derived), operation: 'data-integrity.verify', now: '2024-12-20T00:00:00Z', trust: { keys: [{ jwk }] }, input: { document }, expect,
  });
  const shown = expected.derived_document;
  const { proof, ...claims } = shown;
  verify('derived', 'The derived document', shown, { accepted: true, document: claims }, false);
  verify('claim_changed', 'A disclosed claim changed', { ...shown, validUntil: '2035-12-16T23:59:59Z' },
    { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.signature_invalid' });
  const { issuer, ...withoutIssuer } = shown;
  verify('mandatory_removed', 'A mandatory part left out', withoutIssuer, { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.proof_value' });
  const { validUntil, ...withoutClaim } = shown;
  verify('claim_removed', 'A disclosed claim left out, its signature kept', withoutClaim, { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.proof_value' });
  verify('base_proof_shown', 'The base proof shown to a verifier', expected.base_document, { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.proof_value' });
}

function proofSets() {
  const file = read('vc-di-eddsa/proof-sets-and-chains');
  const keys = Object.values(file.inputs.key_pairs).map(pair => ({ jwk: publicJwk(pair.private_jwk) }));
  for (const { name, inputs, expected } of file.cases) {
    const document = inputs.secured_document;
    const proofs = [document.proof].flat();
    const base = { source: sourceOf(file), operation: 'data-integrity.verify', now: '2023-03-01T00:00:00Z', trust: { keys } };
    write('vc-di-eddsa', slug(name), { description: `${name}: ${proofs.length} proofs`, ...base, input: { document }, expect: { accepted: true, document: file.inputs.unsecured_document } });
    proofs.forEach((proof, i) => {
      const { proofValue, ...options } = proof;
      const key = keys.find(({ jwk }) => proof.verificationMethod.includes(file.inputs.key_pairs[Object.keys(file.inputs.key_pairs).find(k => file.inputs.key_pairs[k].private_jwk.x === jwk.x)].publicKeyMultibase));
      write('vc-di-eddsa', `${slug(name)}_hash_${i}`, {
        description: `${name}: what proof ${i} signs`, source: sourceOf(file), operation: 'data-integrity.hash',
        input: { document, proof: options, jwk: key.jwk, previous_proofs: [expected.proofs[i].previousProof ?? []].flat() }, expect: { accepted: true, hash_hex: expected.proofs[i].combined_hash_hex },
      });
    });
    if (proofs.length > 1) {
      const broken = structuredClone(document);
      broken.proof[0].proofValue = broken.proof[1].proofValue;
      write('vc-di-eddsa', `${slug(name)}_one_broken`, {
        description: `${name}: one of its proofs has the value of another`, ...base, source: sourceOf(file, undefined, true), input: { document: broken },
        expect: { accepted: false, checks: { proof_signature: 'failed' }, code: 'data_integrity.signature_invalid' },
      });
    }
    if (proofs.some(proof => proof.previousProof)) {
      const cut = { ...document, proof: proofs.slice(1) };
      write('vc-di-eddsa', `${slug(name)}_first_missing`, {
        description: `${name}: the proof that another one covers is missing`, ...base, source: sourceOf(file, undefined, true), input: { document: cut },
        expect: { accepted: false, checks: { proof_chain: 'failed', proof_signature: 'not_run' }, code: 'data_integrity.chain' },
      });
    }
  }
}

// --- Printed documents --------------------------------------------------------------------------------------------------

function base45() {
  const file = read('rfc9285-base45/examples');
  for (const { name, inputs, expected } of file.cases) {
    if (expected.error) {
      write('rfc9285', name === 'reject :::' ? 'reject_colons' : slug(name), {
        description: `${name}: ${expected.why.split(': ').at(-1)}`, source: sourceOf(file, '4.3', name !== 'reject GGW'), operation: 'base45.decode',
        input: { text: inputs.base45 }, expect: { accepted: false, code: 'base45.malformed' },
      });
      continue;
    }
    write('rfc9285', `encode_${slug(name)}`, {
      description: `${name}, encoded`, source: sourceOf(file, '4.3'), operation: 'base45.encode',
      input: { bytes_hex: inputs.bytes_hex }, expect: { accepted: true, text: expected.base45 },
    });
    write('rfc9285', `decode_${slug(name)}`, {
      description: `${name}, decoded`, source: sourceOf(file, '4.4'), operation: 'base45.decode',
      input: { text: expected.base45 }, expect: { accepted: true, bytes_hex: inputs.bytes_hex },
    });
  }
}

function dcc() {
  // What the test data expect to fail, as the check and the code that say so here.
  const failing = {
    'common-B1': ['format', 'qr_document.encoding'], // EXPECTEDB45DECODE
    'common-Z1': ['format', 'qr_document.compression'], // EXPECTEDCOMPRESSION
    'common-CBO1': ['format', 'qr_document.content'], // EXPECTEDDECODE
    'common-CBO2': ['format', 'qr_document.malformed'], // EXPECTEDVERIFY
    'common-H1': ['format', 'qr_document.prefix'], // EXPECTEDUNPREFIX
    'common-H2': ['format', 'qr_document.prefix'], // EXPECTEDUNPREFIX
    'common-CO5': ['issuer_signature', 'qr_document.signature_invalid'], // EXPECTEDVERIFY
    'common-CO6': ['issuer_key', 'x509.extended_key_usage'], // EXPECTEDKEYUSAGE
    'common-CO16': ['validity', 'qr_document.not_yet_valid'], // EXPECTEDEXPIRATIONCHECK
  };
  const clock = text => (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  const certificate = file => pem(Buffer.from(file.inputs.certificate_der_base64, 'base64').toString('hex'));
  const scenario = (name, file, change) => write('eu-dcc', name, {
    description: file.description, source: sourceOf(file, undefined, change?.derived), operation: 'qr-document.verify', now: clock(file.inputs.validation_clock),
    trust: { certificates: [certificate(file)] }, input: { text: file.inputs.prefix },
    expect: { accepted: true, ...(file.inputs.json ? { claims: file.inputs.json } : {}) }, ...change?.with,
  });
  const refused = ([check, code]) => ({ accepted: false, checks: { [check]: 'failed' }, code });
  for (const name of readdirSync(join(folder, 'eu-dcc')).map(entry => entry.replace('.json', '')).sort()) {
    scenario(slug(name), read(`eu-dcc/${name}`), failing[name] ? { with: { expect: refused(failing[name]) } } : undefined);
  }
  const at = read('eu-dcc/AT-1');
  const derive = (name, description, fields) => scenario(name, at, { derived: true, with: { description: `AT-1: ${description}`, ...fields } });
  derive('at_1_without_a_prefix', 'only the Base45', { input: { text: at.inputs.base45 }, expect: refused(['format', 'qr_document.prefix']) });
  derive('at_1_expired', 'two minutes after its end', { now: '2021-11-02T18:02:00Z', expect: refused(['validity', 'qr_document.expired']) });
  derive('at_1_of_an_unknown_signer', 'another signer is trusted', { trust: { certificates: [certificate(read('eu-dcc/IT-3'))] }, expect: refused(['issuer_key', 'trust.unknown_issuer']) });
}

// --- W3C credentials ----------------------------------------------------------------------------------------------------

function dataModel() {
  const file = read('vcdm-2.0/suite-inputs');
  // What the suite expects to fail, as the code that says so here.
  const codes = Object.fromEntries(Object.entries({
    'jsonld.context_protected': ['credential_redef_type2_fail'],
    'w3c.context': ['credential_context_combo3_fail', 'presentation_enveloped_vc_missing_type_fail'],
    'w3c.holder': ['presentation_holder_fail', 'presentation_holder_object_fail'],
    'w3c.id': ['credential_id_nonidentifier_fail', 'credential_id_subject_multi_fail'],
    'w3c.issuer': ['credential_issuer_no_url_fail', 'credential_issuer_object_id_no_url_fail', 'credential_no_issuer_fail'],
    'w3c.language': ['credential_name_extra_prop_en_fail', 'issuer_name_extra_prop_en_fail'],
    'w3c.property': ['credential_evidence_missing_type_fail', 'credential_termsofuse_no_type_fail'],
    'w3c.schema': ['credential_schema_no_type_fail'],
    'w3c.status': ['credential_status_missing_type_fail', 'credential_status_nonurl_id_fail', 'credential_status_type_nonurl_fail'],
    'w3c.type': ['credential_missing_required_type_fail', 'credential_no_type_fail', 'presentation_no_type_fail', 'presentation_vc_missing_required_type_fail'],
    'w3c.validity': ['credential_validfrom_invalid_fail'],
    'w3c.version': ['presentation_missing_base_context_fail'],
  }).flatMap(([code, names]) => names.map(name => [name, code])));
  for (const { name, inputs, expected, statement } of file.cases) {
    // "See statement": whether the runner changes it first is what that case is about.
    if (!['accept', 'reject'].includes(expected.result)) continue;
    const short = slug(name.split('/').at(-1));
    const kind = short.startsWith('presentation') ? 'presentation' : 'credential';
    const text = JSON.stringify(inputs.document).replace('"PAST DATE"', '"2020-01-01T00:00:00Z"').replace('"FUTURE DATE"', '"2099-01-01T00:00:00Z"');
    const document = JSON.parse(text);
    // As the suite's runner does, where the issuer is not what the case is about.
    if (kind === 'credential' && short !== 'credential_no_issuer_fail') {
      if (document.issuer === undefined) document.issuer = 'https://issuer.example';
      else if (document.issuer && typeof document.issuer === 'object') document.issuer.id ??= 'https://issuer.example';
    }
    write('vcdm-2.0', short, {
      description: statement, source: sourceOf(file), operation: 'w3c.data-model', input: { kind, document },
      expect: expected.result === 'accept' ? { accepted: true } : { accepted: false, code: codes[short] },
    });
  }
}

function joseCose() {
  // What the suite expects to fail, as the code that says so here.
  const codes = { 5: 'jsonld.term_undefined', 9: 'w3c.signature_invalid', 11: 'w3c.not_secured', 13: 'w3c.media_type', 15: 'w3c.jwt_claim', 33: 'w3c.media_type', 35: 'w3c.enveloped' };
  for (const name of ['vc-jose-cose/jose-suite-cases', 'vc-jose-cose/cose-suite-cases']) {
    const file = read(name);
    for (const { name: title, inputs, expected } of file.cases) {
      const [form, number] = [inputs.feature.split('_')[1], Number(title.split('.')[0])];
      const kind = inputs.feature.split('_')[0];
      const common = { description: title, source: sourceOf(file), now: '2024-12-16T00:00:00Z' };
      if (inputs.function === 'issue') {
        // A presentation is not made of a document that somebody else wrote.
        if (kind === 'presentation') continue;
        write('vc-jose-cose', slug(title), {
          ...common, operation: 'w3c.round-trip',
          input: { format: form === 'cose' ? 'vc+cose' : 'vc+jwt', document: inputs.document, key_id: inputs.verification_method.id, private_jwk: inputs.verification_method.secretKeyJwk },
          expect: expected.result === 'success' ? { accepted: true } : { accepted: false, code: codes[number] },
        });
        continue;
      }
      const secured = inputs.secured ?? JSON.stringify(inputs.document);
      write('vc-jose-cose', slug(title), {
        ...common, trust: { keys: [{ jwk: inputs.verification_method.publicKeyJwk }] }, operation: 'w3c.verify',
        input: { kind, ...(form === 'cose' ? { cose_hex: Buffer.from(secured, 'base64').toString('hex') } : { text: secured }) },
        expect: expected.result === 'success' ? { accepted: true } : { accepted: false, code: codes[number] },
      });
    }
  }
}

function bitstring() {
  const file = read('vc-bitstring-status-list/derived-bit-order');
  const codes = { RANGE_ERROR: 'status.index_out_of_range', STATUS_LIST_LENGTH_ERROR: 'status.list_malformed', MALFORMED_VALUE_ERROR: 'status.list_malformed' };
  for (const { name, inputs, expected } of file.cases) {
    write('vc-bitstring-status-list', slug(name), {
      description: expected.why ?? `Statuses of ${inputs.statusSize} bits`, source: sourceOf(file, undefined, true), operation: 'w3c.bitstring',
      input: { encoded_list: inputs.encodedList, status_size: inputs.statusSize, indexes: inputs.queries },
      expect: expected.error ? { accepted: false, code: codes[expected.error] } : { accepted: true, statuses: expected.statuses, ...(expected.uncompressed_sha256 ? { sha256: expected.uncompressed_sha256 } : {}) },
    });
  }
  const examples = read('vc-bitstring-status-list/spec-examples');
  for (const [i, document] of examples.inputs.examples.entries()) {
    write('vc-bitstring-status-list', `example_${i + 1}`, {
      description: `Example ${i + 1} of the Recommendation`, source: sourceOf(examples), operation: 'w3c.data-model', input: { kind: 'credential', document }, expect: { accepted: true },
    });
  }
}

rfc7515();
rfc7520();
rfc8037();
thumbprints();
jcs();
cose();
openid4vci();
mdoc();
multibase();
multikey();
dids();
dataIntegrity();
dataModel();
joseCose();
bitstring();
base45();
dcc();
console.log(`${count} scenarios written`);
