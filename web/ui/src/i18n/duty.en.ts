import type { allocationZh, dutyZh } from './duty.zh'

export const dutyEn: typeof dutyZh = {
  title: 'Duty', log: 'Duty log', rolls: 'Rolls', reminder: 'Work reminder', heads: 'Head counts', shift: 'Hand-over', tabs: { shift: 'Shift', log: 'Log', rolls: 'Rolls', reminder: 'Reminder', heads: 'Heads' },
  on: 'On duty', nobody: 'Nobody on duty', nobodyHint: 'Take over', since: 'since {at}', leader: 'Leader of the watch', takeOver: 'Take over', handover: 'Handing over', from: 'from {post}', to: 'to {post}', none: '(nobody)',
  waiting: '{n} to accept', accept: 'Accept', accepted: 'Accepted', gone: 'Over, needs nobody', start: 'Start duty', startFirst: 'Accept each item, then start', emptyList: 'Nothing is open: duty may start',
  came: '{n} more since the hand-over began: list them to accept', relist: 'List them', drop: 'Call off', reason: 'Reason', otherTakes: '{post} accepts each item', past: 'Recent shifts', until: 'to',
  shiftState: { handover: 'Handing over', on: 'On duty', ended: 'Ended', dropped: 'Called off' },
  of: { incidents: 'Incident', tasks: 'Task', callouts: 'Call-out', closures: 'Closure', suggestions: 'Suggested closure', decisions: 'Response to approve', responses: 'Response', transfers: 'Transfer', entries: 'Log entry' },
  channel: { phone: 'Phone', message: 'Message', radio: 'Radio', fax: 'Fax', visit: 'Visit', video: 'Video', handover: 'Hand-over', other: 'Other' },
  at: 'Time', way: 'Channel', post: 'From (post)', content: 'Content', action: 'Action', closure: 'How it ended', closureHint: 'leave empty while open: it is handed over', write: 'Write', close: 'Close', open: 'Open', all: 'All', noLog: 'No entry yet', noOpen: 'No open entry', by: 'by {post}', closed: 'Closed',
  roll: { call_test: 'Call test', attendance: 'Attendance' }, rollTitle: 'Title', rollHint: 'as: morning call test', rollKind: 'Kind', posts: 'Posts', findPost: 'Find a post', units: 'Other units, one a line', unitsHint: 'not in the register', begin: 'Begin', chosen: '{n} chosen', noPosts: 'The register of posts is empty', noRolls: 'No roll yet', failed: 'No answer', absentees: 'Absent', pending: '{n} to ask', standIn: '{n} deputies', done: 'done {at}',
  answer: { call_test: { present: 'Answered', absent: 'No answer', deputy: 'Deputy answered' }, attendance: { present: 'Present', absent: 'Absent', deputy: 'Deputy present' } },
  draft: 'Draft today’s', redraft: 'Draft anew', noReminder: 'No reminder today yet', reminderState: { draft: 'Draft', approved: 'Approved', sending: 'Being sent', sent: 'Sent' }, deadline: 'by {at}', onTime: 'On time', late: 'Late', edit: 'Edit', save: 'Save', approve: 'Approve', send: 'Send', sentAt: 'sent {at}', madeBy: 'drafted by {post}', editedBy: 'edited by {post}', approvedBy: 'approved by {post}',
  marks: 'A number in braces has a source: move it or take it out', unlinked: 'Numbers without a source: {list}', counts: '{label}: {n} {unit}, as of {at}', noItems: 'No item', channels: { file: 'File', webhook: 'Message' }, pastReminders: 'Recent reminders',
  counted: 'Counted', expected: 'Expected', count: 'Save', next: 'next {at}', last: 'last {at}', never: 'not counted yet', alarm: { missed: 'Count missed', short: '{n} missing' }, alarms: '{n} alarms', noCrews: 'No crew on a scene',
}
export const allocationEn: typeof allocationZh = {
  title: 'Joint assignment', tabs: { joint: 'Assignment', standby: 'Stand-by' }, redirect: 'Teams ordered but not yet gone may be redirected', reserve: 'Reserve', byParameter: 'default', reserveHint: 'share of persons near a free team now who must stay so; empty: the parameter', ask: 'Propose', again: 'Compute anew', computing: 'Computing…', noNeeds: 'No open incident', changed: 'The situation has changed: compute anew', conflict: 'The proposal no longer held: computed anew', computed: 'computed {at}', closures: '{n} closures avoided',
  exact: 'Proved best', notExact: 'Not proved best', reserved: 'Reserve kept: at least {n}', unreserved: 'Reserve not kept: at least {n}', cover: 'Persons within {min} min', before: 'before', after: 'after', beforeMove: 'before', afterMove: 'after', persons: 'persons', of: 'of {n}',
  action: { send: 'Send', redirect: 'Redirect', keep: 'Keep', surplus: 'May be released' }, changes: 'Against present dispatches', eta: 'ETA', arrived: 'there', rank: 'no. {n} in time', fromOther: 'from: {title}', constraints: 'Crew constraints',
  need: '{n} {unit}: {what}', any: 'any', teams: 'teams', people: 'persons', usual: 'usual', given: '{n} given', short: '{n} short', latest: 'by {at}', out: 'Left out',
  why: { busy: 'out, or unavailable', incapable: 'not able', unreachable: 'no open road', late: 'too late', tired: 'duty nearly over', elsewhere: 'sent elsewhere', reserve: 'kept in reserve', spare: 'not needed' },
  idle: '{n} teams stay', reason: 'Note', acceptAll: 'Accept all {n}', acceptPart: 'Accept the {n} chosen', nothing: 'Nothing to accept', ordered: '{n} ordered',
  editNeeds: 'Needs', ability: 'Ability', count: 'Count', latestAt: 'Latest arrival', add: 'Add', remove: 'Remove', save: 'Save', back: 'As usual', noneNeeded: 'This incident needs nobody',
  most: 'Teams moved at most', standbyNone: 'No move would bring more persons near', place: 'Wait at', gained: 'gained', lost: 'lost', tell: 'Tell the {n} chosen', told: '{n} tasks issued', travel: 'drive',
}
