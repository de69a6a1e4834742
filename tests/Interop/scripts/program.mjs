// The frame of every script: options in, one JSON document out, exit code 0 only when every step passed.

/** --name value, --flag and plain words. */
export function readArguments(flags = []) {
  const words = [], options = {}
  const given = process.argv.slice(2)
  while (given.length) {
    const word = given.shift()
    if (!word.startsWith('--')) words.push(word)
    else options[word.slice(2)] = flags.includes(word.slice(2)) ? true : given.shift()
  }
  return { words, options }
}

/** Runs the steps of a story and prints what came of each. */
export async function tell(story) {
  const steps = []
  const step = async (name, action) => {
    try {
      const value = await action()
      steps.push({ step: name, ok: true })
      return value
    } catch (error) {
      steps.push({ step: name, ok: false, error: describe(error) })
      throw error
    }
  }
  let result
  try { result = await story(step) } catch (error) { if (steps.every((s) => s.ok)) steps.push({ step: 'unexpected', ok: false, error: describe(error) }) }
  const ok = steps.length > 0 && steps.every((s) => s.ok)
  console.log(JSON.stringify({ ok, steps, ...(result ? { result } : {}) }, null, 1))
  process.exitCode = ok ? 0 : 1
}

export function describe(error) {
  const messages = []
  for (let e = error; e && messages.length < 5; e = e.cause) messages.push(String(e.message ?? e))
  return messages.join(' <- ').slice(0, 2000)
}

/** A small HTTP server on both loopback addresses; handlers return { status, type, body }. */
export async function serve(port, handle) {
  const http = await import('node:http')
  const listener = async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    let answer
    try { answer = await handle(request, new URL(request.url, `http://${request.headers.host}`), body) }
    catch (error) {
      say('error', { path: request.url, message: describe(error), response: error.errorResponse })
      answer = { status: error.status ?? 400, body: error.errorResponse ?? { error: 'invalid_request', error_description: describe(error) } }
    }
    const { status = 200, type = 'application/json', body: content } = answer ?? { status: 404, body: { error: 'not_found' } }
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(typeof content === 'string' ? content : JSON.stringify(content ?? {}))
  }
  for (const host of ['127.0.0.1', '::1']) {
    await new Promise((resolve, reject) => http.createServer(listener).on('error', host === '::1' ? resolve : reject).listen(port, host, resolve))
  }
}

export const say = (event, detail = {}) => console.log(JSON.stringify({ event, ...detail }))
