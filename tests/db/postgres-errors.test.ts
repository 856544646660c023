import { expect, test } from 'bun:test'
import { isConnectionLost, isLostRace, postgresModeOf } from '../../src/platform/db/postgres/errors.ts'

// What PostgreSQL and its client say, as the house takes it.

const fromServer = (errno: string) => ({ code: 'ERR_POSTGRES_SERVER_ERROR', errno })
const fromClient = (code: string) => ({ code: `ERR_POSTGRES_${code}` })
const named = (error: { code?: string; errno?: string }): [string, object] => [
  error.errno ?? error.code ?? 'an error without a code',
  error,
]
/** As the query builder passes it on. */
const wrapped = (cause: unknown) => new Error('Failed query', { cause })

test.each(
  [
    fromServer('57P01'),
    fromServer('57P03'),
    fromServer('08006'),
    fromServer('53300'),
    fromServer('25P03'),
    fromClient('CONNECTION_CLOSED'),
    fromClient('CONNECTION_REFUSED'),
    fromClient('CONNECTION_TIMEOUT'),
    fromClient('IDLE_TIMEOUT'),
    fromClient('NO_ANSWER'),
    fromClient('LOCK_LOST'),
  ].map(named),
)('%s means that the connection is gone, and the store fails', (_, error) => {
  expect([isConnectionLost(error), isConnectionLost(wrapped(error))]).toEqual([true, true])
  expect(postgresModeOf(wrapped(error))).toBe('failed')
})

test.each(
  [
    fromClient('SYNTAX_ERROR'),
    fromClient('INVALID_BYTE_SEQUENCE'),
    fromClient('TOO_MANY_PARAMETERS'),
    fromClient('UNSAFE_TRANSACTION'),
    fromServer('42P01'),
    fromServer('22P05'),
    fromServer('25P02'),
    { code: 'ENOENT' },
    {},
  ].map(named),
)('%s is a bug of the query, and no fault of the store', (_, error) => {
  expect([isConnectionLost(error), isLostRace(error), postgresModeOf(error)]).toEqual([false, false, null])
})

test('a full disk, a broken one and damage are told apart', () => {
  expect(
    ['53100', '53200', '58030', 'XX001', '25006', '57014'].map((errno) => postgresModeOf(fromServer(errno))),
  ).toEqual(['full', 'failed', 'failed', 'damaged', 'failed', 'failed'])
})

test.each(['40001', '40P01', '23503', '23505', '55P03'])('%s is a race that may be run again', (errno) => {
  expect([isLostRace(wrapped(fromServer(errno))), isConnectionLost(fromServer(errno))]).toEqual([true, false])
})
