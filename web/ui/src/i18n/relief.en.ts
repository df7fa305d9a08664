import type { reliefZh } from './relief.zh'

export const reliefEn: typeof reliefZh = {
  tool: '2.5-D', sight: 'View', eye: 'Eye', to: 'Target', pickEye: 'Click where the eye or camera stands', pickTarget: 'Click a target to see whether it is in sight', around: 'all around',
  fields: { eye: 'Eye (m)', target: 'Target (m)', range: 'Range (m)', bearing: 'Bearing (°)', field: 'Field (°)' }, buildings: 'Buildings', run: 'Show view', clear: 'Clear',
  seen: '{km2} of {of} km² seen', clearLine: 'In sight', hidden: 'Hidden', cut: 'cut off at {m} m', lacking: '; the eye lacks {m} m',
  note: 'Ground ×{times}; buildings at true height, 9 m where unknown', water: '; modelled water ×{times} (参考)',
}
