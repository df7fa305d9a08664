/** The scene of an incident over HTTP: marks, what is decided for people inside them, stages of a forest fire, alarms looked into. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Mark } from './types'

type Schemas = components['schemas']
export type MarkOption = Schemas['OptionOut']
export type FireStage = Schemas['FireStageOut']
export type FireStageName = FireStage['stage']
export type Finding = Schemas['AlarmFindingIn']['result']

const of = <P extends object>(world: string, more: P) => ({ params: { path: { world, ...more } } })

export const scene = {
  put: (world: string, incident_id: string, body: Schemas['MarkIn']) => answer<Mark>(client.POST('/api/worlds/{world}/incidents/{incident_id}/marks', { ...of(world, { incident_id }), body })),
  options: (world: string, mark_id: string) => answer<MarkOption[]>(client.GET('/api/worlds/{world}/marks/{mark_id}/options', of(world, { mark_id }))),
  decide: (world: string, mark_id: string, body: Schemas['MarkDecideIn']) => answer<Mark>(client.POST('/api/worlds/{world}/marks/{mark_id}/decide', { ...of(world, { mark_id }), body })),
  end: (world: string, mark_id: string, finding: string) => answer<Mark>(client.POST('/api/worlds/{world}/marks/{mark_id}/end', { ...of(world, { mark_id }), body: { finding } })),
  stages: (world: string, incident_id: string) => answer<FireStage[]>(client.GET('/api/worlds/{world}/incidents/{incident_id}/stages', of(world, { incident_id }))),
  stage: (world: string, incident_id: string, to: FireStageName, note: string) => answer<FireStage>(client.POST('/api/worlds/{world}/incidents/{incident_id}/stages', { ...of(world, { incident_id }), body: { to, note } })),
  look: (world: string, station: string) => answer<Schemas['AlarmTaskOut']>(client.POST('/api/worlds/{world}/alarms/{station}/look', of(world, { station }))),
  found: (world: string, task_id: string, result: Finding, note: string) => answer<Schemas['AlarmFindingOut']>(client.POST('/api/worlds/{world}/tasks/{task_id}/finding', { ...of(world, { task_id }), body: { result, note } })),
}
