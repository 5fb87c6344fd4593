// The official client against any host: signs in, publishes, updates, deletes, uploads a blob.
// usage: node client.cjs HOST IDENTIFIER PASSWORD
const { AtpAgent } = require('@atproto/api')

const [host, identifier, password] = process.argv.slice(2)
const collection = 'com.example.note'

async function main() {
  const agent = new AtpAgent({ service: host })
  await agent.login({ identifier, password })
  const repo = agent.session.did
  const { repo: calls, sync } = agent.com.atproto
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const picture = Buffer.from(pixel, 'base64')
  const blob = (await calls.uploadBlob(picture, { encoding: 'image/png' })).data.blob
  const made = await calls.createRecord({ repo, collection, record: { text: 'first', picture: blob } })
  const rkey = made.data.uri.split('/').pop()
  const read = await calls.getRecord({ repo, collection, rkey })
  const put = await calls.putRecord({ repo, collection, rkey, record: { text: 'second', picture: blob } })
  const same = await calls.putRecord({ repo, collection, rkey, record: { text: 'second', picture: blob } })
  const swapped = await calls
    .putRecord({ repo, collection, rkey, record: { text: 'third' }, swapRecord: made.data.cid })
    .then(() => 'accepted', (error) => error.error)
  const staleSwap = await calls
    .createRecord({ repo, collection, record: { text: 'x' }, swapCommit: made.data.commit.cid })
    .then(() => 'accepted', (error) => error.error)
  const writes = Array.from({ length: 50 }, (_, number) => ({
    $type: 'com.atproto.repo.applyWrites#create', collection, rkey: `n${number}`, value: { text: `note ${number}` },
  }))
  const applied = await calls.applyWrites({ repo, writes })
  await calls.deleteRecord({ repo, collection, rkey: 'n0' })
  const listed = await calls.listRecords({ repo, collection, limit: 100 })
  const described = await calls.describeRepo({ repo })
  const bytes = await sync.getBlob({ did: repo, cid: blob.ref.toString() })
  const refused = await calls
    .createRecord({ repo, collection: 'org.skillnet.module', record: { name: 5 } })
    .then(() => 'accepted', (error) => error.error)
  const password2 = (await agent.com.atproto.server.createAppPassword({ name: 'script' })).data.password
  const second = new AtpAgent({ service: host })
  await second.login({ identifier, password: password2 })
  await second.com.atproto.repo.createRecord({ repo, collection, record: { text: 'by app password' } })
  const managing = await second.com.atproto.server
    .createAppPassword({ name: 'another' })
    .then(() => 'accepted', (error) => error.error)
  await agent.com.atproto.server.revokeAppPassword({ name: 'script' })
  const revoked = await second.com.atproto.repo
    .createRecord({ repo, collection, record: { text: 'x' } })
    .then(() => 'accepted', (error) => error.error)
  const limits = made.headers['ratelimit-limit']
  console.log(JSON.stringify({
    did: repo, handle: agent.session.handle, made: made.data, read: read.data.value.text, put: put.data,
    same: same.data.commit ?? null, swapped, staleSwap, results: applied.data.results.length,
    listed: listed.data.records.length, collections: described.data.collections, blobKept: picture.equals(Buffer.from(bytes.data)),
    refused, managing, revoked, limits,
  }))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
