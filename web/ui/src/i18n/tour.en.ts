import type { helpZh, tourZh } from './tour.zh'

export const tourEn: typeof tourZh = {
  title: 'First steps', offer: 'New here? The wall in two minutes', start: 'Start', no: 'No, thanks', skip: 'Skip', back: 'Back', next: 'Next', end: 'Done', again: 'Show the first steps again',
  steps: {
    'world-kind': { title: 'Reality and drills', text: 'The world you are in; open it to enter a drill. Drills are violet and never touch reality.' },
    'report-button': { title: 'Report', text: 'N, or a right click on the map: one sentence, Enter. The kind follows your words.' },
    incidents: { title: 'Incidents', text: 'Those without a team come first. Open one: teams by time, with reasons; order one.' },
    'close-road-button': { title: 'Close a road', text: 'R, then click a road. Routes of teams under way are computed anew.' },
    'responses-open': { title: 'Responses', text: 'Levels are proposed, consulted, handed in and approved, by another account; tasks follow.' },
    'command-lines': { title: 'Calls, tasks, transfers, duty', text: 'C, A, P, S. Claimed and verified are counted apart; what is late is marked.' },
    alarms: { title: 'Alarms and sound', text: 'What nobody has noted blinks and sounds. Note it, and all screens fall silent; at the right: this screen, mute.' },
    search: { title: 'Find and command', text: '/ finds places, teams, shelters; Ctrl K finds every act by Chinese, English or initials.' },
    'replay-open': { title: 'Journal and replay', text: 'All is on the record. T shows the wall at any moment; ? the flow and the keys.' },
  },
}
export const helpEn: typeof helpZh = {
  flow: 'From the call to the replay',
  steps: [
    { title: 'Report', how: 'N or a right click on the map: a sentence, a place, Enter.' },
    { title: 'Recommend', how: 'Open the incident: teams by muster and travel, with reasons; the absent with theirs.' },
    { title: 'Dispatch', how: 'Order; not the first needs a reason. Each step is one key press, timed.' },
    { title: 'Close roads', how: 'R, click a road, say why; suggested closures are confirmed by a person. Routes change by themselves; lifting needs a ground.' },
    { title: 'Respond', how: 'E, or the level on top: see the evidence, consult, hand in; another account approves; tasks go out.' },
    { title: 'Tasks', how: 'A: received, at work, feedback, done; verified by another account; late ones are marked.' },
    { title: 'Call out', how: 'C: reached, read back, acted, verified, post by post; the unreached go up the ladder.' },
    { title: 'Move people', how: 'P: see the plan; a commander issues it; claimed and verified apart; force needs two posts and a legal basis.' },
    { title: 'Report on', how: 'I in an incident: first and continued reports; B documents with sources; S hand-over and work reminder.' },
    { title: 'Replay', how: 'T: the wall at any moment; H: the journal, each entry verifiable.' },
  ],
}
