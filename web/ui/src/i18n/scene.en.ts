import type { sceneZh } from './scene.zh'

export const sceneEn: typeof sceneZh = {
  marks: 'Marks at the scene', draw: 'Draw', drawn: 'Drawn: {kind}', kind: 'Kind', name: 'Name', nameHint: 'e.g. east side, no. 1', post: 'Post in charge', postHint: 'Who answers for it', noPost: 'no post in charge',
  as: { Point: 'Place', LineString: 'Line', Polygon: 'Area' },
  how: { Point: 'Click on the map', LineString: 'Click point by point ({n} so far, {least} at least)', Polygon: 'Click along the boundary ({n} so far, {least} at least)' },
  ended: 'Drawn, {n} points', paused: 'Not yet whole, {n} points', go: 'Draw on', stop: 'Done', back: 'One back', again: 'Anew',
  more: 'Act', less: 'Less', area: '{n} ha', persons: '{n} persons inside', targets: '{n} protected targets', why: 'Ground: {why} ({by})',
  decide: 'For the people inside', decisions: { evacuate: 'Evacuate', shelter: 'Stay indoors' }, counts: '{persons} persons · {targets} targets · {buildings} buildings', reason: 'Ground', decideSure: 'Decide', decided: 'Decided',
  stages: 'Stage of the fire', stage: { none: 'Burning', burning: 'Burning again', out: 'Open fire out', mop_up: 'Mopping up', watch: 'Watched', accepted: 'Accepted' }, next: 'Next', note: 'Remark', inspection: 'What the inspection found', enter: 'Set: {stage}', staged: 'Fire: {stage}', until: 'watched until {at}',
  noteHint: { burning: 'e.g. east flank burns again, more crews sent', out: 'optional', mop_up: 'optional', watch: 'e.g. 20 people stay', accepted: 'e.g. no smoke along the whole line' },
  checks: 'Alarms to look into', checkState: { open: 'to be looked into', asked: 'being looked into', done: 'looked into' }, alarmSince: 'alarm {at}', look: 'Send the nearest ranger', lookAgain: 'Send again', received: 'Ranger has acknowledged', foundNote: 'What was seen (optional)', findings: { fire: 'A fire', permitted: 'Permitted fire', false: 'Nothing' }, found: 'Found: {result}', waiting: '{n} alarms to look into',
  finding: 'What was found', findingHint: 'e.g. readings clear, site cleaned', lift: 'Lift', lifted: 'Lifted',
}
