// Moves an account from one host to another with the official client, as its documentation describes.
// usage: node move.cjs PLAN   (JSON: from, to, identifier, password, handle, newPassword, did?, tokenUrl, inviteCode?, back?)
const { AtpAgent } = require('@atproto/api')

const plan = JSON.parse(process.argv[2])

async function arrive(to, from, did) {
  if (plan.back) return to.login({ identifier: did, password: plan.newPassword })
  const aud = (await to.com.atproto.server.describeServer()).data.did
  const lxm = 'com.atproto.server.createAccount'
  const { token } = (await from.com.atproto.server.getServiceAuth({ aud, lxm })).data
  await to.com.atproto.server.createAccount(
    { handle: plan.handle, email: 'mover@example.com', password: plan.newPassword, did, inviteCode: plan.inviteCode },
    { headers: { authorization: `Bearer ${token}` }, encoding: 'application/json' },
  )
  await to.login({ identifier: plan.handle, password: plan.newPassword })
}

async function copyBlobs(to, from, did) {
  let cursor
  let copied = 0
  do {
    const missing = (await to.com.atproto.repo.listMissingBlobs({ cursor, limit: 500 })).data
    for (const { cid } of missing.blobs) {
      const blob = await from.com.atproto.sync.getBlob({ did, cid })
      await to.com.atproto.repo.uploadBlob(blob.data, { encoding: blob.headers['content-type'] })
      copied += 1
    }
    cursor = missing.cursor
  } while (cursor)
  return copied
}

async function main() {
  const from = new AtpAgent({ service: plan.from })
  const to = new AtpAgent({ service: plan.to })
  await from.login({ identifier: plan.identifier, password: plan.password })
  const did = from.session.did
  await arrive(to, from, did)
  const car = (await from.com.atproto.sync.getRepo({ did })).data
  await to.com.atproto.repo.importRepo(car, { encoding: 'application/vnd.ipld.car' })
  const blobs = await copyBlobs(to, from, did)
  const before = (await to.com.atproto.server.checkAccountStatus()).data
  await from.com.atproto.identity.requestPlcOperationSignature()
  const { token } = await (await fetch(`${plan.tokenUrl}`, { method: plan.tokenMethod ?? 'GET', headers: { 'x-test-operator': '1' } })).json()
  const credentials = (await to.com.atproto.identity.getRecommendedDidCredentials()).data
  const signed = await from.com.atproto.identity.signPlcOperation({ token, ...credentials })
  await to.com.atproto.identity.submitPlcOperation({ operation: signed.data.operation })
  await to.com.atproto.server.activateAccount()
  await from.com.atproto.server.deactivateAccount({})
  const after = (await to.com.atproto.server.checkAccountStatus()).data
  console.log(JSON.stringify({ did, blobs, before, after }))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
