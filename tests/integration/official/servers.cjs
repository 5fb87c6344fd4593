// The official directory and personal data server on given ports, and a door for what their e-mails would say.
// usage: node servers.cjs PLC_PORT PDS_PORT DOOR_PORT
const http = require('node:http')
const { TestPlc, TestPds } = require('@atproto/dev-env')

const [plcPort, pdsPort, doorPort] = process.argv.slice(2).map(Number)

async function main() {
  const plc = await TestPlc.create({ port: plcPort })
  const pds = await TestPds.create({ port: pdsPort, didPlcUrl: plc.url })
  const door = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    const did = url.searchParams.get('did')
    try {
      const answer = await doors[url.pathname](pds, did)
      response.end(JSON.stringify(answer ?? {}))
    } catch (error) {
      response.statusCode = 500
      response.end(JSON.stringify({ error: String(error) }))
    }
  })
  door.listen(doorPort, '127.0.0.1', () => console.log('ready'))
  process.on('SIGTERM', () => process.exit(0))
}

// What older and newer generations call it.
const announce = (sequencer, did, status) =>
  sequencer.sequenceAccount ? sequencer.sequenceAccount(did, status) : sequencer.sequenceAccountEvt(did, status)

const doors = {
  '/plc-token': async (pds, did) => ({
    token: await pds.ctx.accountManager.createEmailToken(did, 'plc_operation'),
  }),
  '/delete': async (pds, did) => {
    await pds.ctx.actorStore.destroy(did)
    await pds.ctx.accountManager.deleteAccount(did)
    await announce(pds.ctx.sequencer, did, 'deleted')
  },
  '/takedown': async (pds, did) => {
    await pds.ctx.accountManager.takedownAccount(did, { applied: true, ref: 'test' })
    const status = await pds.ctx.accountManager.getAccountStatus(did)
    await announce(pds.ctx.sequencer, did, status)
  },
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
