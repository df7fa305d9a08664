import type { documentsZh, eventsZh, journalZh, reportsZh } from './reports.zh'

export const reportsEn: typeof reportsZh = {
  title: 'Reports up', open: 'Report', shut: 'Less', draftFlash: 'Flash report', seeJournal: 'Journal',
  clock: { first: 'First', written: 'Written', daily: 'Daily report' },
  state: { running: 'running', half: 'half gone', near: 'nearly due', late: 'overdue', met: 'sent in time', met_late: 'sent late' },
  left: '{time} left', over: '{time} over', dueAt: 'by {at}', sentAt: 'sent {at}', used: '{n} % used',
  known: 'Known at {at}; the clock runs from then',
  overwrite: ' Save again to put your words in place of theirs; discard to take theirs.',
  kind: { first: 'First report', continued: 'Continued', final: 'Final' },
  no: 'No. {n}', channel: { phone: 'By phone', written: 'In writing' },
  said: { overview: 'Overview', place: 'Time and place', course: 'Course', measures: 'Measures taken', other: 'Other' },
  figure: { dead: 'Dead', missing: 'Missing', injured: 'Injured', serious: 'of these seriously', loss_yuan: 'Direct loss', forest_ha: 'Burnt forest' },
  unit: { dead: 'persons', missing: 'persons', injured: 'persons', serious: 'persons', loss_yuan: 'yuan', forest_ha: 'ha' },
  unknown: 'empty: not known',
  none: 'Nothing sent yet', ended: 'The final report is out; the chain has ended', fixed: 'Sent and fixed; a correction is another report',
  to: 'To', toHint: 'e.g. the city bureau', by: 'Channel', confirmedBy: 'Confirmed by the watch leader', confirmedHint: 'post or office', lateReason: 'Why it is late', lateNow: 'The limit has passed: say why it is late',
  sent: 'Sent: {kind}', sentTo: 'to {to}', lateMark: 'Late', confirmed: 'confirmed by {by}', hash: 'Hash',
  isolated: '{n} places cut off: {names}', isolatedOne: '{name} {n} persons', grade: 'Provisional grade',
  final: 'This is the final report', save: 'Keep draft', saved: 'Draft kept; nothing was sent', send: 'Send…', sendSure: 'Send now', sendLook: 'What is sent cannot be changed. Read it once more.',
  savedBy: 'Draft: {by} {at}', unsaved: 'Changes not kept yet (held on this machine)', suggested: 'Begun from what is known now: check it', undo: 'Use what was kept', undoSure: 'Throw changes away?',
  needOverview: 'Write the overview first',
  grades: 'Grades so far', gradeNow: 'Grade by these', graded: 'Graded: {grade}', noGrades: 'Not graded yet', byPlan: 'This kind is graded by plan; there is no table', possible: '{grade} if all the missing were dead', unchecked: 'this edition is not checked',
}
export const documentsEn: typeof documentsZh = {
  title: 'Documents', situation: 'Draft situation sheet', flash: 'Draft flash report', incident: 'Incident', drafting: 'Drafting from the board of this moment…', none: 'No document yet', noneHint: 'Draft one from the board of this moment, check it, release it',
  over: ' Keep again to put your words in place of theirs; cancel to see theirs.',
  kind: { situation: 'Situation sheet', flash: 'Flash report', notice: 'Notice', daily: 'Daily report' }, daily: 'Draft a daily report', statistics: 'Incidents and losses', from: 'from', to: 'to', kindCause: 'Kind · cause', times: 'no.', total: 'All', silent: '{n} without any figure; “–” is not known', causes: 'Say causes', pending: 'Not known yet', figure: { dead: 'dead', missing: 'missing', injured: 'injured', evacuated: 'evac.', collapsed: 'rooms', loss: '10 k¥' }, because: 'because of {names}', missed: 'None on {days}', state: { draft: 'Draft', released: 'Released', dropped: 'Dropped' },
  asOf: 'As of {at}', made: 'drafted {by} {at}', changed: 'changed {by} {at}', released: 'released {by} {at}', all: 'All documents', sources: 'Sources', source: 'Source {n}', sourceAt: 'as of {at}', seq: 'journal no. {n}',
  edit: 'Edit', keep: 'Keep changes', kept: 'Kept: {no}', name: 'Title', head: 'Heading', mark: 'A sentence with a number keeps its mark 〔n〕', text: 'Text', add: 'Add a paragraph', remove: 'Remove', back: 'Bring it back',
  release: 'Release…', releaseSure: 'Release now', releaseLook: 'What is released cannot be changed. Check each number and its source. Nothing is sent by this.', done: 'Released: {no}', drop: 'Drop…', dropSure: 'Drop it', dropLook: 'It will not be listed any more.', dropped: 'Dropped: {no}', fixed: 'Released and fixed', notice: 'The text of an approved decision does not change',
  word: 'Word', pdf: 'PDF', download: 'Download',
}
export const journalEn: typeof journalZh = {
  title: 'Journal', words: 'Words', wordsHint: 'words, separated by spaces', kind: 'Kind', post: 'Post', incident: 'Incident', any: 'All', search: 'Find', clear: 'Clear', none: 'No entry fits', noneHint: 'Use fewer words, or clear the filters',
  total: '{n} entries', page: '{a}–{b}', older: 'Older', newer: 'Newer', denied: 'Your post may not read the journal', deniedHint: 'Duty officers, commanders and auditors may',
  verifying: 'Verifying the whole chain…', whole: 'whole chain sound, {n} entries', broken: 'the chain breaks at no. {n}', brokenTold: '{told}; {n} entries before it are sound', verify: 'Verify again', sound: 'sound', unsound: 'does not hold', closedIncident: 'this incident', link: 'hash {hash}',
}
export const eventsEn: typeof eventsZh = {
  IncidentReported: 'Incident', IncidentClosed: 'Incident closed', IncidentGraded: 'Graded', ReportDrafted: 'Report drafted', ReportSent: 'Report sent', LossHandedIn: 'Losses', DocumentDrafted: 'Document drafted', DocumentReleased: 'Document released',
  TeamDispatched: 'Dispatch', DispatchAdvanced: 'Dispatch step', RouteInvalidated: 'Route invalid', RouteReplaced: 'Rerouted', TeamStateSet: 'Team state', NeedsStated: 'Needs', AllocationAccepted: 'Joint assignment',
  RoadClosed: 'Road closed', RoadReopened: 'Road open', ClosureSuggested: 'Closure suggested', SuggestionDecided: 'Suggestion decided', WarningReceived: 'Warning', WarningLifted: 'Warning lifted', CycloneReported: 'Typhoon track', CycloneEnded: 'Not followed any more', IncidentCaused: 'Cause of an incident', MessageDelivered: 'Delivery receipt', FireDangerStored: 'Fire danger stored', HazardStatesChanged: 'Hazards', PatrolReported: 'Patrol', AlarmFound: 'Alarm',
  CallOutMade: 'Call-out', CallStepped: 'Call step', CallEscalated: 'Call escalated', CallOutClosed: 'Call-out over', TasksIssued: 'Tasks', TaskStepped: 'Task step', TasksOverdue: 'Tasks late', ResponseProposed: 'Response proposed', DecisionStepped: 'Decision step', ResponseDecided: 'Response decided',
  TransferOrderEvent: 'Transfer order', HouseholdsAssigned: 'Households', ShelterSet: 'Shelter', ShiftStarted: 'Shift', DutyLogged: 'Duty log', RollCalled: 'Roll call', HeadsCounted: 'Head count', MarksSet: 'Scene marks', RunChanged: 'Model run', ClockSet: 'Drill clock', RegisterLoaded: 'Register loaded', RegisterRowsChanged: 'Register changed',
}
