import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Board, Incident } from '@/api/types'
import { zh } from '@/i18n/zh'
import { glyphOf } from '@/map/icons/register'
import { LAYERS } from '@/map/registry'
import { emptyTables } from '@/stores/fold'
import { PANELS } from './panels'
import { SCENES, shows } from './scenes'
import { seen } from './sensitive'

const drawn = new Set(LAYERS.map((layer) => layer.id))
/** A register's layer is drawn as its definition says. */
const REGISTERS = '../../gis_data/registers'
const defined = readdirSync(REGISTERS).filter((name) => name.endsWith('.py')).map((name) => readFileSync(`${REGISTERS}/${name}`, 'utf8')).join('')
const isLayer = (id: string) => drawn.has(id) || glyphOf(id) !== '' || defined.includes(`"${id}"`)

test.each(SCENES)('scene $id names layers and panels that there are', (scene) => {
  expect([...scene.layers, ...scene.legend].filter((id) => !isLayer(id))).toEqual([])
  expect([...scene.left, ...scene.right, ...scene.innerLeft, ...scene.innerRight].filter((id) => !(id in PANELS))).toEqual([])
  const panels = [...scene.left, ...scene.innerLeft, ...scene.innerRight, ...scene.right]
  expect(new Set(panels).size, 'no panel twice').toBe(panels.length)
  expect(zh.screen.scenes[scene.id]).toBeTruthy()
})

test('a scene turns off what only others show, and leaves the base map alone', () => {
  expect([shows('daily', 'town_colour'), shows('flood', 'town_colour'), shows('flood', 'roads'), shows('', 'town_colour')]).toEqual([true, false, undefined, undefined])
})

const incident = (id: string, sensitive: boolean) => ({ id, sensitive, title: `题目 ${id}`, place: '某处', note: '某人', reported_at: '2026-11-30T00:00:00Z' }) as Incident
test('a screen hides a sensitive incident with its teams and marks, or shows it without its words', () => {
  const board = {
    ...emptyTables(), incidents: { a: incident('a', false), b: incident('b', true) },
    dispatches: { d: { id: 'd', incident_id: 'b', team_id: 't' } }, teams: { t: { id: 't' }, u: { id: 'u' } }, marks: { m: { id: 'm', incident_id: 'b' } }, tasks: { k: { id: 'k', incident_id: 'b' }, l: { id: 'l', incident_id: null } },
  } as unknown as Board
  const ids = (rows: { id: string }[]) => rows.map((row) => row.id)
  const hidden = seen(board, 'hide', '敏感事件')
  expect([ids(hidden.incidents), ids(hidden.dispatches), ids(hidden.teams), ids(hidden.marks), ids(hidden.tasks)]).toEqual([['a'], [], ['u'], [], ['l']])
  const dim = seen(board, 'dim', '敏感事件')
  expect(ids(dim.incidents)).toEqual(['a', 'b'])
  expect(JSON.stringify(dim.incidents[1])).not.toMatch(/题目 b|某处|某人/)
  expect(seen(board, null, '').incidents[1]?.title).toBe('题目 b')
})
