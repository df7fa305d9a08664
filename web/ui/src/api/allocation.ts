/** Joint assignment over HTTP: what incidents ask for, a proposal for all of them, where free teams should wait. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Dispatch, Incident } from './types'

type Schemas = components['schemas']
export type Proposal = Schemas['ProposalOut']
export type Move = Schemas['MoveOut']
export type Asking = Schemas['AskingOut']
export type NeedIn = Schemas['NeedIn']
export type Standby = Schemas['StandbyOut']
export type Chosen = Schemas['ChosenIn']

const at = (world: string) => ({ params: { path: { world } } })

export const allocation = {
  propose: (world: string, body: Schemas['AllocationIn']) => answer<Proposal>(client.POST('/api/worlds/{world}/allocation', { ...at(world), body })),
  accept: (world: string, moves: Chosen[], reason: string) =>
    answer<{ dispatches: Dispatch[] }>(client.POST('/api/worlds/{world}/allocation/accept', { ...at(world), body: { moves, reason } })),
  needs: (world: string, incident_id: string, needs: NeedIn[] | null) =>
    answer<Incident>(client.POST('/api/worlds/{world}/incidents/{incident_id}/needs', { params: { path: { world, incident_id } }, body: { needs } })),
  standBy: (world: string, most_moves: number) => answer<Standby>(client.POST('/api/worlds/{world}/allocation/stand-by', { ...at(world), body: { most_moves } })),
  acceptStandBy: (world: string, moves: { team_id: string; place_id: string }[]) =>
    answer<{ task_ids: string[] }>(client.POST('/api/worlds/{world}/allocation/stand-by/accept', { ...at(world), body: { moves } })),
}
