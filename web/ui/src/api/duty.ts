/** Duty over HTTP: shifts and hand-over, the log, rolls, work reminders, head counts of crews. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { HeadCount } from './types'

type Schemas = components['schemas']
export type PastShift = Schemas['PastShiftOut']
export type DutyEntry = Schemas['DutyEntryOut']
export type NewEntry = Schemas['DutyEntryIn']
export type Roll = Schemas['RollOut']
export type RollAnswer = Schemas['RollAnswerIn']['result']
export type Reminder = Schemas['ReminderOut']
export type ReminderChannel = Schemas['ReminderSendIn']['channels'][number]
export type Counted = Record<string, unknown>

const at = (world: string) => ({ params: { path: { world } } })
const of = <P extends object>(world: string, more: P) => ({ params: { path: { world, ...more } } })

export const duty = {
  shifts: (world: string) => answer<PastShift[]>(client.GET('/api/worlds/{world}/duty/shifts', at(world))),
  takeOver: (world: string, leader: string) => answer<PastShift>(client.POST('/api/worlds/{world}/duty/shifts', { ...at(world), body: { leader } })),
  accept: (world: string, shift_id: string, item_id: string) =>
    answer<PastShift>(client.POST('/api/worlds/{world}/duty/shifts/{shift_id}/items/{item_id}/accept', of(world, { shift_id, item_id }))),
  relist: (world: string, shift_id: string) => answer<PastShift>(client.POST('/api/worlds/{world}/duty/shifts/{shift_id}/relist', of(world, { shift_id }))),
  start: (world: string, shift_id: string) => answer<PastShift>(client.POST('/api/worlds/{world}/duty/shifts/{shift_id}/start', of(world, { shift_id }))),
  drop: (world: string, shift_id: string, reason: string) =>
    answer<PastShift>(client.POST('/api/worlds/{world}/duty/shifts/{shift_id}/drop', { ...of(world, { shift_id }), body: { reason } })),
  log: (world: string, still_open: boolean) =>
    answer<DutyEntry[]>(client.GET('/api/worlds/{world}/duty/log', { params: { path: { world }, query: { still_open } } })),
  write: (world: string, body: NewEntry) => answer<DutyEntry>(client.POST('/api/worlds/{world}/duty/log', { ...at(world), body })),
  closeEntry: (world: string, entry_id: string, closure: string) =>
    answer<DutyEntry>(client.POST('/api/worlds/{world}/duty/log/{entry_id}/close', { ...of(world, { entry_id }), body: { closure, action: '' } })),
  rolls: (world: string) => answer<Roll[]>(client.GET('/api/worlds/{world}/duty/rolls', at(world))),
  call: (world: string, body: Schemas['RollIn']) => answer<Roll>(client.POST('/api/worlds/{world}/duty/rolls', { ...at(world), body })),
  rollAnswer: (world: string, roll_id: string, row_id: string, result: RollAnswer) =>
    answer<Roll>(client.POST('/api/worlds/{world}/duty/rolls/{roll_id}/rows/{row_id}', { ...of(world, { roll_id, row_id }), body: { result, channel: '', note: '' } })),
  reminders: (world: string) => answer<Reminder[]>(client.GET('/api/worlds/{world}/reminders', at(world))),
  draft: (world: string) => answer<Reminder>(client.POST('/api/worlds/{world}/reminders', at(world))),
  /** The items that a number of the text counts, as they are now. */
  counted: (world: string, reminder_id: string, mark: string) =>
    answer<Counted[]>(client.GET('/api/worlds/{world}/reminders/{reminder_id}/numbers/{mark}', of(world, { reminder_id, mark }))),
  edit: (world: string, reminder_id: string, text: string) =>
    answer<Reminder>(client.PUT('/api/worlds/{world}/reminders/{reminder_id}', { ...of(world, { reminder_id }), body: { text } })),
  approve: (world: string, reminder_id: string) => answer<Reminder>(client.POST('/api/worlds/{world}/reminders/{reminder_id}/approve', of(world, { reminder_id }))),
  send: (world: string, reminder_id: string, channels: ReminderChannel[]) =>
    answer<Reminder>(client.POST('/api/worlds/{world}/reminders/{reminder_id}/send', { ...of(world, { reminder_id }), body: { channels } })),
  count: (world: string, body: Schemas['HeadCountIn']) => answer<HeadCount>(client.POST('/api/worlds/{world}/headcounts', { ...at(world), body })),
}
