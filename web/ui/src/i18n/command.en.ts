import type { commandZh } from './command.zh'

export const commandEn: typeof commandZh = {
  done: 'Done', responses: 'Responses', noResponse: 'No response', city: 'City ', towns: 'Towns {n}', waits: '{n} to decide',
  callouts: 'Calls', tasks: 'Tasks', transfers: 'Transfer', overdue: '{n} late', due: 'to move', claimed: 'claimed', verified: 'verified',
  track: 'Track', level: 'Level', ground: 'Ground', propose: 'Propose a level', rules: 'Trigger rules now', noneActive: 'No response on any track', noticed: 'by notice', since: 'on', until: 'expected until',
  kinds: { start: 'start', raise: 'raise', lower: 'lower', end: 'end' },
  states: { proposed: 'Proposed', consulting: 'Consulting', submitted: 'To approve', approved: 'Approved', rejected: 'Rejected', withdrawn: 'Withdrawn', superseded: 'Superseded' },
  sources: { rule: 'by rule, internal', manual: 'by hand' },
  more: 'More', less: 'Less', issues: 'Approving issues {n} tasks', actions: 'Tasks', closes: 'Tasks that end with it (ticked ones end)',
  attendees: 'Units and posts consulted', conclusion: 'Conclusion, if any yet', consult: 'Consult', matter: 'Matter', measures: 'Measures', hours: 'Expected duration, hours', jump: 'Why levels are passed over',
  submit: 'Hand in', approve: 'Approve', reject: 'Reject', note: 'Note', text: 'Text (draft)', twoPersons: 'Another account approves: who proposed or handed it in may not',
  noTasks: 'No open task', filter: { all: 'All', late: 'Late', done: 'To verify' },
  task: { issued: 'Issued', received: 'Received', in_progress: 'In progress', done: 'Done', returned: 'Returned', verified: 'Verified', cancelled: 'Cancelled', terminated: 'Ended', to_received: 'Receive', to_in_progress: 'Begin', to_feedback: 'Feedback', to_done: 'Done', to_verified: 'Verify', to_returned: 'Return' },
  noCalls: 'No call-out is under way', failures: '{n} in vain',
  call: { sent: 'Sent', reached: 'Reached', read_back: 'Read back', action: 'Action', acted: 'Action', verified: 'Verified', to_reached: 'Reached', to_failed: 'No answer', to_read_back: 'Read back', to_action: 'Action', to_verified: 'Verify' },
  way: { phone: 'Phone', deputy: 'Deputy', loudspeaker: 'Loudspeaker', gong: 'Gong', whistle: 'Whistle', visit: 'Visit', file: 'File', webhook: 'Message', sms: 'SMS' },
  noTransfers: 'No transfer order', order: { draft: 'Draft', issued: 'Issued', released: 'May return', ended: 'Over', cancelled: 'Put away' },
  away: 'Away', onWay: 'On the way', refused: 'Refused', lost: 'Unreachable', forced: 'Forced', unplaced: '{n} persons without room or way',
  plan: 'Plan', issue: 'Issue', planned: '{h} households, {p} persons, {v} need help and go first', home: 'Household', shelter: 'Shelter', avoids: 'avoids',
  basis: 'Legal basis', askForce: 'Ask for force', forceAsked: 'Force was asked for: another account confirms', confirmForce: 'Confirm force', finding: 'What was found at each place', release: 'Allow return',
  callHere: 'Call posts', draftHere: 'Draft a transfer', reason: '{name} {told}', told: 'Take post and report: {name} {told}',
}
