import type { sceneZh } from './scene.zh'

export const sceneEn: typeof sceneZh = {
  marks: 'Marks at the scene', draw: 'Draw', drawn: 'Drawn: {kind}', kind: 'Kind', name: 'Name', nameHint: 'e.g. east side, no. 1', post: 'Post in charge', postHint: 'Who answers for it', noPost: 'no post in charge',
  as: { Point: 'Place', LineString: 'Line', Polygon: 'Area' },
  how: { Point: 'Click on the map', LineString: 'Click point by point ({n} so far, {least} at least)', Polygon: 'Click along the boundary ({n} so far, {least} at least)' },
  ended: 'Drawn, {n} points', paused: 'Not yet whole, {n} points', go: 'Draw on', stop: 'Done', back: 'One back', again: 'Anew',
  more: 'Act', less: 'Less', area: '{n} ha', persons: '{n} persons inside', targets: '{n} protected targets', why: 'Ground: {why} ({by})',
  decide: 'For the people inside', decisions: { evacuate: 'Evacuate', shelter: 'Stay indoors' }, counts: '{persons} persons · {targets} targets · {buildings} buildings', reason: 'Ground', decideSure: 'Decide', decided: 'Decided',
  finding: 'What was found', findingHint: 'e.g. readings clear, site cleaned', lift: 'Lift', lifted: 'Lifted',
}
