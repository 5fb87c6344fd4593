// The official verifiers over a host's output: the whole repository, one record's proof, the live stream.
// usage: node verify.cjs HOST DID PLC_URL SEQ   (SEQ: the stream's newest event; given up after 30 s)
const { Firehose, MemoryRunner } = require('@atproto/sync')
const { IdResolver } = require('@atproto/identity')
const { verifyRepoCar, verifyRecords } = require('@atproto/repo')

const [host, did, plcUrl, wanted] = process.argv.slice(2)

const fetchBytes = async (path) => new Uint8Array(await (await fetch(host + '/xrpc/' + path)).arrayBuffer())

async function countEvents(idResolver) {
  const counts = {}
  const errors = []
  let total = 0
  let finish
  const done = new Promise((resolve) => (finish = resolve))
  const runner = new MemoryRunner({ startCursor: 0 })
  const firehose = new Firehose({
    service: host.replace('http', 'ws'), idResolver, runner, unauthenticatedCommits: false,
    handleEvent: (event) => {
      counts[event.event] = (counts[event.event] ?? 0) + 1
      total += 1
      if (event.seq >= Number(wanted)) finish()
    },
    onError: (error) => errors.push(`${error.message}: ${error.cause ?? error.err ?? ''}`),
  })
  firehose.start()
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 30000))])
  await new Promise((resolve) => setTimeout(resolve, 300))
  await firehose.destroy()
  return { counts, total, errors: errors.slice(0, 5) }
}

async function main() {
  // The newest generation resolves nothing on this machine unless it is given a fetch that may.
  const idResolver = new IdResolver({ plcUrl, timeout: 5000, fetch: globalThis.fetch })
  const atproto = await idResolver.did.resolveAtprotoData(did)
  const query = `did=${encodeURIComponent(did)}`
  const car = await fetchBytes(`com.atproto.sync.getRepo?${query}`)
  const began = performance.now()
  const repo = await verifyRepoCar(car, did, atproto.signingKey)
  const carMs = performance.now() - began
  const one = repo.creates[0]
  const proof = await fetchBytes(
    `com.atproto.sync.getRecord?${query}&collection=${one.collection}&rkey=${encodeURIComponent(one.rkey)}`,
  )
  const proven = await verifyRecords(proof, did, atproto.signingKey)
  const spoiled = Uint8Array.from(car)
  spoiled[spoiled.length - 20] ^= 1
  const tampered = await verifyRepoCar(spoiled, did, atproto.signingKey).then(() => 'accepted', () => 'refused')
  const stream = wanted === undefined ? null : await countEvents(idResolver)
  console.log(JSON.stringify({ records: repo.creates.length, proven: proven.length, tampered, carMs, stream }))
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
