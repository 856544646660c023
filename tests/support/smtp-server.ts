import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Behaviour, Heard } from './smtp.ts'

// A mail server in a process of its own. Its behaviour comes as JSON lines on stdin, what it hears goes out on stdout.

let behaviour: Behaviour = {}
const tell = (heard: Heard | { port: number } | { ready: number }) => console.log(JSON.stringify(heard))

const [, , port = '0', given = '{}'] = process.argv
behaviour = JSON.parse(given) as Behaviour
const certificate = behaviour.certificate && {
  cert: await Bun.file(behaviour.certificate.cert).text(),
  key: await Bun.file(behaviour.certificate.key).text(),
}

const refusal = ([code, text]: [number, string]) => Object.assign(new Error(text), { responseCode: code })

const options: SMTPServerOptions = {
  banner: 'shop mail',
  secure: behaviour.tls === 'at once',
  ...certificate,
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: [
    ...(behaviour.tls === 'starttls' ? [] : ['STARTTLS']),
    ...(behaviour.login || behaviour.noLogin ? [] : ['AUTH']),
  ],
  onConnect(_session, done) {
    if (behaviour.greeting) return done(refusal(behaviour.greeting))
    if (behaviour.slowMs) return void setTimeout(done, behaviour.slowMs)
    done()
  },
  onAuth({ username, password }, _session, done) {
    const { login } = behaviour
    if (login && username === login.user && password === login.password) return done(null, { user: username })
    tell({ refused: username ?? '' })
    done(refusal(behaviour.noLogin ?? [535, '5.7.8 Error: authentication failed']))
  },
  onMailFrom({ address }, _session, done) {
    const refused = behaviour.sender?.[address] ?? behaviour.sender?.['*']
    done(refused ? refusal(refused) : null)
  },
  onRcptTo({ address }, _session, done) {
    const refused = behaviour.recipients?.[address] ?? behaviour.recipients?.['*']
    if (refused) tell({ refused: address })
    done(refused ? refusal(refused) : null)
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const raw = Buffer.concat(chunks).toString('latin1')
      if (behaviour.data) return done(refusal(behaviour.data))
      const { mailFrom, rcptTo } = session.envelope
      tell({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        secure: session.secure,
        user: (session.user as string | undefined) ?? null,
        raw,
      })
      if (behaviour.loseAnswer) for (const socket of sockets) socket.destroy()
      else done(null, behaviour.ok ?? '2.0.0 Ok: queued as 4F2A')
    })
  },
}

const sockets = new Set<Socket>()
const server = new SMTPServer(options)
server.on('error', () => undefined)

if (behaviour.says !== undefined) {
  const { says } = behaviour
  const mute = createServer((socket) => {
    socket.on('error', () => undefined)
    if (says !== '') socket.write(says)
  })
  listen(mute)
} else {
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  listen(server.server)
}

/** On the port that it had. The first time on one that the system gives nobody while this server is stopped. */
function listen(on: Server): void {
  let triesLeft = port === '0' ? 20 : 1
  const next = () => {
    triesLeft -= 1
    on.listen(port === '0' ? 20_000 + Math.floor(Math.random() * 10_000) : Number(port), '127.0.0.1')
  }
  const failed = (error: Error) => {
    if (triesLeft > 0) return next()
    console.error(error)
    process.exit(1)
  }
  on.on('error', failed)
  on.once('listening', () => {
    on.off('error', failed)
    tell({ port: (on.address() as { port: number }).port })
  })
  next()
}

let changes = 0
for await (const line of console) {
  const { login } = behaviour
  behaviour = { ...(login ? { login } : {}), ...(JSON.parse(line) as Behaviour) }
  tell({ ready: ++changes })
}
process.exit(0)
