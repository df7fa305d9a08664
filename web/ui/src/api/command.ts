/** Responses and decisions, tasks, call-outs, transfers over HTTP. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { CallOut, Decision, Response, Task, Transfer } from './types'

type Schemas = components['schemas']
export type DecisionDetail = Schemas['DecisionDetailOut']
export type CallOutDetail = Schemas['CallOutOut']
export type CallRecord = Schemas['CallRecordOut']
export type CallStep = Schemas['CallStepIn']
export type TransferPlan = Schemas['TransferPlanOut']
export type Rule = Schemas['RuleOut']
export type TaskStep = Schemas['TaskStepIn']['to']

const at = (world: string) => ({ params: { path: { world } } })
const of = <P extends object>(world: string, more: P) => ({ params: { path: { world, ...more } } })

export const command = {
  responses: (world: string) => answer<Response[]>(client.GET('/api/worlds/{world}/responses', at(world))),
  ended: (world: string) => answer<Response[]>(client.GET('/api/worlds/{world}/responses', { params: { path: { world }, query: { ended: true } } })),
  noticed: (world: string, body: Schemas['NoticeIn']) => answer<Response>(client.POST('/api/worlds/{world}/responses/notices', { ...at(world), body })),
  lookBack: (world: string, response_id: string, review: string) => answer<Response>(client.POST('/api/worlds/{world}/responses/{response_id}/review', { ...of(world, { response_id }), body: { review } })),
  decided: (world: string) => answer<Decision[]>(client.GET('/api/worlds/{world}/decisions', { params: { path: { world }, query: { decided: true } } })),
  rules: (world: string) => answer<Rule[]>(client.GET('/api/worlds/{world}/responses/rules', at(world))),
  propose: (world: string, body: Schemas['ProposeIn']) => answer<DecisionDetail>(client.POST('/api/worlds/{world}/decisions', { ...at(world), body })),
  decision: (world: string, decision_id: string) => answer<DecisionDetail>(client.GET('/api/worlds/{world}/decisions/{decision_id}', of(world, { decision_id }))),
  consult: (world: string, decision_id: string, attendees: string, conclusion: string) =>
    answer<DecisionDetail>(client.POST('/api/worlds/{world}/decisions/{decision_id}/consult', { ...of(world, { decision_id }), body: { attendees, conclusion } })),
  submit: (world: string, decision_id: string, body: Schemas['SubmitIn']) =>
    answer<DecisionDetail>(client.POST('/api/worlds/{world}/decisions/{decision_id}/submit', { ...of(world, { decision_id }), body })),
  approve: (world: string, decision_id: string, closes: string[], note: string, document_no: string) =>
    answer<DecisionDetail>(client.POST('/api/worlds/{world}/decisions/{decision_id}/approve', { ...of(world, { decision_id }), body: { closes, note, document_no } })),
  turnDown: (world: string, decision_id: string, how: 'reject' | 'withdraw', reason: string) =>
    answer<Decision>(client.POST(`/api/worlds/{world}/decisions/{decision_id}/${how}`, { ...of(world, { decision_id }), body: { reason } })),
  taskStep: (world: string, task_id: string, to: TaskStep, text: string) =>
    answer<Task>(client.POST('/api/worlds/{world}/tasks/{task_id}/steps', { ...of(world, { task_id }), body: { to, text, without: '' } })),
  issueTask: (world: string, body: Pick<Schemas['TaskIn'], 'text_zh' | 'due_at' | 'organization'> & Partial<Schemas['TaskIn']>) =>
    answer<Task>(client.POST('/api/worlds/{world}/tasks', { ...at(world), body: { text_en: '', place: '', evidence_needed: '', ...body } })),
  cancelTask: (world: string, task_id: string, reason: string) => answer<Task>(client.POST('/api/worlds/{world}/tasks/{task_id}/cancel', { ...of(world, { task_id }), body: { reason } })),
  callout: (world: string, callout_id: string) => answer<CallOutDetail>(client.GET('/api/worlds/{world}/callouts/{callout_id}', of(world, { callout_id }))),
  callOut: (world: string, body: Partial<Schemas['CallOutIn']> & { text: string }) =>
    answer<CallOut>(client.POST('/api/worlds/{world}/callouts', { ...at(world), body: { why: 'hand', title: '', scope: [], depth: 'village', pattern: 'plain', ...body } })),
  callStep: (world: string, callout_id: string, record_id: string, to: CallStep['to'], text: string, channel: CallStep['channel'] = null) =>
    answer<CallOutDetail>(client.POST('/api/worlds/{world}/callouts/{callout_id}/records/{record_id}/step', { ...of(world, { callout_id, record_id }), body: { to, text, whom: '', channel } })),
  draftTransfer: (world: string, body: { trigger: string; deadline: string; objects: string[] }) =>
    answer<Transfer>(client.POST('/api/worlds/{world}/transfers', { ...at(world), body: { ...body, area_name: '', overnight: true } })),
  plan: (world: string, order_id: string) => answer<TransferPlan>(client.GET('/api/worlds/{world}/transfers/{order_id}/plan', of(world, { order_id }))),
  transfer: (world: string, order_id: string, act: 'issue' | 'force/confirm') =>
    answer<Transfer>(client.POST(`/api/worlds/{world}/transfers/{order_id}/${act}`, of(world, { order_id }))),
  askForce: (world: string, order_id: string, legal_basis: string) =>
    answer<Transfer>(client.POST('/api/worlds/{world}/transfers/{order_id}/force', { ...of(world, { order_id }), body: { legal_basis } })),
  release: (world: string, order_id: string, findings: { object: string; finding: string }[]) =>
    answer<Transfer>(client.POST('/api/worlds/{world}/transfers/{order_id}/release', { ...of(world, { order_id }), body: { findings } })),
}
