import { expect, test } from 'bun:test'
import { openHouse } from '../support/house.ts'

test('without --demo there is no demo shop', async () => {
  const house = await openHouse()
  try {
    expect((await fetch(`${house.url}/demo`)).status).toBe(404)
  } finally {
    await house.close()
  }
})
