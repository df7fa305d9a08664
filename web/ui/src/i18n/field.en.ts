import type { fieldZh } from './field.zh'

export const fieldEn: typeof fieldZh = {
  title: 'Field', online: 'Connected', offline: 'Offline', data: 'Data', waits: 'To send', never: 'No data yet', sync: 'Send now', signIn: 'Log in to send',
  offlineHint: 'You can report without a network; it is sent once when the network is back', noWork: 'This phone has none of your work yet: log in once with a network',
  tabs: { tasks: 'Tasks', dispatches: 'Dispatch', homes: 'Transfer', desk: 'Shelter', report: 'Report', patrol: 'Patrol report', danger: 'Danger', queue: 'Sending' },
  none: { tasks: 'No task of yours', dispatches: 'Your team is not dispatched', homes: 'No household is to be moved', desk: 'No shelter is open', queue: 'Nothing waits' },
  due: 'Due', late: 'Late', evidence: 'Attach', feedback: 'What was done or found', photo: 'Photo', photos: 'Files',
  step: { received: 'Receive', in_progress: 'Begin', feedback: 'Feedback', done: 'Done' },
  next: { acknowledged: 'Receive', departed: 'Depart', arrived: 'Arrived', working: 'At work', released: 'Released' },
  heads: 'Head count',
  call: { title: 'Call', reached: 'Received', read_back: 'Read back', action: 'Action taken', say_read_back: 'Read it back', say_action: 'What was done' },
  home: { only: 'Open ones only', unit: 'households', persons: 'persons', vulnerable: '{n} need help', all: 'All: ', each: 'One by one', together: 'The other {n}: ', sure: 'Sure, {n}: ', note: 'What was found', noWay: 'No way on foot', noRoom: 'No room', shut: 'A road of the way is closed: ask the centre' },
  person: { due: 'To be moved', notified: 'Notified', contacted: 'Contacted', departed: 'Departed', arrived: 'Arrived', verified: 'Verified', may_return: 'May return', returned: 'Returned', away: 'Away', away_confirmed: 'Away, confirmed', unreachable: 'Unreachable', refused: 'Refused', persuaded: 'Being persuaded', forced: 'Moved by force', medical: 'Medical care' },
  desk: { in: 'Let in', out: 'Let out', code: 'Scan or type a code', codeHint: 'Code of a household or person', unlisted: 'Unlisted persons', kits: 'Give kits', where: 'Where to', so: '{n} unlisted', need: 'Give a code or a number; who leaves says where to', to: { relatives: 'Relatives', other_shelter: 'Another shelter', home: 'Home', medical: 'Medical care', other: 'Elsewhere', left: 'Not known' } },
  eta: 'ETA', place: 'Place', kept: 'Kept on the phone', at: 'Happened',
  refused: 'Refused', dismiss: 'Understood', need: 'Please fill in', ok: 'Submit',
  patrol: { place: 'Place', finding: 'What was found', colour: 'Finding', none: 'Nothing unusual', yellow: 'Monitor', orange: 'Prepare to move', red: 'Move now' },
  danger: { kind: 'Kind', title: 'What happened', place: 'Where, in words', gps: 'Use my position', noGps: 'No position yet: wait in the open, or allow it', got: 'Positioned, within {m} m' },
}
